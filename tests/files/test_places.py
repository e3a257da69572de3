"""What is promised of every place, tried on a folder, a real SFTP server and a real S3 server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ingest.places.place import GoneError, Place


async def test_what_is_written_is_read_and_replaced_whole(place: Place) -> None:
    await place.write("a/b.txt", b"old")
    await place.write("a/b.txt", b"newer")

    assert await place.read("a/b.txt", 100) == b"newer"
    assert await place.read("a/b.txt", 3) == b"new"
    assert await place.read("a/none.txt", 3) is None
    assert await place.read("none/none.txt", 3) is None


async def test_of_many_who_make_a_file_one_succeeds(place: Place) -> None:
    made = await asyncio.gather(*(place.create("x/claim", b"%d" % n) for n in range(20)))

    assert made.count(True) == 1
    assert await place.read("x/claim", 10) == b"%d" % made.index(True)


async def test_entries_are_what_stands_directly_in_a_folder(place: Place) -> None:
    await place.write("one", b"1")
    await place.write("sub/two", b"22")

    top = {entry.name: entry.what for entry in await place.entries()}
    sub = {entry.name: entry.size for entry in await place.entries("sub")}

    assert top == {"one": "a file", "sub": "a folder"}
    assert sub == {"two": 2}
    assert await place.entries("none") == []


async def test_mark_differs_once_the_content_differs(place: Place) -> None:
    await place.write("a", b"1")
    before = await place.find("a")
    again = await place.find("a")
    await place.write("a", b"22")
    after = await place.find("a")

    assert before is not None
    assert after is not None
    assert again == before
    assert after.mark != before.mark
    assert await place.find("none") is None


async def test_large_files_come_and_go_whole(place: Place, tmp_path: Path) -> None:
    content = bytes(range(256)) * 40_000
    (tmp_path / "from").write_bytes(content)

    await place.store(tmp_path / "from", "deep/er/big")
    await place.fetch("deep/er/big", tmp_path / "to")

    assert (tmp_path / "to").read_bytes() == content
    assert [entry.name for entry in await place.entries("deep/er")] == ["big"]


async def test_moved_file_is_there_and_nowhere_else(place: Place) -> None:
    await place.write("a", b"1")

    await place.move("a", "done/x/a")

    assert await place.find("a") is None
    assert await place.read("done/x/a", 10) == b"1"
    with pytest.raises(GoneError, match="is there no longer"):
        await place.move("a", "done/x/b")


async def test_what_is_not_there_is_gone_or_nothing(place: Place, tmp_path: Path) -> None:
    await place.remove("none")
    await place.remove_folder("none")
    with pytest.raises(GoneError, match="is there no longer"):
        await place.fetch("none", tmp_path / "x")


async def test_full_folder_stays_and_an_empty_one_goes(place: Place) -> None:
    await place.write("f/a", b"1")
    await place.remove_folder("f")
    kept = await place.entries("f")
    await place.remove("f/a")
    await place.remove_folder("f")

    assert [entry.name for entry in kept] == ["a"]
    assert await place.entries() == []
