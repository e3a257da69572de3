"""Where has it been since birth, and what of that does nobody say?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.model.whereabouts import (
    Stretch,
    Unsaid,
    Whereabouts,
    Within,
    clashes,
    stretches,
)
from graph.store.absence import not_there, unknown
from graph.store.database import Graph
from graph.store.history import Cause, read_cause
from graph.store.installed import find_installed
from graph.store.moment import CURRENT, Moment
from graph.store.places import find_lives
from graph.store.question import MAX_FIRST, bounded, read_cursor, require_unit, sealed, write_cursor


@dataclass(frozen=True, slots=True)
class Stay:
    """A time that a unit spent in one place, up to the aircraft.

    Attributes:
        within: What it was in, from the unit that held it up to the aircraft or the loose assembly.
        place: The stock, facility or position where that was; None in an aircraft, and where nothing says it.
        until: None while it lasts.
        began: The event with which it began; None where only the record before it ended.
        ended: The event with which it ended; None while it lasts, and where only another record begins.
        began_under: The work order or operation under which it began.
        ended_under: The work order or operation under which it ended.
    """

    whereabouts: Whereabouts
    within: tuple[Within, ...]
    place: Utcs | None
    since: UtcDatetime
    until: UtcDatetime | None
    began: Cause | None
    ended: Cause | None
    began_under: Utcs | None
    ended_under: Utcs | None
    reference: str | None

    @property
    def aircraft(self) -> Utcs | None:
        """The aircraft it was in, at whatever depth."""
        top = self.within[-1].unit if self.within else None
        return top if top is not None and top.kind == "aircraft" else None

    def __str__(self) -> str:
        """Where it was, in words."""
        held = f"in {_held(self.within)}" if self.within else ""
        at = f"at {self.place}" if self.place else ""
        return " ".join(filter(None, (self.whereabouts.replace("_", " "), held, at)))


def _held(within: tuple[Within, ...]) -> str:
    return " in ".join(f"{one.unit} at {one.position}" for one in within)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time for which nothing says where a unit was: the counter-example to a back-to-birth history.

    Attributes:
        until: None while it lasts.
        within: The assemblies it was in meanwhile, of the outermost of which nothing says where it was.
        before: What the records say of the time just before; None from birth.
        after: What they say of the time just after; None while it lasts.
    """

    since: UtcDatetime
    until: UtcDatetime | None
    within: tuple[Within, ...]
    before: Stay | None
    after: Stay | None

    def __str__(self) -> str:
        """What is missing, in words."""
        if not self.within:
            return "Nothing says where it was"
        return f"It was in {_held(self.within)}, and nothing says where that was"


@dataclass(frozen=True, slots=True)
class Overlap:
    """A time for which the records put a unit into two places at once."""

    since: UtcDatetime
    until: UtcDatetime | None
    one: Stay
    other: Stay


@dataclass(frozen=True, slots=True)
class GapAboard:
    """A time for which nothing says where a unit was that is in something now."""

    unit: Utcs
    since: UtcDatetime
    until: UtcDatetime | None


@dataclass(frozen=True, slots=True)
class Aboard:
    """The gaps in the lives of all units that are in an aircraft or unit.

    Attributes:
        units: How many units are in it.
        gaps: By the position of the unit, then by time.
    """

    utcs: Utcs
    units: int
    gaps: tuple[GapAboard, ...]


@dataclass(frozen=True, slots=True)
class Genealogy:
    """The life of one unit, back to its birth.

    Attributes:
        born: From when on its whereabouts should be known: the end of the day on which it was made, or the
            first word of it if that is earlier.
        stays: One page of its stays in order, without what is unknown.
        total: How many stays there are.
        gaps: Every time for which nothing says where it was; an aircraft is a place of its own, and has none.
        overlaps: Every time for which it is said to have been in two places.
        next: The cursor of the next page of stays; None on the last.
    """

    utcs: Utcs
    born: UtcDatetime
    stays: tuple[Stay, ...]
    total: int
    gaps: tuple[Gap, ...]
    overlaps: tuple[Overlap, ...]
    next: str | None

    @property
    def is_complete(self) -> bool:
        """Whether the history goes back to birth without a gap or contradiction."""
        return not self.gaps and not self.overlaps


async def genealogy(
    graph: Graph,
    utcs: Utcs,
    *,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Genealogy:
    """Returns the life of a unit up to a moment: its stays, gaps and overlaps.

    Raises:
        BadQuestionError: The thing is no unit, or a number or the cursor is wrong.
        NotFoundError: Nothing is known of it then.
    """
    require_unit(utcs)
    sealing = sealed("genealogy", str(utcs), at)
    bounded("first", first, MAX_FIRST)
    (start,) = (0,) if after is None else read_cursor(sealing, after, int)
    moment = Moment.of(graph, at)
    lives = await find_lives(graph, [utcs], moment)
    if utcs not in lives:
        raise await unknown(graph, utcs, moment)
    told = stretches(lives, utcs)
    known = [stretch for stretch in told if stretch.is_known]
    stays = await _stays(graph, utcs, told, moment)
    shown = [stays[stretch] for stretch in known[start : start + first]]
    more = start + first < len(known)
    return Genealogy(
        utcs=utcs,
        born=from_micros(lives[utcs].born),
        stays=tuple(shown),
        total=len(known),
        gaps=() if utcs.kind == "aircraft" else tuple(_gaps(told, stays)),
        overlaps=tuple(_overlaps(told, stays)),
        next=write_cursor(sealing, start + first) if more else None,
    )


async def gaps_aboard(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> Aboard:
    """Returns the gaps in the lives of all units that are in an aircraft or unit at a moment.

    However many there are, it takes one query for each level of assembly.

    Raises:
        NotFoundError: It is not there then.
    """
    moment = Moment.of(graph, at)
    installed = await find_installed(graph, utcs, at=at)
    if not installed:
        raise await not_there(graph, utcs, moment)
    units = [one.unit.utcs for position, one in sorted(installed.items()) if position]
    found = await find_gaps(graph, units, at=at)
    gaps = [
        GapAboard(unit, one.since, one.until) for unit, unsaid in found.items() for one in unsaid
    ]
    return Aboard(utcs, len(units), tuple(gaps))


async def find_gaps(
    graph: Graph, units: Iterable[Utcs], *, at: Coordinates = CURRENT
) -> dict[Utcs, tuple[Unsaid, ...]]:
    """Returns what is unknown of the whereabouts of many units, none of them an aircraft.

    Units of which nothing is known are left out.
    """
    asked = dict.fromkeys(units)
    moment = Moment.of(graph, at)
    lives = await find_lives(graph, asked, moment)
    return {
        unit: tuple(
            Unsaid(from_micros(one.since), _end(one, moment))
            for one in stretches(lives, unit)
            if not one.is_known
        )
        for unit in asked
        if unit in lives
    }


def _end(one: Stretch, moment: Moment) -> datetime | None:
    """Returns until when a stretch lasted; None if it lasts at the moment that was asked for."""
    is_open = one.ended is None and one.until == moment.world
    return None if is_open else from_micros(one.until)


async def _stays(
    graph: Graph, utcs: Utcs, told: Sequence[Stretch], moment: Moment
) -> dict[Stretch, Stay]:
    """Returns the stretches with the events and orders behind them."""
    seqs = {seq for one in told for seq in (one.made, one.ended) if seq is not None}
    units = {utcs} | {within.unit for one in told for within in one.within}
    asked = {"seqs": sorted(seqs), "units": sorted(map(str, units))}
    ((events, orders),) = await graph.read("genealogy/causes", asked)
    causes = {seq: read_cause(seq, *rest) for seq, *rest in events}
    under = {made: Utcs.parse(order) for made, order in reversed(orders)}

    def stay(one: Stretch) -> Stay:
        return Stay(
            whereabouts=one.whereabouts,
            within=one.within,
            place=one.place,
            since=from_micros(one.since),
            until=_end(one, moment),
            began=causes.get(one.made) if one.made else None,
            ended=causes.get(one.ended) if one.ended else None,
            began_under=under.get(one.made) if one.made else None,
            ended_under=under.get(one.ended) if one.ended else None,
            reference=one.reference,
        )

    return {one: stay(one) for one in told}


def _gaps(told: Sequence[Stretch], stays: dict[Stretch, Stay]) -> Iterable[Gap]:
    for one in told:
        if not one.is_known:
            before = [other for other in told if other.is_known and other.until == one.since]
            after = [other for other in told if other.is_known and other.since == one.until]
            yield Gap(
                since=stays[one].since,
                until=stays[one].until,
                within=one.within,
                before=stays[before[-1]] if before else None,
                after=stays[after[0]] if after else None,
            )


def _overlaps(told: Sequence[Stretch], stays: dict[Stretch, Stay]) -> Iterable[Overlap]:
    for one, other in clashes(told):
        ends = [end for end in (stays[one].until, stays[other].until) if end is not None]
        since: datetime = max(stays[one].since, stays[other].since)
        yield Overlap(since, min(ends, default=None), stays[one], stays[other])
