"""The law of scans: what is believed follows from the EPCIS events, not from the order of their files."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from graph.model.event import Event
from graph.model.time import FAR
from graph.store.apply import apply
from graph.store.database import Graph
from ingest.files.changes import read_changes
from ingest.files.rejected import Rejected
from tests.store.conftest import empty

UNIT, OTHER = (f"urn:epc:id:sgtin:4012345.011111.{n}" for n in (1, 2))
BOX = "urn:epc:id:sscc:4012345.0000000001"
FILES: dict[str, list[tuple[str, int, dict[str, Any]]]] = {
    "seen": [("ObjectEvent", 5, {"epcList": [UNIT]}), ("ObjectEvent", 1, {"epcList": [OTHER]})],
    "packed": [("AggregationEvent", 3, {"parentID": BOX, "childEPCs": [UNIT, OTHER]})],
    "moved": [("ObjectEvent", 2, {"epcList": [BOX]}), ("ObjectEvent", 4, {"epcList": [UNIT]})],
}
"""Three files that meet the same things, each in an order that is not that of the days."""

BELIEVED = """
CALL () {
  MATCH (:Anchor)-[:VERSION]->(v)
  WHERE v.superseded_at = $far AND v.valid_from < v.valid_to
  RETURN [v.utcs, v.name, v.valid_from, v.valid_to] AS row
  UNION
  MATCH (s:Anchor)-[l:!VERSION]->(t:Anchor)
  WHERE l.superseded_at = $far AND l.valid_from < l.valid_to
  RETURN [s.utcs, type(l), t.utcs, l.valid_from, l.valid_to] AS row
}
RETURN row
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The three files."""
    return [written(tmp_path / f"{name}.json", events) for name, events in FILES.items()]


def written(path: Path, events: list[tuple[str, int, dict[str, Any]]]) -> Path:
    """Writes a file of events: of which type, on which day of March, and about what."""
    common = {"action": "ADD", "eventTimeZoneOffset": "+00:00"}
    told = [
        common | {"type": kind, "eventTime": f"2026-03-{on:02}T00:00:00Z"} | about
        for kind, on, about in events
    ]
    path.write_text(json.dumps({"epcisBody": {"eventList": told}}))
    return path


async def load(graph: Graph, path: Path) -> set[str]:
    """Loads a file and returns what became of its events."""
    read = [item async for item in read_changes(graph, path, authority="ACME", actor="tester")]
    assert not [item for item in read if isinstance(item, Rejected)]
    events = [item for item in read if isinstance(item, Event)]
    return {outcome.status.value for outcome in await apply(graph, events)}


async def believed(graph: Graph) -> set[tuple[Any, ...]]:
    return {tuple(row) for (row,) in await graph.read(BELIEVED, {"far": FAR})}


async def test_scans_give_the_same_belief_in_any_order_of_files(
    graph: Graph, files: list[Path]
) -> None:
    beliefs = []
    for order in permutations(files):
        await empty(graph)
        for path in order:
            assert await load(graph, path) == {"applied"}, order
        beliefs.append(await believed(graph))

    assert beliefs[0]
    assert [belief ^ beliefs[0] for belief in beliefs] == [set()] * 6


async def test_scans_that_come_again_change_nothing(graph: Graph, files: list[Path]) -> None:
    for path in files:
        await load(graph, path)
    before = await believed(graph)

    outcomes = [await load(graph, path) for path in reversed(files)]

    assert all(outcome <= {"duplicate"} for outcome in outcomes)
    assert await believed(graph) == before
