"""One long-running process on this machine: how it is started, known to be ready, and stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.local import watchdog
from cli.local.errors import PartError
from cli.local.identity import Process
from cli.local.probe import find_trouble

POLL_S = 0.05


@dataclass(frozen=True)
class Part:
    """What the supervisor must know of a process.

    Attributes:
        name: What people call it: `graph`, `queue`, `api`.
        command: The program and its arguments.
        url: Where it answers, `bolt://…`, `kafka://…` or `http://…`; asked without a password.
        port: The TCP port on 127.0.0.1 that it must hold itself.
        log: Where its output goes.
        environment: Variables on top of our own.
        folder: Its working folder.
        other_ports: Further ports that it must hold itself.
        needs: The names of the parts that must be ready before it is started.
        ready_within_s: How long a start may take.
        stop_within_s: How long a clean stop may take before it is killed.
    """

    name: str
    command: Sequence[str]
    url: str
    port: int
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    other_ports: Sequence[int] = ()
    needs: Sequence[str] = ()
    ready_within_s: float = 120.0
    stop_within_s: float = 15.0

    @property
    def ports(self) -> tuple[int, ...]:
        """All ports that it must hold itself."""
        return (self.port, *self.other_ports)


class Running:
    """A part that was started; it ends with `stop`, and at the latest when this process dies.

    Make it in the main thread: Linux counts the death of the thread that made it.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self._started = time.monotonic()
        # Nobody writes: the watchdog sees the pipe break when our end is closed by our death.
        read_end, self._lifeline = os.pipe()
        try:
            self._child = self._start(read_end)
        finally:
            os.close(read_end)
        pid = self._child.pid
        self.process = Process.of(pid) or Process(pid=pid, birth="ended at once")

    def _start(self, read_end: int) -> subprocess.Popen[bytes]:
        part = self.part
        part.log.parent.mkdir(parents=True, exist_ok=True)
        shim = [sys.executable, "-I", "-S", watchdog.__file__, str(os.getpid()), str(read_end)]
        with part.log.open("ab") as log:
            return subprocess.Popen(
                [*shim, *part.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=part.folder,
                env={**os.environ, **part.environment},
                start_new_session=True,  # a Ctrl-C in the terminal is ours to handle, not its
                pass_fds=[read_end],
            )

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._child.poll() is not None

    @property
    def is_late(self) -> bool:
        """Whether the time for its start is over."""
        return time.monotonic() - self._started > self.part.ready_within_s

    def find_trouble(self) -> str | None:
        """Why it cannot do its work yet; None once it, and no other program, answers."""
        trouble = find_trouble(self.part.url)
        if trouble is None and not all(map(self.process.listens_on, self.part.ports)):
            return f"another program answers at {self.part.url}"
        return trouble

    def wait_ready(self) -> None:
        """Return once the part answers.

        Raises:
            PartError: if it ends or is not ready in time.
        """
        while self.has_ended or self.find_trouble():
            if self.has_ended or self.is_late:
                raise self.failure()
            time.sleep(POLL_S)

    def failure(self) -> PartError:
        """Why the part does not run, with the last line of its log."""
        code = self._child.poll()
        what = "did not become ready" if code is None else f"ended with status {code}"
        return PartError(
            f"the {self.part.name} {what}{self._stranger()}; its log {self.part.log} ends with: "
            f"{last_line(self.part.log)!r}",
            part=self.part.name,
        )

    def _stranger(self) -> str:
        """Says so if another program answers on one of the part's ports."""
        taken = [port for port in self.part.ports if self._is_taken(port)]
        if not taken:
            return ""
        return f" because another program has taken port {taken[0]} meanwhile; run `utcs up` again"

    def _is_taken(self, port: int) -> bool:
        with socket.socket() as probe:
            is_open = probe.connect_ex(("127.0.0.1", port)) == 0
        return is_open and not self.process.listens_on(port)

    def stop(self) -> int:
        """Ask it to end, and kill it if it does not; gives its exit status."""
        if not self.has_ended:
            self._child.send_signal(signal.SIGTERM)
        try:
            status = self._child.wait(self.part.stop_within_s)
        except subprocess.TimeoutExpired:
            self._child.kill()
            status = self._child.wait()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        return status


def last_line(log: Path) -> str:
    """The last line of a log that says something."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        lines = file.read().decode(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "")
