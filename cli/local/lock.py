"""One holder at a time, across processes; the kernel lets go when the holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.local.errors import AlreadyRunningError


@contextmanager
def hold_lock(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock for the length of a `with` block.

    The file stays behind on purpose: deleting it would let two holders lock two files of one name.
    A file left by a power loss holds nobody up, because the lock is the kernel's and not the file.

    Raises:
        AlreadyRunningError: if another process holds it and `wait` is false.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise AlreadyRunningError(f"{path} is held by another process", path=path) from error
        yield


def is_held(path: Path) -> bool:
    """Whether some process holds the lock now."""
    try:
        with hold_lock(path):
            return False
    except AlreadyRunningError:
        return True
