"""Which value survives when two records of one thing become one, property by property, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph.model.kind import Kind
from graph.model.quality_rule import Record


class Side(StrEnum):
    """One of two records of a thing."""

    SURVIVOR = "survivor"
    """The one that stays."""

    DUPLICATE = "duplicate"
    """The one that goes."""


_EXTRA = "extra."


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided about a property on which two records are not of one mind.

    Attributes:
        field: The property; `extra.…` for one that the ontology does not name.
        survivor: What the survivor says; None where it says nothing.
        duplicate: What the duplicate says.
        value: What will be said from now on.
        why: The reason, for people.
    """

    field: str
    survivor: Any
    duplicate: Any
    value: Any
    why: str


def survive(
    survivor: Record, duplicate: Record, prefer: Mapping[str, Side]
) -> tuple[Kind, tuple[Choice, ...]]:
    """Returns what the survivor says from now on, and what was decided on the way.

    What one alone says is kept. Where both say something else, what was asked for wins, then the higher
    source rank, then what was said later, then what says more, then the survivor. Aliases are all kept.

    Raises:
        ValidationError: The values that survive do not go together.
    """
    kept, lost = _values(survivor.thing), _values(duplicate.thing)
    choices = tuple(
        choice
        for field in dict.fromkeys((*kept, *lost))
        if (choice := _choose(field, kept.get(field), lost.get(field), survivor, duplicate, prefer))
    )
    chosen = kept | {choice.field: choice.value for choice in choices}
    extra = {n.removeprefix(_EXTRA): v for n, v in chosen.items() if n.startswith(_EXTRA)}
    named = {n: v for n, v in chosen.items() if not n.startswith(_EXTRA)}
    return type(survivor.thing).model_validate(named | {"extra": extra}), choices


def fields(survivor: Record, duplicate: Record) -> frozenset[str]:
    """Returns the properties that either record says something of."""
    return frozenset((*_values(survivor.thing), *_values(duplicate.thing)))


def _values(thing: Kind) -> dict[str, Any]:
    said = thing.model_dump(mode="json", exclude_none=True)
    extra = said.pop("extra", {})
    return {n: v for n, v in said.items() if v != []} | {_EXTRA + n: v for n, v in extra.items()}


def _choose(
    field: str,
    ours: Any,
    theirs: Any,
    survivor: Record,
    duplicate: Record,
    prefer: Mapping[str, Side],
) -> Choice | None:
    """Returns the choice between two values; None where there is nothing to choose."""
    if theirs is None or ours == theirs:
        return None
    if field == "aliases":
        return Choice(
            field, ours, theirs, [*dict.fromkeys([*(ours or ()), *theirs])], "all are kept"
        )
    if ours is None and field not in prefer:
        return Choice(field, ours, theirs, theirs, "only the duplicate says it")
    side, why = next(_reasons(field, ours, theirs, survivor, duplicate, prefer))
    return Choice(field, ours, theirs, ours if side is Side.SURVIVOR else theirs, why)


def _reasons(
    field: str,
    ours: Any,
    theirs: Any,
    survivor: Record,
    duplicate: Record,
    prefer: Mapping[str, Side],
) -> Iterator[tuple[Side, str]]:
    """Yields which side wins and why, the strongest reason first."""
    if field in prefer:
        yield prefer[field], f"as asked: the {prefer[field]}'s"
    if survivor.rank != duplicate.rank:
        low, high = sorted((survivor.rank, duplicate.rank))
        side = Side.SURVIVOR if survivor.rank == high else Side.DUPLICATE
        yield side, f"the {side}'s source has rank {high}, the other {low}"
    if survivor.since != duplicate.since:
        side = Side.SURVIVOR if survivor.since > duplicate.since else Side.DUPLICATE
        early, late = sorted((survivor.since, duplicate.since))
        yield (
            side,
            f"the {side} says it since {late:%Y-%m-%d %H:%M}, the other since {early:%Y-%m-%d %H:%M}",
        )
    if len(str(ours)) != len(str(theirs)):
        side = Side.SURVIVOR if len(str(ours)) > len(str(theirs)) else Side.DUPLICATE
        yield side, f"the {side} says more"
    yield Side.SURVIVOR, "the survivor's, as nothing else decides"
