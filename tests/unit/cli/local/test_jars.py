"""Nothing runs but what was pinned, and a broken download goes on where it stopped."""

import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli.local import download, kafka, neo4j
from cli.local.errors import JarError
from cli.local.jars import Jar, find_damaged, missing_bytes, provide_jars, read_lock

CONTENT = bytes(range(256)) * 1000
JAR = Jar("org.example:thing:1.0:linux", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


@dataclass
class Repository:
    """A Maven repository that can be told to misbehave."""

    url: str = ""
    content: bytes = CONTENT
    break_after: int | None = None
    ignores_range: bool = False
    ranges: list[str | None] = field(default_factory=list)


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    monkeypatch.setattr(download, "PAUSES_S", (0.0, 0.0))
    told = Repository()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers["Range"]
            told.ranges.append(asked)
            if self.path != "/org/example/thing/1.0/thing-1.0-linux.jar":
                self.send_error(404)
                return
            begin = 0 if told.ignores_range else int(asked.removeprefix("bytes=").removesuffix("-"))
            self.send_response(200 if told.ignores_range else 206)
            self.send_header("Content-Length", str(len(told.content) - begin))
            self.end_headers()
            end, told.break_after = told.break_after, None
            self.wfile.write(told.content[begin:end])

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield told
        server.shutdown()
        thread.join()


def test_a_jar_is_fetched_once_and_then_comes_from_the_cache(
    repository: Repository, tmp_path: Path
) -> None:
    arrived: list[int] = []

    paths = provide_jars([JAR], tmp_path, repository.url, arrived.append)
    again = provide_jars([JAR], tmp_path, "http://127.0.0.1:9")

    assert [path.read_bytes() for path in paths] == [CONTENT]
    assert again == paths
    assert sum(arrived) == JAR.size
    assert missing_bytes([JAR], tmp_path) == 0


def test_an_interrupted_download_asks_only_for_the_rest(
    repository: Repository, tmp_path: Path
) -> None:
    repository.break_after = 100_000

    [path] = provide_jars([JAR], tmp_path, repository.url)

    assert path.read_bytes() == CONTENT
    assert repository.ranges == ["bytes=0-", "bytes=100000-"]


def test_a_download_resumes_in_the_next_run(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / f"{JAR.name}.part").write_bytes(CONTENT[:5000])

    [path] = provide_jars([JAR], tmp_path, repository.url)

    assert path.read_bytes() == CONTENT
    assert repository.ranges == ["bytes=5000-"]


def test_a_server_that_cannot_resume_sends_all_of_it(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / f"{JAR.name}.part").write_bytes(CONTENT[:5000])
    repository.ignores_range = True

    [path] = provide_jars([JAR], tmp_path, repository.url)

    assert path.read_bytes() == CONTENT


def test_a_damaged_part_of_a_download_is_not_kept(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / f"{JAR.name}.part").write_bytes(b"\xff" * 5000)

    with pytest.raises(JarError, match="not what was pinned"):
        provide_jars([JAR], tmp_path, repository.url)
    [path] = provide_jars([JAR], tmp_path, repository.url)

    assert path.read_bytes() == CONTENT


def test_a_jar_that_was_tampered_with_on_its_way_is_refused(
    repository: Repository, tmp_path: Path
) -> None:
    repository.content = CONTENT[:-1] + b"!"

    with pytest.raises(JarError, match="point UTCS_MAVEN_URL to a repository you trust"):
        provide_jars([JAR], tmp_path, repository.url)

    assert not (tmp_path / JAR.name).exists()


def test_a_jar_that_was_tampered_with_in_the_cache_is_refused(
    repository: Repository, tmp_path: Path
) -> None:
    [path] = provide_jars([JAR], tmp_path, repository.url)
    path.write_bytes(CONTENT[:-1] + b"!")

    with pytest.raises(JarError, match="delete that file and start again"):
        provide_jars([JAR], tmp_path, repository.url)

    assert find_damaged([JAR], tmp_path) == [JAR]


def test_a_jar_put_there_by_hand_is_checked_too(tmp_path: Path) -> None:
    (tmp_path / JAR.name).write_bytes(b"something else")

    with pytest.raises(JarError, match="not what was pinned"):
        provide_jars([JAR], tmp_path, "http://127.0.0.1:9")


def test_a_new_pin_for_the_same_name_is_not_satisfied_by_the_old_file(
    repository: Repository, tmp_path: Path
) -> None:
    provide_jars([JAR], tmp_path, repository.url)
    other = Jar(JAR.coordinates, "0" * 64, JAR.size)

    with pytest.raises(JarError, match="not what was pinned"):
        provide_jars([other], tmp_path, repository.url)


def test_no_network_is_explained_with_all_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "PAUSES_S", ())

    with pytest.raises(JarError) as caught:
        provide_jars([JAR], tmp_path, "http://127.0.0.1:9")

    for way_out in ("HTTPS_PROXY", "UTCS_MAVEN_URL", str(tmp_path), "Connection refused"):
        assert way_out in str(caught.value)


def test_a_missing_jar_is_not_asked_for_again_and_again(
    repository: Repository, tmp_path: Path
) -> None:
    with pytest.raises(JarError, match="Not Found"):
        provide_jars([Jar("a:b:1", "0" * 64, 1)], tmp_path, repository.url)

    assert len(repository.ranges) == 1


def test_a_folder_can_be_the_repository(tmp_path: Path) -> None:
    source = tmp_path / "mirror" / JAR.path
    source.parent.mkdir(parents=True)
    source.write_bytes(CONTENT)

    [path] = provide_jars([JAR], tmp_path / "cache", (tmp_path / "mirror").as_uri())

    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("lock", "product", "count"),
    [
        (neo4j.LOCK, f"org.neo4j:neo4j:{neo4j.VERSION}", 213),
        (kafka.LOCK, f"org.apache.kafka:kafka_2.13:{kafka.VERSION}", 46),
    ],
)
def test_a_lock_pins_its_product_and_each_jar_once(lock: str, product: str, count: int) -> None:
    jars = read_lock(lock)

    assert product in {jar.coordinates for jar in jars}
    assert len({jar.name for jar in jars}) == len(jars) == count
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in jars)


def test_two_jars_of_one_name_are_the_same_jar() -> None:
    """Both products share the cache, where a jar is found by its file name."""
    jars = {*read_lock(neo4j.LOCK), *read_lock(kafka.LOCK)}

    assert len({jar.name for jar in jars}) == len(jars)
