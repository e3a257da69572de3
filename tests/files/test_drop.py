"""What the thread leaves for others: whole, once, with its manifest last, wherever it was cut off."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from graph.store.apply import apply
from graph.store.changes import changes
from graph.store.database import Graph
from graph.store.errors import NotFoundError
from ingest.drop.drop import Dropper
from ingest.drop.settings import DropSettings
from ingest.files.reqif_export import export_reqif
from ingest.places.place import Place, PlaceError
from tests.files.conftest import Where, no_wait
from tests.files.test_pickup import Make as MakePickup
from tests.files.test_pickup import receipt, tree
from tests.files.test_pickup_cuts import Cut, Fuse, FusedPlace
from tests.store.saying import event, serial
from tests.store.test_load_files import SAMPLES, TANK, load

Make = Callable[..., Dropper]


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
async def make_dropper(graph: Graph, where: Where, journal: Path) -> AsyncIterator[Make]:
    """Makes a drop into the place, as one worker has it."""
    made: list[Dropper] = []

    def make(**changes: Any) -> Dropper:
        given = {"name": "mro", "journal": journal, "every_s": 3600} | where | changes
        settings = DropSettings(**given)
        made.append(Dropper(settings, settings.place(), graph, sleep=no_wait))
        return made[-1]

    yield make
    for dropper in made:
        await dropper.place.close()


async def say(graph: Graph, *ids: str) -> None:
    await apply(graph, [event(serial(id), id=id) for id in ids])


def is_due_again(journal: Path) -> None:
    """Lets a century go by, as far as the journal knows."""
    if not journal.exists():
        return
    journal.write_text(journal.read_text().replace('"due": "20', '"due": "19'))


def done(journal: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    return [line["done"] for line in lines if "done" in line]


async def test_what_changed_since_the_last_drop_comes_with_its_manifest(
    graph: Graph, place: Place, make_dropper: Make, journal: Path
) -> None:
    dropper = make_dropper()
    await say(graph, "a", "b")
    await dropper.round()
    await say(graph, "c")
    await dropper.round()  # not due yet
    is_due_again(journal)
    await dropper.round()
    is_due_again(journal)
    await dropper.round()  # nothing changed

    found = await tree(place)
    one, two = "mro-000000000001-000000000002.jsonl", "mro-000000000003-000000000003.jsonl"
    assert set(found) == {one, two, f"{one}.manifest.json", f"{two}.manifest.json"}
    told = json.loads(found[f"{one}.manifest.json"])
    sha256 = hashlib.sha256(found[one]).hexdigest()
    assert told == {"name": one, "size": len(found[one]), "sha256": sha256}
    lines = [hashlib.sha256(line).hexdigest() for line in (found[one] + found[two]).splitlines()]
    assert lines == [entry.hash for entry in await changes(graph)], "each line proves itself"
    first, *_ = done(journal)
    assert (first["name"], first["sha256"]) == (one, sha256)


async def test_many_changes_come_in_several_files(
    graph: Graph, place: Place, make_dropper: Make
) -> None:
    await say(graph, *"abcde")

    await make_dropper(most_changes=2).round()

    names = sorted(name for name in await tree(place) if not name.endswith(".manifest.json"))
    assert [name[4:29] for name in names] == [
        "000000000001-000000000002",
        "000000000003-000000000004",
        "000000000005-000000000005",
    ]


async def test_what_one_thread_drops_another_picks_up(
    graph: Graph, place: Place, make_dropper: Make, make_pickup: MakePickup
) -> None:
    await say(graph, "a", "b")
    await make_dropper().round()

    await make_pickup(needs_manifest=True).round()

    name = "mro-000000000001-000000000002.jsonl"
    assert receipt(await tree(place), name)["counts"] == {"duplicate": 2}


@pytest.mark.slow
@pytest.mark.parametrize("before", [True, False])
async def test_cut_off_at_any_step_it_ends_the_same(
    graph: Graph, place: Place, make_dropper: Make, journal: Path, before: bool
) -> None:
    step, seq = 0, 0
    while True:
        step += 1
        await say(graph, f"{step}-a", f"{step}-b", f"{step}-c")
        is_due_again(journal)
        first = make_dropper(most_changes=2)
        await first.place.open()
        first.place = FusedPlace(first.place, Fuse(step, before=before))

        was_cut = False
        try:
            await first.round()
        except Cut:
            was_cut = True
        await make_dropper(most_changes=2).round()
        is_due_again(journal)
        await make_dropper(most_changes=2).round()

        seq += 3
        found = await tree(place)
        names = sorted(name for name in found if not name.endswith(".manifest.json"))
        content = b"".join(found[name] for name in names)
        log = [entry.event for entry in await changes(graph, first=1000)]
        assert content.decode().splitlines() == log, "every change once, in order"
        assert len(log) == seq
        for name in names:
            told = json.loads(found[f"{name}.manifest.json"])
            assert told["sha256"] == hashlib.sha256(found[name]).hexdigest()
        assert [drop["name"] for drop in done(journal)] == names
        if not was_cut:
            break
    assert step > 3


async def test_document_is_dropped_as_it_stood_when_it_was_due(
    graph: Graph, place: Place, make_dropper: Make
) -> None:
    await load(graph, SAMPLES / "h2_tank.reqif")

    await make_dropper(document=TANK, every_s=None, cron="* * * * *").round()

    (content,) = [c for name, c in (await tree(place)).items() if name.endswith(".reqif")]
    assert content == (await export_reqif(graph, TANK)).document


async def test_document_that_is_not_there_yet_is_dropped_once_it_is(
    graph: Graph, place: Place, make_dropper: Make
) -> None:
    dropper = make_dropper(document=TANK)
    with pytest.raises(NotFoundError):
        await dropper.round()
    await load(graph, SAMPLES / "h2_tank.reqif")

    await dropper.round()

    assert len(await tree(place)) == 2


async def test_place_that_does_not_answer_is_told_and_tried_again(
    graph: Graph, place: Place, make_dropper: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(graph, "a")
    dropper = make_dropper()
    told: list[str | None] = []
    opened = dropper.place.open

    async def failing() -> None:
        if len(told) < 3:
            raise PlaceError("place: nobody answers")
        await opened()

    async def sleep(_: float) -> None:
        told.append(dropper.trouble)
        if dropper.files:
            raise asyncio.CancelledError

    monkeypatch.setattr(dropper.place, "open", failing)
    dropper.sleep = sleep
    with pytest.raises(asyncio.CancelledError):
        await dropper.run()

    assert told == ["place: nobody answers"] * 3 + [None]
    assert len(await tree(place)) == 2
