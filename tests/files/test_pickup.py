"""Files that are picked up: each once, whole, with a receipt, wherever they lie and whatever happens."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from graph.store.database import Graph
from ingest.pickup.manifest import write_manifest
from ingest.pickup.pickup import Pickup
from ingest.places.place import Place
from tests.store.saying import event, serial

TABLE = b"id,name\nR1,one\nR2,two\n"
MOST = 10_000_000

Make = Callable[..., Pickup]


def manifest(**files: bytes) -> bytes:
    return write_manifest(
        (name, len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()
    )


def lines(*ids: str, **more: Any) -> bytes:
    return b"\n".join(orjson.dumps(event(serial(id), id=id, **more)) for id in ids) + b"\n"


async def logged(graph: Graph) -> list[str]:
    return [id for (id,) in await graph.read("MATCH (c:Change) RETURN c.id ORDER BY c.seq")]


async def tree(place: Place, folder: str = "") -> dict[str, bytes]:
    """Returns every file in a place, without the folder that is named after its time."""
    found: dict[str, bytes] = {}
    for entry in await place.entries(folder):
        path = f"{folder}/{entry.name}".lstrip("/")
        if entry.what == "a folder":
            found |= await tree(place, path)
        else:
            parts = path.split("/")
            short = "/".join(parts[:1] + parts[2:]) if parts[0] in ("done", "quarantine") else path
            found[short] = await place.read(path, MOST) or b""
    return found


def receipt(found: dict[str, bytes], name: str, end: str = "done") -> dict[str, Any]:
    return dict(json.loads(found[f"{end}/{name}.receipt.json"]))


async def test_file_is_loaded_and_ends_in_done_with_a_receipt(
    graph: Graph, place: Place, make_pickup: Make
) -> None:
    await place.write("a.csv", TABLE)
    pickup = make_pickup()

    await pickup.round()

    found = await tree(place)
    assert set(found) == {"done/a.csv", "done/a.csv.receipt.json"}
    assert found["done/a.csv"] == TABLE
    told = receipt(found, "a.csv")
    assert (told["counts"], told["seq"], told["attempts"]) == ({"applied": 2}, [1, 2], 1)
    assert told["sha256"] == hashlib.sha256(TABLE).hexdigest()
    assert (told["file"], told["end"], told["reason"]) == ("a.csv", "done", None)
    assert (dict(pickup.files), dict(pickup.events)) == ({"done": 1}, {"applied": 2})


async def test_same_file_again_changes_nothing_and_has_its_own_receipt(
    graph: Graph, place: Place, make_pickup: Make
) -> None:
    pickup = make_pickup(source="urn:erp")
    for _ in range(2):
        await place.write("a.jsonl", lines("1", "2"))
        await pickup.round()

    ends = await place.entries("done")
    told = [
        json.loads(await place.read(f"done/{end.name}/a.jsonl.receipt.json", MOST) or b"")
        for end in sorted(ends, key=lambda end: end.name)
    ]
    assert [one["counts"] for one in told] == [{"applied": 2}, {"duplicate": 2}]
    assert [one["seq"] for one in told] == [[1, 2], None]
    assert await logged(graph) == ["1", "2"]


async def test_what_was_refused_stands_beside_the_receipt(
    place: Place, make_pickup: Make, graph: Graph
) -> None:
    bad = orjson.dumps(event(serial("c", colour="red"), id="3"))
    await place.write("a.jsonl", lines("1") + b"nonsense\n" + bad + b"\n")

    await make_pickup().round()

    found = await tree(place)
    told = receipt(found, "a.jsonl")
    assert told["counts"] == {"applied": 1, "rejected": 2}
    assert told["refused"] == "a.jsonl.refused.jsonl"
    refused = [json.loads(line) for line in found["done/a.jsonl.refused.jsonl"].splitlines()]
    assert [one["where"] for one in refused] == ["line 2", "line 3"]
    assert "not JSON" in refused[0]["reason"]
    assert "colour" in refused[1]["reason"]


async def test_file_waits_until_it_has_stood_unchanged(place: Place, make_pickup: Make) -> None:
    pickup = make_pickup(settle_s=10)
    now = 0.0
    pickup.lookout.clock = lambda: now
    await place.write("a.csv", b"id,name\n")
    await pickup.round()
    now = 9.0
    await place.write("a.csv", TABLE)
    await pickup.round()
    now = 18.0
    await pickup.round()
    waiting = (await tree(place), pickup.waiting)
    now = 19.0
    await pickup.round()

    assert waiting == ({"a.csv": TABLE}, 1)
    assert receipt(await tree(place), "a.csv")["counts"] == {"applied": 2}
    assert pickup.waiting == 0


async def test_with_a_manifest_it_is_taken_as_soon_as_it_is_whole(
    place: Place, make_pickup: Make
) -> None:
    pickup = make_pickup(settle_s=3600)
    await place.write("a.csv.manifest.json", manifest(**{"a.csv": TABLE}))
    await place.write("a.csv", TABLE[:10])
    await pickup.round()
    before = set(await tree(place))
    await place.write("a.csv", TABLE)
    await pickup.round()

    assert before == {"a.csv", "a.csv.manifest.json"}
    found = await tree(place)
    assert set(found) == {"done/a.csv", "done/a.csv.receipt.json", "done/a.csv.manifest.json"}
    assert receipt(found, "a.csv")["manifest"] == "a.csv.manifest.json"


async def test_where_a_manifest_is_needed_a_file_waits_for_it(
    place: Place, make_pickup: Make
) -> None:
    pickup = make_pickup(needs_manifest=True)
    await place.write("a.csv", TABLE)
    await pickup.round()
    before = (set(await tree(place)), pickup.waiting)
    await place.write("m.manifest.json", manifest(**{"a.csv": TABLE}))
    await pickup.round()

    assert before == ({"a.csv"}, 1)
    assert receipt(await tree(place), "a.csv")["end"] == "done"


async def test_one_manifest_speaks_for_many_and_goes_with_the_last(
    place: Place, make_pickup: Make
) -> None:
    other = b"id,name\nR3,three\n"
    pickup = make_pickup(settle_s=3600)
    await place.write("all.manifest.json", manifest(**{"a.csv": TABLE, "b.csv": other}))
    await place.write("a.csv", TABLE)
    await pickup.round()
    between = set(await tree(place))
    await place.write("b.csv", other)
    await pickup.round()

    assert {"all.manifest.json", "done/a.csv"} < between
    assert set(await tree(place)) == {
        "done/a.csv", "done/a.csv.receipt.json",
        "done/b.csv", "done/b.csv.receipt.json", "done/all.manifest.json",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "said", "reason"),
    [
        (TABLE[:-1] + b"!", TABLE, "its SHA-256 is .*, but a.csv.manifest.json says"),
        (TABLE + b"x", TABLE, "it has 23 bytes, but a.csv.manifest.json says 22"),
    ],
)
async def test_file_that_is_not_what_its_manifest_says_is_put_aside(
    place: Place, make_pickup: Make, graph: Graph, content: bytes, said: bytes, reason: str
) -> None:
    await place.write("a.csv", content)
    await place.write("a.csv.manifest.json", manifest(**{"a.csv": said}))

    pickup = make_pickup()
    await pickup.round()

    found = await tree(place)
    told = receipt(found, "a.csv", "quarantine")
    assert found["quarantine/a.csv"] == content
    assert "quarantine/a.csv.manifest.json" in found
    assert told["counts"] == {}
    assert re.search(reason, told["reason"])
    assert await logged(graph) == []
    assert dict(pickup.files) == {"quarantine": 1}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"{", "a.csv.manifest.json is no manifest: not JSON"),
        (b'{"name": "a.csv", "size": -1, "sha256": "x"}', "size: .*sha256: "),
        (b'{"name": "a.csv", "name": "a.csv"}', "is named 2 times"),
        (b'{"files": []}', "files: "),
    ],
)
async def test_file_whose_manifest_cannot_be_read_is_put_aside(
    place: Place, make_pickup: Make, graph: Graph, said: bytes, reason: str
) -> None:
    await place.write("a.csv", TABLE)
    await place.write("a.csv.manifest.json", said)

    await make_pickup().round()

    told = receipt(await tree(place), "a.csv", "quarantine")
    assert re.search(reason, told["reason"])
    assert await logged(graph) == []


async def test_manifest_that_cannot_be_read_and_speaks_of_nobody_is_put_aside(
    place: Place, make_pickup: Make
) -> None:
    await place.write("all.manifest.json", b"{")

    await make_pickup().round()

    told = receipt(await tree(place), "all.manifest.json", "quarantine")
    assert "is no manifest" in told["reason"]


async def test_two_manifests_that_contradict_each_other_stop_their_file(
    place: Place, make_pickup: Make
) -> None:
    await place.write("a.csv", TABLE)
    await place.write("1.manifest.json", manifest(**{"a.csv": TABLE}))
    await place.write("2.manifest.json", manifest(**{"a.csv": TABLE[:-1]}))

    await make_pickup().round()

    told = receipt(await tree(place), "a.csv", "quarantine")
    assert "1.manifest.json and 2.manifest.json say different things" in told["reason"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", b"", "a.csv: is empty"),
        ("a.exe", b"MZ\x90", "is of no known format"),
        ("a.csv", b"what,ever\n1,2\n", "no mapping fits"),
        ("a.csv", b"id,name\n" + b"x" * 200, "at most 100 are taken; split it"),
        ("x" * 201 + ".csv", b"id,name\nA,b\n", "its name is over 200 bytes"),
    ],
)
async def test_file_that_is_no_use_is_put_aside_with_the_reason(
    place: Place, make_pickup: Make, name: str, content: bytes, reason: str
) -> None:
    await place.write(name, content)

    await make_pickup(most_bytes=100).round()

    found = await tree(place)
    (path,) = [path for path in found if path.endswith(".receipt.json")]
    told = json.loads(found[path])
    assert (told["file"], told["end"]) == (name, "quarantine")
    assert reason in told["reason"]
    assert found[path.removesuffix(".receipt.json")] == content


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("new\nline.csv", "its name holds U+000A"),
        ("back\\slash.csv", "its name holds U+005C"),
        ("tur\u202en.csv", "its name holds U+202E"),
    ],
)
async def test_name_that_could_mislead_is_put_aside_under_a_harmless_one(
    place: Place, make_pickup: Make, name: str, reason: str
) -> None:
    await place.write(name, TABLE)

    await make_pickup().round()

    found = await tree(place)
    (path,) = [path for path in found if path.endswith(".receipt.json")]
    assert json.loads(found[path])["file"] == name
    assert reason in json.loads(found[path])["reason"]
    assert path.isprintable()
    assert "\\" not in path


@pytest.mark.parametrize("name", ["übergabe 1.csv", "a;b'c\"d$(x).csv", "%2e%2e.csv"])
async def test_unusual_but_honest_name_is_taken(place: Place, make_pickup: Make, name: str) -> None:
    await place.write(name, TABLE)

    await make_pickup().round()

    assert set(await tree(place)) == {f"done/{name}", f"done/{name}.receipt.json"}


async def test_what_is_still_written_or_hidden_or_in_a_folder_is_passed_over(
    place: Place, make_pickup: Make
) -> None:
    names = [".hidden.csv", "a.csv.part", "b.csv.TMP", "folder/c.csv"]
    for name in names:
        await place.write(name, TABLE)

    await make_pickup().round()

    assert set(await tree(place)) == set(names)


async def test_two_workers_take_each_file_once(
    graph: Graph, place: Place, make_pickup: Make
) -> None:
    for n in range(12):
        await place.write(f"{n:02}.jsonl", lines(f"e{n}a", f"e{n}b"))
    one, two, three = make_pickup(), make_pickup(), make_pickup()

    await asyncio.gather(one.round(), two.round(), three.round())

    found = await tree(place)
    told = [receipt(found, f"{n:02}.jsonl") for n in range(12)]
    assert [one["counts"] for one in told] == [{"applied": 2}] * 12
    assert sum(p.files["done"] for p in (one, two, three)) == 12
    assert len(await logged(graph)) == 24
    assert len(found) == 24
