"""Which process a pid stands for, so that a recycled pid is never taken for ours."""

import sys
from pathlib import Path

import psutil
from pydantic import BaseModel, ConfigDict


class Process(BaseModel):
    """A pid with the birth of its process: together they name one process for ever."""

    model_config = ConfigDict(frozen=True)

    pid: int
    birth: str

    @classmethod
    def of(cls, pid: int) -> "Process | None":
        """The process that has this pid now; None if there is none or it is only a zombie."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return cls(pid=pid, birth=_birth(process))
        except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            return None

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return Process.of(self.pid) == self

    def send(self, signal: int) -> None:
        """Signal this process, and never another one that got its pid."""
        if self.is_alive():
            try:
                psutil.Process(self.pid).send_signal(signal)
            except psutil.NoSuchProcess:
                return

    def listens_on(self, port: int) -> bool:
        """Whether this process itself holds the listening socket of a TCP port.

        A port that answers proves nothing: another program may have taken it first. Asking who
        holds the socket gives no secret away, as logging in with our password would.
        """
        try:
            sockets = psutil.Process(self.pid).net_connections(kind="tcp")
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False
        return any(s.status == psutil.CONN_LISTEN and s.laddr.port == port for s in sockets)


def _birth(process: psutil.Process) -> str:
    # On Linux wall-clock start times move when the clock is set; ticks since this boot do not.
    if sys.platform == "linux":
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
        return f"{boot}:{stat.rpartition(')')[2].split()[19]}"
    return f"{process.create_time():.2f}"
