"""Tools: until when one reads true, and what a calibration that found it wrong casts doubt on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.engineering import Verdict
from graph.model.identifier import Utcs
from graph.model.resources import Calibration, Tool
from graph.model.tooling import (
    Calibrated,
    Use,
    UsedTool,
    calibration_flaw,
    doubts,
    due_on,
    used_flaws,
)

START = datetime(2025, 1, 1, tzinfo=UTC)


def calibrated(
    day: int, *, wrong: bool = False, adjusted: bool = True, due: date | None = None
) -> Calibrated:
    """A calibration at the end of a day."""
    said = Calibration(
        name=f"C-{day}",
        verdict=Verdict.FAILED if wrong else Verdict.PASSED,
        as_left="0" if adjusted else None,
        performed_on=(START + timedelta(days=day)).date(),
        due_on=due,
    )
    return Calibrated(
        Utcs("TEST", "calibration", f"C-{day}"), said, START + timedelta(days=day, hours=23)
    )


def use(number: int, since: int, until: int | None) -> Use:
    """Work from noon of a day to noon of another."""
    ended = None if until is None else START + timedelta(days=until, hours=12)
    utcs = Utcs("TEST", "workorder", f"WO-{number}")
    return Use(utcs, utcs.local, "released", START + timedelta(days=since, hours=12), ended)


checks = st.dictionaries(st.integers(0, 20), st.tuples(st.booleans(), st.booleans()), max_size=5)
works = st.lists(st.tuples(st.integers(0, 20), st.none() | st.integers(0, 10)), max_size=6)


@given(checks, works)
def test_in_doubt_is_what_a_walk_through_the_days_finds(
    done: dict[int, tuple[bool, bool]], used: list[tuple[int, int | None]]
) -> None:
    calibrations = [
        calibrated(day, wrong=wrong, adjusted=adjusted)
        for day, (wrong, adjusted) in sorted(done.items())
    ]
    uses = [
        use(number, since, None if length is None else since + length)
        for number, (since, length) in enumerate(used)
    ]

    found = {one.on: {each.utcs for each in one.uses} for one in doubts(calibrations, uses)}

    told: dict[date, set[Utcs]] = {}
    doubtful: set[Utcs] = set()
    for day in range(21):
        on = (START + timedelta(days=day)).date()
        at_work = {
            one.utcs
            for one in uses
            if one.since.date() <= on and (one.until is None or one.until.date() >= on)
        }
        doubtful |= at_work
        if day in done:
            wrong, adjusted = done[day]
            if wrong:
                told[on] = set(doubtful)
            if adjusted or not wrong:
                doubtful = set(at_work)  # noon of the day itself was before the calibration
    assert found == told


DAY = START + timedelta(days=10, hours=12)


@pytest.mark.parametrize(
    ("tool", "checks", "due", "words"),
    [
        ({}, [], None, None),
        ({"interval_days": 30}, [], None, "was never calibrated"),
        ({"due_on": "2025-01-11"}, [], date(2025, 1, 11), None),
        ({"due_on": "2025-01-10"}, [], date(2025, 1, 10), "was due for calibration on 2025-01-10"),
        ({"interval_days": 9}, [calibrated(1)], date(2025, 1, 11), None),
        ({"interval_days": 8}, [calibrated(1)], date(2025, 1, 10), "was due"),
        ({"interval_days": 8}, [calibrated(1, due=date(2025, 2, 1))], date(2025, 2, 1), None),
        (
            {"due_on": "2025-01-05"},
            [calibrated(1, due=date(2025, 2, 1))],
            date(2025, 1, 5),
            "was due",
        ),
        ({"due_on": "2025-01-01"}, [calibrated(1, due=date(2025, 2, 1))], date(2025, 2, 1), None),
        ({}, [calibrated(1, wrong=True)], None, None),
        ({}, [calibrated(1, wrong=True, adjusted=False)], None, "and not adjusted"),
        ({"interval_days": 30}, [calibrated(10)], None, "was never calibrated"),
    ],
)
def test_a_tool_reads_true_until_the_sooner_due_day(
    tool: dict[str, object], checks: list[Calibrated], due: date | None, words: str | None
) -> None:
    said = Tool.model_validate({"name": "T"} | tool)

    why = calibration_flaw(said, checks, DAY)

    assert due_on(said, checks, DAY) == due
    assert (why is None) if words is None else words in (why or "")


@given(checks, works)
def test_work_is_held_back_if_and_only_if_a_calibration_casts_doubt_on_it(
    done: dict[int, tuple[bool, bool]], used: list[tuple[int, int | None]]
) -> None:
    calibrations = tuple(
        calibrated(day, wrong=wrong, adjusted=adjusted)
        for day, (wrong, adjusted) in sorted(done.items())
    )
    for number, (since, length) in enumerate(used):
        one = use(number, since, None if length is None else since + length)

        why = used_flaws(UsedTool(Utcs("TEST", "tool", "T"), None, one, calibrations))

        assert bool(why) is any(each.uses for each in doubts(calibrations, [one]))
