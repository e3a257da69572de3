"""Where was a unit, at each instant of its life? Its stays, what they leave uncovered, and where they clash.

Pure, and in microseconds since 1970: what was read of the units is given, the past of each is worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from typing import Final

from graph.model.identifier import Utcs
from graph.model.time import UtcDatetime

DEEPEST: Final = 40
"""Assemblies in assemblies, deeper than which no unit is looked for."""


class Whereabouts(StrEnum):
    """How a unit was where it was."""

    INSTALLED = "installed"
    """In an aircraft or an assembly."""

    IN_STOCK = "in_stock"
    IN_SHOP = "in_shop"
    """In a facility that is a shop."""

    LOCATED = "located"
    """In another facility, or at a position."""

    UNKNOWN = "unknown"
    """Nothing says where it was, or where the assembly was that it was in."""


@dataclass(frozen=True, slots=True)
class Place:
    """From when until when a record puts a unit into one place, directly.

    Attributes:
        where: The aircraft or assembly, stock, facility or position.
        slot: Its position in the aircraft or assembly.
        made: The number in the change log of the event that put it there.
        ended: That of the event that took it away.
        reference: The record that the installation names, such as a work order.
    """

    whereabouts: Whereabouts
    where: Utcs
    slot: str | None
    since: int
    until: int
    made: int
    ended: int | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """What the records say of one unit: when it was there, and in what places.

    Attributes:
        born: From when on its whereabouts should be known: the end of the day on which it was made, or
            the first word of it if that is earlier.
        ended: When it was scrapped or is no more, or the moment asked for.
    """

    unit: Utcs
    born: int
    ended: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """A unit that another one was in, and at what position."""

    unit: Utcs
    position: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a unit was in one place, all the way up.

    Attributes:
        within: What it was in, from the unit that held it up to the aircraft or the loose assembly.
        place: The stock, facility or position where the outermost of these was; None in an aircraft.
        made: The number of the event with which it began, where one is recorded.
        ended: That of the event with which it ended.
    """

    whereabouts: Whereabouts
    since: int
    until: int
    within: tuple[Within, ...] = ()
    place: Utcs | None = None
    made: int | None = field(default=None, compare=False)
    ended: int | None = field(default=None, compare=False)
    reference: str | None = field(default=None, compare=False)

    @property
    def is_known(self) -> bool:
        """Whether the records say where it was."""
        return self.whereabouts is not Whereabouts.UNKNOWN


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A time for which nothing says where a unit was; until None while it lasts."""

    since: UtcDatetime
    until: UtcDatetime | None

    def __str__(self) -> str:
        """The time in words: its days."""
        if self.until is None:
            return f"since {self.since:%Y-%m-%d}"
        return f"from {self.since:%Y-%m-%d} to {self.until:%Y-%m-%d}"


def stretches(lives: Mapping[Utcs, Life], unit: Utcs) -> list[Stretch]:
    """Returns where a unit was from its birth on, in order, what is unknown included."""
    life = lives[unit]
    since = min((place.since for place in life.places), default=life.born)
    return [*_stretches(lives, unit, min(since, life.born), life.ended, life.places, DEEPEST)]


def clashes(told: Iterable[Stretch]) -> list[tuple[Stretch, Stretch]]:
    """Returns each two stretches in which a unit cannot both have been: one in a place, one in another unit.

    What is in stock lies in a facility, too, and a position is a place in an aircraft: these do not clash.
    """
    return [
        (one, other)
        for one, other in combinations([stretch for stretch in told if stretch.is_known], 2)
        if other.since < one.until and one.since < other.until and _exclude(one, other)
    ]


def _exclude(one: Stretch, other: Stretch) -> bool:
    if bool(one.within) == bool(other.within):
        return False
    loose = other if one.within else one
    return loose.place is not None and loose.place.kind != "position"


def uncovered(
    spans: Iterable[tuple[int, int]], since: int, until: int
) -> Iterator[tuple[int, int]]:
    """Yields the parts of [since, until) that no span covers."""
    reached = since
    for start, end in sorted(spans):
        if start >= until:
            break
        if start > reached:
            yield reached, start
        reached = max(reached, end)
    if reached < until:
        yield reached, until


def _stretches(
    lives: Mapping[Utcs, Life],
    unit: Utcs,
    since: int,
    until: int,
    places: Iterable[Place],
    deeper: int,
) -> list[Stretch]:
    """Returns where a unit was in [since, until), with what its places leave uncovered as unknown."""
    told = [
        stretch
        for place in places
        if place.since < until and since < place.until
        for stretch in _in_place(
            lives, place, max(since, place.since), min(until, place.until), deeper
        )
    ]
    told += [
        Stretch(Whereabouts.UNKNOWN, start, end)
        for start, end in uncovered([(one.since, one.until) for one in told], since, until)
    ]
    return sorted(told, key=lambda one: (one.since, one.until, one.whereabouts))


def _in_place(
    lives: Mapping[Utcs, Life], place: Place, since: int, until: int, deeper: int
) -> Iterator[Stretch]:
    own = Stretch(
        place.whereabouts, since, until, (), place.where,
        place.made if since == place.since else None,
        place.ended if until == place.until else None,
        place.reference,
    )  # fmt: skip
    if place.whereabouts is not Whereabouts.INSTALLED:
        yield own
        return
    held = Within(place.where, place.slot or "")
    if place.where.kind == "aircraft" or not deeper:  # an aircraft is a place of its own
        yield replace(own, within=(held,), place=None)
        return
    above = _without_stock(lives[place.where].places)
    for outer in _stretches(lives, place.where, since, until, above, deeper - 1):
        yield Stretch(
            own.whereabouts if outer.is_known else Whereabouts.UNKNOWN,
            outer.since,
            outer.until,
            (held, *outer.within),
            outer.place,
            own.made if outer.since == since else outer.made,
            own.ended if outer.until == until else outer.ended,
            own.reference,
        )


def _without_stock(places: tuple[Place, ...]) -> list[Place]:
    """Returns the places of an assembly as its parts see them: in stock only where nothing else is said."""
    kept = [place for place in places if place.whereabouts is not Whereabouts.IN_STOCK]
    spans = [(place.since, place.until) for place in kept]
    return kept + [
        replace(place, since=since, until=until)
        for place in places
        if place.whereabouts is Whereabouts.IN_STOCK
        for since, until in uncovered(spans, place.since, place.until)
    ]
