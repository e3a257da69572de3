"""What the counters of a unit stood at, at one moment; and where one falls, which none since new does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.model.time import parse_utc, to_micros

COUNTERS: Final = ("total_fh", "total_fc", "operating_h", "landings", "tank_fillings")
"""The properties of a usage that only ever grow.

Not those since overhaul, which begin anew at the next, nor those of the auxiliary power unit: they are
read off the one that is aboard, and fall when it is exchanged.
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a usage says that its counters stood at.

    Attributes:
        at: When they stood so, µs: when they were measured, or else from when on it is stated.
        counters: The value of each of `COUNTERS`; None where it is not given.
    """

    at: int
    counters: tuple[float | None, ...]

    @classmethod
    def of(
        cls, measured_at: str | None, valid_from: int, counters: Iterable[float | None]
    ) -> Reading:
        """Returns the reading that properties of a usage give, in the form in which the graph keeps them."""
        at = valid_from if measured_at is None else to_micros(parse_utc(measured_at))
        return cls(at, tuple(counters))
