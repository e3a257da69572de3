"""How bad, how likely, how often exposed: a risk, how soon it asks for work, and whether to fly on. Pure.

The words and the region that nobody accepts are of ICAO Doc 9859 (fourth edition, section 2.5), which
rates severity and likelihood only. Exposure makes a risk more urgent, and never lets an aircraft fly that
Doc 9859 would keep on the ground: see docs/decisions/0031.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from graph.errors import TraceError
from graph.model.engineering import Priority

SEVERITY: Final[Mapping[int, str]] = {
    5: "catastrophic", 4: "hazardous", 3: "major", 2: "minor", 1: "negligible",
}  # fmt: skip
LIKELIHOOD: Final[Mapping[int, str]] = {
    5: "frequent", 4: "occasional", 3: "remote", 2: "improbable", 1: "extremely improbable",
}  # fmt: skip
EXPOSURE: Final[Mapping[int, str]] = {
    5: "on every flight", 4: "on most days", 3: "in most weeks", 2: "in most months", 1: "less often",
}  # fmt: skip
"""How often the aircraft is in the condition in which it could happen; Doc 9859 has no such scale."""

INTOLERABLE: Final = 15
"""Severity times likelihood from which Doc 9859 calls a risk intolerable: 5A, 5B, 5C, 4A, 4B and 3A."""


class RiskError(TraceError):
    """A risk is not rated as it must be.

    Attributes:
        field: The factor.
    """

    field: str


@dataclass(frozen=True, slots=True)
class Band:
    """What follows from a risk.

    Attributes:
        least: The least index that is in it.
        days: Within so many days the work is to be done; 0 is before the next flight.
        may_fly: Whether the aircraft may fly on until then.
    """

    least: int
    priority: Priority
    tolerability: str
    days: int
    may_fly: bool


# A table is read by its columns: from which index on, priority, the word of Doc 9859, days, may it fly on.
# fmt: off
BANDS: Final = (
    Band(75, Priority.CRITICAL, "intolerable",   0, may_fly=False),
    Band(30, Priority.HIGH,     "tolerable",     3, may_fly=True),
    Band(10, Priority.MEDIUM,   "tolerable",    10, may_fly=True),
    Band( 1, Priority.LOW,      "acceptable",  120, may_fly=True),
)
# fmt: on
"""The worst first. The days are the repair intervals of MEL categories B, C and D. What Doc 9859 calls
intolerable is in the first whatever its index: an index of 75 and more always is."""


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk by its three factors, each 1 to 5.

    Raises:
        RiskError: A factor is no whole number from 1 to 5.
    """

    severity: int
    likelihood: int
    exposure: int

    def __post_init__(self) -> None:
        """Refuses factors out of bounds."""
        for name, words in _SCALES.items():
            rating = getattr(self, name)
            if type(rating) is not int or rating not in words:
                scale = ", ".join(f"{step} {words[step]}" for step in sorted(words))
                raise RiskError(f"{name}: {rating!a:.40} is no rating; give {scale}", field=name)

    @property
    def index(self) -> int:
        """Severity times likelihood times exposure: 1 to 125."""
        return self.severity * self.likelihood * self.exposure

    @property
    def band(self) -> Band:
        """What follows from it."""
        if self.severity * self.likelihood >= INTOLERABLE:
            return BANDS[0]
        return next(band for band in BANDS if self.index >= band.least)

    @property
    def words(self) -> str:
        """The risk as a sentence says it."""
        return (
            f"{SEVERITY[self.severity]}, {LIKELIHOOD[self.likelihood]}, exposed "
            f"{EXPOSURE[self.exposure]}: {self.index} of 125, {self.band.tolerability}"
        )

    def due_on(self, day: date) -> date:
        """Returns the last day for the work, of a risk that is known since a day."""
        return day + timedelta(days=self.band.days)


_SCALES: Final = {"severity": SEVERITY, "likelihood": LIKELIHOOD, "exposure": EXPOSURE}
