from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from graph.errors import TraceError
from ingest.exchange import read_exchange
from ingest.places.place import PlaceError
from ingest.places.settings import PlaceSettings
from ingest.places.sftp import SftpPlace

SFTP = {"url": "sftp://u@h/in", "key": "/k"}
PRINT = f"SHA256:{'a' * 43}"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"url": "ftp://h/in"}, "is no place; begin with file:///, sftp:// or s3://"),
        ({"url": "file://srv/in"}, "give the whole path"),
        ({"url": "s3:///in"}, "names no bucket"),
        ({"url": "sftp:///in"}, "names no server"),
        ({"url": "sftp://h/in"}, "names no user"),
        ({"url": "sftp://u:secret@h/in"}, "a password does not belong here"),
        ({"url": "file:///in", "key": "/k"}, "key: a place with file:// takes none"),
        ({"url": "s3://b/in", "fingerprint": PRINT}, "fingerprint: a place with s3:// takes none"),
        (SFTP, "known_hosts, fingerprint: one of them must say"),
        (SFTP | {"known_hosts": "/k", "fingerprint": PRINT}, "one of them must say"),
        (SFTP | {"fingerprint": "MD5:aa"}, "fingerprint"),
        ({"url": "sftp://u@h/in", "fingerprint": PRINT}, "one of them must let us in"),
        ({"url": "file:///in", "surprise": 1}, "surprise"),
    ],
)
def test_place_that_cannot_be_meant_is_refused(given: Any, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        PlaceSettings(**given)


def test_path_on_a_server_is_below_home_unless_it_begins_with_two_slashes() -> None:
    below = PlaceSettings(**SFTP, fingerprint=PRINT).place()
    above = PlaceSettings(url="sftp://u@h:2222//srv/in", key=Path("/k"), fingerprint=PRINT).place()

    assert isinstance(below, SftpPlace)
    assert isinstance(above, SftpPlace)
    assert (below.root, below.port) == ("in", 22)
    assert (above.root, above.port) == ("/srv/in", 2222)


def test_secret_that_is_not_there_is_told(tmp_path: Path) -> None:
    given: Any = {"url": "sftp://u@h/in", "fingerprint": PRINT}
    with pytest.raises(PlaceError, match="UTCS_NO_SUCH is not set"):
        PlaceSettings(**given, password_env="UTCS_NO_SUCH").place()
    with pytest.raises(PlaceError, match=r"password_file: .*none cannot be read"):
        PlaceSettings(**given, password_file=tmp_path / "none").place()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "is not TOML"),
        ("surprise = 1", "surprise"),
        ('[[pickup]]\nname = "a"\nurl = "file:///x"', r"pickup.0.authority: is missing"),
        ('[[pickup]]\nname = "A"\nurl = "file:///x"\nauthority = "X1"', "pickup.0.name"),
        (
            '[[pickup]]\nname = "a"\nurl = "file:///x"\nauthority = "XX"\n' * 2,
            "'a' stands there twice",
        ),
    ],
)
def test_file_of_places_that_cannot_be_meant_is_refused_by_name(
    tmp_path: Path, text: str, problem: str
) -> None:
    (path := tmp_path / "places.toml").write_text(text)

    with pytest.raises(TraceError, match=problem) as caught:
        read_exchange(path)

    assert caught.value.message.startswith("places.toml: ")


def test_file_of_places_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match=r"none\.toml: cannot be read: No such file"):
        read_exchange(tmp_path / "none.toml")
