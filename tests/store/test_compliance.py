"""Directives, bulletins and what is done about them: what applies, what is due, what may be recorded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from graph.flows.compliance import Accomplishment, Claim, comply, embody
from graph.flows.submit import ForbiddenError, Principal
from graph.model.compliance import Point, Standing
from graph.model.identifier import Utcs
from graph.model.outcome import Status
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.campaign import Progress, campaign
from graph.store.compliance import Compliance, Standpoint, compliance
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.trace import trace
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import START, day, event

EDITOR = Principal.of("emma", "editor")
A1, A2, AD, SB = (id_of(n) for n in ("aircraft-1", "aircraft-2", "directive-1", "bulletin-1"))
ORDER = id_of("workorder-1")


def date_of(number: int) -> str:
    return day(number)[:10]


def directive(name: str, **said: Any) -> dict[str, Any]:
    dates = {"issued_on": date_of(0), "effective_on": date_of(10)}
    return thing(name, number=name, **(dates | said))


def usage(of: str, on: float, **counters: Any) -> dict[str, Any]:
    name = f"usage-{of}-{on}"
    return event(
        thing(name, measured_at=day(on), **counters), link(name, "COUNTS", of), on=on
    )  # fmt: skip


def work(name: str, on: str, at: float, **said: Any) -> dict[str, Any]:
    """A released work order, with its certificate."""
    order = {"number": name, "status": "released", "ended_at": day(at)} | said
    release = name.replace("workorder", "release")
    return event(
        thing(name, **order),
        link(name, "WORKS_ON", on),
        thing(release, form="crs", status="valid"),
        link(release, "RELEASES", name),
        on=at,
    )


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """Two aircraft with counters on day 30; a directive of 90 days for both, a bulletin for one."""
    await tell(
        graph,
        event(
            thing("aircraft-1", delivered_on=date_of(5)),
            thing("aircraft-2", delivered_on=date_of(20)),
            directive("directive-1", threshold_days=90),
            thing("bulletin-1", number="SB-1", threshold_days=365, issued_on=date_of(0)),
        ),
        event(
            link("aircraft-1", "SUBJECT_TO", "directive-1"),
            link("aircraft-2", "SUBJECT_TO", "directive-1"),
            link("aircraft-2", "SUBJECT_TO", "bulletin-1"),
            on=1,
        ),
        usage("aircraft-1", 30, total_fh=100, total_fc=50),
        work("workorder-1", "aircraft-1", 40),
    )
    return graph


def standing(found: Compliance) -> dict[tuple[str, str], Standing]:
    return {(s.unit.local, s.demand.utcs.local): s.standing for s in found.standpoints}


async def one(graph: Graph, unit: Utcs, change: Utcs, at: Coordinates) -> Standpoint:
    found = await compliance(graph, unit, at=at)
    return next(s for s in found.standpoints if s.demand.utcs == change)


def claim(**said: Any) -> Claim:
    stated: dict[str, Any] = {"unit": A1, "change": AD, "work_order": ORDER, "method": "Part 2"}
    return Claim(**(stated | said))


def rules(found: Accomplishment) -> set[str]:
    return {refusal.rule for refusal in found.refusals}


async def test_the_fleet_is_told_by_unit_and_demand_at_any_day(fleet: Graph) -> None:
    early, due, over = [
        standing(await compliance(fleet, at=as_of(d))) for d in (5, 80, 101)
    ]  # fmt: skip

    names = {(a, d) for a in ("aircraft-1", "aircraft-2") for d in ("directive-1", "bulletin-1")}
    assert set(early) == names
    assert early["aircraft-1", "directive-1"] is Standing.NOT_YET_EFFECTIVE
    assert due["aircraft-1", "directive-1"] is Standing.DUE_SOON
    assert over["aircraft-1", "directive-1"] is Standing.OVERDUE
    assert over["aircraft-2", "directive-1"] is Standing.DUE_SOON  # delivered ten days later
    assert over["aircraft-1", "bulletin-1"] is Standing.NOT_APPLICABLE
    assert over["aircraft-2", "bulletin-1"] is Standing.OPEN


async def test_pages_of_units_make_up_the_whole_and_counts_are_of_all_that_is_filtered_out(
    fleet: Graph,
) -> None:
    at = as_of(101)
    whole = await compliance(fleet, at=at)
    first = await compliance(fleet, at=at, first=1)
    second = await compliance(fleet, at=at, first=1, after=first.next)
    filtered = await compliance(fleet, at=at, standings=[Standing.OVERDUE])

    assert first.standpoints + second.standpoints == whole.standpoints
    assert (first.units, second.units, second.next) == (1, 1, None)
    assert filtered.counts == whole.counts
    assert standing(filtered) == {("aircraft-1", "directive-1"): Standing.OVERDUE}


async def test_an_aircraft_and_a_directive_are_answered_with_what_the_fleet_is(
    fleet: Graph,
) -> None:
    whole = (await compliance(fleet, at=as_of(101))).standpoints

    aircraft = await compliance(fleet, A1, at=as_of(101))
    demand = await compliance(fleet, AD, at=as_of(101))

    assert aircraft.standpoints == tuple(s for s in whole if s.unit == A1)
    assert demand.standpoints == tuple(s for s in whole if s.demand.utcs == AD)


async def test_the_copies_of_now_say_what_the_versions_say(fleet: Graph) -> None:
    now = await compliance(fleet)
    general = await compliance(fleet, at=Coordinates(known_at=from_micros(fleet.clock())))

    assert now == general


async def test_hours_run_from_what_the_aircraft_had_on_the_effective_day(fleet: Graph) -> None:
    await tell(
        fleet,
        event(directive("directive-1", threshold_fh=200)),
        usage("aircraft-1", 9, total_fh=40),
        usage("aircraft-1", 60, total_fh=241),
    )

    before, after = [await one(fleet, A1, AD, as_of(d)) for d in (50, 70)]

    assert (before.standing, before.due) == (Standing.OPEN, Point(fh=Decimal(240)))
    assert (after.standing, after.life.fh) == (Standing.OVERDUE, Decimal(241))


async def test_without_counters_hours_are_unknown_and_not_nothing(fleet: Graph) -> None:
    await tell(fleet, event(directive("directive-1", threshold_fh=200)))

    found = await one(fleet, A2, AD, as_of(70))

    assert found.standing is Standing.UNKNOWN
    assert "nothing counts the flight hours" in found.why


async def test_a_unit_on_board_that_a_directive_names_is_told_with_the_aircraft(
    fleet: Graph,
) -> None:
    await tell(
        fleet,
        event(
            thing("serial-1"), thing("serial-2"), directive("directive-2", threshold_days=9),
            link("aircraft-1", "CONTAINS", "serial-1", "ENG"),
            link("serial-1", "CONTAINS", "serial-2", "FAN"),
            link("serial-2", "SUBJECT_TO", "directive-2"),
        ),
    )  # fmt: skip

    found = standing(await compliance(fleet, A1, at=as_of(50)))

    assert found["serial-2", "directive-2"] is Standing.OVERDUE
    assert found["aircraft-1", "directive-2"] is Standing.NOT_APPLICABLE
    assert not any(unit == "serial-1" for unit, _ in found)
    assert standing(await compliance(fleet, id_of("directive-2"), at=as_of(50))) == {
        pair: s for pair, s in standing(await compliance(fleet, at=as_of(50))).items()
        if pair[1] == "directive-2"
    }  # fmt: skip


async def test_a_superseded_directive_demands_nothing_and_gives_no_credit_by_itself(
    fleet: Graph,
) -> None:
    await comply(fleet, EDITOR, claim())
    await tell(
        fleet,
        event(
            directive("directive-2", threshold_days=30, effective_on=date_of(60)),
            link("directive-2", "SUPERSEDES", "directive-1"),
            link("aircraft-1", "SUBJECT_TO", "directive-2"),
            on=50,
        ),
    )

    before, after = [await one(fleet, A1, AD, as_of(d)) for d in (55, 70)]
    new = await one(fleet, A1, id_of("directive-2"), as_of(70))

    assert (before.standing, after.standing) == (Standing.COMPLIED, Standing.SUPERSEDED)
    assert new.standing is Standing.DUE_SOON
    assert new.notes == (
        "directive-1, which it supersedes, was complied with; no record gives credit for that",
    )


async def test_compliance_is_recorded_with_counters_and_the_next_time_and_traced_to_the_order(
    fleet: Graph,
) -> None:
    await tell(fleet, event(directive("directive-1", threshold_days=90, interval_fh=900)))

    made = await comply(fleet, EDITOR, claim())

    assert made.outcome is not None
    assert made.outcome.status is Status.APPLIED
    assert (made.life.fh, made.life.fc) == (Decimal(100), Decimal(50))
    assert made.next_due == Point(fh=Decimal(1000))
    found = await one(fleet, A1, AD, as_of(50))
    assert (found.standing, found.due) == (Standing.RECURRING, Point(fh=Decimal(1000)))
    assert found.done is not None
    assert (found.done.work_order, found.done.method) == (ORDER, "Part 2")
    assert found.notes == ()
    assert AD in {reached.utcs for reached in (await trace(fleet, ORDER)).things}


async def test_what_is_tried_only_writes_nothing(fleet: Graph) -> None:
    made = await comply(fleet, EDITOR, claim(), dry_run=True)

    assert (made.refusals, made.outcome) == ((), None)
    assert (await one(fleet, A1, AD, as_of(50))).done is None


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"done_at": parse_utc(day(9000))}, "not-in-future"),
        ({"done_at": parse_utc(day(-1))}, "not-before-issue"),
        ({"total_fh": Decimal(99)}, "counters-do-not-run-backwards"),
        ({"total_fc": Decimal(49)}, "counters-do-not-run-backwards"),
        (
            {"done_at": parse_utc(day(20)), "total_fh": Decimal(101)},
            "counters-do-not-run-backwards",
        ),
        ({"work_order": id_of("workorder-2")}, "work-is-on-unit"),
        ({"work_order": id_of("workorder-3")}, "work-is-released"),
        ({"work_order": id_of("workorder-4")}, "work-is-released"),
        ({"change": id_of("bulletin-1")}, "change-applies"),
        ({"change": id_of("directive-2")}, "change-holds"),
        ({"change": id_of("directive-3")}, "change-holds"),
    ],
)
async def test_what_breaks_a_rule_is_refused_with_it_and_writes_nothing(
    fleet: Graph, said: dict[str, Any], rule: str
) -> None:
    unreleased = event(
        thing("workorder-4", number="4", status="released", ended_at=day(40)),
        link("workorder-4", "WORKS_ON", "aircraft-1"),
        thing("aircraft-1"),
        on=-2,
    )
    await tell(
        fleet,
        unreleased,
        work("workorder-2", "aircraft-2", 40),
        work("workorder-3", "aircraft-1", 40, status="inspected"),
        event(
            directive("directive-2", status="cancelled"),
            directive("directive-3", status="proposed"),
            link("aircraft-1", "SUBJECT_TO", "directive-2"),
            link("aircraft-1", "SUBJECT_TO", "directive-3"),
        ),
    )

    made = await comply(fleet, EDITOR, claim(**said))

    assert rules(made) == {rule}
    assert made.outcome is None
    assert (await one(fleet, A1, AD, as_of(50))).done is None


async def test_what_was_done_once_and_for_all_is_not_recorded_twice(fleet: Graph) -> None:
    await comply(fleet, EDITOR, claim())

    again = await comply(fleet, EDITOR, claim(done_at=parse_utc(day(45))))

    assert rules(again) == {"not-recorded-yet"}


async def test_the_next_time_by_hours_needs_hours(fleet: Graph) -> None:
    order = id_of("workorder-2")
    await tell(
        fleet,
        event(directive("directive-1", interval_fh=900)),
        work("workorder-2", "aircraft-2", 40),
    )

    silent = await comply(fleet, EDITOR, claim(unit=A2, work_order=order))
    told = await comply(fleet, EDITOR, claim(unit=A2, work_order=order, total_fh=Decimal(7)))

    assert rules(silent) == {"counters-are-known"}
    assert (told.refusals, told.next_due) == ((), Point(fh=Decimal(907)))


async def test_an_order_on_the_aircraft_counts_for_a_unit_in_it(fleet: Graph) -> None:
    await tell(
        fleet,
        event(
            thing("serial-1"),
            link("aircraft-1", "CONTAINS", "serial-1", "ENG"),
            link("serial-1", "SUBJECT_TO", "directive-1"),
        ),
    )

    made = await comply(fleet, EDITOR, claim(unit=id_of("serial-1")))

    assert made.refusals == ()


@pytest.mark.parametrize(
    ("said", "error", "why"),
    [
        ({"change": id_of("task-1")}, BadQuestionError, "a task is nothing to comply with"),
        ({"change": id_of("directive-9")}, NotFoundError, "is not in the graph"),
        ({"unit": id_of("aircraft-9")}, NotFoundError, "is not in the graph"),
        ({"work_order": id_of("workorder-9")}, NotFoundError, "is not in the graph"),
        ({"work_order": A2}, BadQuestionError, "give a work order"),
        ({"method": " "}, BadQuestionError, "say how it was complied with"),
    ],
)
async def test_what_cannot_be_asked_is_an_error_that_says_why(
    fleet: Graph, said: dict[str, Any], error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        await comply(fleet, EDITOR, claim(**said))


async def test_a_reader_may_record_nothing(fleet: Graph) -> None:
    with pytest.raises(ForbiddenError, match="editor"):
        await comply(fleet, Principal.of("rita", "reader"), claim())


async def test_an_embodied_bulletin_is_done_and_its_campaign_says_where(fleet: Graph) -> None:
    order = id_of("workorder-2")
    await tell(
        fleet,
        work("workorder-2", "aircraft-2", 40),
        event(thing("modification-1", approval_reference="21J.1", status="approved"),
              link("bulletin-1", "IMPLEMENTS", "modification-1")),
    )  # fmt: skip

    made = await embody(
        fleet, EDITOR, Claim(unit=A2, change=SB, work_order=order, total_fh=Decimal(9))
    )

    assert made.refusals == ()
    found = await campaign(fleet, SB, at=as_of(50))
    assert {e.unit: e.progress for e in found.embodiments} == {
        A1: Progress.NOT_APPLICABLE,
        A2: Progress.EMBODIED,
    }
    done = found.embodiments[1].done
    assert done is not None
    assert (done.work_order, done.life.fh) == (order, Decimal(9))
    assert found.approvals[1:] == ("21J.1, approved",)
    assert (await one(fleet, A2, SB, as_of(50))).standing is Standing.COMPLIED
    before = await campaign(fleet, SB, at=as_of(39))
    assert before.counts == {Progress.NOT_APPLICABLE: 1, Progress.OUTSTANDING: 1}


async def test_a_certificate_that_does_not_hold_is_not_embodied(fleet: Graph) -> None:
    await tell(
        fleet,
        event(
            thing("stc-1", status="suspended"), link("aircraft-1", "SUBJECT_TO", "stc-1"),
        ),
    )  # fmt: skip

    made = await embody(fleet, EDITOR, Claim(A1, id_of("stc-1"), ORDER))

    assert rules(made) == {"change-is-approved"}


async def test_what_was_believed_to_apply_on_a_day_is_still_answered(fleet: Graph) -> None:
    """The link was stated for the wrong aircraft, and taken back later."""
    before = from_micros(fleet.clock())
    await tell(fleet, event(unlink("aircraft-1", "SUBJECT_TO", "directive-1"), on=1))

    now = await one(fleet, A1, AD, as_of(50))
    then = await one(fleet, A1, AD, Coordinates(as_of=as_of(50).as_of, known_at=before))

    assert (now.standing, then.standing) == (Standing.NOT_APPLICABLE, Standing.OPEN)


async def test_what_is_no_unit_and_no_demand_is_not_asked_about(fleet: Graph) -> None:
    with pytest.raises(BadQuestionError, match="give an aircraft or serial"):
        await compliance(fleet, ORDER)
    with pytest.raises(BadQuestionError, match="demands nothing of units"):
        await compliance(fleet, kinds=["task"])
    with pytest.raises(BadQuestionError, match="first"):
        await compliance(fleet, first=0)
    with pytest.raises(NotFoundError):
        await compliance(fleet, id_of("aircraft-9"))
    with pytest.raises(BadQuestionError, match="is not embodied in units"):
        await campaign(fleet, AD)


def test_the_world_of_these_tests_begins_in_2025() -> None:
    assert date_of(0) == START.date().isoformat()
