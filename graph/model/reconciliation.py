"""What is in each place of a unit against what its bill of material calls for there.

Pure: a design as it was at some time, the units as they were at some time, and a verdict on each place. A
line that does not apply to a unit calls for nothing in it; one of which nobody knows whether it applies makes
what rests on it undetermined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, count
from math import ceil

from graph.model.applicability import Finding
from graph.model.bill import Component, Design, Place, Stand


class Verdict(StrEnum):
    """How what is in a place stands to what is called for there."""

    AS_DESIGNED = "as_designed"
    ALLOWED_ALTERNATE = "allowed_alternate"
    UNAPPROVED = "unapproved"
    MISSING = "missing"
    EXTRA = "extra"
    UNDETERMINED = "undetermined"
    """What is recorded does not tell."""

    @property
    def is_fault(self) -> bool:
        """Whether somebody has to see to it."""
        return self in (Verdict.UNAPPROVED, Verdict.MISSING, Verdict.EXTRA)

    @property
    def is_allowed(self) -> bool:
        """Whether what is there may be there."""
        return self in (Verdict.AS_DESIGNED, Verdict.ALLOWED_ALTERNATE)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in its place.

    Attributes:
        part: Its part number; None where that is not recorded.
        approval: The approval that it was put there under, where its part number is not allowed there.
    """

    utcs: str
    part: str | None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One place, and what is to be said of it.

    Attributes:
        unit: What is there; None if nothing is.
        called_for: The line that calls for something there; None if none does.
        why: What the verdict rests on, as a sentence.
    """

    verdict: Verdict
    unit: Unit | None
    called_for: Component | None
    why: str


Judgement = tuple[Verdict, str]

Applies = Callable[[Place, Component], Finding]
"""Whether a line of a bill applies to the unit in a place that the bill is of."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a bill, for one unit that the bill is of.

    Attributes:
        above: The place of that unit.
        applies: Whether the line applies to that unit; None where nobody knows.
        why: In one sentence.
    """

    above: Place
    component: Component
    applies: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A verdict on each place, and the lines that did not simply count.

    Attributes:
        places: Each place.
        left_out: The lines that do not apply.
        doubtful: The lines of which nobody knows whether they apply.
    """

    places: Mapping[Place, Judged]
    left_out: tuple[Line, ...]
    doubtful: tuple[Line, ...]


def judge(design: Design, part: str, units: Mapping[Place, Unit], applies: Applies) -> Reconciled:
    """Returns a verdict on each place of a unit, those that are empty and should not be included.

    Args:
        design: What was designed and allowed.
        part: The part number of the unit.
        units: What is in it, at any depth, by place.
        applies: Which lines apply; asked only of those that have an effectivity.
    """
    inside: dict[Place, list[Place]] = {}
    for place in sorted(units):
        if place:
            inside.setdefault(place[:-1], []).append(place)
    judged: dict[Place, Judged] = {}
    read: list[Line] = []
    todo: list[tuple[Place, list[str]]] = [((), [part])]
    while todo:
        above, parts = todo.pop()
        bill = next((found for one in parts if (found := design.units_of(one))), [])
        if not bill:
            _unknown(design, parts, inside.get(above, ()), units, judged)
            continue
        lines = [_line(above, component, applies) for component in bill]
        read += lines
        bench = _Assembly(design, above, lines)
        for place in bench.in_turn(inside.get(above, ()), units):
            judged[place] = bench.take(place, units[place])
        for place in inside.get(above, ()):
            taken = judged[place]
            own = [units[place].part, taken.called_for and taken.called_for.part]
            todo.append((place, [one for one in own if one]))
        judged |= bench.missing()
    return Reconciled(
        judged,
        tuple(line for line in read if line.applies is False),
        tuple(line for line in read if line.applies is None),
    )


def _line(above: Place, component: Component, applies: Applies) -> Line:
    if not component.effectivity:
        return Line(above, component, True, "it applies to all")
    found = applies(above, component)
    return Line(above, component, found.holds, found.verdict.why)


def _unknown(
    design: Design,
    parts: Iterable[str],
    places: Iterable[Place],
    units: Mapping[Place, Unit],
    judged: dict[Place, Judged],
) -> None:
    """Says of units in an assembly without a bill that nothing tells what belongs there."""
    named = " or ".join(map(design.number, parts)) or "the unit that it is in"
    why = f"no bill of material of {named} is recorded"
    for place in places:
        judged[place] = Judged(Verdict.UNDETERMINED, units[place], None, why)


class _Assembly:
    """One assembly: the lines that may apply, and how many of each are still to be found."""

    def __init__(self, design: Design, above: Place, lines: Sequence[Line]) -> None:
        self._design = design
        self._above = above
        self._lines = [line for line in lines if line.applies is not False]
        self._left_out = [line for line in lines if line.applies is False]
        self._left = [line.component.quantity for line in self._lines]
        self._filled: set[Place] = set()

    def in_turn(self, places: Iterable[Place], units: Mapping[Place, Unit]) -> list[Place]:
        """Returns places so that what is called for by its own number comes before what stands in."""
        called = {line.component.part for line in self._lines}
        return sorted(places, key=lambda place: (units[place].part not in called, place))

    def take(self, place: Place, unit: Unit) -> Judged:
        """Takes one unit, and returns the verdict on its place."""
        judged = self._take(place, unit)
        is_deviation = judged.verdict is Verdict.UNAPPROVED or (
            judged.verdict is Verdict.EXTRA and judged.called_for is None
        )
        if unit.approval is None or not is_deviation:
            return judged
        why = f"{judged.why}; it was put there under {unit.approval}"
        return replace(judged, verdict=Verdict.ALLOWED_ALTERNATE, why=why)

    def _take(self, place: Place, unit: Unit) -> Judged:
        self._filled.add(place)
        position = ".".join(place)
        accepted = self._design.accepts.get(position)
        fitting = [n for n, line in enumerate(self._lines) if self._calls(line, unit, accepted)]
        if not fitting:
            return Judged(Verdict.EXTRA, unit, None, self._why_nothing_calls(unit, accepted))
        number = min(fitting, key=lambda n: (self._left[n] <= 0, *self._rank(self._lines[n], unit)))
        line = self._lines[number]
        called_for = line.component
        self._left[number] -= 1
        if self._left[number] < 0:
            called = f"the bill of material calls for {called_for.quantity:f} only"
            return Judged(Verdict.EXTRA, unit, called_for, called)
        verdict, why = self._judge(unit, called_for, position, accepted)
        if line.applies is None and verdict.is_allowed:
            return Judged(Verdict.UNDETERMINED, unit, called_for, self._only(line))
        return Judged(verdict, unit, called_for, why)

    def _rank(self, line: Line, unit: Unit) -> tuple[bool, bool]:
        """Returns how well a line that may call for a unit calls for it, the best first."""
        return line.component.part != unit.part, line.applies is None

    def _only(self, line: Line) -> str:
        called = self._design.number(line.component.part)
        return f"{called} is called for only where {line.component.only} holds: {line.why}"

    def _why_nothing_calls(self, unit: Unit, accepted: frozenset[str] | None) -> str:
        left_out = next((one for one in self._left_out if self._calls(one, unit, accepted)), None)
        return (
            self._only(left_out)
            if left_out
            else "nothing in the bill of material calls for it there"
        )

    def _calls(self, line: Line, unit: Unit, accepted: frozenset[str] | None) -> bool:
        """Whether a line may be what calls for a unit: by its position, or else by its part."""
        part = line.component.part
        if accepted and any(one.component.part in accepted for one in self._lines):
            return part in accepted
        return part == unit.part or any(stand.part == part for stand in self._stands(unit))

    def _stands(self, unit: Unit) -> tuple[Stand, ...]:
        facts = self._design.parts.get(unit.part or "")
        return facts.stands if facts else ()

    def _judge(
        self, unit: Unit, line: Component, position: str, accepted: frozenset[str] | None
    ) -> Judgement:
        if unit.part is None:
            return Verdict.UNDETERMINED, "its part number is not recorded"
        number = self._design.number(unit.part)
        called = self._design.number(line.part)
        stand = next((one for one in self._stands(unit) if one.part == line.part), None)
        if accepted is not None and unit.part not in accepted:
            relation = f"{stand.why} {called}, but" if stand else f"is not {called} and"
            if unit.part == line.part:
                relation = "is called for, but"
            return Verdict.UNAPPROVED, f"{number} {relation} does not fit {position}"
        if unit.part == line.part:
            return Verdict.AS_DESIGNED, ""
        fits = f" and fits {position}" if accepted else ""
        if stand is None:
            return Verdict.ALLOWED_ALTERNATE, f"{number} is not {called}, but{fits[4:]}"
        rests = f" ({stand.approval})" if stand.approval else ""
        if not (fits or rests or stand.supersedes):
            why = f"{number} {stand.why} {called}, but no approval of that is recorded"
            return Verdict.UNAPPROVED, why
        return Verdict.ALLOWED_ALTERNATE, f"{number} {stand.why} {called}{rests}{fits}"

    def missing(self) -> Iterator[tuple[Place, Judged]]:
        """Yields the places that are empty and should not be; what is certain comes last, and holds."""
        left = zip(self._lines, self._left, strict=True)
        for line, wanted_in_all in sorted(left, key=lambda each: each[0].applies is True):
            called_for = line.component
            empty = self._empty(called_for)
            mandatory = [p for p in empty if ".".join(p) not in self._design.optional]
            wanted = ceil(wanted_in_all) - (len(empty) - len(mandatory))
            names = self._names("/".join(called_for.find), alone=wanted == 1)
            for number in range(max(wanted, 0)):
                place = mandatory[number] if number < len(mandatory) else next(names)
                yield place, self._judge_missing(line)

    def _names(self, find: str, *, alone: bool) -> Iterator[Place]:
        """Yields names for places that have none, by the find number: none that a slot has."""
        numbered = (f"{find} #{number}" for number in count(1))
        for name in chain([find] if alone else [], numbered):
            if (place := (*self._above, name)) not in self._filled:
                yield place

    def _judge_missing(self, line: Line) -> Judged:
        if line.applies is None:
            return Judged(Verdict.UNDETERMINED, None, line.component, self._only(line))
        called = self._design.number(line.component.part)
        why = f"{called} is called for, and nothing is there"
        return Judged(Verdict.MISSING, None, line.component, why)

    def _empty(self, line: Component) -> list[Place]:
        """Returns the known places in this assembly that allow a line's part and have nothing in them."""
        facts = self._design.parts.get(line.part)
        places = (tuple(position.split(".")) for position in facts.fits) if facts else ()
        return sorted(p for p in places if p[:-1] == self._above and p not in self._filled)
