"""Bills, lineage and data modules in a real graph: loaded whole, and nothing new when they come again."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.model.outcome import Status
from graph.store.database import Graph
from graph.store.impact import impact
from graph.store.resolve import resolve
from ingest.files.changes import Unchanged, read_changes
from tests.store.test_load_files import SAMPLES, counted, load

MODULE = "DMC-H2-A-28-41-03-00A-520A-A_003-00_EN-US.XML"


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("flight_computer.cdx.json", {Status.APPLIED}),
        ("rul_training.openlineage.jsonl", {Status.APPLIED}),
        (MODULE, {Status.APPLIED, Status.PARKED}),  # what it refers to may come later
    ],
)
async def test_what_is_loaded_again_is_unchanged(
    graph: Graph, name: str, ends: set[Status]
) -> None:
    first = await load(graph, SAMPLES / name)
    again = [i async for i in read_changes(graph, SAMPLES / name, authority="ACME", actor="t")]

    assert counted(first).keys() == ends, first
    new = [item for item in again if not isinstance(item, Unchanged)]
    assert len(new) == counted(first)[Status.PARKED]


async def test_weakness_in_a_library_is_traced_to_what_flies_with_it(graph: Graph) -> None:
    await load(graph, SAMPLES / "flight_computer.cdx.json")

    zlib = await resolve(graph, "pkg:github/madler/zlib@1.3.1")
    touched = {item.name for item in (await impact(graph, zlib)).things}

    assert touched == {"openssl 3.0.13", "FCC-OFP 2.3.1"}


async def test_library_of_two_bills_is_one_thing(graph: Graph, tmp_path: Path) -> None:
    bill = (SAMPLES / "flight_computer.cdx.json").read_text()
    (other := tmp_path / "other.cdx.json").write_text(bill.replace("FCC-OFP", "DISPLAY"))
    await load(graph, SAMPLES / "flight_computer.cdx.json")

    outcomes = await load(graph, other, authority="DISPLAYS")

    assert counted(outcomes).keys() == {Status.APPLIED}, outcomes
    zlib = await resolve(graph, "pkg:github/madler/zlib@1.3.1")
    touched = {item.name for item in (await impact(graph, zlib)).things}
    assert {"FCC-OFP 2.3.1", "DISPLAY 2.3.1"} <= touched
