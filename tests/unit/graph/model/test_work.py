"""The machine of the work order, and what is read from the words of a maintenance system."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import work_request as words
from graph.model.compliance import Limits
from graph.model.deferral import INTERVAL_DAYS, due_at, limit_breaches, limits_of
from graph.model.identifier import Utcs
from graph.model.maintenance import DeferralCategory, WorkOrderCategory, WorkOrderStatus
from graph.model.time import TimeError
from graph.model.work import ENDED, STEPS
from graph.model.work_request import Report, Request, RequestError

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = NOW.date()
ASSET = Utcs("TEST", "aircraft", "MSN-1")


def test_every_state_is_reached_and_nothing_leads_back_from_where_it_ended() -> None:
    reached = {step.target for step in STEPS.values()} | {WorkOrderStatus.REQUESTED}
    left = {source for step in STEPS.values() for source in step.sources}

    assert reached == set(WorkOrderStatus)
    assert left == set(WorkOrderStatus) - (ENDED - {WorkOrderStatus.RELEASED})


def test_only_certifying_staff_leads_to_release() -> None:
    leading = [step for step in STEPS.values() if step.target is WorkOrderStatus.RELEASED]

    assert [(step.name, step.slot, step.duty.roles) for step in leading] == [
        ("release", "certified", frozenset({"certifying staff"}))
    ]


@given(st.integers(1, 365 * 24 * 60))
def test_a_duration_in_minutes_is_written_as_it_is_read(minutes: int) -> None:
    hours = words.read_duration(f"{minutes} minute{'' if minutes == 1 else 's'}")

    assert words.read_duration(words.write_duration(hours)) == hours


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("4 hours", 4),
        ("1 hour", 1),
        ("90 minutes", "1.5"),
        ("1.5 days", 36),
        ("0.25 hours", "0.25"),
    ],
)
def test_a_duration_is_read_in_hours(text: str, hours: object) -> None:
    assert words.read_duration(text) == Decimal(str(hours))


@pytest.mark.parametrize(
    "text",
    ["", "4", "four hours", "-4 hours", "4hours", "4  hours", "4 Hours", "4 hours ", "04 hours",
     "4.123 hours", "4,5 hours", "4 weeks", "0 hours", "366 days", "99999 days", "٤ hours",
     "4 hours\n", "1e2 hours"],
)  # fmt: skip
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="estimatedDuration: "):
        words.read_duration(text)


@pytest.mark.parametrize(
    ("maintenance", "category"),
    [
        ("Scheduled Inspection", WorkOrderCategory.INSPECTION),
        ("unscheduled repair", WorkOrderCategory.REPAIR),
        ("Scheduled A check", WorkOrderCategory.SCHEDULED),
        ("Oil change", None),
    ],
)
def test_the_words_of_a_request_say_what_it_is_for(
    maintenance: str, category: WorkOrderCategory | None
) -> None:
    assert words.category_of(maintenance) is category


@given(st.text(min_size=1, max_size=40), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_request_names_its_orders_by_what_it_asks(maintenance: str, due: date) -> None:
    priority = words.read_priority("low")
    request = Request(ASSET, maintenance, due, priority, None)
    other = Request(ASSET, f"{maintenance}, again", due, priority, None)
    ids = list(request.ids())

    assert ids == list(Request(ASSET, maintenance, due, words.read_priority("HIGH"), None).ids())
    assert len(set(ids)) == words.TRIES
    assert set(ids).isdisjoint(other.ids())
    assert all(Utcs.parse(str(one)) == one for one in ids)


def test_a_day_is_its_end_and_today_is_now() -> None:
    def ended(said: str) -> datetime:
        return Report(words.read_completed(said), "", (), True).ended_at(NOW)

    assert ended("2026-01-14") == datetime(2026, 1, 14, 23, 59, 59, 999_999, tzinfo=UTC)
    assert ended("2026-01-15") == NOW
    assert ended("2026-01-14T10:00:00+02:00") == datetime(2026, 1, 14, 8, tzinfo=UTC)
    assert ended("2026-01-16") > NOW
    with pytest.raises(TimeError, match="has no offset"):
        ended("2026-01-14T10:00:00")
    with pytest.raises(RequestError, match="not in the calendar"):
        ended("2026-02-30")


@pytest.mark.parametrize("text", ["", "No issues", "no issues.", " NONE ", "No  findings", "nil"])
def test_words_for_nothing_are_no_finding(text: str) -> None:
    assert Report(TODAY, text, (), True).finding is None


def test_two_reports_are_the_same_if_they_say_the_same() -> None:
    report = Report(TODAY, "No issues", ("A", "B"), True)

    assert report.fingerprint == Report(TODAY, "None.", ("B", "A"), True).fingerprint
    for other in (
        Report(TODAY, "A leak", ("A", "B"), True), Report(TODAY, "", ("A", "B", "B"), True),
        Report(TODAY, "", ("A", "B"), False),
        Report(TODAY - timedelta(1), "", ("A", "B"), True),
    ):  # fmt: skip
        assert report.fingerprint != other.fingerprint


@given(st.sampled_from(DeferralCategory), st.integers(1, 400))
def test_no_deferral_runs_longer_than_its_category_allows(
    category: DeferralCategory, days: int
) -> None:
    asked = Limits(days=Decimal(days))
    interval = INTERVAL_DAYS.get(category)

    refused = list(limit_breaches(category, asked))

    assert bool(refused) == (interval is not None and days > interval)
    assert limits_of(category, Limits()).days == interval
    due = due_at(NOW, Decimal(days))
    assert due is not None
    assert (due.date() - TODAY).days == days
