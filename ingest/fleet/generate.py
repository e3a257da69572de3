"""The sample fleet as one stream of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from graph.model.event import Event
from ingest.fleet.change import change
from ingest.fleet.learning import learning
from ingest.fleet.passport import passport
from ingest.fleet.people import people
from ingest.fleet.product import product
from ingest.fleet.programme import programme
from ingest.fleet.service import COHORT, Cohort
from ingest.fleet.sources import sources
from ingest.fleet.tasks import publications, tasks

LEAST_AIRCRAFT: Final = 3
"""What the deliberate faults need."""


def aircraft_count(scale: float) -> int:
    """Returns how many aircraft a fleet of that scale has."""
    return max(LEAST_AIRCRAFT, round(COHORT * scale))


def generate(seed: int = 1, scale: float = 1.0) -> Iterator[Event]:
    """Yields the events of a fleet, each after those that it builds on.

    The same seed and scale give the same events, byte for byte. Memory does not grow with the
    scale: the type is told first, then twelve aircraft at a time.

    Args:
        seed: Another seed gives another history of the same type.
        scale: 1 is twelve aircraft; 50 is about a million things.
    """
    if not 0 < scale <= 1000:
        raise ValueError(f"scale: {scale} is out of range; give more than 0 and at most 1000")
    yield from programme(seed)
    yield from product(seed, scale)
    yield from people(seed)
    yield from publications()
    yield from tasks()
    yield from change()
    yield from sources()
    yield from learning(seed)
    count = aircraft_count(scale)
    for number, first in enumerate(range(0, count, COHORT)):
        cohort = Cohort(seed, number, min(COHORT, count - first))
        yield from cohort.events()
        if number == 0:
            yield from passport(cohort.airframes[0])
