"""What an expression is made of: terms about an aircraft or a unit, and how they are joined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from graph.model.applicability.span import Span

MAX_LENGTH: Final = 4_000
"""So many characters an expression has at most; the longest printed applicability fits many times."""

MAX_DEPTH: Final = 20
"""So deep parentheses and `not` stand in each other at most."""

MAX_VALUES: Final = 500
"""So many numbers and names an expression has at most."""

MAX_VALUE: Final = 200
"""So many characters a number or name has at most."""


@dataclass(frozen=True, slots=True)
class All:
    """`all`: every one."""


@dataclass(frozen=True, slots=True)
class Msn:
    """`MSN 10001-10003, 10007`: the manufacturer's serial number of the aircraft."""

    spans: tuple[Span, ...]


class Designation(StrEnum):
    """Which designation of an aircraft is asked for."""

    TYPE = "type"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Designated:
    """`type "AMPEL360 BWB-H2"`, `model BWB-H2-200`: the designation on the type certificate."""

    designation: Designation
    value: str


@dataclass(frozen=True, slots=True)
class Embodied:
    """`post MOD-28-PRV`, `pre SB-28-PRV`: whether a change is embodied in the aircraft, or in a unit."""

    change: str
    is_post: bool


@dataclass(frozen=True, slots=True)
class Fitment:
    """`installed H2-PRV-01 serial 1-42 at H2-TANK-1.PRV-2 pre MOD-28-PRV`: a unit of a part number.

    Attributes:
        part: The part number.
        serials: Which of its serial numbers; empty for all.
        position: Where it is installed, as the slots from the aircraft down; None for anywhere.
        changes: What is, or is not, embodied in that unit or the aircraft that it is in.
        is_installed: Whether it is asked of what carries the unit; `part` asks it of the unit itself, too.
    """

    part: str
    serials: tuple[Span, ...] = ()
    position: str | None = None
    changes: tuple[Embodied, ...] = ()
    is_installed: bool = True


@dataclass(frozen=True, slots=True)
class Loaded:
    """`loaded SW-FCC`: software on the aircraft or on a unit in it."""

    software: str


class Event(StrEnum):
    """What a day is compared with."""

    DELIVERED = "delivered"
    MANUFACTURED = "manufactured"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Dated:
    """`delivered before 2024-01-01`, `date from 2025-07-01`: a day, which `from` takes in."""

    event: Event
    is_before: bool
    day: date


@dataclass(frozen=True, slots=True)
class Not:
    """`not …`."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class And:
    """`… and …`, of two or more, none of which is an `and` itself."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """`… or …`, of two or more, none of which is an `or` itself."""

    operands: tuple[Expression, ...]


Term = All | Msn | Designated | Embodied | Fitment | Loaded | Dated
Expression = Term | Not | And | Or
