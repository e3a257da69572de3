"""Answers as JSON."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from api.plain import plain
from graph.model.alias import Alias
from graph.model.identifier import Utcs


class Colour(StrEnum):
    RED = "red"


@dataclass
class Inner:
    utcs: Utcs
    when: datetime


@dataclass
class Outer:
    inner: tuple[Inner, ...]
    colours: dict[Colour, int]
    day: date
    mass_kg: Decimal
    alias: Alias
    nothing: None = None


def test_every_value_has_its_canonical_written_form() -> None:
    answer = Outer(
        (Inner(Utcs("T1", "part", "P-1"), datetime(2026, 1, 2, 3, tzinfo=UTC)),),
        {Colour.RED: 2},
        date(2026, 1, 2),
        Decimal("12.50"),
        Alias.parse("dpp", "DPP-H2-001"),
    )

    assert plain(answer) == {
        "inner": [{"utcs": "utcs:T1:part:P-1", "when": "2026-01-02T03:00:00.000000Z"}],
        "colours": {"red": 2},
        "day": "2026-01-02",
        "mass_kg": "12.50",
        "alias": "dpp:DPP-H2-001",
        "nothing": None,
    }
