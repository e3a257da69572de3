"""What quality rules find in the graph: page by page, over all things, from indexes."""

from __future__ import annotations

import pytest

from graph.model.ontology import OntologyError
from graph.model.quality_rules import rules_of
from graph.store import findings as question
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.findings import Finding, findings
from graph.store.moment import CURRENT, Moment
from graph.store.records import records_text
from tests.store.linking import id_of, link, retire, tell, thing
from tests.store.saying import event
from tests.store.test_cypher_plans import operators, sample


async def everything(graph: Graph, kind: str, first: int = 100) -> list[Finding]:
    found, after = list[Finding](), None
    while True:
        page = await findings(graph, kind, first=first, after=after)
        found += page.findings
        assert len(page.findings) <= first
        if page.next is None:
            return found
        after = page.next


def told(found: list[Finding]) -> set[tuple[str, str]]:
    return {(one.utcs.local, one.rule) for one in found}


async def test_rules_look_at_properties_and_links_as_they_are_now(graph: Graph) -> None:
    await tell(
        graph,
        event(thing("serial-1", serial_number="1", cage="0AB12"), thing("serial-2"), thing("part-1")),
        event(thing("serial-3", serial_number="3"), thing("serial-4")),
        event(link("serial-1", "INSTANCE_OF", "part-1"), on=1),
        event(link("serial-3", "INSTANCE_OF", "part-1"), on=1),
        event(link("serial-3", "INSTANCE_OF", "part-1", fact="end_link"), retire("serial-4"), on=2),
    )  # fmt: skip

    found = await everything(graph, "serial")

    assert told(found) == {
        ("serial-2", "serial-number"), ("serial-2", "serial-cage"), ("serial-2", "serial-part"),
        ("serial-3", "serial-cage"), ("serial-3", "serial-part"),
    }  # fmt: skip
    assert {one.source for one in found} == {"urn:test"}


async def test_pages_of_any_size_tell_the_same(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(graph, event(*(thing(f"serial-{n}") for n in range(12))))
    whole = await everything(graph, "serial")
    monkeypatch.setattr(question, "MOST", 5)
    monkeypatch.setattr("graph.store.records.WINDOW", 5)

    for first in (1, 2, 3, 7, 1000):
        assert await everything(graph, "serial", first) == whole
    assert len(whole) == 36


async def test_one_rule_may_be_asked_for_and_a_strange_one_is_named(graph: Graph) -> None:
    await tell(graph, event(thing("serial-1")))

    only = await findings(graph, "serial", rules=["serial-cage"])

    assert told([*only.findings]) == {("serial-1", "serial-cage")}
    with pytest.raises(
        BadQuestionError, match="'part-cage' is not about a serial; use one of serial-"
    ):
        await findings(graph, "serial", rules=["part-cage"])
    with pytest.raises(BadQuestionError, match="'colour' is unknown"):
        await findings(graph, "serial", rules=["colour"])
    with pytest.raises(OntologyError, match="prat"):
        await findings(graph, "prat")
    page = await findings(graph, "serial", first=1)
    with pytest.raises(BadQuestionError, match="not a cursor"):
        await findings(graph, "part", after=page.next)


@pytest.mark.parametrize("kind", ["requirement", "serial", "workorder"])
async def test_records_of_every_kind_are_read_off_an_index(graph: Graph, kind: str) -> None:
    text = records_text(Moment.of(graph, CURRENT), "record/of_kind", rules_of(kind))

    found = await operators(graph, text, sample(text) | {"kind": kind, "start": "", "far": 0})

    assert not found & {"AllNodesScan", "NodeByLabelScan", "CartesianProduct"}


async def test_the_design_of_a_part_and_the_maker_of_a_unit_are_proposed(graph: Graph) -> None:
    await tell(
        graph,
        event(thing("part-1"), thing("design-1", ata_chapter="28-41"), thing("supplier-1", cage="0AB12")),
        event(thing("serial-1", cage="0AB12"), link("part-1", "REALISES", "design-1")),
    )  # fmt: skip

    parts = await findings(graph, "part", rules=["ata-of-design"])
    serials = await findings(graph, "serial", rules=["maker-of-cage"])

    (ata,), (maker,) = parts.findings, serials.findings
    assert (ata.field, ata.value) == ("ata_chapter", "28-41")
    assert (maker.field, maker.value) == ("manufacturer", "supplier-1")
    assert str(id_of("design-1")) in ata.problem
