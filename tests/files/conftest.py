"""Real places for files: a folder, a folder behind a real sshd, a bucket of a real S3 server."""

from __future__ import annotations

import getpass
import os
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import s3fs

from cli.local.part import Part, Running
from cli.local.port import free_port
from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.patience import Patience
from ingest.pickup.pickup import Pickup
from ingest.pickup.settings import PickupSettings
from ingest.places.place import Place
from ingest.places.settings import PlaceSettings
from tests.conftest import GraphServer
from tests.provide import DEBIAN, go_program, program
from tests.store.conftest import empty

PATIENCE_S = 30.0
START_S = 0.05

FORMS = ("file", "sftp", "s3")
"""Every promise about places is tried on all of them."""


@pytest.fixture
async def graph(neo4j_server: GraphServer) -> AsyncIterator[Graph]:
    """An empty graph with the schema of this release."""
    async with await Graph.open(
        neo4j_server.uri, neo4j_server.user, neo4j_server.password, timeout_s=120
    ) as opened:
        await empty(opened)
        yield opened


@dataclass(frozen=True)
class SftpServer:
    """An sshd of this run alone."""

    port: int
    known_hosts: Path
    fingerprint: str
    key: Path
    user: str


@pytest.fixture(scope="session")
def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    """A real sshd on a free loopback port, with a host key and a user's key of its own."""
    sshd = program(DEBIAN["openssh-server"])
    if sshd is None:
        pytest.skip("no SSH server")
    folder, port = tmp_path_factory.mktemp("sshd"), free_port()
    for name in ("host", "user"):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
    public = (folder / "host.pub").read_text().split()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n")
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/user.pub\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"
        "Subsystem sftp internal-sftp\nForceCommand internal-sftp\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where it separates privileges
    said = _run("ssh-keygen", "-l", "-E", "sha256", "-f", str(folder / "host.pub"))
    with _served([str(sshd), "-D", "-e", "-f", str(folder / "config")], port, folder):
        yield SftpServer(
            port, folder / "known_hosts", said.split()[1], folder / "user", getpass.getuser()
        )


@dataclass(frozen=True)
class S3Server:
    """An S3 server of this run alone."""

    endpoint: str
    key: str = "testkey"
    secret: str = "testsecret1"


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server on a free loopback port."""
    gateway = go_program("versitygw")
    if not gateway.exists():
        pytest.skip("no S3 server")
    folder, port = tmp_path_factory.mktemp("s3"), free_port()
    (folder / "data").mkdir()
    server = S3Server(f"http://127.0.0.1:{port}")
    command = [str(gateway), "--quiet", "--access", server.key, "--secret", server.secret]
    command += ["--port", f"127.0.0.1:{port}", "posix", str(folder / "data")]
    with _served(command, port, folder):
        yield server


class _served:  # noqa: N801 - read as a word at its one use
    """A server for as long as this is entered."""

    def __init__(self, command: list[str], port: int, folder: Path) -> None:
        url = f"tcp://127.0.0.1:{port}"
        self._part = Part(command[0], command, url, port, folder / "log")

    def __enter__(self) -> None:
        self._running = Running(self._part)
        deadline = time.monotonic() + PATIENCE_S
        while not self._running.process.listens_on(self._part.port):
            if self._running.has_ended or time.monotonic() > deadline:
                said = self._part.log.read_text(errors="replace")
                self._running.stop()
                pytest.fail(f"{self._part.name} did not start: {said[-1000:]}")
            time.sleep(START_S)

    def __exit__(self, *_: object) -> None:
        self._running.stop()


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


Where = dict[str, Any]
"""What settings say of one place."""


@pytest.fixture
def make_where(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Where]:
    """Makes an empty place of a form."""

    def make(form: str) -> Where:
        name = uuid4().hex[:8]
        if form == "s3":
            server = request.getfixturevalue("s3_server")
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.key)
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.secret)
            bucket = f"bucket-{name}"
            s3fs.S3FileSystem(
                key=server.key,
                secret=server.secret,
                client_kwargs={"endpoint_url": server.endpoint},
                skip_instance_cache=True,
            ).mkdir(bucket)
            return {
                "url": f"s3://{bucket}/in",
                "endpoint": server.endpoint,
                "region": "us-east-1",
            }
        folder = tmp_path / f"place-{name}"
        folder.mkdir()
        if form == "file":
            return {"url": f"file://{folder}"}
        server = request.getfixturevalue("sftp_server")
        url = f"sftp://{server.user}@127.0.0.1:{server.port}/{folder}"
        return {"url": url, "known_hosts": server.known_hosts, "key": server.key}

    return make


@pytest.fixture(params=FORMS)
def where(request: pytest.FixtureRequest, make_where: Callable[[str], Where]) -> Where:
    """An empty place, once of each form."""
    return make_where(request.param)


@pytest.fixture
async def place(where: Where) -> AsyncIterator[Place]:
    """The same place, as the sender of files sees it."""
    opened = PlaceSettings(**where).place()
    await opened.open()
    yield opened
    await opened.close()


async def no_wait(_: float) -> None:
    """Time does not matter here."""


@pytest.fixture
async def make_pickup(graph: Graph, where: Where) -> AsyncIterator[Callable[..., Pickup]]:
    """Makes a pick-up of the place, as one worker has it."""
    made: list[Pickup] = []

    def make(**changes: Any) -> Pickup:
        given = {"name": "dock", "authority": "ACME", "settle_s": 0, "lease_s": 60} | where
        settings = PickupSettings(**given | changes)
        principal = Principal.of("worker", "admin")
        pickup = Pickup(settings, settings.place(), graph, principal, Patience(attempts=3), no_wait)
        made.append(pickup)
        return pickup

    yield make
    for pickup in made:
        await pickup.place.close()
