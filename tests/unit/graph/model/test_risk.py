"""Risk: the factors and their bounds, and what follows from the index."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from graph.model.engineering import Priority
from graph.model.risk import BANDS, Risk, RiskError

EVERY = [Risk(*factors) for factors in product(range(1, 6), repeat=3)]
DOC_9859 = {(5, 5), (5, 4), (5, 3), (4, 5), (4, 4), (3, 5)}
"""Severity and likelihood of what figure 2-13 of Doc 9859 calls intolerable."""


def test_an_aircraft_flies_on_unless_doc_9859_calls_the_risk_intolerable() -> None:
    grounded = {(one.severity, one.likelihood) for one in EVERY if not one.band.may_fly}

    assert grounded == DOC_9859
    assert all(not one.band.may_fly for one in EVERY if one.index >= BANDS[0].least)


def test_no_factor_that_is_worse_makes_a_risk_less_urgent() -> None:
    for one in EVERY:
        for name in ("severity", "likelihood", "exposure"):
            factors = {key: getattr(one, key) for key in ("severity", "likelihood", "exposure")}
            if factors[name] < 5:
                worse = Risk(**factors | {name: factors[name] + 1})
                assert BANDS.index(worse.band) <= BANDS.index(one.band), (one, worse)
                assert worse.index > one.index


@pytest.mark.parametrize(
    ("factors", "index", "priority", "days"),
    [
        ((1, 1, 1), 1, Priority.LOW, 120),
        ((3, 3, 1), 9, Priority.LOW, 120),
        ((5, 1, 2), 10, Priority.MEDIUM, 10),
        ((3, 3, 3), 27, Priority.MEDIUM, 10),
        ((3, 2, 5), 30, Priority.HIGH, 3),
        ((4, 3, 5), 60, Priority.HIGH, 3),
        ((5, 3, 1), 15, Priority.CRITICAL, 0),
        ((5, 5, 5), 125, Priority.CRITICAL, 0),
    ],
)
def test_each_bound_of_the_table(
    factors: tuple[int, int, int], index: int, priority: Priority, days: int
) -> None:
    risk = Risk(*factors)

    assert (risk.index, risk.band.priority) == (index, priority)
    assert (risk.due_on(date(2026, 2, 27)) - date(2026, 2, 27)).days == days


def test_a_risk_reads_as_a_sentence() -> None:
    assert Risk(3, 2, 5).words == (
        "major, improbable, exposed on every flight: 30 of 125, tolerable"
    )


@pytest.mark.parametrize("rating", [0, 6, -1, True, 2.0, "3", None])
@pytest.mark.parametrize("name", ["severity", "likelihood", "exposure"])
def test_a_rating_out_of_bounds_is_refused(name: str, rating: Any) -> None:
    factors: dict[str, Any] = {"severity": 1, "likelihood": 1, "exposure": 1} | {name: rating}

    with pytest.raises(RiskError, match=f"{name}: .* is no rating; give 1 "):
        Risk(**factors)
