"""What is believed of records of maintenance, as known at one moment, and during which time it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import eq
from typing import Any, Final, TypeVar

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.store.maintenance import RESTS_ON, STEPS, Beliefs, Row

_UNITS: Final = frozenset({"serial", "device", "tool", "facility"})
"""What is worked on: the targets of WORKS_ON."""

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment up to, and without, another; microseconds since 1970."""

    since: int
    until: int

    def common(self, other: Span) -> Span | None:
        """Returns when both are, if ever."""
        since, until = max(self.since, other.since), min(self.until, other.until)
        return Span(since, until) if since < until else None


@dataclass(frozen=True, slots=True)
class Belief:
    """What was believed when some time was known.

    Attributes:
        beliefs: All that was ever believed.
        known_at: As known when, in microseconds since 1970.
    """

    beliefs: Beliefs
    known_at: int

    def stretches(
        self,
        record: str,
        tell: Callable[[Any], Told | None],
        is_same: Callable[[Told, Told], bool] = eq,
    ) -> list[tuple[Span, Told]]:
        """Returns what is told of a record, and when; as one stretch as long as the same is told.

        Args:
            record: The record.
            tell: What its properties come to; None if there is nothing to tell.
            is_same: Whether nothing that matters changed; then what was told first is kept.
        """
        return _joined(self._known(self.beliefs.things.get(record, ())), tell, is_same)

    def links(self, record: str, link: str, span: Span) -> list[tuple[Utcs, int]]:
        """Returns what a record leads to at some moment of a span, and since when in it.

        A link that begins later than the span counts, too: papers are filled in afterwards. One that had
        ended by then does not.
        """
        found: dict[Utcs, int] = {}
        for row in self._known(self.beliefs.links.get((record, link), ())):
            common = span.common(_span(row))
            if common is not None and row.target is not None:
                found.setdefault(row.target, common.since)
        return sorted(found.items(), key=lambda item: str(item[0]))

    def carried(self, record: str, link: str) -> Iterator[tuple[Span, Utcs, Any]]:
        """Yields when each link of a type holds, what it leads to and what it carries."""
        by_target: dict[Utcs, list[Row]] = {}
        for row in self._known(self.beliefs.links.get((record, link), ())):
            if row.target is not None:
                by_target.setdefault(row.target, []).append(row)
        for target, rows in by_target.items():
            for span, carried in _joined(rows, lambda carried: carried, eq):
                yield span, target, carried

    def units(self, record: str, span: Span, steps: int = STEPS) -> tuple[Utcs, ...]:
        """Returns the units that a record is about in a span, aircraft first.

        Where it names none itself, they are those of what it defers, was found in or releases.
        """
        own = {
            unit
            for link in ("WORKS_ON", "ABOUT")
            for unit, _ in self.links(record, link, span)
            if ontology.fits(unit.kind, _UNITS)
        }
        if not own and steps:
            for link in sorted(RESTS_ON):
                for other, _ in self.links(record, link, span):
                    own.update(self.units(str(other), span, steps - 1))
        return tuple(sorted(own, key=lambda unit: (unit.kind != "aircraft", str(unit))))

    def _known(self, rows: Iterable[Row]) -> list[Row]:
        """Returns the rows that were believed, in the order of the world."""
        known = [row for row in rows if row.recorded_at <= self.known_at < row.superseded_at]
        return sorted(known, key=lambda row: row.valid_from)


def _joined(
    rows: Iterable[Row],
    tell: Callable[[Any], Told | None],
    is_same: Callable[[Told, Told], bool],
) -> list[tuple[Span, Told]]:
    """Returns what rows come to; those that follow each other and say the same are one."""
    found: list[tuple[Span, Told]] = []
    for row in rows:
        told, span = tell(row.properties), _span(row)
        if told is None:
            continue
        if found and found[-1][0].until == span.since and is_same(found[-1][1], told):
            before, told = found.pop()
            span = Span(before.since, span.until)
        found.append((span, told))
    return found


def _span(row: Row) -> Span:
    return Span(row.valid_from, row.valid_to)
