"""Was a repair effective? Against a plain reading: day by day, what came back before the watch was over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.compliance import Life, Limits
from graph.model.identifier import Utcs
from graph.model.maintenance import Effectiveness
from graph.model.operation import Alert, AlertStatus
from graph.model.work_effectiveness import Judgement, Return, is_return, judge

CURED = Utcs("TEST", "alert", "A-0")
START = date(2025, 1, 1)
Steps = list[tuple[int, int]]


def life(days: int, fh: int | None = 0, fc: int | None = 0) -> Life:
    return Life(
        START + timedelta(days=days),
        None if fh is None else Decimal(fh),
        None if fc is None else Decimal(fc),
    )


def returned(number: int, at: Life) -> Return:
    return Return(Utcs("TEST", "alert", f"A-{number}"), CURED, at)


@st.composite
def lives(draw: st.DrawFn) -> list[Life]:
    """A life in which nothing runs backwards."""
    steps = draw(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 5)), min_size=1)
    )
    days = fh = fc = 0
    found = []
    for more_days, more_fh, more_fc in steps:
        days, fh, fc = days + more_days, fh + more_fh, fc + more_fc
        found.append(life(days, fh, fc))
    return found


limits = st.builds(
    Limits,
    fh=st.none() | st.integers(0, 30).map(Decimal),
    fc=st.none() | st.integers(0, 15).map(Decimal),
    days=st.none() | st.integers(0, 30).map(Decimal),
).filter(lambda watch: not watch.is_none)


@given(lived=lives(), watch=limits, data=st.data())
def test_the_verdict_is_that_of_a_plain_reading(
    lived: list[Life], watch: Limits, data: st.DataObject
) -> None:
    marks = data.draw(st.sets(st.integers(0, len(lived) - 1)))
    returns = [returned(number, lived[number]) for number in marks]

    found = judge(life(0), lived[-1], returns, watch)

    def over(at: Life) -> bool:
        gone = (at.fh, at.fc, Decimal((at.day - START).days))
        wanted = (watch.fh, watch.fc, watch.days)
        return all(
            w is None or (g is not None and g > w) for g, w in zip(gone, wanted, strict=True)
        )

    if any(not over(lived[number]) for number in marks):
        expected = Effectiveness.INEFFECTIVE
    else:
        expected = Effectiveness.EFFECTIVE if over(lived[-1]) else Effectiveness.PENDING
    assert found.verdict is expected
    assert (found.returned is not None) == (expected is Effectiveness.INEFFECTIVE)


@given(lived=lives(), watch=limits)
def test_a_verdict_that_is_final_stays_as_the_unit_lives_on(
    lived: list[Life], watch: Limits
) -> None:
    verdicts = [judge(life(0), at, [], watch).verdict for at in lived]

    first = next(
        (n for n, one in enumerate(verdicts) if one is Effectiveness.EFFECTIVE), len(lived)
    )
    assert set(verdicts[first:]) <= {Effectiveness.EFFECTIVE}
    assert set(verdicts[:first]) <= {Effectiveness.PENDING}


BOTH = Limits(fh=Decimal(100), days=Decimal(30))


@pytest.mark.parametrize(
    ("now", "returns", "verdict", "why"),
    [
        (life(10, 40), [], "pending", "open until 2025-02-01 and 60 more FH"),
        (life(40, 40), [], "pending", "open until 60 more FH"),
        (life(10, 140), [], "pending", "open until 2025-02-01"),
        (life(31, 101), [], "effective", "did not return within 100 FH and 30 days"),
        (life(90, None), [], "pending", "nothing counts the FH of the unit"),
        (life(50, 200), [returned(1, life(30, 100))], "ineffective", "A-0 returned as A-1 on 2025-01-31"),
        (life(50, 200), [returned(1, life(31, 101))], "effective", "did not return"),
        (life(50, 200), [returned(1, life(31, None))], "ineffective", "31 days after the release"),
        (life(50, 200), [returned(2, life(9)), returned(1, life(8))], "ineffective", "returned as A-1"),
    ],
)  # fmt: skip
def test_the_answer_says_what_it_rests_on(
    now: Life, returns: list[Return], verdict: str, why: str
) -> None:
    found: Judgement = judge(life(0), now, returns, BOTH)

    assert found.verdict == verdict
    assert why in found.why


@pytest.mark.parametrize(
    ("cured", "seen", "same"),
    [
        ({"code": "28-1"}, {"code": "28-1"}, True),
        ({"code": "28-1"}, {"code": "28-2"}, False),
        ({"code": "28-1"}, {"code": "28-1", "status": AlertStatus.FALSE_ALARM}, False),
        ({"code": "28-1", "parameter": "p"}, {"parameter": "p"}, False),
        ({"parameter": "p", "ata_chapter": "28"}, {"parameter": "p", "ata_chapter": "28"}, True),
        ({"parameter": "p", "ata_chapter": "28"}, {"parameter": "p", "ata_chapter": "29"}, False),
        ({}, {}, False),
    ],
)
def test_the_same_trouble_is_told_by_its_code_or_else_its_parameter(
    cured: dict[str, str], seen: dict[str, str], same: bool
) -> None:
    assert is_return(Alert(name="a", **cured), Alert(name="b", **seen)) is same
