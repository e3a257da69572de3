"""Work orders: from request to release by qualified people, completed whole or not at all."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from graph.flows.complete import complete
from graph.flows.finding import (
    Deferring,
    defer_finding,
    extend_deferral,
    rectify_finding,
    report_finding,
)
from graph.flows.lifecycle import LifecycleError
from graph.flows.submit import ForbiddenError, Principal
from graph.flows.work import advance, request_work, sign_off
from graph.model.compliance import Limits
from graph.model.engineering import Priority
from graph.model.identifier import Utcs
from graph.model.maintenance import DeferralCategory, Finding
from graph.model.outcome import Reason, Status
from graph.model.time import parse_utc
from graph.model.work_request import Report, Request
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.neighbours import neighbours
from graph.store.show import show
from graph.store.work import find_work
from graph.store.work_order import find_order, list_orders
from tests.store.changing import person, stated
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import correct, day, event
from tests.store.working import (
    ADMIN,
    AIRCRAFT,
    ORDER,
    STOCK,
    completed,
    licensed,
    lot,
    signed,
    signed_off,
    station,
    step,
)


async def head(graph: Graph) -> int:
    return int((await graph.read("MATCH (l:Log {name: 'changes'}) RETURN l.seq"))[0][0])


async def said(graph: Graph, utcs: Utcs) -> dict[str, Any]:
    return (await show(graph, utcs)).node.properties.model_dump(mode="json")


async def refusal(graph: Graph, doing: Any) -> dict[str, str]:
    """The rules that refuse an operation, each with what it says; nothing is written."""
    before = await head(graph)
    with pytest.raises(LifecycleError) as caught:
        await doing
    assert await head(graph) == before
    return {one.rule: one.problem for one in caught.value.breaches}


REQUEST = Request(AIRCRAFT, "Scheduled Inspection", date(2026, 1, 15), Priority.MEDIUM, None)


async def test_an_order_goes_from_request_to_release_and_is_closed(graph: Graph) -> None:
    await station(graph)
    made = await request_work(graph, ADMIN, REQUEST)
    given = {"planned_start_at": "2026-01-14T06:00:00Z", "planned_end_at": "2026-01-14T12:00:00Z"}

    async def moved(name: str, by: str, says: str | None = None, **given: Any) -> str:
        done = await advance(
            graph, ADMIN, made.utcs, name, signer=person(by), given=given, statement=says
        )
        assert done.outcome.status is Status.APPLIED, done.outcome
        return done.state

    states = [
        await moved("plan", "pia", **given), await moved("open", "pia"), await moved("start", "tess"),
        await moved("hold", "tess", "No lamp."), await moved("resume", "tess"),
        await moved("perform", "tess", work_performed="Looked at all of it."),
        await moved("inspect", "ivan"), await moved("release", "cora"), await moved("close", "pia"),
    ]  # fmt: skip

    order = await find_order(graph, made.utcs)
    assert states == [
        "planned", "open", "in_work", "on_hold", "in_work", "performed", "inspected", "released", "closed",
    ]  # fmt: skip
    assert [one.status for one in order.steps] == ["requested", *states]
    assert {one.slot: one.hand.utcs for one in order.case.signed}["certified"] == person("cora")
    assert order.order.opened_at < order.order.started_at < order.order.ended_at  # type: ignore[operator]
    assert (await find_work(graph, made.utcs)).unreleased is None


async def test_the_same_request_answers_the_same_order_until_that_has_ended(graph: Graph) -> None:
    await station(graph)

    first, again, other = await asyncio.gather(
        *(request_work(graph, ADMIN, REQUEST) for _ in range(3))
    )
    await advance(graph, ADMIN, first.utcs, "cancel", signer=person("pia"), statement="Not needed.")
    anew = await request_work(graph, ADMIN, REQUEST)

    assert {first.utcs, again.utcs, other.utcs} == {first.utcs}
    assert sorted(one.is_new for one in (first, again, other)) == [False, False, True]
    assert (anew.is_new, anew.utcs == first.utcs) == (True, False)


async def test_only_an_asset_that_is_there_can_be_maintained(graph: Graph) -> None:
    await station(graph)
    given = (REQUEST.maintenance, REQUEST.due_on, REQUEST.priority, None)

    with pytest.raises(BadQuestionError, match="is a part; give an aircraft"):
        await request_work(graph, ADMIN, Request(id_of("part-1"), *given))
    with pytest.raises(NotFoundError, match="aircraft-9"):
        await request_work(graph, ADMIN, Request(id_of("aircraft-9"), *given))
    with pytest.raises(ForbiddenError):
        await request_work(graph, Principal.of("eve", "reader"), REQUEST)


async def test_a_completion_releases_what_is_signed_off(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)

    done = await completed(graph, parts=("part-1", "part-1", "part-1"))

    order = await find_order(graph, ORDER)
    assert (done.state, done.certified_by) == ("released", person("cora"))
    assert done.ended_at == done.at == parse_utc("2025-01-05T23:59:59.999999Z")
    assert [(utcs, one.status) for utcs, one in order.releases] == [(done.release, "valid")]
    stock = await said(graph, STOCK)
    assert (stock["quantity"], stock["reserved_quantity"]) == ("7", "0")
    assert (order.reserved, {u: str(n) for u, n in order.consumed.items()}) == ({}, {STOCK: "3.0"})
    assert (await find_work(graph, ORDER)).unreleased is None
    assert done.release is not None
    near = await neighbours(graph, done.release, links=["SIGNED_BY"])
    assert [one.utcs for one in near.links] == [person("cora")]


async def test_what_is_missing_is_told_and_once_it_is_signed_the_same_report_is_granted(
    graph: Graph,
) -> None:
    await station(graph)
    await signed(graph, "performed", "tess", 3)

    before = await refusal(graph, completed(graph))
    await signed(graph, "inspected", "ivan", 3.1)
    await signed(graph, "certified", "cora", 3.2)
    done = await completed(graph)

    assert before == {"workorder.release/signature": "certified: nobody signed; certification does"}
    assert done.state == "released"
    missing = {one.problem for one in (await find_order(graph, ORDER, at=as_of(3.05))).missing}
    assert missing == {
        "inspected: nobody signed; inspection does", "certified: nobody signed; certification does",
    }  # fmt: skip


PAPERS: dict[str, tuple[dict[str, Any], str]] = {
    "late": ({"expires_on": "2024-12-31"}, "expired on 2024-12-31"),
    "barred": ({"status": "suspended"}, "is suspended"),
    "early": ({"issued_on": "2025-02-01"}, "holds from 2025-02-01"),
    "low": ({"grade": "A"}, "no licence or authorisation of grade B1"),
    "foreign": ({"scope": "the OTHER-1"}, "no rating for the type TEST-200"),
}


async def test_a_sign_off_of_somebody_not_qualified_then_is_refused(graph: Graph) -> None:
    await station(graph)
    facts = [stated(name, "certifying staff") for name in PAPERS]
    for name, (papers, _) in PAPERS.items():
        facts += licensed(name, **{"grade": "B1"} | papers)
    await tell(graph, event(*facts, on=2))
    at = parse_utc(day(3))

    for name, (_, why) in PAPERS.items():
        signing = sign_off(graph, ADMIN, ORDER, "certified", signer=person(name), at=at)
        assert why in (await refusal(graph, signing))["workorder.sign/right"]


async def test_a_signature_recorded_elsewhere_counts_by_the_papers_of_its_day(graph: Graph) -> None:
    await station(graph)
    await tell(graph, event(
        stated("cleo", "certifying staff"), *licensed("cleo", "C", expires_on="2025-01-03"), on=2
    ))  # fmt: skip
    signatures = {"performed": ("tess", 3), "inspected": ("ivan", 3.1), "certified": ("cleo", 3.2)}
    await tell(graph, event(
        *(link("workorder-1", "SIGNED_BY", f"person-{who}", slot, signed_at=day(at))
          for slot, (who, at) in signatures.items()),
        on=3.2,
    ))  # fmt: skip

    found = await refusal(graph, completed(graph))

    assert "licence L-cleo expired on 2025-01-03" in found["workorder.release/right"]


async def test_whoever_did_the_work_does_not_inspect_it(graph: Graph) -> None:
    await station(graph)
    await signed(graph, "performed", "ivan", 3)

    found = await refusal(graph, sign_off(graph, ADMIN, ORDER, "inspected", signer=person("ivan")))

    assert "another person has to sign" in found["workorder.sign/apart"]


async def test_training_that_the_task_requires_is_asked_of_whoever_performs_it(
    graph: Graph,
) -> None:
    await station(graph)
    await tell(graph, event(
        thing("task-1"), thing("training-1"), link("task-1", "REQUIRES", "training-1"),
        link("workorder-1", "EXECUTES", "task-1"),
        link("qualification-tom", "COMPLETED", "training-1"), on=2,
    ))  # fmt: skip

    found = await refusal(graph, sign_off(graph, ADMIN, ORDER, "performed", signer=person("tess")))
    made = await sign_off(graph, ADMIN, ORDER, "performed", signer=person("tom"))

    assert "no qualification with the training 'training-1'" in found["workorder.sign/right"]
    assert made.outcome.status is Status.APPLIED


async def test_one_signs_for_oneself_and_an_admin_passes_on(graph: Graph) -> None:
    await station(graph)

    with pytest.raises(ForbiddenError, match="one signs for oneself"):
        await sign_off(
            graph, Principal.of("tom", "editor"), ORDER, "performed", signer=person("tess")
        )
    own = Principal.of("person-tess", "editor")
    made = await sign_off(graph, own, ORDER, "performed", signer=person("tess"))

    assert made.outcome.status is Status.APPLIED


async def test_rejected_work_is_to_be_done_and_signed_anew(graph: Graph) -> None:
    await station(graph)
    await step(graph, "perform", "tess", 3, work_performed="Torqued.")
    await signed(graph, "certified", "cora", 3.1)

    await step(graph, "reject", "ivan", 3.2, "Torque is off.")

    order = await find_order(graph, ORDER)
    assert (order.order.status, {one.slot for one in order.case.signed}) == (
        "in_work",
        {"rejected"},
    )
    assert await refusal(graph, completed(graph))


async def test_the_same_report_is_answered_as_first_and_another_is_refused(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)
    first = await completed(graph, parts=("part-1", "stock-1"))
    await step(graph, "close", "pia", 6)

    again = await completed(graph, parts=("stock-1", "part-1"))
    found = await refusal(graph, completed(graph, "A leak."))

    assert first.is_new
    assert again == type(first)(
        **{n: getattr(first, n) for n in first.__slots__} | {"is_new": False}
    )
    assert "was completed already" in found["workorder.complete/twice"]
    assert (await said(graph, STOCK))["quantity"] == "8"


async def test_of_two_completions_at_once_one_stands(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)

    made = await asyncio.gather(
        completed(graph, parts=("part-1",)), completed(graph), completed(graph, parts=("part-1",)),
        return_exceptions=True,
    )  # fmt: skip

    done = [one for one in made if not isinstance(one, BaseException)]
    refused = [one for one in made if isinstance(one, LifecycleError)]
    assert len(done) + len(refused) == 3
    assert len({one.event for one in done}) == 1
    assert len((await find_order(graph, ORDER)).releases) == 1
    used = 1 if done[0].used else 0
    assert (await said(graph, STOCK))["quantity"] == str(10 - used)


async def test_a_completion_that_was_withdrawn_can_be_reported_anew(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)
    wrong = await completed(graph, parts=("part-1", "part-1"))
    await tell(graph, event(correct(wrong.event) | {"source": "urn:utcs:work"}))

    assert (await said(graph, STOCK))["quantity"] == "10"
    done = await completed(graph, parts=("part-1",))

    assert done.is_new
    assert (await said(graph, STOCK))["quantity"] == "9"


async def test_a_completion_without_return_to_service_waits_for_its_release(graph: Graph) -> None:
    await station(graph)

    done = await completed(graph, "Seal is worn.", released=False)
    found = await refusal(
        graph, advance(graph, ADMIN, ORDER, "release", signer=person("cora"), at=parse_utc(day(8)))
    )
    assert done.finding is not None
    for slot, by in (("performed", "tess"), ("inspected", "ivan")):
        await signed(graph, slot, by, 9 if slot == "performed" else 9.1)
    await rectify_finding(
        graph, ADMIN, done.finding, signer=person("tess"), rectification="Replaced the seal."
    )
    released = await step(graph, "release", "cora", 10)

    assert (done.state, done.release) == ("performed", None)
    assert set(found) == {"workorder.release/signature", "workorder.release/finding"}
    assert released.state == "released"


async def test_an_open_finding_keeps_from_service_and_one_deferred_within_limits_does_not(
    graph: Graph,
) -> None:
    await station(graph)
    await signed_off(graph)
    told = Finding(name="Cover is scratched.")
    found = await report_finding(
        graph, ADMIN, ORDER, told, signer=person("tess"), at=parse_utc(day(4))
    )
    open_one = await refusal(graph, completed(graph))
    unknown = await refusal(graph, completed(graph, "Oil on the floor."))
    terms = Deferring(DeferralCategory.MEL_C, "MEL 53-11", "No spare.")

    await defer_finding(
        graph, ADMIN, found.utcs, terms, signer=person("cora"), at=parse_utc(day(4.1))
    )
    before = await refusal(graph, completed(graph, "Cover is scratched."))
    await signed(graph, "certified", "cora", 4.2)
    done = await completed(graph, "Cover is scratched.")

    assert before == {
        "workorder.release/order": "certified: signed before FND-workorder-1-1 was found; sign again"
    }
    assert "FND-workorder-1-1" in open_one["workorder.release/finding"]
    assert "FND-workorder-1-2" in unknown["workorder.release/finding"]
    assert (done.state, done.finding) == ("released", None)
    certificate = await said(graph, done.release) if done.release else {}
    assert "deferred until 2025-01-15, MEL 53-11" in certificate["limitations"]


async def test_a_deferral_keeps_to_its_interval_and_is_extended_once(graph: Graph) -> None:
    await station(graph)
    category, who = DeferralCategory.MEL_B, person("cora")
    found = await report_finding(
        graph,
        ADMIN,
        ORDER,
        Finding(name="Lamp is out."),
        signer=person("tess"),
        at=parse_utc(day(3)),
    )

    async def defer(limits: Limits, category: DeferralCategory = category, on: float = 3.1) -> Any:
        terms = Deferring(category, "MEL 33-41", "No lamp.", limits=limits)
        at = parse_utc(day(on))
        return await defer_finding(graph, ADMIN, found.utcs, terms, signer=who, at=at)

    async def extend(on: float) -> Any:
        at = parse_utc(day(on))
        return await extend_deferral(
            graph, ADMIN, found.utcs, signer=who, reason="None yet.", at=at
        )

    assert await refusal(graph, defer(Limits(days=4)))  # type: ignore[arg-type]  # any number
    assert await refusal(graph, defer(Limits(), DeferralCategory.MEL_A))
    assert set(await refusal(graph, defer(Limits(), on=9))) == {"finding.defer/expired"}
    first = await defer(Limits())
    assert set(await refusal(graph, extend(8))) == {"deferral.extend/expired"}
    more = await extend(5)
    again = await refusal(graph, extend(6))

    assert (first.due_at.isoformat(), more.due_at - first.due_at) == (
        "2025-01-07T23:59:59.999999+00:00", timedelta(days=3),
    )  # fmt: skip
    assert set(again) == {"deferral.extend/once"}
    late = await find_order(graph, ORDER, at=as_of(20))
    assert [one.rule for one in late.missing if "deferral" in one.rule] == [
        "workorder.release/deferral"
    ]


PARTS: list[tuple[list[dict[str, Any]], tuple[str, ...], str]] = [
    ([thing("part-2")], ("part-2",), "is not in stock"),
    ([], ("part-1",) * 11, "11 wanted and 10 in stock"),
    ([], ("part-1",) * 6 + ("stock-1",) * 6, "under several names"),
    (
        [thing("part-3"), *lot("stock-3", "part-3", quantity="3", reserved_quantity="2")],
        ("part-3", "part-3"), "2 wanted and 1 in stock",
    ),
    (
        [thing("part-4"), *lot("stock-4", "part-4", quantity="3", expires_on="2025-01-04")],
        ("part-4",), "expired on 2025-01-04",
    ),
    (
        [thing("part-5"), *lot("stock-5", "part-5", quantity="3", status="quarantined")],
        ("stock-5",), "is quarantined",
    ),
    (
        [thing("part-6"), *lot("stock-6", "part-6", certified=False, quantity="3")],
        ("part-6",), "no release certificate",
    ),
    ([thing("part-7", is_serialised=True)], ("part-7",), "name the unit"),
    (
        [thing("serial-1"), link("aircraft-2", "CONTAINS", "serial-1", "A")],
        ("serial-1",), "is installed in something else",
    ),
    ([thing("serial-2", condition="unserviceable")], ("serial-2",), "record its installation"),
]  # fmt: skip


async def test_a_part_that_may_not_be_used_is_refused(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)
    await tell(graph, event(*(fact for facts, _, _ in PARTS for fact in facts), on=2))

    for _, parts, why in PARTS:
        found = await refusal(graph, completed(graph, parts=parts))
        assert why in found["workorder.complete/part"], parts


async def test_of_many_lots_the_reserved_goes_first_then_what_expires_first(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)
    over = [(n, "2025-01-01") for n in range(2, 10)]
    lots = [
        fact
        for n, last in [*over, (10, "2025-04-01"), (11, "2025-03-01")]
        for fact in lot(f"stock-{n}", quantity="1", expires_on=last)
    ]
    await tell(graph, event(*lots, on=2))

    done = await completed(graph, parts=("part-1",) * 11)

    assert {one.stock.local: int(one.quantity) for one in done.used} == {
        "stock-1": 10, "stock-11": 1,
    }  # fmt: skip


async def test_a_unit_that_was_put_in_is_recorded_as_such(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)
    await tell(graph, event(
        thing("serial-0"), thing("serial-1"), thing("release-1", form="easa_form_1"),
        link("serial-1", "CERTIFIED_BY", "release-1"), link("aircraft-1", "CONTAINS", "serial-0", "A"),
        link("serial-0", "CONTAINS", "serial-1", "B"), on=2,
    ))  # fmt: skip

    done = await completed(graph, parts=("serial-1",))

    near = await neighbours(graph, ORDER, links=["INSTALLS"])
    assert done.fitted == (id_of("serial-1"),) == tuple(one.utcs for one in near.links)


async def test_what_was_issued_to_the_order_before_is_not_drawn_again(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)
    await tell(graph, event(link("workorder-1", "CONSUMES", "stock-1", quantity="1"), on=4))

    await completed(graph, parts=("part-1", "part-1"))

    assert (await said(graph, STOCK))["quantity"] == "9"
    assert (await find_order(graph, ORDER)).consumed == {STOCK: 2}


async def test_a_completion_at_an_impossible_time_is_refused(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)

    assert "workorder.complete/future" in await refusal(
        graph, completed(graph, on=date(2999, 1, 1))
    )
    assert "workorder.complete/before" in await refusal(
        graph, completed(graph, on=date(2025, 1, 1))
    )


async def test_a_foreign_and_a_planned_order_are_not_completed(graph: Graph) -> None:
    await station(graph, status="planned")

    foreign = await refusal(graph, completed(graph, asset=id_of("aircraft-2")))
    planned = await refusal(graph, completed(graph))

    assert foreign["workorder.complete/asset"].endswith("is on aircraft-1, not on aircraft-2")
    assert "is planned" in planned["workorder.complete/state"]
    report = Report(date(2025, 1, 5), "", (), True)
    with pytest.raises(NotFoundError, match="workorder-9"):
        await complete(graph, ADMIN, AIRCRAFT, id_of("workorder-9"), report, [])


async def test_an_order_without_sign_offs_of_its_own_is_certified_all_the_same(
    graph: Graph,
) -> None:
    await station(graph, required_signoffs=[])

    found = await refusal(graph, completed(graph))

    assert found == {"workorder.release/signature": "certified: nobody signed; certification does"}


async def test_a_step_made_upon_what_holds_no_longer_is_refused(graph: Graph) -> None:
    await station(graph)

    made = await asyncio.gather(*(
        advance(graph, ADMIN, ORDER, "hold", signer=person("tess"), statement="No lamp.")
        for _ in range(3)
    ), return_exceptions=True)  # fmt: skip

    applied = [m for m in made if not isinstance(m, BaseException) and m.outcome.seq is not None]
    lost = [m for m in made if m not in applied]
    assert len(applied) == 1
    assert all(isinstance(m, LifecycleError) or m.outcome.code is Reason.OUTDATED for m in lost)  # type: ignore[union-attr]


async def test_bad_steps_are_refused_with_the_field(graph: Graph) -> None:
    await station(graph)

    async def move(name: str, by: str = "tess", **more: Any) -> Any:
        return await advance(graph, ADMIN, ORDER, name, signer=person(by), **more)

    with pytest.raises(BadQuestionError, match="step: 'fly' is no step; use plan, open"):
        await move("fly")
    with pytest.raises(BadQuestionError, match="hold takes no properties"):
        await move("hold", statement="x", given={"station": "MUC"})
    with pytest.raises(BadQuestionError, match="is still to come"):
        await move("hold", statement="x", at=parse_utc("2999-01-01T00:00:00Z"))
    with pytest.raises(BadQuestionError, match="is not after what was said last"):
        await move("hold", statement="x", at=parse_utc(day(1)))
    with pytest.raises(BadQuestionError, match="name a person"):
        await advance(graph, ADMIN, ORDER, "hold", signer=AIRCRAFT)
    assert set(await refusal(graph, move("hold"))) == {"workorder.hold/reason"}
    assert set(await refusal(graph, move("perform"))) == {"workorder.perform/needs"}
    assert "inspect leaves performed (from in_work: hold, perform, cancel)" in str(
        await refusal(graph, move("inspect", "ivan"))
    )
    assert "technician; certification takes certifying staff" in str(
        await refusal(graph, move("release"))
    )


async def test_orders_are_listed_by_asset_and_state_page_by_page(graph: Graph) -> None:
    await station(graph)
    await tell(graph, event(
        *(fact for n in range(2, 6) for fact in (
            thing(f"workorder-{n}", number=f"WO-{n}", status="closed" if n == 5 else "open"),
            link(f"workorder-{n}", "WORKS_ON", "aircraft-2"),
        )), on=2,
    ))  # fmt: skip

    page = await list_orders(graph, asset=id_of("aircraft-2"), first=2)
    rest = await list_orders(graph, asset=id_of("aircraft-2"), first=2, after=page.next)
    every = await list_orders(graph, at=as_of(2))

    assert [one.utcs.local for one in (*page.orders, *rest.orders)] == [
        "workorder-2", "workorder-3", "workorder-4",
    ]  # fmt: skip
    assert rest.next is None
    assert [one.utcs.local for one in every.orders] == [f"workorder-{n}" for n in (1, 2, 3, 4)]


async def test_the_past_is_told_as_it_was_known_then(graph: Graph) -> None:
    await station(graph)
    await signed_off(graph)
    await completed(graph)

    before = await find_order(graph, ORDER, at=as_of(3.15))
    after = await find_order(graph, ORDER, at=as_of(6))
    now = await find_order(graph, ORDER)

    assert (before.order.status, {one.slot for one in before.case.signed}) == (
        "in_work", {"performed", "inspected"},
    )  # fmt: skip
    assert (after.order, after.case, after.steps) == (now.order, now.case, now.steps)
