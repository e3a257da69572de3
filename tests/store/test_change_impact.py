"""What a change asks of maintenance, and what a request would touch, of which nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from graph.flows.rehearse_change import rehearse_change
from graph.flows.submit import ForbiddenError, Principal
from graph.model.event import EventError
from graph.model.outcome import Status
from graph.model.time import Coordinates, from_micros
from graph.store.apply import apply
from graph.store.change_impact import ChangeImpact, find_change_impact
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import event

EDITOR = Principal.of("emma", "editor")

WORLD = (
    event(
        thing("part-old", unit_cost_eur=100), thing("part-new", unit_cost_eur=150, lead_time_days=30),
        *map(thing, ("design-1", "position-1", "tool-1", "training-1", "training-2", "task-other")),
        thing("task-1", estimated_h=2), thing("task-2", estimated_h=1), thing("task-3", status="withdrawn"),
        thing("publication-1"), thing("publication-2"),
        thing("aircraft-1"), *(thing(f"serial-{n}") for n in (1, 2, 3, 4)),
        thing("stock-1", quantity=5, reserved_quantity=2), thing("stock-0", quantity=0),
        thing("workorder-1", number="1"),
        thing("order-1", status="in_work"), thing("order-2", status="closed"),
        thing("ecr-1", status="approved", change_class="minor", estimated_cost_eur=5000),
        thing("eco-1", status="released", change_class="minor", disposition="scrap"),
        thing("modification-1", status="pending", estimated_h="3.5"),
    ),
    event(
        link("ecr-1", "ABOUT", "part-old"), link("eco-1", "IMPLEMENTS", "ecr-1"),
        link("modification-1", "IMPLEMENTS", "eco-1"), link("part-new", "ALTERED_BY", "modification-1"),
        link("part-new", "SUPERSEDES", "part-old"), link("part-old", "REALISES", "design-1"),
        link("part-old", "FITS", "position-1"), link("task-1", "PERFORMED_ON", "position-1"),
        link("task-1", "REQUIRES", "tool-1"), link("task-1", "REQUIRES", "training-2"),
        link("task-2", "MEETS", "modification-1"), link("task-3", "ALTERED_BY", "eco-1"),
        link("publication-1", "DOCUMENTS", "design-1"), link("publication-2", "ALTERED_BY", "eco-1"),
        link("training-1", "TEACHES", "part-old"),
        link("stock-1", "INSTANCE_OF", "part-old"), link("stock-0", "INSTANCE_OF", "part-old"),
        link("workorder-1", "RESERVES", "stock-1"),
        link("order-1", "ORDERS", "part-old"), link("order-2", "ORDERS", "part-old"),
        *(link(f"serial-{n}", "INSTANCE_OF", "part-old") for n in (1, 2, 3)),
        link("serial-4", "INSTANCE_OF", "part-new"),
        link("aircraft-1", "CONTAINS", "serial-1", "A"), link("serial-1", "CONTAINS", "serial-2", "B"),
        on=1,
    ),
)  # fmt: skip


def named(things: Iterable[Any]) -> set[tuple[str, str]]:
    return {(one.utcs.local, one.effect) for one in things}


def figures(impact: ChangeImpact) -> Any:
    return {one.what: (one.amount, one.unit) for one in impact.costing.costs}


async def test_a_change_tells_what_it_asks_of_maintenance_and_at_what_cost(graph: Graph) -> None:
    await tell(graph, *WORLD)

    impact = await find_change_impact(graph, id_of("ecr-1"))

    assert {one.local for one in impact.changes} == {"ecr-1", "eco-1", "modification-1"}
    assert named(impact.tasks) == {("task-1", "revise"), ("task-2", "new"), ("task-3", "withdrawn")}
    assert named(impact.publications) == {("publication-1", "revise"), ("publication-2", "revise")}
    assert named(impact.training) == {("training-1", "revise"), ("training-2", "revise")}
    assert named(impact.tools) == {("tool-1", "revise")}
    assert [
        (one.old.local, one.new.local, str(one.lead_time_days)) for one in impact.replacements
    ] == [("part-old", "part-new", "30")]
    (stock,) = impact.stock
    assert (str(stock.value_eur), stock.is_useless, [w.local for w in stock.reserved_by]) == (
        "500", True, ["workorder-1"],
    )  # fmt: skip
    assert named(impact.orders) == {("order-1", "revise")}
    assert {(u.utcs.local, u.is_installed, u.aircraft and u.aircraft.local) for u in impact.units} == {
        ("serial-1", True, "aircraft-1"), ("serial-2", True, "aircraft-1"), ("serial-3", False, None),
    }  # fmt: skip
    assert [(one.local, count) for one, count in impact.aircraft] == [("aircraft-1", 2)]
    assert figures(impact) == {
        "estimate": (5000, "EUR"), "labour to embody": (Decimal("3.5"), "h"),
        "new parts": (300, "EUR"), "stock made useless": (500, "EUR"), "new task, each time": (1, "h"),
    }  # fmt: skip
    assert impact.costing.unknown == ("labour in EUR: no hourly rate is on record",)
    assert impact.complete


async def test_from_any_member_of_the_change_the_answer_is_the_same(graph: Graph) -> None:
    await tell(graph, *WORLD)

    answers = [
        await find_change_impact(graph, id_of(one)) for one in ("ecr-1", "eco-1", "modification-1")
    ]

    assert len({(one.tasks, one.units, one.costing, one.stock) for one in answers}) == 1


async def test_the_answer_holds_at_any_two_times_and_now_is_one_of_them(graph: Graph) -> None:
    recorded = await tell(graph, *WORLD)
    await tell(
        graph,
        event(unlink("aircraft-1", "CONTAINS", "serial-1", "A"),
              unlink("task-1", "PERFORMED_ON", "position-1"),
              thing("stock-1", quantity=1), on=10),
    )  # fmt: skip
    ecr = id_of("ecr-1")

    now = await find_change_impact(graph, ecr)
    for at in (as_of(11), as_of(9000), Coordinates(known_at=as_of(9000).as_of)):
        assert await find_change_impact(graph, ecr, at=at) == now
    before = await find_change_impact(graph, ecr, at=as_of(5))
    known = Coordinates(as_of=as_of(11).as_of, known_at=from_micros(recorded[-1]))

    assert (named(now.tasks) & {("task-1", "revise")}, now.aircraft, str(now.stock[0].quantity)) == (
        set(), (), "1",
    )  # fmt: skip
    assert before.stock[0].quantity == 5
    assert await find_change_impact(graph, ecr, at=known) == before
    with pytest.raises(NotFoundError, match="ecr-1 is not there"):
        await find_change_impact(graph, ecr, at=as_of(-1))


async def test_what_is_not_on_record_is_unknown_and_never_zero(graph: Graph) -> None:
    await tell(
        graph,
        event(thing("part-old"), thing("part-new"), thing("ecr-1", status="draft"),
              thing("serial-1"), thing("aircraft-1"), thing("stock-1"),
              thing("bulletin-1", number="1")),
        event(link("ecr-1", "ABOUT", "part-old"), link("part-new", "ALTERED_BY", "ecr-1"),
              link("part-new", "SUPERSEDES", "part-old"), link("serial-1", "INSTANCE_OF", "part-old"),
              link("aircraft-1", "CONTAINS", "serial-1", "A"), link("stock-1", "INSTANCE_OF", "part-old"),
              link("bulletin-1", "IMPLEMENTS", "ecr-1"), on=1),
    )  # fmt: skip

    impact = await find_change_impact(graph, id_of("ecr-1"))

    assert impact.costing.costs == ()
    assert [one.partition(":")[0] for one in impact.costing.unknown] == [
        "estimate of utcs", "labour to embody utcs", "new parts utcs", "stock of utcs",
    ]  # fmt: skip
    assert (impact.stock[0].value_eur, impact.stock[0].is_useless) == (None, None)


async def test_a_long_answer_says_where_it_was_cut_and_counts_no_partial_figure(
    graph: Graph,
) -> None:
    await tell(graph, *WORLD)

    impact = await find_change_impact(graph, id_of("ecr-1"), first=1)

    assert not impact.complete
    assert impact.cut == (
        "the first 1 links to tasks, papers, tools and training are told; the first 1 units are told"
    )
    assert (len(impact.units), impact.units_total) == (1, 3)
    assert figures(impact)["new parts"] == (300, "EUR")
    assert any("aircraft not counted" in one for one in impact.costing.unknown)
    with pytest.raises(BadQuestionError, match="first: 0 is out of bounds"):
        await find_change_impact(graph, id_of("ecr-1"), first=0)
    with pytest.raises(BadQuestionError, match="is a part, no change; name one of ecr"):
        await find_change_impact(graph, id_of("part-old"))


REQUEST = (
    event(
        thing("part-old", unit_cost_eur=100), thing("ecr-1", status="draft"), thing("aircraft-1"),
        thing("serial-1"), thing("task-1"), thing("publication-1"),
    ),
    event(
        link("serial-1", "INSTANCE_OF", "part-old"), link("aircraft-1", "CONTAINS", "serial-1", "A"),
        link("task-1", "PERFORMED_ON", "part-old"), link("publication-1", "DOCUMENTS", "part-old"), on=1,
    ),
)  # fmt: skip

PROPOSED = {
    "data": {
        "facts": [
            thing("part-new", unit_cost_eur=150), thing("task-new", estimated_h=2),
            link("task-new", "PERFORMED_ON", "part-new"), link("task-new", "MEETS", "document-x"),
        ]
    }
}  # fmt: skip


async def everything(graph: Graph) -> list[Any]:
    nodes = await graph.read("MATCH (n) RETURN labels(n), properties(n) ORDER BY elementId(n)")
    links = await graph.read("MATCH ()-[r]->() RETURN type(r), properties(r) ORDER BY elementId(r)")
    return [nodes, links]


async def test_a_rehearsal_tells_what_would_be_touched_and_writes_nothing(graph: Graph) -> None:
    await tell(graph, *REQUEST)
    await tell(graph, event(thing("document-x")))
    before = await everything(graph)

    made = await rehearse_change(
        graph, EDITOR, id_of("ecr-1"),
        replacements=[(id_of("part-old"), id_of("part-new"))], proposal=PROPOSED,
    )  # fmt: skip

    assert made.objections == ()
    assert named(made.impact.tasks) == {("task-1", "revise"), ("task-new", "new")}
    assert named(made.impact.publications) == {("publication-1", "revise")}
    assert [one.utcs.local for one in made.impact.units] == ["serial-1"]
    assert figures(made.impact) == {"new parts": (150, "EUR"), "new task, each time": (2, "h")}
    assert await everything(graph) == before
    assert (await find_change_impact(graph, id_of("ecr-1"))).tasks == ()


async def test_a_proposed_order_and_modification_tell_what_they_would_cost(graph: Graph) -> None:
    await tell(graph, *REQUEST)
    await tell(
        graph, event(thing("stock-1", quantity=4), link("stock-1", "INSTANCE_OF", "part-old"))
    )
    facts = [
        thing("part-new", unit_cost_eur=150), thing("eco-1", disposition="scrap"),
        thing("modification-1", estimated_h=3), link("part-new", "SUPERSEDES", "part-old"),
        link("part-new", "ALTERED_BY", "modification-1"), link("modification-1", "IMPLEMENTS", "eco-1"),
        link("eco-1", "IMPLEMENTS", "ecr-1"),
    ]  # fmt: skip

    made = await rehearse_change(graph, EDITOR, id_of("ecr-1"), proposal={"data": {"facts": facts}})

    assert made.objections == ()
    assert figures(made.impact) == {
        "labour to embody": (3, "h"), "new parts": (150, "EUR"), "stock made useless": (400, "EUR"),
    }  # fmt: skip
    assert {one.utcs.kind for one in made.impact.subjects} == {"part"}


async def test_while_requests_are_rehearsed_others_write(graph: Graph) -> None:
    """What is tried on is loaded under the lock of the log, and nothing else: the question is outside."""
    await tell(graph, *REQUEST)
    pair = [(id_of("part-old"), id_of("part-new"))]
    started = await rehearse_change(graph, EDITOR, id_of("ecr-1"), replacements=pair)

    writes = asyncio.gather(*(apply(graph, [event(thing(f"tool-{n}"))]) for n in range(10)))
    rehearsals = await asyncio.gather(
        *(rehearse_change(graph, EDITOR, id_of("ecr-1"), replacements=pair) for _ in range(10))
    )

    assert {outcome.status for made in await writes for outcome in made} == {Status.APPLIED}
    assert all(one.impact == started.impact for one in rehearsals)


async def test_a_rehearsal_tells_all_that_speaks_against_it(graph: Graph) -> None:
    await tell(graph, *REQUEST)

    made = await rehearse_change(
        graph, EDITOR, id_of("ecr-1"),
        replacements=[(id_of("part-old"), id_of("part-new"))], proposal=PROPOSED,
    )  # fmt: skip
    bare = await rehearse_change(
        graph, EDITOR, id_of("ecr-1"), replacements=[(id_of("part-old"), id_of("part-none"))]
    )
    plain = await rehearse_change(graph, EDITOR, id_of("ecr-1"))

    assert [one for one in made.objections if "document-x is not known yet" in one]
    assert [one for one in bare.objections if "part-none is not known yet" in one]
    assert any(
        "part-none: unit_cost_eur is not given" in one for one in bare.impact.costing.unknown
    )
    assert (plain.objections, plain.impact.units_total) == ((), 0)


async def test_a_rehearsal_of_nonsense_is_refused(graph: Graph) -> None:
    await tell(graph, *REQUEST)
    ecr, old = id_of("ecr-1"), id_of("part-old")

    with pytest.raises(ForbiddenError, match="editor"):
        await rehearse_change(graph, Principal.of("rita", "reader"), ecr)
    with pytest.raises(BadQuestionError, match="name a change request"):
        await rehearse_change(graph, EDITOR, old)
    with pytest.raises(BadQuestionError, match="cannot take the place"):
        await rehearse_change(graph, EDITOR, ecr, replacements=[(old, old)])
    with pytest.raises(BadQuestionError, match="at most 100"):
        await rehearse_change(graph, EDITOR, ecr, replacements=[(old, id_of("part-2"))] * 101)
    with pytest.raises(EventError, match="facts"):
        await rehearse_change(graph, EDITOR, ecr, proposal={"data": {"facts": []}})
    with pytest.raises(NotFoundError, match="ecr-9"):
        await rehearse_change(graph, EDITOR, id_of("ecr-9"))
