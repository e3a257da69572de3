"""Whether a line of a bill of material applies to the unit that the bill is of, in three values.

What is written at a line is an expression of effectivity. Its terms about an aircraft are asked of the
aircraft that the unit is in, those about a unit (`part …`) of the unit itself. A unit that is in no aircraft
is taken for the end item: of what only aircraft have, such as an MSN, it says nothing, and so nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from graph.model.applicability import (
    Expression,
    Facts,
    Finding,
    Leaves,
    Subject,
    judge,
    leaves,
    needs_manufacture,
    read,
)
from graph.model.bill import Component, Place
from graph.model.identifier import Utcs


@dataclass(frozen=True)
class Effectivities:
    """What is written at some lines of bills, read.

    Attributes:
        said: What each says; None where it cannot be read.
        problems: Why the others cannot be read.
    """

    said: Mapping[str, Expression]
    problems: Mapping[str, str]

    @classmethod
    def of(cls, lines: Iterable[Component]) -> Effectivities:
        """Returns all that is written at some lines."""
        said: dict[str, Expression] = {}
        problems: dict[str, str] = {}
        for text in {text for line in lines for text in line.effectivity}:
            expression, problem = read(text)
            if expression is not None:
                said[text] = expression
            elif problem is not None:
                problems[text] = problem
        return cls(said, problems)

    @property
    def names(self) -> Leaves:
        """The names that they need facts of."""
        return leaves(self.said.values())

    @property
    def needs_manufacture(self) -> bool:
        """Whether one of them asks when a unit was made."""
        return needs_manufacture(self.said.values())


@dataclass(frozen=True)
class EndItem:
    """An aircraft, or an assembly that is in none, against which lines of bills are held.

    Attributes:
        utcs: The aircraft or assembly.
        units: The unit in each place that has a bill, wherever in it the question began.
        effectivities: What is written at the lines.
        facts: What the record says of what they name.
        made: When units were made, as far as that is asked for and known.
    """

    utcs: Utcs
    units: Mapping[Place, Utcs]
    effectivities: Effectivities
    facts: Facts
    made: Mapping[Utcs, date | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Takes what is in no aircraft for an end item, and units in it for units in that."""
        if self.utcs in self.facts.aircraft:
            return
        alone = Subject(self.utcs, "", self.utcs, manufactured_on=self.made.get(self.utcs))
        aboard = {utcs: place for place, utcs in self.units.items()} | {self.utcs: ()}
        facts = replace(
            self.facts,
            aircraft={**self.facts.aircraft, self.utcs: alone},
            fitted=tuple(
                replace(one, carrier=self.utcs, position=".".join(aboard[one.unit]))
                if one.unit in aboard
                else one
                for one in self.facts.fitted
            ),
            embodied=tuple(
                replace(one, carrier=self.utcs) if one.holder in aboard else one
                for one in self.facts.embodied
            ),
            loaded=tuple(
                replace(one, carrier=self.utcs) if one.holder in aboard else one
                for one in self.facts.loaded
            ),
        )
        object.__setattr__(self, "facts", facts)

    def on(self, day: date) -> EndItem:
        """Returns the same on another day."""
        return replace(self, facts=replace(self.facts, day=day))

    def applies(self, place: Place, line: Component) -> Finding:
        """Returns whether a line applies to the unit in a place that its bill is of: all that is written."""
        found = [self._finding(text, place) for text in line.effectivity]
        denied = next((one for one in found if one.holds is False), None)
        unknown = next((one for one in found if one.holds is None), None)
        return denied or unknown or found[0]

    def _finding(self, text: str, place: Place) -> Finding:
        expression = self.effectivities.said.get(text)
        if expression is None:
            return Finding(None, self.effectivities.problems[text])
        return judge(expression, self._subject(place), self.facts)

    def _subject(self, place: Place) -> Subject:
        unit = self.units[place]
        if (itself := self.facts.aircraft.get(unit)) is not None:
            return itself
        return Subject(unit, "", self.utcs, manufactured_on=self.made.get(unit))
