"""A real PostgreSQL for tests, on a free port of loopback, that can be killed and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from cli.local.port import free_port
from tests.provide import DEBIAN, program

START_WITHIN_S = 60.0


def find_programs() -> Path | None:
    """The folder of PostgreSQL's programs, if it is installed."""
    found = program(DEBIAN["postgresql"])
    return None if found is None else found.parent


class PostgresServer:
    """One PostgreSQL with a data folder of its own; it does not run as root, so it owns that folder."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # Not below pytest's folders, which are closed to others than the one who runs the tests.
        self._folder = Path(tempfile.mkdtemp(prefix="utcs-postgres-"))
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        subprocess.run(
            self._as_owner("initdb", "--auth=trust", "--username=utcs", "--no-sync", "-D", "data"),
            check=True,
            capture_output=True,
            cwd=self._folder,
        )

    def uri(self, database: str = "postgres") -> str:
        return f"postgresql://utcs@127.0.0.1:{self._port}/{database}"

    @property
    def port(self) -> int:
        return self._port

    def start(self) -> None:
        """Return once it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._as_owner(
                    "postgres", "-D", "data", "-p", str(self._port), "-k", str(self._folder), "-F",
                    "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=40",
                    "-c", "wal_level=logical",  # its changes can be captured
                ),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder,
            )  # fmt: skip
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            try:
                psycopg.connect(self.uri()).close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def kill(self) -> None:
        """End it as a loss of power would: its children notice that their parent is gone, and end."""
        assert self._process
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._await_children()

    def stop(self) -> None:
        """End it, and take its folder away."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _await_children(self) -> None:
        """Return once nobody listens, so that a new start does not meet what is left of the old one."""
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.uri()).close()
            except psycopg.OperationalError:
                return
            time.sleep(0.05)

    def _as_owner(self, name: str, *arguments: str) -> list[str]:
        """A command that ends when we do, however we end."""
        owner = (
            ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        )
        program = str(self._programs / name)
        return ["setpriv", "--pdeathsig=INT", *owner, program, *arguments]
