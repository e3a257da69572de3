"""What does it rest on whether a unit may be put somewhere, or taken out? All of it in one read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from graph.model.attachment import Carrier, Held, Paper, Promise, Subject
from graph.model.fit import Approval
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.product import Batch, Part, Serial
from graph.model.reconciliation import Unit
from graph.model.resources import Stock
from graph.model.time import FAR, Coordinates
from graph.model.work import ENDED
from graph.store.absence import not_there
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_properties
from graph.store.selection import Era
from graph.store.text import fill

_CONTAINS: Final = ("CONTAINS",)
_INSTANCE_OF: Final = ("INSTANCE_OF",)
_ORIGINS: Final = ("FROM_BATCH", "CONSISTS_OF")
_STOCKED: Final = ("CONSISTS_OF",)
_RESERVES: Final = ("RESERVES",)
_CERTIFIED_BY: Final = ("CERTIFIED_BY",)
_CONCERNS: Final = ("ABOUT", "ALTERED_BY", "SUBJECT_TO", "EMBODIES", "EXECUTES")

LOOKS: Final = 3
"""So often things are looked for: whoever reads while one is restated may see neither statement (Neo4j
shows what is being committed record by record)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A unit, what carries it or is to, and the approval that is named."""

    subject: Subject
    carrier: Carrier
    approval: Approval | None


async def find_attachment(
    graph: Graph,
    moment: Moment,
    unit: Utcs,
    carrier: Utcs,
    slot: str,
    *,
    approval: Utcs | None = None,
    besides: Sequence[Utcs | None] = (),
) -> Attachment:
    """Returns a unit and what has the slot, as they stand at a moment, with all that ever was in the slot.

    Args:
        graph: Where to ask.
        moment: When.
        unit: What is to be moved.
        carrier: What has the slot.
        slot: The slot.
        approval: What is named as the approval.
        besides: What else is named and has to be there.

    Raises:
        NotFoundError: One of the things is not there then, or no more.
    """
    named = [utcs for utcs in (unit, carrier, approval, *besides) if utcs is not None]
    asked: dict[str, Any] = {
        "unit": str(unit),
        "carrier": str(carrier),
        "slot": slot,
        "approval": approval and str(approval),
        "named": list(map(str, named)),
        "far": FAR,
    }
    text = attachment_text(moment)
    for _ in range(LOOKS):
        row = await moment.ask(graph, text, asked)
        there, subject, holder, approving = row or ([], {}, {}, {})
        then = {utcs for utcs, is_there, _ in there if is_there}
        still = {utcs for utcs, _, stays in there if stays}
        if then.issuperset(asked["named"]) and still.issuperset(asked["named"]):
            told = _approval(**approving) if approval else None
            return Attachment(_subject(**subject), _carrier(**holder), told)
    absent = next(utcs for utcs in named if str(utcs) not in then & still)
    is_past = str(absent) in then
    raise await not_there(graph, absent, Moment.of(graph, CURRENT) if is_past else moment)


async def find_takers(graph: Graph, number: str, at: Coordinates) -> list[Utcs]:
    """Returns the parts that positions of a number take, whichever type of aircraft these are of."""
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, position_text(moment), {"number": number})
    return [Utcs.parse(part) for part in (row[0] if row else [])]


def position_text(moment: Moment) -> str:
    """Returns the statement that lists the parts that positions of a number take."""
    return fill(
        "attachment/position",
        holds_row=moment.holds_row("row"),
        fits=moment.types(("FITS",)),
        fit_holds=moment.holds("link", ("FITS",)),
        stale=fill("thing/stale"),
    )


def _subject(
    row: Mapping[str, Any],
    said: Sequence[tuple[int, int]],
    part: Mapping[str, Any] | None,
    carried: Sequence[Any],
    located: Sequence[Any],
    stocked: Sequence[Any],
    origins: Sequence[Mapping[str, Any]],
    papers: Sequence[tuple[Mapping[str, Any], int]],
    promised: Sequence[tuple[str, str, float | None, str | None]],
) -> Subject:
    thing, definition = _read(row), _read(part) if part else None
    assert isinstance(thing, Serial)  # noqa: S101
    assert definition is None or isinstance(definition, Part)  # noqa: S101
    sources = ((Utcs.parse(one["utcs"]), _read(one), one["n"]) for one in origins)
    return Subject(
        utcs=Utcs.parse(row["utcs"]),
        thing=thing,
        version=row["n"],
        said=max(moment for span in said for moment in span if moment != FAR),
        part=Utcs.parse(part["utcs"]) if part else None,
        definition=definition,
        carried=_held(carried),
        located=_held(located),
        stocked=_held(stocked),
        origins=tuple((utcs, one, n) for utcs, one, n in sources if isinstance(one, Batch | Stock)),
        papers=tuple(Paper(_read(one), since) for one, since in papers),
        promised=tuple(_promise(*one) for one in promised),
    )


def _promise(of: str, order: str, quantity: float | None, status: str | None) -> Promise:
    much = None if quantity is None else Decimal(str(quantity))
    return Promise(Utcs.parse(of), Utcs.parse(order), much, status not in ENDED)


def _carrier(
    row: Mapping[str, Any],
    part: str | None,
    above: Sequence[tuple[str, str, str | None]],
    inside: Sequence[tuple[str, str, str | None]],
    filled: Sequence[Any],
) -> Carrier:
    thing = _read(row)
    assert isinstance(thing, Serial)  # noqa: S101
    return Carrier(
        utcs=Utcs.parse(row["utcs"]),
        thing=thing,
        part=part,
        above=tuple((Utcs.parse(utcs), slot, made) for utcs, slot, made in above),
        inside={slot: Unit(utcs, made) for slot, utcs, made in inside},
        filled=_held(filled),
    )


def _approval(row: Mapping[str, Any], concerns: Sequence[str]) -> Approval:
    return Approval(Utcs.parse(row["utcs"]), _read(row), frozenset(map(Utcs.parse, concerns)))


def _held(rows: Sequence[Any]) -> tuple[Held, ...]:
    return tuple(
        Held(Utcs.parse(where), slot, since, until, aircraft and Utcs.parse(aircraft))
        for where, slot, since, until, aircraft in rows
    )


def _read(row: Mapping[str, Any]) -> Kind:
    return read_properties(row["kind"], row)


def attachment_text(moment: Moment) -> str:
    """Returns the statement that reads what it rests on whether a unit may be moved."""
    holds_row = moment.holds_row("row")
    made = {
        "instances": moment.types(_INSTANCE_OF),
        "made_holds": moment.holds("made", _INSTANCE_OF),
    }
    contains = {"contains": moment.types(_CONTAINS), "step_holds": moment.holds("step", _CONTAINS)}
    ever_contains, contains_ever = _ever("CONTAINS")
    ever = {"ever_contains": ever_contains, "contains_ever": contains_ever}
    ever_located, located_ever = _ever("LOCATED_IN")
    ever_stocked, stocked_ever = _ever("CONSISTS_OF")
    unit = fill(
        "attachment/unit",
        holds_row=holds_row,
        said_ever=fill("thing/row_ever", row="said"),
        step_ever=fill("link/ever_known", link="step", types=was_one_of("step", _CONTAINS)),
        ever_located=ever_located,
        located_ever=located_ever,
        ever_stocked=ever_stocked,
        stocked_ever=stocked_ever,
        origins=moment.types(_ORIGINS),
        origin_holds=moment.holds("origin", _ORIGINS),
        consists=moment.types(_STOCKED),
        among_holds=moment.holds("one", _STOCKED),
        reserves=moment.types(_RESERVES),
        promise_holds=moment.holds("promise", _RESERVES),
        certified=moment.types(_CERTIFIED_BY),
        paper_holds=moment.holds("paper", _CERTIFIED_BY),
        **made,
        **ever,
    )
    return fill(
        "attachment/decision",
        exists=moment.exists("thing"),
        last_ever=fill("thing/row_ever", row="last"),
        unit=unit,
        carrier=fill("attachment/carrier", holds_row=holds_row, **made, **contains, **ever),
        holds_row=holds_row,
        concerns=moment.types(_CONCERNS),
        concern_holds=moment.holds("link", _CONCERNS),
        stale=fill("thing/stale"),
    )


def _ever(link: str) -> tuple[str, str]:
    """Returns the types of links of one type at any time, and the condition that one is believed."""
    known = fill("link/ever_known", link="link", types=was_one_of("link", (link,)))
    return Era.PAST.relationship_types((link,)), known
