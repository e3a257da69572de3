"""What holds a release back besides signatures: tools, overdue maintenance, deferrals by the counters."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from graph.flows.finding import Deferring, defer_finding, report_finding
from graph.flows.installation import Installing, install
from graph.flows.stock import Wanted, reserve
from graph.flows.submit import Principal
from graph.flows.tool import Calibrating, calibrate, check_out
from graph.model.compliance import Limits
from graph.model.deferral import Flown, ran_out
from graph.model.engineering import Verdict
from graph.model.maintenance import Deferral, DeferralCategory, DeferralStatus, Finding, Release
from graph.model.outcome import Status
from graph.model.resources import Stock
from graph.model.time import parse_utc
from graph.store.database import Graph
from graph.store.show import show
from graph.store.work_order import find_order
from tests.store.attaching import B2, build, order, putting
from tests.store.changing import person
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import day, event
from tests.store.storing import refusal
from tests.store.test_tools import WRENCH, WRONG, workshop
from tests.store.working import ADMIN, ORDER, completed, signed, signed_off, station, step

EXPIRED = {"interval_days": "30", "status": "available", "due_on": "2025-01-02"}


async def test_a_tool_that_need_not_have_read_true_holds_back_the_release(graph: Graph) -> None:
    await station(graph)
    await tell(graph, event(
        thing("tool-wrench", **EXPIRED), link("workorder-1", "USES", "tool-wrench"), on=3,
    ))  # fmt: skip
    await signed_off(graph)

    shown = await find_order(graph, ORDER)
    told = await refusal(graph, completed(graph))
    await tell(graph, event(unlink("workorder-1", "USES", "tool-wrench"), on=4))

    assert "tool-wrench was due for calibration on 2025-01-02" in told["workorder.release/tool"]
    assert [one.rule for one in shown.missing] == ["workorder.release/tool"]
    assert (await completed(graph)).state == "released"


async def test_a_tool_is_judged_by_the_day_of_its_use(graph: Graph) -> None:
    await station(graph)
    later = EXPIRED | {"due_on": "2025-01-04"}
    await tell(graph, event(
        thing("tool-wrench", **later), link("workorder-1", "USES", "tool-wrench"), on=3,
    ))  # fmt: skip
    await tell(graph, event(thing("tool-wrench", **later, location="attic"), on=3.5))
    await signed_off(graph)

    assert (await completed(graph)).state == "released"


async def test_a_tool_found_wrong_after_its_use_holds_back_the_step_as_well(graph: Graph) -> None:
    await workshop(graph)
    await check_out(graph, ADMIN, WRENCH, ORDER, at=parse_utc(day(5)))
    await calibrate(graph, ADMIN, WRENCH, WRONG)
    await step(graph, "perform", "tess", 21, work_performed="Done.")
    await step(graph, "inspect", "ivan", 22)

    told = await refusal(graph, step(graph, "release", "cora", 23))

    assert "found out of tolerance by C-2 on 2025-01-21" in told["workorder.release/tool"]


async def test_a_calibration_before_the_use_casts_no_doubt_on_it(graph: Graph) -> None:
    await workshop(graph)
    good = Calibrating("C-9", date(2025, 1, 21), Verdict.PASSED, "RS-1", "0.0 %")
    await calibrate(graph, ADMIN, WRENCH, WRONG)
    await check_out(graph, ADMIN, WRENCH, ORDER, at=parse_utc(day(21.5)))
    await calibrate(
        graph, ADMIN, WRENCH, Calibrating(**_said(good) | {"performed_on": date(2025, 1, 25)})
    )

    assert "workorder.release/tool" not in [
        one.rule for one in (await find_order(graph, ORDER)).missing
    ]


def _said(one: Calibrating) -> dict[str, Any]:
    return {name: getattr(one, name) for name in Calibrating.__dataclass_fields__}


async def test_overdue_maintenance_of_the_asset_holds_back_its_return_to_service(
    graph: Graph,
) -> None:
    await station(graph)
    await signed_off(graph)
    others = {
        "late": ("aircraft-1", "requested", "2025-01-04"),
        "due": ("aircraft-1", "open", "2025-01-05"),
        "done": ("aircraft-1", "released", "2025-01-03"),
        "elsewhere": ("aircraft-2", "open", "2025-01-03"),
    }
    for name, (on, status, due) in others.items():
        await tell(graph, event(
            thing(f"workorder-{name}", number=name, status=status, due_on=due),
            link(f"workorder-{name}", "WORKS_ON", on), on=2,
        ))  # fmt: skip

    told = await refusal(graph, completed(graph))
    kept = await completed(graph, released=False)
    cancelled = thing("workorder-late", number="late", status="cancelled", due_on="2025-01-04")
    await tell(graph, event(cancelled, on=5))
    done = await find_order(graph, ORDER, at=as_of(5.99))

    assert told == {
        "workorder.release/overdue": "overdue: workorder-late (workorder-late) was due on 2025-01-04; do it, "
        "or cancel it"
    }
    assert kept.state == "performed", "what is not returned to service waits for nothing"
    assert [one.rule for one in done.missing] == ["workorder.release/overdue"], (
        "day 6 is after day 5"
    )


async def deferred(graph: Graph, limits: Limits) -> None:
    """A finding of day 3 is deferred, signed for; the order is signed off on day 4."""
    found = await report_finding(
        graph,
        ADMIN,
        ORDER,
        Finding(name="Lamp is out."),
        signer=person("tess"),
        at=parse_utc(day(3)),
    )
    terms = Deferring(DeferralCategory.CDL, "CDL 33-41", "No lamp.", limits=limits)
    at = parse_utc(day(3.1))
    await defer_finding(graph, ADMIN, found.utcs, terms, signer=person("cora"), at=at)
    for slot, by, on in (
        ("performed", "tess", 4.0),
        ("inspected", "ivan", 4.1),
        ("certified", "cora", 4.2),
    ):
        await signed(graph, slot, by, on)


def counter(name: str, on: float, fh: int, fc: int) -> dict[str, Any]:
    return event(
        thing(name, category="recorded", measured_at=day(on), total_fh=str(fh), total_fc=str(fc)),
        link(name, "COUNTS", "aircraft-1"), on=on,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(fh=Decimal(10)), None),
        (Limits(fh=Decimal(9)), "ran out after 9 FH: 10 are flown since"),
        (Limits(fc=Decimal(3)), "ran out after 3 FC: 4 are flown since"),
        (Limits(fh=Decimal(10), fc=Decimal(4), days=Decimal(1)), "ran out at 2025-01-05 23:59 UTC"),
    ],
)
async def test_a_deferral_limited_by_counters_is_judged_by_those_of_the_aircraft(
    graph: Graph, limits: Limits, words: str | None
) -> None:
    await station(graph)
    await tell(graph, counter("usage-1", 2, 100, 50), counter("usage-2", 4.1, 110, 54))
    await deferred(graph, limits)

    shown = {one.rule: one.problem for one in (await find_order(graph, ORDER)).missing}
    if words is None:
        done = await completed(graph)
        assert done.release is not None
        said = (await show(graph, done.release)).node.properties
        assert isinstance(said, Release)
        assert "is deferred for 10 FH, CDL 33-41" in (said.limitations or "")
        assert shown == {}
        return
    told = await refusal(graph, completed(graph, on=date(2025, 1, 6)))
    assert words in told["workorder.release/deferral"]
    assert words in shown["workorder.release/deferral"]


async def test_a_counter_that_nobody_read_lets_no_deferral_pass(graph: Graph) -> None:
    await station(graph)
    await deferred(graph, Limits(fh=Decimal(10)))

    told = await refusal(graph, completed(graph))

    assert "nobody can say how many are flown since" in told["workorder.release/deferral"]


async def test_a_deferral_of_no_stated_status_is_a_limitation_of_the_certificate(
    graph: Graph,
) -> None:
    await station(graph)
    await tell(graph, event(
        thing("finding-9", status="deferred", found_at=day(2.5)),
        link("finding-9", "FOUND_IN", "workorder-1"),
        thing("deferral-9", category="mel_c", reference="MEL 1", due_at=day(12)),
        link("deferral-9", "DEFERS", "finding-9"), on=2.6,
    ))  # fmt: skip
    await signed_off(graph)

    done = await completed(graph)

    assert done.release is not None
    said = (await show(graph, done.release)).node.properties
    assert isinstance(said, Release)
    assert said.limitations == "finding-9 (finding-9) is deferred until 2025-01-13, MEL 1"


AT = parse_utc("2025-01-10T00:00:00Z")


@pytest.mark.parametrize(
    ("said", "flown", "words"),
    [
        ({"limit_fh": "5"}, Flown(Decimal(5)), None),
        ({"limit_fh": "5"}, Flown(Decimal("5.1")), "5.1 are flown"),
        ({"limit_fh": "5", "limit_fc": "2"}, Flown(Decimal(1), Decimal(3)), "3 are flown"),
        ({"limit_fc": "2"}, Flown(Decimal(1)), "nobody can say"),
        ({"limit_fc": "2"}, None, "nobody can say"),
        ({"due_at": AT}, None, None),
        ({"due_at": AT - timedelta(seconds=1)}, None, "ran out at 2025-01-09 23:59"),
        ({}, None, None),
    ],
)
def test_a_deferral_holds_to_its_first_limit(
    said: dict[str, Any], flown: Flown | None, words: str | None
) -> None:
    deferral = Deferral(name="D", status=DeferralStatus.OPEN, **said)

    why = ran_out(deferral, AT, flown)

    assert (why is None) if words is None else words in (why or "")


EDITOR = Principal.of("emma", "editor")


async def test_a_unit_that_is_set_aside_for_another_order_is_not_put_in(graph: Graph) -> None:
    await build(graph)
    await tell(graph, event(*order("workorder-2"), on=2))
    await tell(graph, event(link("stock-1", "INSTANCE_OF", "part-brake"), on=2))
    await tell(graph, event(link("stock-1", "CERTIFIED_BY", "release-1"), on=2))
    await reserve(graph, ADMIN, Wanted(id_of("workorder-2"), B2, Decimal(1), at=parse_utc(day(5))))

    mine = await install(graph, EDITOR, putting())
    nobodys = await install(graph, EDITOR, putting(work_order=None))
    theirs = await install(graph, EDITOR, putting(work_order=id_of("workorder-2")))

    for refused in (mine, nobodys):
        assert [one.rule for one in refused.refusals] == ["unit-is-not-promised"]
        assert "stock-1 is set aside for utcs:TEST:workorder:workorder-2" in refused.refusals[0].why
    assert theirs.refusals == ()
    assert theirs.outcome is not None
    assert theirs.outcome.status is Status.APPLIED
    left = (await show(graph, id_of("stock-1"))).node.properties
    assert isinstance(left, Stock)
    assert (left.quantity, left.reserved_quantity) == (Decimal(0), Decimal(0))
    assert dict((await find_order(graph, id_of("workorder-2"))).reserved) == {}


async def test_a_reservation_of_an_order_that_has_ended_holds_no_unit(graph: Graph) -> None:
    await build(graph)
    await tell(graph, event(
        *order("workorder-2", status="closed"), link("workorder-2", "RESERVES", "serial-b2"), on=2,
    ))  # fmt: skip

    made = await install(graph, EDITOR, Installing(**_putting()))

    assert made.refusals == ()


def _putting() -> dict[str, Any]:
    said = putting()
    return {name: getattr(said, name) for name in Installing.__dataclass_fields__}
