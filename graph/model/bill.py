"""What was designed: the lines of bills of material, what may stand in for what, and where it fits.

Pure: as it was at some time. Whether a line applies to a unit is told by `line_effectivity`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

Place = tuple[str, ...]
"""The slots from the unit where it begins down to a place."""

MOST_LEVELS: Final = 40
"""No assembly is so deep; who is, contains itself."""


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a bill of material: at a find number, so many of a part.

    Attributes:
        effectivity: What has to hold for it to apply: what is written of the line itself, and of the groups
            that it is in. Empty where it applies to all.
    """

    find: Place
    part: str
    quantity: Decimal
    effectivity: tuple[str, ...] = ()

    @property
    def only(self) -> str:
        """What has to hold for it to apply, in words."""
        return " and ".join(map(repr, self.effectivity))


@dataclass(frozen=True, slots=True)
class Stand:
    """For what a part may stand in, and on what that rests.

    Attributes:
        part: The part that is called for.
        approval: The approval; None where none is recorded.
        supersedes: Whether it takes the place of that part for good, so that it needs no approval besides.
    """

    part: str
    approval: str | None = None
    supersedes: bool = False

    @property
    def why(self) -> str:
        """How it stands to the part that is called for, as a verb."""
        return "supersedes" if self.supersedes else "is an alternate of"


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is known of a part.

    Attributes:
        number: As it is printed.
        is_serialised: Whether each of it is a unit of its own; None where that is not said.
        stands: For what it may stand in.
        fits: The positions in which it is allowed, by number.
    """

    number: str
    is_serialised: bool | None = None
    stands: tuple[Stand, ...] = ()
    fits: frozenset[str] = frozenset()

    @property
    def is_unit(self) -> bool:
        """Whether it is installed unit by unit, and so has places of its own."""
        return self.is_serialised is True or (self.is_serialised is None and bool(self.fits))


@dataclass(frozen=True, slots=True)
class Design:
    """What was designed, and what was allowed, at one time.

    Attributes:
        bills: The lines of each assembly.
        parts: What is known of each part.
        optional: The positions that may be empty, by number.
        accepts: The parts that each position allows, by its number.
    """

    bills: Mapping[str, Sequence[Component]]
    parts: Mapping[str, PartFacts]
    optional: frozenset[str] = frozenset()
    accepts: Mapping[str, frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        accepts: dict[str, set[str]] = {}
        for part, facts in self.parts.items():
            for position in facts.fits:
                accepts.setdefault(position, set()).add(part)
        object.__setattr__(self, "accepts", {p: frozenset(of) for p, of in accepts.items()})

    def number(self, part: str) -> str:
        """Returns what is printed on a part."""
        return facts.number if (facts := self.parts.get(part)) else part

    def units_of(self, assembly: str) -> list[Component]:
        """Returns the lines of an assembly that call for units; what is grouped only is opened."""
        return [*self._opened(assembly, Component((), assembly, Decimal(1)), MOST_LEVELS)]

    def _opened(self, assembly: str, group: Component, levels: int) -> Iterator[Component]:
        for line in self.bills.get(assembly, ()) if levels else ():
            found = Component(
                group.find + line.find,
                line.part,
                group.quantity * line.quantity,
                tuple(dict.fromkeys(group.effectivity + line.effectivity)),
            )
            facts = self.parts.get(line.part)
            if facts is not None and facts.is_unit:
                yield found
            else:
                yield from self._opened(line.part, found, levels - 1)
