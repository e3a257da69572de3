"""When a demand falls due, and how a unit stands towards it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.change import Bulletin, BulletinStatus, Directive, DirectiveStatus
from graph.model.compliance import Assessment, Demand, Done, Life, Limits, Point, Standing, assess
from graph.model.identifier import Utcs

EFFECTIVE = date(2025, 1, 1)
AD = Utcs("TEST", "directive", "AD-1")


def demand(**said: Any) -> Demand:
    stated = {"name": "a", "number": "AD-1", "effective_on": EFFECTIVE} | said
    return Demand.of(AD, Directive.model_validate(stated))


def life(days: int, fh: Any = None, fc: Any = None) -> Life:
    """How far a unit is, so many days after the demand took effect."""
    return Life(
        EFFECTIVE + timedelta(days=days),
        None if fh is None else Decimal(str(fh)),
        None if fc is None else Decimal(str(fc)),
    )


def judged(asked: Demand, now: Life, done: Done | None = None, **more: Any) -> Assessment:
    start = life(0, 100, 50)
    given: dict[str, Any] = {"applies": True, "because": "it does", "start": start} | more
    return assess(asked, done=done, now=now, **given)


@pytest.mark.parametrize(
    ("days", "standing"),
    [
        (0, Standing.OPEN),
        (59, Standing.OPEN),
        (60, Standing.DUE_SOON),
        (90, Standing.DUE_SOON),
        (91, Standing.OVERDUE),
    ],
)
def test_a_demand_is_over_the_day_after_it_was_due(days: int, standing: Standing) -> None:
    assert judged(demand(threshold_days=90), life(days)).standing is standing


def test_whichever_comes_first_holds() -> None:
    asked = demand(threshold_days=90, threshold_fh=500)

    found = judged(asked, life(10, fh=601))

    assert found.standing is Standing.OVERDUE
    assert found.why == "overdue: due at 600 FH (1 FH over), due on 2025-04-01 (80 days left)"
    assert found.due == Point(fh=Decimal(600), day=date(2025, 4, 1))
    assert found.remaining == Limits(fh=Decimal(-1), days=Decimal(80))


def test_times_run_from_entry_into_service_if_that_is_later() -> None:
    asked = demand(threshold_days=90)

    assert asked.starts(EFFECTIVE + timedelta(days=30)) == EFFECTIVE + timedelta(days=30)
    assert asked.starts(EFFECTIVE - timedelta(days=30)) == EFFECTIVE
    assert asked.starts(None) == EFFECTIVE


@pytest.mark.parametrize(
    ("said", "now", "why"),
    [
        ({"threshold_fh": 500}, life(5), "nothing counts the flight hours of the unit"),
        ({}, life(5), "AD-1 applies, was not complied with, and says no time to do it in"),
        ({"threshold_days": 9, "effective_on": None}, life(5), "it does not say since when"),
    ],
)
def test_what_cannot_be_computed_is_unknown_with_the_reason(
    said: dict[str, Any], now: Life, why: str
) -> None:
    asked = demand(**said)

    found = judged(asked, now, start=None if asked.effective_on is None else life(0, 100, 50))

    assert found.standing is Standing.UNKNOWN
    assert why in found.why


def test_a_day_that_is_over_is_overdue_even_where_hours_are_unknown() -> None:
    asked = demand(threshold_days=9, threshold_fh=500)

    assert judged(asked, life(10)).standing is Standing.OVERDUE
    assert judged(asked, life(8)).standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("said", "more", "standing"),
    [
        ({"status": DirectiveStatus.CANCELLED}, {}, Standing.CANCELLED),
        ({"status": DirectiveStatus.SUPERSEDED}, {}, Standing.SUPERSEDED),
        ({}, {"superseded_by": "AD-2"}, Standing.SUPERSEDED),
        ({"status": DirectiveStatus.PROPOSED}, {}, Standing.NOT_YET_EFFECTIVE),
        ({"effective_on": date(2026, 1, 1)}, {}, Standing.NOT_YET_EFFECTIVE),
        ({}, {"applies": False}, Standing.NOT_APPLICABLE),
        ({}, {"applies": None}, Standing.UNKNOWN),
    ],
)
def test_what_does_not_hold_demands_nothing(
    said: dict[str, Any], more: dict[str, Any], standing: Standing
) -> None:
    assert judged(demand(threshold_days=1, **said), life(100), **more).standing is standing


def test_what_was_done_once_and_for_all_stays_done_where_the_demand_selects_the_unit_no_longer() -> (
    None
):
    done = Done(life(20), reference="WO-1")

    found = judged(demand(threshold_days=9), life(100), done, applies=False)

    assert (found.standing, found.why) == (Standing.COMPLIED, "done on 2025-01-21 under WO-1")


def test_what_recurs_is_due_again_from_when_it_was_done() -> None:
    asked = demand(threshold_days=9, interval_fh=900, interval_days=365, is_recurring=True)
    done = Done(life(20, fh=400))

    found = judged(asked, life(30, fh=450), done)

    assert found.standing is Standing.RECURRING
    assert found.due == Point(fh=Decimal(1300), day=date(2026, 1, 21))


def test_a_terminating_action_ends_what_recurs() -> None:
    done = Done(life(20), is_terminating=True)

    found = judged(demand(interval_fh=900), life(999, fh=99_999), done)

    assert found.standing is Standing.TERMINATED


def test_the_sooner_of_record_and_demand_holds_and_the_difference_is_told() -> None:
    asked = demand(interval_fh=900)

    later = judged(asked, life(9, fh=1450), Done(life(5, fh=500), next_due=Point(fh=Decimal(1500))))
    sooner = judged(
        asked, life(9, fh=1350), Done(life(5, fh=500), next_due=Point(fh=Decimal(1300)))
    )

    assert later.standing is sooner.standing is Standing.OVERDUE
    assert later.why.endswith("the record says 1500 FH, and the sooner holds")
    assert sooner.due == Point(fh=Decimal(1300))


def test_what_is_to_be_repeated_without_a_time_is_unknown() -> None:
    found = judged(demand(is_recurring=True), life(9), Done(life(5)))

    assert found.standing is Standing.UNKNOWN
    assert "neither it nor the record says when" in found.why


def test_a_bulletin_runs_from_its_issue_and_a_draft_demands_nothing() -> None:
    said = {"name": "a", "number": "SB-1", "threshold_days": 9, "issued_on": EFFECTIVE}
    bulletin = Utcs("TEST", "bulletin", "SB-1")
    draft = Bulletin.model_validate(said | {"status": BulletinStatus.DRAFT})

    assert judged(Demand.of(bulletin, Bulletin.model_validate(said)), life(10)).standing is (
        Standing.OVERDUE
    )
    assert judged(Demand.of(bulletin, draft), life(10)).standing is Standing.NOT_YET_EFFECTIVE


counts = st.none() | st.integers(0, 2000).map(Decimal)
limits = st.builds(Limits, counts, counts, counts)


@given(limits, st.integers(0, 900), counts, counts)
def test_a_demand_is_overdue_if_and_only_if_some_measure_is_over(
    threshold: Limits, days: int, fh: Decimal | None, fc: Decimal | None
) -> None:
    """The reference is one line for each measure, and knows nothing of points and places."""
    said = {"threshold_fh": threshold.fh, "threshold_fc": threshold.fc}
    asked = demand(**said, threshold_days=threshold.days)
    now = Life(EFFECTIVE + timedelta(days=days), fh, fc)

    found = judged(asked, now)

    is_over = (
        (threshold.fh is not None and fh is not None and fh > 100 + threshold.fh)
        or (threshold.fc is not None and fc is not None and fc > 50 + threshold.fc)
        or (threshold.days is not None and days > threshold.days)
    )
    assert (found.standing is Standing.OVERDUE) == is_over


@given(limits, st.lists(st.integers(0, 900), min_size=2, max_size=5))
def test_as_a_unit_grows_older_nothing_that_is_overdue_ceases_to_be(
    threshold: Limits, ages: list[int]
) -> None:
    said = {"threshold_fh": threshold.fh, "threshold_fc": threshold.fc}
    asked = demand(**said, threshold_days=threshold.days)

    found = [judged(asked, life(age, 100 + 3 * age, 50 + age)).standing for age in sorted(ages)]

    first = found.index(Standing.OVERDUE) if Standing.OVERDUE in found else len(found)
    assert set(found[first:]) <= {Standing.OVERDUE}
