"""Who worked when, on what? The hours of a work order, and what a person is booked and rostered for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.labour import Booked, Roster, Rostered, Span, hours
from graph.model.resources import Labour, Person, Shift
from graph.model.time import Coordinates, format_utc
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.text import fill

MOST: Final = 1000
"""So many bookings, and so many shifts, are told."""

MOST_DAYS: Final = 366
"""So long a time one may ask about."""

_SLACK: Final = timedelta(seconds=1)
"""So much more is read on either side: Neo4j compares times as text, which is exact to the second."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours that are booked on a work order.

    Attributes:
        booked: In the order of time.
        by_step: How many hours by step.
        total: How many in all.
        cut: What was left out, in words; None if nothing was.
    """

    utcs: Utcs
    booked: tuple[Booked, ...]
    by_step: Mapping[str, Decimal]
    total: Decimal
    cut: str | None


@dataclass(frozen=True, slots=True)
class RosterAt:
    """What a person is booked and rostered for in some time, and what it rests on.

    Attributes:
        version: The number of the statement about the person that holds.
        valid_from: From when that holds, in microseconds since 1970.
        cut: What was left out, in words; None if nothing was.
    """

    roster: Roster
    version: int
    valid_from: int
    cut: str | None


async def find_hours(graph: Graph, order: Utcs, *, at: Coordinates = CURRENT) -> Hours:
    """Returns the hours that are booked on a work order.

    Raises:
        BadQuestionError: The thing is no work order.
        NotFoundError: It is not there then.
    """
    if order.kind != "workorder":
        raise BadQuestionError(f"id: {order} is a {order.kind}; give a work order", field="id")
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, hours_text(moment), {"order": str(order), "most": MOST})
    if row is None or not row[0]:
        raise await not_there(graph, order, moment)
    booked = _booked(row[1])
    steps = dict.fromkeys(one.labour.step for one in booked)
    return Hours(
        order,
        booked,
        {step: hours([one for one in booked if one.labour.step == step]) for step in steps},
        hours(booked),
        f"no more than {MOST:,} bookings are told" if len(row[1]) >= MOST else None,
    )


async def find_roster(
    graph: Graph, person: Utcs, span: Span, *, at: Coordinates = CURRENT
) -> RosterAt:
    """Returns what a person is booked and rostered for in some time.

    Raises:
        BadQuestionError: The thing is no person, or the time is too long.
        NotFoundError: They are not there then.
    """
    if person.kind != "person":
        raise BadQuestionError(
            f"person: {person} is a {person.kind}; give a person", field="person"
        )
    if span.ends_at - span.starts_at > timedelta(days=MOST_DAYS):
        raise BadQuestionError(f"until: more than {MOST_DAYS} days; ask about less", field="until")
    moment = Moment.of(graph, at)
    asked = {"person": str(person), "most": MOST} | _window(span)
    row = await moment.ask(graph, roster_text(moment), asked)
    if row is None or row[0] is None:
        raise await not_there(graph, person, moment)
    said, booked, shifts = row
    full = [name for name, rows in (("bookings", booked), ("shifts", shifts)) if len(rows) >= MOST]
    roster = Roster(
        person,
        read_as(Person, said),
        tuple(one for one in _booked(booked) if one.span.overlaps(span)),
        tuple(one for one in _rostered(shifts) if one.span.overlaps(span)),
    )
    cut = f"no more than {MOST:,} {' and '.join(full)} are told" if full else None
    return RosterAt(roster, said["n"], said["valid_from"], cut)


def hours_text(moment: Moment) -> str:
    """Returns the statement that reads the hours of a work order."""
    return fill(
        "labour/of_order",
        exists=moment.exists("order"),
        step_of=moment.types(["STEP_OF"]),
        of_holds=moment.holds("of", ["STEP_OF"]),
        signed=moment.types(["SIGNED_BY"]),
        by_holds=moment.holds("by", ["SIGNED_BY"]),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def roster_text(moment: Moment) -> str:
    """Returns the statement that reads what a person is booked and rostered for."""
    return fill(
        "labour/roster",
        step_of=moment.types(["STEP_OF"]),
        of_holds=moment.holds("of", ["STEP_OF"]),
        signed=moment.types(["SIGNED_BY"]),
        by_holds=moment.holds("by", ["SIGNED_BY"]),
        assigned=moment.types(["ASSIGNED_TO"]),
        to_holds=moment.holds("to", ["ASSIGNED_TO"]),
        takes_place=moment.types(["TAKES_PLACE_AT"]),
        place_holds=moment.holds("at", ["TAKES_PLACE_AT"]),
        holds_said=moment.holds_row("said"),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def _window(span: Span) -> dict[str, str]:
    return {"since": _text(span.starts_at, -_SLACK), "until": _text(span.ends_at, _SLACK)}


def _text(at: datetime, slack: timedelta) -> str:
    try:
        return format_utc(at + slack)
    except OverflowError:
        return format_utc(at)


def _rostered(rows: Sequence[Any]) -> tuple[Rostered, ...]:
    return tuple(
        Rostered(Utcs.parse(said["utcs"]), read_as(Shift, said), place and Utcs.parse(place))
        for said, place in rows
    )


def _booked(rows: Sequence[Any]) -> tuple[Booked, ...]:
    return tuple(
        Booked(
            Utcs.parse(said["utcs"]),
            read_as(Labour, said),
            order and Utcs.parse(order),
            Utcs.parse(who),
        )
        for said, order, who in rows
    )
