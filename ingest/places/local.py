"""A folder of this machine."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, TypeVar
from uuid import uuid4

from ingest.places.place import CHUNK, Entry, GoneError, PlaceError

Answer = TypeVar("Answer")

_NOT_FOLLOWED: Final = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""A link is never followed, and a pipe never waited for."""

_KINDS: Final = {
    stat.S_IFREG: "a file",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
}


class LocalPlace:
    """A folder of this machine; see `Place`."""

    moves_at_once = True

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return f"file://{self.root}"

    async def open(self) -> None:
        """Makes sure that the folder is there: one that is made by mistake would stay empty for ever."""
        async with self._told():
            if not await asyncio.to_thread(self.root.is_dir):
                raise PlaceError(f"place: {self} is no folder; make it, or mount it")

    async def close(self) -> None:
        """Nothing is held open."""

    async def entries(self, folder: str = "") -> list[Entry]:
        """Returns what stands in a folder; nothing if it is not there."""
        return await self._do(partial(_listed, self.root / folder)) or []

    async def find(self, path: str) -> Entry | None:
        """Returns what stands at a path, if anything does."""
        return await self._do(partial(_entry, self.root / path))

    async def read(self, path: str, most: int) -> bytes | None:
        """Returns the first `most` bytes of a file; None if it is not there."""
        return await self._do(partial(_content, self.root / path, most))

    async def create(self, path: str, content: bytes) -> bool:
        """Makes a file and its folder; False if it is there already."""
        return await self._do(partial(_create, self.root / path, content)) or False

    async def write(self, path: str, content: bytes) -> None:
        """Makes a file, or replaces it, in one step."""
        await self._do(partial(_write, self.root / path, lambda file: file.write(content)))

    async def fetch(self, path: str, to: Path) -> None:
        """Copies a file from here to this machine."""
        if await self._do(partial(_fetch, self.root / path, to)) is None:
            raise _gone(path)

    async def store(self, source: Path, path: str) -> None:
        """Copies a file of this machine to here, under another name until all of it is there."""
        await self._do(partial(_write, self.root / path, partial(_copy, source)))

    async def move(self, path: str, to: str) -> None:
        """Gives a file another name."""
        if await self._do(partial(_move, self.root / path, self.root / to)) is None:
            raise _gone(path)

    async def remove(self, path: str) -> None:
        """Takes a file away, if it is there."""
        await self._do((self.root / path).unlink)

    async def remove_folder(self, path: str) -> None:
        """Takes an empty folder away."""
        with suppress(PlaceError):
            await self._do((self.root / path).rmdir)

    async def _do(self, work: Callable[[], Answer]) -> Answer | None:
        """Returns what some work returns, done beside the loop; None where there is no such file."""
        async with self._told():
            try:
                return await asyncio.to_thread(work)
            except FileNotFoundError:
                if not await asyncio.to_thread(self.root.is_dir):
                    raise
                return None

    @asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        try:
            yield
        except OSError as error:
            raise PlaceError(f"place: {self}: {error.strerror or error}") from error


def _gone(path: str) -> GoneError:
    return GoneError(f"place: {path!r:.200} is there no longer")


def _listed(folder: Path) -> list[Entry]:
    return [found for child in folder.iterdir() if (found := _seen(child)) is not None]


def _seen(path: Path) -> Entry | None:
    """Returns what stands at a path, unless it was taken away since it was listed."""
    with suppress(FileNotFoundError):
        return _entry(path)
    return None


def _entry(path: Path) -> Entry:
    status = path.lstat()
    return Entry(
        name=path.name,
        size=status.st_size,
        mark=f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}",
        modified=datetime.fromtimestamp(int(status.st_mtime), UTC),
        what=_KINDS.get(stat.S_IFMT(status.st_mode), "a special file"),
    )


def _opened(path: Path) -> BinaryIO:
    file = os.fdopen(os.open(path, os.O_RDONLY | _NOT_FOLLOWED), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "is no plain file", str(path))
    return file


def _content(path: Path, most: int) -> bytes:
    with _opened(path) as file:
        return file.read(most)


def _fetch(path: Path, to: Path) -> bool:
    with _opened(path) as source, to.open("wb") as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)
    return True


def _copy(source: Path, target: BinaryIO) -> None:
    with source.open("rb") as file:
        while chunk := file.read(CHUNK):
            target.write(chunk)


def _create(path: Path, content: bytes) -> bool:
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write_down(path, lambda file: file.write(content))
        except FileExistsError:
            return False
        except FileNotFoundError:  # another worker took the empty folder away meanwhile
            continue
        return True


def _write(path: Path, fill: Callable[[BinaryIO], object]) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _beside(path)
    try:
        _write_down(fresh, fill)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return True


def _write_down(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """Makes a file that is on the disk, whatever happens next."""
    with path.open("xb") as file:
        fill(file)
        file.flush()
        os.fsync(file.fileno())


def _move(path: Path, to: Path) -> bool:
    to.parent.mkdir(parents=True, exist_ok=True)
    path.rename(to)
    return True


def _beside(path: Path) -> Path:
    return path.with_name(f".{uuid4().hex}.part")
