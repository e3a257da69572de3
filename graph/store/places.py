"""What do the records say of where units were? Read for many at once, with all that they were ever in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.time import to_micros
from graph.model.whereabouts import DEEPEST, Life, Place, Whereabouts
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.moment import Moment
from graph.store.selection import Era
from graph.store.text import fill

LINKS: Final = {"contains": "CONTAINS", "located": "LOCATED_IN", "stocked": "CONSISTS_OF"}
"""The links that say where a unit is, by their place in the statement."""


async def find_lives(graph: Graph, units: Iterable[Utcs], moment: Moment) -> dict[Utcs, Life]:
    """Returns the lives of units, and of all assemblies that they were ever in, up to a moment.

    One query for each level of assembly, however many units there are. Aircraft are left out unless they
    are asked for: they are where things are. What is not known at all is left out, too.
    """
    found: dict[Utcs, Life] = {}
    level = {str(unit) for unit in units}
    for _ in range(DEEPEST):
        if not level:
            break
        times = {"world": moment.world, "knowledge": moment.knowledge}
        ((rows,),) = await graph.read(places_text(moment), {"units": sorted(level), **times})
        lives = [_life(unit, moment.world, *row) for unit, *row in rows if row[0]]
        found |= {life.unit: life for life in lives}
        level = {
            str(place.where)
            for life in lives
            for place in life.places
            if place.where.kind == "serial" and place.where not in found
        }
    return found


def places_text(moment: Moment) -> str:
    """Returns the statement that reads the lives of units."""
    era = Era.KNOWN if moment.era is Era.KNOWN else Era.PAST
    pieces: dict[str, str] = {}
    for name, link in LINKS.items():
        pieces[name] = era.relationship_types((link,))
        types = was_one_of("link", (link,))
        pieces[f"{name}_said"] = fill("link/ever_said", link="link", types=types)
    return fill("genealogy/places", **pieces)


def _life(
    unit: str, world: int, versions: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]
) -> Life:
    first = min(since for since, *_ in versions)
    last = max((until for _, until, is_scrapped, _ in versions if not is_scrapped), default=first)
    *_, manufactured_on = max(versions, key=lambda version: version[0])
    born = min(first, _day_after(manufactured_on)) if manufactured_on else first
    return Life(Utcs.parse(unit), born, min(last, world), _places(rows, world))


def _day_after(day: str) -> int:
    return to_micros(datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC))


def _places(rows: Sequence[Sequence[Any]], world: int) -> tuple[Place, ...]:
    """Returns each time in one place as one, however often it was stated anew, with what ended it."""
    told: defaultdict[tuple[Any, ...], list[Place]] = defaultdict(list)
    ends: dict[tuple[Any, ...], int] = {}
    for how, where, slot, since, until, is_end, made, reference in rows:
        if is_end:
            ends[how, where, slot, since] = made
        else:
            place = Place(
                Whereabouts(how),
                Utcs.parse(where),
                slot,
                since,
                min(until, world),
                made,
                None,
                reference,
            )
            told[how, where, slot].append(place)
    places: list[Place] = []
    for key, stated in told.items():
        for place in _joined(stated):
            ended = ends.get((*key, place.until))
            places.append(place if ended is None else replace(place, ended=ended))
    return tuple(sorted(places, key=lambda place: (place.since, place.until, str(place.where))))


def _joined(stated: list[Place]) -> list[Place]:
    joined: list[Place] = []
    for place in sorted(stated, key=lambda place: place.since):
        if joined and joined[-1].until == place.since:
            joined[-1] = replace(joined[-1], until=place.until)
        else:
            joined.append(place)
    return joined
