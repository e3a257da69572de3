"""What is on record of a change? From its origin to its embodiment, in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import SerializeAsAny

from graph.model.change import Effectivity
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.lifecycle import MACHINES
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.impact import impact
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.reach import Answer
from graph.store.selection import Era
from graph.store.standings import Standing, find_course
from graph.store.text import fill
from graph.store.trace import trace

FAMILY: Final = ("CAUSED_BY", "IMPLEMENTS", "RESOLVES")
"""The links that lead from a change to what it came from, and against them to what came of it."""

ORIGINS: Final = (
    *MACHINES, "finding", "alert", "incident", "discrepancy", "feedback", "recommendation",
    "prediction", "testresult", "inspection",
)  # fmt: skip
"""What a change may come from."""

MAX_MEMBERS: Final = 100
"""So many things before, and so many after a change are told."""

MAX_ALTERED: Final = 1000
"""So many altered things are told."""

FAMILY_DEPTH: Final = 8

Role = Literal["origin", "itself", "outcome"]

_ORDER: Final = {"origin": 0, "itself": 1, "outcome": 2}


@dataclass(frozen=True, slots=True)
class Member:
    """A thing that belongs to the record.

    Attributes:
        role: Whether the change came from it, is it, or led to it.
        state: Where it stands.
        properties: What is said of it.
    """

    utcs: Utcs
    role: Role
    state: str | None
    properties: SerializeAsAny[Kind]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened.

    Attributes:
        at: When, in the world.
        what: `stated`: its state was entered or it came to be; `signed`: a person signed.
        state: The state that was entered, or in which it was signed.
        slot: The role that was signed in.
        by: Who stated it, as the event has it; or the person who signed.
        text: What was decided or signed for.
        source: The source of the event.
        event: The id of the event.
        seq: Its number in the change log.
    """

    at: UtcDatetime
    utcs: Utcs
    what: Literal["stated", "signed"]
    state: str | None
    slot: str | None
    by: str
    text: str | None
    source: str
    event: str
    seq: int


@dataclass(frozen=True, slots=True)
class Altered:
    """A thing that is as a change makes it."""

    change: Utcs
    utcs: Utcs
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Limit:
    """The rule that says where a change applies."""

    change: Utcs
    utcs: Utcs
    expression: str | None
    explanation: str | None


@dataclass(frozen=True, slots=True)
class Carried:
    """How far a change has been carried out: units that embody it or comply with it, and work orders."""

    change: Utcs
    embodied: int
    complied: int
    work_orders: int


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """The whole record of a change.

    Attributes:
        members: The change, what it came from and what came of it.
        entries: What happened, in the order of time.
        altered: What is as the change makes it.
        limits: Where it applies.
        carried: How far it has been carried out, for each member of which anything is known.
        complete: Whether nothing was left out.
        cut: What was left out, and why.
    """

    utcs: Utcs
    members: tuple[Member, ...]
    entries: tuple[Entry, ...]
    altered: tuple[Altered, ...]
    limits: tuple[Limit, ...]
    carried: tuple[Carried, ...]
    complete: bool
    cut: str | None


async def find_change_record(
    graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT
) -> ChangeRecord:
    """Returns the record of a change as it was at a moment, as known at one.

    Raises:
        BadQuestionError: The thing is no change.
        NotFoundError: It is not there then.
        QueryTimeoutError: It could not be read in time.
    """
    check_change(utcs)
    moment = Moment.of(graph, at)
    before = await trace(
        graph, utcs, links=FAMILY, kinds=ORIGINS, depth=FAMILY_DEPTH, first=MAX_MEMBERS, at=at
    )
    after = await impact(
        graph, utcs, links=FAMILY, kinds=MACHINES, depth=FAMILY_DEPTH, first=MAX_MEMBERS, at=at
    )
    roles: dict[Utcs, Role] = {one.utcs: "outcome" for one in after.things}
    for one in before.things:
        roles[one.utcs] = "origin"
    roles[utcs] = "itself"
    course = await find_course(graph, list(roles), moment)
    asked = {"things": [str(one) for one in roles], "limit": MAX_ALTERED}
    found = await moment.ask(graph, dossier_text(moment), asked)
    assert found is not None, "a statement without MATCH has one row"  # noqa: S101
    altered, total, rules, carried, signed = found
    cuts = [_cut("before it", before), _cut("after it", after)]
    if total > len(altered):
        cuts.append(f"{len(altered):,} of {total:,} altered things are told")
    return ChangeRecord(
        utcs=utcs,
        members=tuple(_members(course, roles)),
        entries=_in_order(course, signed),
        altered=tuple(Altered(Utcs.parse(c), Utcs.parse(u), kind, n) for c, u, kind, n in altered),
        limits=tuple(_limit(change, row) for change, row in rules),
        carried=tuple(Carried(Utcs.parse(change), *counts) for change, *counts in carried),
        complete=not any(cuts),
        cut="; ".join(cut for cut in cuts if cut) or None,
    )


def check_change(utcs: Utcs, kinds: Iterable[str] = MACHINES) -> None:
    """Raises BadQuestionError unless a thing is of one of the kinds that a question is about."""
    known = tuple(kinds)
    if utcs.kind not in known:
        raise BadQuestionError(
            f"id: {utcs} is a {utcs.kind}, no change; name one of {', '.join(known)}", field="id"
        )


def dossier_text(moment: Moment) -> str:
    """Returns the statement that finds what changes alter, where they apply and who carried them out."""
    era = Era.KNOWN if moment.era is Era.KNOWN else Era.PAST
    pieces = {
        name: text
        for link, types, holds in (
            ("ALTERED_BY", "alters", "altered"),
            ("LIMITED_BY", "limits", "limited"),
            ("EMBODIES", "embodies", "embodied"),
            ("COMPLIES_WITH", "complies", "complied"),
            ("EXECUTES", "executes", "executed"),
        )
        for name, text in ((types, moment.types([link])), (holds, moment.holds("link", [link])))
    }
    return fill(
        "change/dossier",
        **pieces,
        name=moment.name("thing"),
        holds_row=moment.holds_row("row"),
        signed_types=era.relationship_types(["SIGNED_BY"]),
        signed=fill("link/ever_known", link="link", types=was_one_of("link", ["SIGNED_BY"])),
        stale=fill("thing/stale"),
    )


def _cut(where: str, answer: Answer) -> str | None:
    if answer.next is not None:
        return f"{where}: the nearest {len(answer.things):,} of {answer.total} things are told"
    return None if answer.complete else f"{where}: {answer.cut}"


def _members(course: Sequence[Standing], roles: Mapping[Utcs, Role]) -> Iterator[Member]:
    latest = {one.utcs: one for one in course}
    for utcs in sorted(latest, key=lambda one: (_ORDER[roles[one]], str(one))):
        said = latest[utcs]
        yield Member(utcs, roles[utcs], said.state, said.thing)


def _in_order(course: Sequence[Standing], signed: Iterable[Sequence[Any]]) -> tuple[Entry, ...]:
    entries = [*_stated(course), *_signed(course, signed)]
    return tuple(sorted(entries, key=lambda one: (one.at, one.seq, one.what == "signed", one.slot)))


def _stated(course: Sequence[Standing]) -> Iterator[Entry]:
    """Yields when each thing came to be, and when it entered each state."""
    before: Standing | None = None
    for one in course:
        if before is None or before.utcs != one.utcs or before.state != one.state:
            yield Entry(
                one.valid_from, one.utcs, "stated", one.state, None, one.actor, _text(one.thing),
                one.source, one.id, one.seq,
            )  # fmt: skip
        before = one


def _signed(course: Sequence[Standing], signed: Iterable[Sequence[Any]]) -> Iterator[Entry]:
    for utcs, since, slot, person, statement, source, id, seq in signed:
        at = from_micros(since)
        states = [one.state for one in course if str(one.utcs) == utcs and one.valid_from <= at]
        yield Entry(
            at, Utcs.parse(utcs), "signed", states[-1] if states else None, slot, person, statement,
            source, id, seq,
        )  # fmt: skip


def _text(thing: Kind) -> str:
    """Returns what was decided, where something was; else what the thing is called."""
    return str(getattr(thing, "decision", None) or thing.name)


def _limit(change: str, row: Mapping[str, Any]) -> Limit:
    rule = read_as(Effectivity, row)
    return Limit(Utcs.parse(change), Utcs.parse(row["utcs"]), rule.expression, rule.explanation)
