"""Start a program that cannot outlive its parent, not even one killed with -9.

    python watchdog.py PARENT_PID PIPE_FD program argument…

On Linux the kernel is asked to kill the program when its parent dies. Elsewhere a small process
watches a pipe whose other end only the parent holds. Standard library only, run as a file: it
starts in 30 ms and then becomes the program, so the pid stays the same.

SIGKILL and not SIGTERM: a program that hangs must go too, and the next start must not meet the old
one on its way out. The store survives that (test_kill_loses_nothing_acknowledged).
"""

import ctypes
import os
import select
import signal
import sys

PR_SET_PDEATHSIG = 1
"""prctl(2); the request survives execve(2)."""
POLL_S = 1.0


def bind_to_parent(parent: int, pipe: int) -> None:
    """Tie the life of this process to its parent's."""
    if not _ask_kernel():
        _fork_watcher(pipe)
    os.close(pipe)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGKILL)


def _ask_kernel() -> bool:
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)


def _fork_watcher(pipe: int) -> None:
    watched = os.getpid()
    if os.fork():
        return
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it goes when the watched one is gone
    watch(pipe, watched)
    os._exit(0)


def watch(pipe: int, watched: int) -> None:
    """Return once the watched process, our parent, is gone; kill it when the pipe breaks."""
    while os.getppid() == watched:
        readable, _, _ = select.select([pipe], [], [], POLL_S)
        if readable and not os.read(pipe, 1):
            os.kill(watched, signal.SIGKILL)
            return


if __name__ == "__main__":
    bind_to_parent(int(sys.argv[1]), int(sys.argv[2]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 - becoming the program is the point
