"""A station, its people and a work order on an aircraft: what the tests of work orders begin with."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from graph.flows.complete import Completed, complete
from graph.flows.submit import Principal
from graph.flows.work import Stepped, advance, sign_off
from graph.model.identifier import Utcs
from graph.model.outcome import Status
from graph.model.time import parse_utc
from graph.model.work_request import Report
from graph.store.database import Graph
from tests.store.changing import person, stated
from tests.store.linking import id_of, link, tell, thing
from tests.store.saying import day, event

ADMIN: Final = Principal.of("gateway", "admin")
AIRCRAFT: Final = id_of("aircraft-1")
ORDER: Final = id_of("workorder-1")
STOCK: Final = id_of("stock-1")
PART: Final = id_of("part-1")

STAFF: Final = {
    "pia": ("planner", None), "tess": ("technician", "A"), "tom": ("technician", "B1"),
    "ivan": ("inspector", "B1.1"), "cora": ("certifying staff", "B2"),
}  # fmt: skip


def licensed(name: str, grade: str | None, **more: Any) -> list[dict[str, Any]]:
    """States the licence of a person and their rating for the type."""
    if grade is None:
        return []
    papers = {
        f"qualification-{name}": {"category": "licence", "grade": grade},
        f"qualification-{name}-type": {
            "category": "type_rating",
            "scope": "the TEST-200, all engines",
        },
    }
    said = {"status": "valid", "number": f"L-{name}"} | more
    return [
        fact
        for key, paper in papers.items()
        for fact in (thing(key, **paper | said), link(f"person-{name}", "QUALIFIED_BY", key))
    ]


async def station(graph: Graph, **order: Any) -> None:
    """States an aircraft, people, a certified lot of ten seals, and a work order that is in work."""
    people = [
        fact
        for name, (role, grade) in STAFF.items()
        for fact in (
            stated(name, role, status="active", employer="Test Services"),
            *licensed(name, grade),
        )
    ]
    said = {
        "number": "WO-1", "status": "in_work", "opened_at": day(1), "started_at": day(2),
        "category": "inspection", "required_signoffs": ["performed", "inspected", "certified"],
    }  # fmt: skip
    await tell(graph, event(
        *people,
        thing("aircraft-1", model_designation="TEST-200", aliases=["dpp:DPP-T-1"]),
        thing("aircraft-2", aliases=["dpp:DPP-T-2"]),
        thing("part-1", aliases=["dpp:DPP-PART-1"]),
        *lot("stock-1", quantity="10", reserved_quantity="2", expires_on="2026-06-30"),
        thing("workorder-1", aliases=["erp:WO-1"], **said | order),
        link("workorder-1", "WORKS_ON", "aircraft-1"),
        link("workorder-1", "RESERVES", "stock-1", quantity="2"),
        on=2,
    ))  # fmt: skip


def lot(
    name: str, part: str = "part-1", *, certified: bool = True, **said: Any
) -> list[dict[str, Any]]:
    """States a lot of stock, with its certificate."""
    facts = [
        thing(name, **{"status": "available", "unit_of_measure": "each"} | said),
        link(name, "INSTANCE_OF", part),
    ]
    if certified:
        form = f"release-{name}"
        facts += [thing(form, form="easa_form_1", status="valid"), link(name, "CERTIFIED_BY", form)]
    return facts


async def step(
    graph: Graph, verb: str, by: str, on: float, says: str | None = None, **given: Any
) -> Stepped:
    """Makes a step, passed on by the gateway; it must be applied."""
    made = await advance(
        graph, ADMIN, ORDER, verb, signer=person(by), at=parse_utc(day(on)), given=given, statement=says
    )  # fmt: skip
    assert made.outcome.status is Status.APPLIED, made.outcome
    return made


async def signed(graph: Graph, slot: str, by: str, on: float) -> Stepped:
    """Signs the work order off; it must be applied."""
    made = await sign_off(graph, ADMIN, ORDER, slot, signer=person(by), at=parse_utc(day(on)))
    assert made.outcome.status is Status.APPLIED, made.outcome
    return made


async def signed_off(graph: Graph) -> None:
    """Signs the work order off in every role that it asks for."""
    for on, (slot, by) in enumerate(
        (("performed", "tess"), ("inspected", "ivan"), ("certified", "cora"))
    ):
        await signed(graph, slot, by, 3 + on / 10)


async def completed(
    graph: Graph,
    findings: str = "No issues",
    parts: tuple[str, ...] = (),
    *,
    released: bool = True,
    on: date | None = None,
    asset: Utcs = AIRCRAFT,
) -> Completed:
    """Reports the completion of the work order, on the fifth day unless another is given."""
    report = Report(on or date(2025, 1, 5), findings, parts, released)
    return await complete(graph, ADMIN, asset, ORDER, report, [id_of(one) for one in parts])
