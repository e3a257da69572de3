"""From what is predicted to work that is released and judged: each step one event, and each promise tried."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest

from graph.flows.act_on import Acted, act_on, reject_recommendation
from graph.flows.exchange.predictions import report_predictions
from graph.flows.lifecycle import LifecycleError
from graph.flows.recommend import Advice, Raised, recommend
from graph.flows.submit import ForbiddenError, Principal
from graph.flows.work import advance, sign_off
from graph.flows.work_effectiveness import judge_work
from graph.model.availability import Availability
from graph.model.compliance import Limits
from graph.model.engineering import Priority
from graph.model.identifier import Utcs
from graph.model.maintenance import Effectiveness, WorkOrderStatus
from graph.model.operation import Alert, AlertStatus, RecommendationStatus
from graph.model.outcome import Reason, Status
from graph.model.passport import Audience
from graph.model.risk import Risk
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.availability import aircraft_status
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.health_alerts import Health, HealthAlert, health_alerts
from graph.store.passport import find_passport
from graph.store.work_order import find_order
from tests.store.changing import person
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.predicting import fleet, predicted
from tests.store.saying import day, event, put
from tests.store.working import ADMIN, AIRCRAFT

ALERT: Final = Utcs("TEST", "alert", "ALT-CAOS-1")
PREDICTION: Final = Utcs("TEST", "prediction", "CAOS-1")
RISK: Final = Risk(3, 3, 5)
PUMP: Final = id_of("part-2")


@pytest.fixture
async def sick(graph: Graph) -> Graph:
    await fleet(graph)
    await report_predictions(graph, ADMIN, predicted())
    return graph


async def raised(graph: Graph, upon: Utcs = ALERT, risk: Risk = RISK, **said: Any) -> Raised:
    """Recommends to exchange the pump, half an hour after the alert."""
    advice = Advice("Exchange the pump", risk, to_do=said.pop("to_do", (PUMP,)), **said)
    return await recommend(
        graph, ADMIN, upon, advice, signer=person("tess"), at=parse_utc(day(4.02))
    )


async def accepted(graph: Graph, utcs: Utcs, **changes: Any) -> Acted:
    """Accepts it, an hour after the alert."""
    said: dict[str, Any] = {"signer": person("pia"), "estimated_h": Decimal(8)}
    said |= {"at": parse_utc(day(4.04))} | changes
    return await act_on(graph, ADMIN, utcs, **said)


async def open_alerts(
    graph: Graph, unit: Utcs = AIRCRAFT, on: float = 4.05
) -> dict[Utcs, HealthAlert]:
    found: Health = await health_alerts(graph, unit, at=as_of(on))
    return {one.utcs: one for one in found.alerts}


async def test_a_prediction_becomes_work_that_is_released_and_judged(sick: Graph) -> None:
    advised = await raised(sick)
    acted = await accepted(sick, advised.utcs)
    assert acted.order is not None
    order, stated = acted.order

    async def step(verb: str, by: str, on: float, **given: Any) -> None:
        made = await advance(
            sick, ADMIN, order, verb, signer=person(by), at=parse_utc(day(on)), given=given
        )
        assert made.outcome.status is Status.APPLIED

    await step("open", "pia", 4.1)
    await step("start", "tess", 5)
    await step("perform", "tess", 5.2, work_performed="Exchanged the pump.", actual_h="7")
    await sign_off(sick, ADMIN, order, "inspected", signer=person("ivan"), at=parse_utc(day(5.3)))
    await step("release", "cora", 5.4)
    watch = Limits(days=Decimal(30))
    judged = await judge_work(sick, ADMIN, order, watch=watch)

    assert advised.outcome.status is acted.outcome.status is Status.APPLIED
    assert (advised.recommendation.priority, advised.recommendation.due_on) == (
        Priority.HIGH,
        date(2025, 1, 8),
    )
    assert (stated.priority, stated.due_on, stated.estimated_h) == (
        Priority.HIGH,
        date(2025, 1, 8),
        Decimal(8),
    )
    assert stated.is_aog is None
    assert judged.found.cured == (ALERT,)
    assert judged.found.judgement.verdict is Effectiveness.EFFECTIVE
    (told,) = (await open_alerts(sick, on=6)).values()
    ((_, carried),) = told.recommendations[0].orders
    assert carried.status is WorkOrderStatus.RELEASED
    assert (await find_order(sick, order)).tasks == ((advised.utcs, "Exchange the pump"),)


async def test_the_window_is_the_last_stop_at_the_base_and_says_which_spare_it_lacks(
    sick: Graph,
) -> None:
    acted = await accepted(sick, (await raised(sick)).utcs)

    window, order = acted.window, acted.order
    assert window is not None
    assert order is not None
    assert window.opening is not None
    assert window.opening.base is not None
    assert window.opening.base.utcs == id_of("facility-1")
    assert (window.opening.base.people, window.lacking) == (2, (PUMP,))
    assert (order[1].planned_start_at, order[1].station) == (window.starts_at, "EDDM")
    starts, ends = order[1].planned_start_at, order[1].planned_end_at
    assert starts is not None
    assert ends is not None
    assert (
        parse_utc(day(4.9)) < starts < ends <= parse_utc(day(5.5))
    )  # the next one is too short until then


async def test_without_a_window_the_order_stands_and_says_why(sick: Graph) -> None:
    acted = await accepted(sick, (await raised(sick)).utcs, estimated_h=Decimal(500))

    assert acted.window is not None
    assert acted.window.opening is None
    assert "500 h of labour take 2 people 250 h" in str(acted.window.why)
    assert acted.order is not None
    assert (acted.order[1].planned_start_at, acted.order[1].status) == (
        None,
        WorkOrderStatus.REQUESTED,
    )


async def test_what_is_intolerable_grounds_the_aircraft_until_work_on_it_is_released(
    sick: Graph,
) -> None:
    advised = await raised(sick, risk=Risk(5, 3, 1))
    before = await health_alerts(sick, AIRCRAFT, at=as_of(4.03))
    acted = await accepted(sick, advised.utcs)

    assert acted.order is not None
    assert (acted.order[1].is_aog, acted.order[1].due_on) == (True, date(2025, 1, 5))
    assert before.grounded_by == (advised.utcs,)
    (status,) = await aircraft_status(sick, AIRCRAFT, at=as_of(4.05))
    assert status.availability is Availability.GROUNDED


async def test_health_is_told_of_the_unit_of_the_aircraft_and_as_of_any_day(sick: Graph) -> None:
    before = Coordinates(as_of=parse_utc(day(4.05)), known_at=from_micros(sick.clock()))
    advised = await raised(sick)
    acted = await accepted(sick, advised.utcs)

    for unit in (AIRCRAFT, id_of("serial-1")):
        (found,) = (await open_alerts(sick, unit)).values()
        assert isinstance(found.sign, Alert)
        assert found.sign.status is AlertStatus.OPEN
        assert [one for one, _ in found.predictions] == [PREDICTION]
        (told,) = found.recommendations
        assert (told.utcs, told.risk) == (advised.utcs, RISK)
        assert acted.order is not None
        assert told.orders == (acted.order,)
    assert [
        one.recommendations for one in (await health_alerts(sick, AIRCRAFT, at=before)).alerts
    ] == [()]
    now = await health_alerts(sick, AIRCRAFT)
    assert now.alerts == (await health_alerts(sick, AIRCRAFT, at=as_of(30))).alerts
    assert await open_alerts(sick, on=3.9) == {}
    assert await open_alerts(sick, id_of("aircraft-2")) == {}


async def test_the_passport_shows_health_to_operator_and_authority_only(sick: Graph) -> None:
    advised = await raised(sick)
    acted = await accepted(sick, advised.utcs)

    shown = {
        who: await find_passport(sick, AIRCRAFT, audience=who, at=as_of(4.05)) for who in Audience
    }

    public = shown.pop(Audience.PUBLIC)
    assert public.health is None
    assert "health" in (public.withheld or ())
    assert acted.order is not None
    for passport in shown.values():
        assert passport.health is not None
        assert (passport.health.grounded_by, passport.health.cut) == ((), None)
        ((alert, advice),) = [
            (one, two) for one in passport.health.alerts or () for two in one.recommendations or ()
        ]
        assert (alert.id, alert.severity, alert.status) == (str(ALERT), "caution", "open")
        assert (advice.id, advice.risk, advice.may_fly) == (str(advised.utcs), RISK.words, True)
        assert advice.work_orders == (str(acted.order[0]),)


async def test_an_alert_that_was_dealt_with_is_told_no_more_and_nothing_is_done_about_it(
    sick: Graph,
) -> None:
    advised = await raised(sick)
    await tell(sick, event(
        put(str(ALERT), detected_at=day(4), status="resolved"), on=4.03,
    ))  # fmt: skip

    assert await open_alerts(sick) == {}
    with pytest.raises(LifecycleError, match="is resolved; nothing is to be done about it"):
        await accepted(sick, advised.utcs)
    with pytest.raises(LifecycleError, match=r"recommendation\.raise/closed"):
        await recommend(sick, ADMIN, ALERT, Advice("Look", RISK), signer=person("tess"))


async def test_upon_one_alert_one_recommendation_stands(sick: Graph) -> None:
    advised = await raised(sick)
    with pytest.raises(LifecycleError, match=r"recommendation\.raise/twice"):
        await recommend(sick, ADMIN, PREDICTION, Advice("Look", RISK), signer=person("tess"))
    await reject_recommendation(
        sick, ADMIN, advised.utcs, signer=person("pia"), reason="Sensor was wet.", at=parse_utc(day(4.03))
    )  # fmt: skip
    again = await recommend(
        sick, ADMIN, ALERT, Advice("Dry the sensor", RISK), signer=person("tess")
    )

    assert again.utcs.local == f"{advised.utcs.local}-2"
    (found,) = (await health_alerts(sick, AIRCRAFT)).alerts
    assert [one.recommendation.status for one in found.recommendations] == [
        RecommendationStatus.REJECTED, RecommendationStatus.OPEN,
    ]  # fmt: skip


async def test_of_two_at_once_one_is_written(sick: Graph) -> None:
    both = await asyncio.gather(raised(sick), raised(sick), return_exceptions=True)
    made = [one for one in both if isinstance(one, Raised) and one.outcome.status is Status.APPLIED]
    (advised,) = made
    decided = await asyncio.gather(
        accepted(sick, advised.utcs),
        reject_recommendation(
            sick, ADMIN, advised.utcs, signer=person("pia"), reason="No.", at=parse_utc(day(4.04))
        ),
        return_exceptions=True,
    )

    applied = [
        one for one in decided if isinstance(one, Acted) and one.outcome.status is Status.APPLIED
    ]
    assert len(applied) == 1
    for one in decided:
        if isinstance(one, Acted) and one not in applied:
            assert one.outcome.code is Reason.OUTDATED
    (found,) = (await open_alerts(sick)).values()
    (told,) = found.recommendations
    assert told.recommendation.status is applied[0].status
    assert bool(told.orders) == (applied[0].order is not None)


async def test_a_prediction_without_an_alert_is_acted_upon_too(graph: Graph) -> None:
    await fleet(graph)
    await report_predictions(graph, ADMIN, predicted(severity=None))
    assert await open_alerts(graph) == {}

    advised = await raised(graph, PREDICTION, to_do=(id_of("task-1"), PUMP))
    acted = await accepted(graph, advised.utcs)

    assert advised.sign == PREDICTION
    assert list(await open_alerts(graph)) == [PREDICTION]
    assert acted.order is not None
    assert {one for one, _ in (await find_order(graph, acted.order[0])).tasks} == {
        advised.utcs, id_of("task-1"),
    }  # fmt: skip


async def test_hours_that_are_left_become_a_day_or_are_asked_for(graph: Graph) -> None:
    await fleet(graph)
    await report_predictions(graph, ADMIN, predicted(remainingDays=None, remainingFh="40 FH"))

    with pytest.raises(
        BadQuestionError, match=r"nobody can say when 40 FH are used up: .*; give the day"
    ):
        await raised(graph)
    counters = [
        fact
        for on, fh in ((-100, 0), (-86, 40), (-56, 340), (-26, 640), (4, 940))
        for fact in (
            thing(f"usage-{on + 100}", measured_at=day(on), total_fh=str(fh)),
            link(f"usage-{on + 100}", "COUNTS", "aircraft-1"),
        )
    ]
    await tell(graph, event(*counters, on=4))
    advised = await raised(graph, risk=Risk(1, 1, 1))

    assert advised.recommendation.due_on == date(2025, 1, 9)  # ten hours a day
    assert advised.recommendation.limit_fh == 40


async def test_what_cannot_be_recommended_or_decided_is_refused_and_nothing_is_written(
    sick: Graph,
) -> None:
    await tell(sick, event(
        thing("supplier-1"), thing("alert-9", status="open"), link("alert-9", "ABOUT", "supplier-1"),
        on=4,
    ))  # fmt: skip
    reader = Principal.of("rita", "reader")
    tess = Principal.of("person-tess", "editor")
    pia = person("pia")
    head = len(await sick.read("MATCH (c:Change) RETURN c.seq", {}))

    with pytest.raises(BadQuestionError, match="is a finding; give a alert or prediction"):
        await raised(sick, id_of("finding-1"))
    with pytest.raises(NotFoundError, match="is not in the graph"):
        await raised(sick, id_of("alert-7"))
    with pytest.raises(NotFoundError, match="is not in the graph"):
        await raised(sick, to_do=(id_of("task-7"),))
    with pytest.raises(BadQuestionError, match="RECOMMENDS"):
        await raised(sick, to_do=(AIRCRAFT,))
    with pytest.raises(LifecycleError, match=r"recommendation\.raise/about"):
        await raised(sick, id_of("alert-9"))
    with pytest.raises(BadQuestionError, match="is no line of 1 to 150 characters"):
        await recommend(sick, ADMIN, ALERT, Advice("Two\nlines", RISK), signer=pia)
    with pytest.raises(ForbiddenError, match="lacks the role 'editor'"):
        await recommend(sick, reader, ALERT, Advice("Look", RISK), signer=pia)
    with pytest.raises(ForbiddenError, match="one signs for oneself"):
        await recommend(sick, tess, ALERT, Advice("Look", RISK), signer=pia)
    assert len(await sick.read("MATCH (c:Change) RETURN c.seq", {})) == head

    advised = await raised(sick)
    with pytest.raises(LifecycleError, match=r"planning takes .* \[recommendation\.accept/right\]"):
        await accepted(sick, advised.utcs, signer=person("tom"))
    with pytest.raises(
        BadQuestionError, match="estimated_h: 0 is not within more than 0 and 8,760"
    ):
        await accepted(sick, advised.utcs, estimated_h=Decimal(0))
    with pytest.raises(BadQuestionError, match="is a alert; give a recommendation"):
        await accepted(sick, ALERT)
    with pytest.raises(LifecycleError, match="reason: not given; say why"):
        await reject_recommendation(sick, ADMIN, advised.utcs, signer=pia, reason=" ")
    with pytest.raises(BadQuestionError, match="is a task; give an aircraft or a serialised unit"):
        await health_alerts(sick, id_of("task-1"))
    with pytest.raises(NotFoundError, match="is not in the graph"):
        await health_alerts(sick, id_of("aircraft-7"))
    await accepted(sick, advised.utcs)
    with pytest.raises(LifecycleError, match="is accepted already"):
        await accepted(sick, advised.utcs, at=None)
