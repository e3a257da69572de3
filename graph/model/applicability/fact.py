"""What an expression is held against: aircraft and units as the record has them at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from graph.model.identifier import Utcs


@dataclass(frozen=True, slots=True)
class Subject:
    """An aircraft, or a unit that is asked about by itself; None is what the record does not say.

    Attributes:
        carrier: The aircraft that it is in; an aircraft is its own.
    """

    utcs: Utcs
    name: str
    carrier: Utcs | None
    msn: str | None = None
    type_designation: str | None = None
    model_designation: str | None = None
    delivered_on: date | None = None
    manufactured_on: date | None = None

    @property
    def is_aircraft(self) -> bool:
        """Whether it is an aircraft."""
        return self.utcs == self.carrier

    @classmethod
    def of(cls, unit: Fitted) -> Subject:
        """Returns a unit as something that is asked about by itself."""
        return cls(unit.unit, unit.name, unit.carrier, manufactured_on=unit.manufactured_on)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A unit of a part number, and where it is.

    Attributes:
        part: The part number as the expression names it.
        carrier: The aircraft that it is, or is in; None if it is in none.
        position: The slots from the aircraft down to it, with points between.
    """

    part: str
    unit: Utcs
    name: str
    serial_number: str | None
    manufactured_on: date | None
    carrier: Utcs | None
    position: str


@dataclass(frozen=True, slots=True)
class Held:
    """Something that is embodied in, or loaded on, an aircraft or unit.

    Attributes:
        what: The modification or software as the expression names it.
        holder: The aircraft or unit.
        carrier: The aircraft that the holder is, or is in; None if it is in none.
    """

    what: str
    holder: Utcs
    carrier: Utcs | None


@dataclass(frozen=True)
class Facts:
    """All that some expressions need to know at a moment.

    Attributes:
        day: The day of the moment, UTC.
        aircraft: Every aircraft that is there.
        fitted: The units of the part numbers that are named.
        embodied: What is embodied of the changes that are named.
        loaded: What is loaded of the software that is named.
        unknown: The names that name nothing at that moment.
    """

    day: date
    aircraft: Mapping[Utcs, Subject]
    fitted: Iterable[Fitted] = ()
    embodied: Iterable[Held] = ()
    loaded: Iterable[Held] = ()
    unknown: frozenset[str] = frozenset()
    _in: dict[tuple[str, Utcs], list[Fitted]] = field(init=False, repr=False, compare=False)
    _of: dict[tuple[str, Utcs], Fitted] = field(init=False, repr=False, compare=False)
    _has: dict[tuple[str, Utcs], list[Utcs]] = field(init=False, repr=False, compare=False)
    _holders: set[tuple[str, Utcs]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sorts the facts by name and aircraft, so that judging an aircraft reads only its own."""
        inside: defaultdict[tuple[str, Utcs], list[Fitted]] = defaultdict(list)
        for one in self.fitted:
            if one.carrier is not None:
                inside[one.part, one.carrier].append(one)
        has: defaultdict[tuple[str, Utcs], list[Utcs]] = defaultdict(list)
        for held in (*self.embodied, *self.loaded):
            if held.carrier is not None:
                has[held.what, held.carrier].append(held.holder)
        object.__setattr__(self, "_in", dict(inside))
        object.__setattr__(self, "_of", {(one.part, one.unit): one for one in self.fitted})
        object.__setattr__(self, "_has", dict(has))
        held_by = {(one.what, one.holder) for one in (*self.embodied, *self.loaded)}
        object.__setattr__(self, "_holders", held_by)

    def units_in(self, part: str, aircraft: Utcs) -> list[Fitted]:
        """Returns the units of a part number in an aircraft; the aircraft itself, if it is one."""
        return self._in.get((part, aircraft), [])

    def unit_of(self, part: str, unit: Utcs) -> Fitted | None:
        """Returns a unit, if it is of a part number."""
        return self._of.get((part, unit))

    def holders_in(self, what: str, aircraft: Utcs) -> list[Utcs]:
        """Returns what, of an aircraft and the units in it, has a change embodied or software loaded."""
        return self._has.get((what, aircraft), [])

    def is_held_by(self, what: str, holder: Utcs) -> bool:
        """Whether an aircraft or unit itself has a change embodied or software loaded."""
        return (what, holder) in self._holders
