"""What is due on a unit, by what rule, and how it stands: the words of the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from graph.model.due import DueSort, DueStanding, Gauge
from graph.model.identifier import Utcs
from graph.model.utilisation import Forecast

Place = tuple[int, int, str, str, str]
"""What items are sorted by: their rank, then the ids of the unit and the rule, and the sort of rule."""


@dataclass(frozen=True, slots=True)
class DueUnit:
    """What something is due on.

    Attributes:
        utcs: The aircraft or unit.
        name: What people call it.
        aircraft: The aircraft that it is, or is in; None where it is in none.
        position: The slots from there down to it, with points between; empty where that is not read.
    """

    utcs: Utcs
    name: str
    aircraft: Utcs | None
    position: str = ""


@dataclass(frozen=True, slots=True)
class DueRule:
    """By what rule something is due.

    Attributes:
        sort: What sort of rule it is.
        utcs: The task, directive or bulletin, or the part number that sets a limit.
        number: Its number, as printed.
        name: What is to be done.
        schedule: When it is due, in words.
        performed_on: The parts, designs and positions that it is performed on.
        zones: The zones that it is done in.
        access: The panels that are opened for it.
        skill: The trade that it needs.
        labour_h: The labour that it is thought to take.
        tasks: The tasks that carry it out, where it is no task itself.
    """

    sort: DueSort
    utcs: Utcs
    number: str
    name: str
    schedule: str
    performed_on: tuple[Utcs, ...] = ()
    zones: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    skill: str | None = None
    labour_h: Decimal | None = None
    tasks: tuple[Utcs, ...] = ()


@dataclass(frozen=True, slots=True)
class LastDone:
    """When something was last done, at what totals since new, and on what record that rests."""

    on: date
    fh: Decimal | None
    fc: Decimal | None
    order: Utcs | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Judged:
    """How an item stands.

    Attributes:
        standing: How it stands.
        gauges: Each limit that it has, and what remains.
        forecast: When the first of them is reached; None where one is reached already.
        runs_days: How many days it is given to run, about; None where nobody can say.
        rank: What items are sorted by first.
        because: What makes it unknown, where that is no counter; or what its limits rest on.
    """

    standing: DueStanding
    gauges: tuple[Gauge, ...]
    forecast: Forecast | None
    runs_days: int | None
    rank: tuple[int, int]
    because: str | None = None


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that is due on one unit.

    Attributes:
        last: When it was last done; None where no record says that it was.
        orders: The open work orders that are to do it.
        notes: What of the records an engineer should look at.
        place: What items are sorted by.
    """

    unit: DueUnit
    rule: DueRule
    judged: Judged
    last: LastDone | None = None
    orders: tuple[Utcs, ...] = ()
    notes: tuple[str, ...] = ()
    place: Place = field(kw_only=True)

    @property
    def standing(self) -> DueStanding:
        """How it stands."""
        return self.judged.standing

    @property
    def why(self) -> str:
        """What that rests on, in one sentence."""
        told = [
            *([self.judged.because] if self.judged.because else []),
            *map(str, self.judged.gauges),
        ]
        return "; ".join(told) or "no time is stated to do it in"
