"""What a place may hold that must do no harm: links, pipes, servers that are not who they say."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graph.store.database import Graph
from ingest.pickup.pickup import Pickup
from ingest.places.place import Place, PlaceError
from ingest.places.s3 import S3Place
from ingest.places.settings import PlaceSettings
from tests.files.conftest import SftpServer, Where
from tests.files.test_pickup import TABLE, logged, receipt, tree

Make = Callable[..., Pickup]


@pytest.fixture(params=["file", "sftp"])
def where(request: pytest.FixtureRequest, make_where: Callable[[str], Where]) -> Where:
    """A place on a file system, where names can lead elsewhere."""
    return make_where(request.param)


@pytest.fixture
def folder(where: Where) -> Path:
    """The same place, as the machine that it is on sees it."""
    return Path("/" + where["url"].split("//", 1)[1].split("/", 1)[1].lstrip("/"))


def put_aside(folder: Path) -> Path:
    """Returns the receipt of the one file in quarantine."""
    (receipt,) = folder.glob("quarantine/*/*.receipt.json")
    return receipt


async def test_link_is_put_aside_and_never_followed(
    folder: Path, place: Place, make_pickup: Make, graph: Graph, tmp_path: Path
) -> None:
    (secret := tmp_path / "secret.csv").write_bytes(TABLE)
    (folder / "a.csv").symlink_to(secret)

    await make_pickup().round()

    told = put_aside(folder)
    said = json.loads(told.read_text())
    assert (said["reason"], said["sha256"]) == ("it is a symbolic link; send the file itself", None)
    assert told.with_name("a.csv").is_symlink()
    assert secret.read_bytes() == TABLE
    assert await logged(graph) == []


async def test_pipe_is_put_aside_and_nobody_waits_for_it(folder: Path, make_pickup: Make) -> None:
    os.mkfifo(folder / "a.csv")

    await make_pickup().round()

    told = put_aside(folder)
    assert json.loads(told.read_text())["reason"].startswith("it is a special file")


async def test_folder_of_ours_that_leads_elsewhere_stops_the_pickup(
    folder: Path, make_pickup: Make, tmp_path: Path
) -> None:
    (folder / "a.csv").write_bytes(TABLE)
    (folder / "done").symlink_to(tmp_path)

    with pytest.raises(PlaceError, match="done is a symbolic link; take it away"):
        await make_pickup().round()


async def test_file_that_is_written_to_while_it_is_taken_is_put_aside(
    folder: Path, place: Place, make_pickup: Make, graph: Graph
) -> None:
    (folder / "a.csv").write_bytes(TABLE)
    pickup = make_pickup()
    fetch = pickup.place.fetch

    async def late(path: str, to: Path) -> None:
        with (folder / "processing" / "a.csv" / "content").open("ab") as file:
            file.write(b"R3,three\n")
        await fetch(path, to)

    pickup.place.fetch = late  # type: ignore[method-assign]
    await pickup.round()

    told = receipt(await tree(place), "a.csv", "quarantine")
    assert "it was written to while it was taken" in told["reason"]
    assert await logged(graph) == []


async def test_name_that_is_no_utf8_is_put_aside(
    folder: Path, make_pickup: Make, graph: Graph
) -> None:
    (folder / os.fsdecode(b"caf\xe9.csv")).write_bytes(TABLE)

    await make_pickup().round()

    told = put_aside(folder)
    assert json.loads(told.read_text())["reason"] == "its name is not UTF-8; rename it"
    assert told.name.isascii()


async def test_two_gigabytes_are_refused_unread(
    folder: Path, make_pickup: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (folder / "a.csv").open("wb") as file:
        file.truncate(2 * 1024**3)
    pickup = make_pickup()
    monkeypatch.setattr(pickup.place, "fetch", None)  # it is not even asked for

    await pickup.round()

    told = put_aside(folder)
    assert "2,147,483,648 bytes, at most 536,870,912" in json.loads(told.read_text())["reason"]


def at(server: SftpServer, folder: Path, **given: Any) -> Place:
    url = f"sftp://{server.user}@127.0.0.1:{server.port}/{folder}"
    return PlaceSettings(url=url, key=server.key, **given).place()


async def test_server_with_another_key_is_not_let_near(
    sftp_server: SftpServer, tmp_path: Path
) -> None:
    (empty := tmp_path / "empty").touch()
    other = f"SHA256:{'A' * 43}"

    for given in ({"known_hosts": empty}, {"fingerprint": other}):
        with pytest.raises(PlaceError, match="the server's key is not the one that"):
            await at(sftp_server, tmp_path, **given).open()


async def test_fingerprint_is_enough(sftp_server: SftpServer, tmp_path: Path) -> None:
    place = at(sftp_server, tmp_path, fingerprint=sftp_server.fingerprint)

    await place.open()

    assert await place.entries() == []
    await place.close()


async def test_server_that_is_not_there_and_folder_that_is_not_there_are_told(
    sftp_server: SftpServer, tmp_path: Path
) -> None:
    known = {"known_hosts": sftp_server.known_hosts}
    with pytest.raises(PlaceError, match="is no folder; make it"):
        await at(sftp_server, tmp_path / "none", **known).open()
    gone = replace(sftp_server, port=1)
    with pytest.raises(PlaceError, match=r"127\.0\.0\.1:1/"):
        await at(gone, tmp_path, **known).open()


async def test_password_stands_in_no_message(sftp_server: SftpServer, tmp_path: Path) -> None:
    (secret := tmp_path / "password").write_text("hunter2\n")
    place = PlaceSettings(
        url=f"sftp://{sftp_server.user}@127.0.0.1:{sftp_server.port}/{tmp_path}",
        known_hosts=sftp_server.known_hosts,
        password_file=secret,
    ).place()

    with pytest.raises(PlaceError, match=r"lets .* not in") as caught:
        await place.open()

    assert "hunter2" not in f"{caught.value} {place} {place!r}"


async def test_s3_server_that_lets_everybody_make_the_same_object_is_refused(
    make_where: Callable[[str], Where], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = make_where("s3")
    place = PlaceSettings(**where).place()
    assert isinstance(place, S3Place)

    async def careless(path: str, content: bytes) -> bool:
        await place.write(path, content)
        return True

    monkeypatch.setattr(place, "create", careless)
    with pytest.raises(PlaceError, match="ignores If-None-Match"):
        await place.open()


async def test_s3_bucket_that_is_not_there_is_told(make_where: Callable[[str], Where]) -> None:
    where = make_where("s3") | {"url": "s3://no-such-bucket/in"}

    with pytest.raises(PlaceError, match="s3://no-such-bucket/in/: "):
        await PlaceSettings(**where).place().open()
