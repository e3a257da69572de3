"""The law of the fast path: it answers as graphql-core would, with a resolver on every field."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from graphql import parse, validate
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from api.context import Context
from api.persisted import Documents
from api.schema import make_schema
from api.vocabulary import Form
from graph.flows.submit import Principal
from graph.model import ontology
from graph.model.outcome import Status
from graph.model.time import format_micros
from graph.store.apply import apply
from graph.store.database import Graph, clock_micros
from graph.store.tail import Tail
from tests.store.conftest import empty
from tests.store.saying import day, event
from tests.store.select_operations import Scene, operations
from tests.store.select_reference import Reference
from tests.strategies_ontology import of

KINDS = ["requirement", "design", "part", "supplier", "software", "serial", "aircraft", "testcase"]
DAYS = [0, 1, 3, 5, 9000]  # the last is in the future
Work = Callable[[Graph], Awaitable[None]]
EXAMPLES = 25
QUICK: dict[str, Any] = {
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],  # shrinking on a server takes minutes
    "deadline": None,
}


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Any], list[Any]]:
    """Events about up to a dozen things and their links, told in two batches."""
    names = [
        f"utcs:TEST:{draw(st.sampled_from(KINDS))}:{n}" for n in range(draw(st.integers(2, 12)))
    ]
    told = [event(_put(draw, name), on=0) for name in names]
    told += [
        event(_put(draw, name), on=draw(st.sampled_from(DAYS)))
        for name in draw(st.lists(st.sampled_from(names), max_size=6))
    ]
    for _ in range(draw(st.integers(0, 25))):
        if fact := _link(draw, names):
            told.append(event(fact, on=draw(st.sampled_from(DAYS))))
            if draw(st.booleans()):
                end = {k: v for k, v in fact.items() if k != "properties"} | {"fact": "end_link"}
                told.append(event(end, on=draw(st.sampled_from(DAYS[2:]))))
    cut = draw(st.integers(len(names), len(told)))
    return told[:cut], told[cut:]


def _put(draw: st.DrawFn, utcs: str) -> dict[str, Any]:
    thing = draw(of(ontology.get_kind(utcs.split(":")[2])))
    properties = thing.model_dump(mode="json", exclude_none=True, exclude={"aliases"})
    return {"fact": "put_node", "utcs": utcs, "properties": properties}


def _link(draw: st.DrawFn, names: list[str]) -> dict[str, Any] | None:
    source, target = draw(st.sampled_from(names)), draw(st.sampled_from(names))
    fitting = [
        link
        for link in ontology.link_types().values()
        if ontology.fits(source.split(":")[2], link.sources)
        and ontology.fits(target.split(":")[2], link.targets)
    ]
    if not fitting or source == target:
        return None
    link = draw(st.sampled_from(fitting))
    fact = {"fact": "put_link", "source": source, "link": link.name, "target": target}
    if link.slotted:
        fact["slot"] = draw(st.sampled_from("AB"))
    if link.properties:
        fact["properties"] = draw(of(link.properties)).model_dump(mode="json", exclude_none=True)
    return fact


@pytest.fixture
def run(neo4j_server: Any) -> Callable[[Work], Any]:
    """Runs a coroutine function on a clean graph, in an event loop of its own for each example."""

    def start(work: Work) -> Any:
        async def on_clean_graph() -> Any:
            async with await Graph.open(*neo4j_server) as graph:
                await empty(graph)
                return await work(graph)

        return asyncio.run(on_clean_graph())

    return start


async def scene_of(
    graph: Graph, batches: tuple[list[Any], list[Any]]
) -> tuple[Scene, list[Status]]:
    """Tells the story, and says what operations may ask of it."""
    known, statuses = [], []
    for batch in batches:
        statuses += [outcome.status for outcome in await apply(graph, batch)] if batch else []
        (recorded_at,) = (await graph.read("MATCH (l:Log {name: 'changes'}) RETURN l.recorded_at"))[
            0
        ]
        known.append(format_micros(recorded_at))
    rows = [row for (row,) in await graph.read("MATCH (v:Version) RETURN properties(v)")]
    found = [value for row in rows for value in row.values()]
    texts = [value for value in found if isinstance(value, str)]
    scene = Scene(
        kinds=sorted({row["kind"] for row in rows}),
        ids=[*sorted({row["utcs"] for row in rows}), "utcs:TEST:part:none"],
        values={
            Form.STRING: [*texts, *(text[:2] for text in texts), "", "~", '"\\'],
            Form.INT: [*(v for v in found if type(v) is int and abs(v) < 2**31), 0],
            Form.FLOAT: [*(v for v in found if type(v) is float), 0.5],
            Form.BOOLEAN: [True, False],
            Form.DATE: ["2026-01-15", "1999-12-31"],
            Form.DATE_TIME: [day(1), day(3)],
            Form.MICROS: [day(n) for n in DAYS],
        },
        times=[day(n) for n in (-1, 0, 0.5, 2, 4, 6, 8000, 9001)],
        known=known,
    )
    return scene, statuses


def context(graph: Graph) -> Context:
    return Context(graph, Principal.of("tester", "reader"), Documents(), Tail(graph))


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=EXAMPLES, **QUICK)
@given(data=st.data())
def test_every_operation_is_answered_as_by_ordinary_completion(
    run: Callable[[Work], Any], data: st.DataObject
) -> None:
    async def work(graph: Graph) -> None:
        scene, statuses = await scene_of(graph, data.draw(stories()))
        assume(Status.APPLIED in statuses)  # names with control characters are refused
        now = clock_micros()
        graph.clock = lambda: now
        reference = await Reference.of(graph, now)
        for _ in range(8):
            text, variables = data.draw(operations(scene))
            assert not validate(reference.schema, parse(text)), text
            expected = reference.answer(text, variables)
            answer = await make_schema().execute(text, variables, context(graph))

            if any((e.extensions or {}).get("limit") for e in answer.errors or ()):
                continue  # larger than the service takes: another test's promise
            assert expected.errors is None, (text, expected.errors)
            assert answer.errors is None, (text, answer.errors)
            # As text: the order of keys is part of the answer.
            assert json.dumps(answer.data) == json.dumps(expected.data), (text, variables)

    run(work)
