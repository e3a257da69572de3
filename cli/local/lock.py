"""One holder at a time, across processes; the kernel lets go when the holder dies."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cli.local.errors import AlreadyRunningError


@contextmanager
def hold_lock(path: Path, *, patience_s: float = 0.0) -> Iterator[None]:
    """Hold the lock for the length of a `with` block.

    The file stays behind on purpose: deleting it would let two holders lock two files of one name.
    A file left by a power loss holds nobody up, because the lock is the kernel's and not the file.

    Args:
        path: The lock's file.
        patience_s: How long to wait for another holder.

    Raises:
        AlreadyRunningError: if another process holds it all that time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience_s
    with path.open("a+b") as file:
        while not _try(file):
            if time.monotonic() >= deadline:
                raise AlreadyRunningError(f"{path} is held by another process", path=path)
            time.sleep(0.05)
        yield


def _try(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now."""
    try:
        with hold_lock(path):
            return False
    except AlreadyRunningError:
        return True
