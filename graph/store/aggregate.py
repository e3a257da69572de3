"""How many are there? Things of a kind, counted, also by a property."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_origin

from graph.model import ontology
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import plain_type
from graph.store.question import MAX_FIRST, bounded, chosen_kinds, counted
from graph.store.text import fill

_KIND: Final = "kind"

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Group:
    """The things that have one value of a property; None where it is not stated."""

    value: Value
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many things of a kind there are.

    Attributes:
        total: All of them, those of kinds that extend it included.
        groups: How many for each value of the property, most first; empty if none was named.
        complete: Whether every value is listed.
        cut: Why not; None when it is complete.
    """

    kind: str
    total: int
    group_by: str | None
    groups: tuple[Group, ...]
    complete: bool
    cut: str | None


async def aggregate(
    graph: Graph,
    kind: str,
    group_by: str | None = None,
    *,
    first: int = 100,
    at: Coordinates = CURRENT,
) -> Counts:
    """Returns how many things of a kind there are.

    Args:
        graph: Where to ask.
        kind: The kind; those that extend it count too.
        group_by: A property of the kind, or `kind` itself where others extend it.
        first: How many values to list at most.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A name or number is wrong; the sentence says which.
        QueryTimeoutError: It took too long.
    """
    kinds = chosen_kinds([kind], "kind")
    if group_by is not None:
        _check_property(kind, group_by)
    limit = bounded("first", first, MAX_FIRST) + 1
    moment = Moment.of(graph, at)
    text = aggregate_text(moment, kind, group_by)
    row = await moment.ask(graph, text, {"kinds": kinds, "limit": limit})
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    if group_by is None:
        return Counts(kind, row[0], None, (), True, None)
    found, total = row
    groups = tuple(Group(value, count) for value, count in found[:first])
    cut = f"cut at {counted(first, 'value')}: there are more" if len(found) > first else None
    return Counts(kind, total, group_by, groups, cut is None, cut)


def aggregate_text(moment: Moment, kind: str, group_by: str | None) -> str:
    """Returns the statement that counts things of a kind."""
    stale = fill("thing/stale")
    gaps = {} if group_by is None else {"property": group_by}
    name = "kind/count" if group_by is None else "kind/group"
    if moment.is_now:
        return fill(f"{name}_now", label=ontology.label(kind), stale=stale, **gaps)
    return fill(f"{name}_then", holds=moment.holds_row("row"), stale=stale, **gaps)


def _check_property(kind: str, name: str) -> None:
    fields = ontology.get_kind(kind).model_fields
    groupable = [
        field
        for field, info in fields.items()
        if field != "extra" and get_origin(plain_type(info.annotation)) is not tuple
    ]
    if name not in (_KIND, *groupable):
        raise BadQuestionError(
            f"group_by: {name!r:.60} is no property of a {kind} that can be grouped by; "
            f"use one of {', '.join((_KIND, *groupable))}",
            field="group_by",
        )
