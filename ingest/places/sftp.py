"""A folder on an SFTP server, reached over SSH with a host key that somebody has vouched for."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import asyncssh

from ingest.places.place import CHUNK, Entry, GoneError, PlaceError

_KINDS: Final = {
    stat.S_IFREG: "a file",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
}
_GONE: Final = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)
_FOREIGN: Final = (OSError, asyncssh.Error, asyncssh.KeyImportError, ValueError, TimeoutError)
_TRIES: Final = 5
_PATIENCE: Final[dict[str, Any]] = {
    "connect_timeout": 15,
    "login_timeout": 30,
    "keepalive_interval": 15,
    "keepalive_count_max": 3,
}


class SftpPlace:
    """A folder on an SFTP server; see `Place`.

    The server needs OpenSSH's `posix-rename`, which replaces a file in one step. Nothing of the user's
    own SSH configuration is read, so that what is configured here is all that counts.
    """

    moves_at_once = True

    def __init__(
        self,
        host: str,
        port: int,
        root: str,
        *,
        user: str,
        known_hosts: Path | None = None,
        fingerprint: str | None = None,
        key: Path | None = None,
        password: str | None = None,
    ) -> None:
        if (known_hosts is None) == (fingerprint is None):
            raise PlaceError(
                f"place: {host}: either known_hosts or fingerprint must vouch for the server's key"
            )
        self.host, self.port, self.root, self.user = host, port, root, user
        self._known_hosts, self._fingerprint = known_hosts, fingerprint
        self._key, self._password = key, password
        self._connection: Any = None
        self._sftp: Any = None

    def __str__(self) -> str:
        return f"sftp://{self.user}@{self.host}:{self.port}/{self.root}"

    async def open(self) -> None:
        """Connects, if there is no connection; the folder must be there."""
        if self._connection is not None and not self._connection.is_closed():
            return
        try:
            await self._connect()
            if not await self._sftp.isdir(self.root):
                raise PlaceError(f"place: {self} is no folder; make it")
        except BaseException:
            await self.close()
            raise

    async def _connect(self) -> None:
        async with self._told():
            self._connection = await asyncssh.connect(
                self.host,
                self.port,
                config=None,
                client_factory=self._vouched,
                known_hosts=([], [], []) if self._fingerprint else str(self._known_hosts),
                username=self.user,
                client_keys=[str(self._key)] if self._key else None,
                password=self._password,
                agent_path=None,
                **_PATIENCE,
            )
            self._sftp = await self._connection.start_sftp_client(path_errors="surrogateescape")

    async def close(self) -> None:
        """Ends the connection."""
        connection, self._connection, self._sftp = self._connection, None, None
        if connection is not None:
            connection.close()
            await connection.wait_closed()

    async def entries(self, folder: str = "") -> list[Entry]:
        """Returns what stands in a folder; nothing if it is not there."""
        async with self._told():
            try:
                names = [name async for name in self._sftp.scandir(self._path(folder))]
            except _GONE:
                return []
        return [_entry(n.filename, n.attrs) for n in names if n.filename not in (".", "..")]

    async def find(self, path: str) -> Entry | None:
        """Returns what stands at a path, if anything does."""
        async with self._told():
            try:
                return _entry(posixpath.basename(path), await self._sftp.lstat(self._path(path)))
            except _GONE:
                return None

    async def read(self, path: str, most: int) -> bytes | None:
        """Returns the first `most` bytes of a file; None if it is not there."""
        async with self._told():
            try:
                async with self._sftp.open(self._path(path), "rb") as file:
                    return bytes(await file.read(most))
            except _GONE:
                return None

    async def create(self, path: str, content: bytes) -> bool:
        """Makes a file and its folder; False if it is there already."""
        async with self._told():
            for _ in range(_TRIES):
                # Another worker may take the folder away, while it is empty, before there is a file in it.
                with suppress(*_GONE, asyncssh.SFTPFailure, asyncssh.SFTPNotADirectory):
                    await self._make_folder_of(path)
                    async with self._sftp.open(self._path(path), "xb") as file:
                        await file.write(content)
                    return True
                # Version 3 of the protocol has one code for every failure.
                if await self._sftp.lexists(self._path(path)):
                    return False
        raise PlaceError(f"place: {self}: {path} cannot be made; see what the server logs")

    async def write(self, path: str, content: bytes) -> None:
        """Makes a file, or replaces it, in one step."""
        async with self._told(), self._replacing(path) as file:
            await file.write(content)

    async def fetch(self, path: str, to: Path) -> None:
        """Copies a file from here to this machine."""
        async with self._told(), self._sftp.open(self._path(path), "rb") as file:
            with to.open("wb") as target:
                while chunk := await file.read(CHUNK):
                    target.write(chunk)

    async def store(self, source: Path, path: str) -> None:
        """Copies a file of this machine to here, under another name until all of it is there."""
        async with self._told(), self._replacing(path) as file:
            with source.open("rb") as given:
                while chunk := given.read(CHUNK):
                    await file.write(chunk)

    async def move(self, path: str, to: str) -> None:
        """Gives a file another name."""
        async with self._told():
            await self._make_folder_of(to)
            await self._sftp.posix_rename(self._path(path), self._path(to))

    async def remove(self, path: str) -> None:
        """Takes a file away, if it is there."""
        async with self._told():
            try:
                await self._sftp.remove(self._path(path))
            except _GONE:
                return

    async def remove_folder(self, path: str) -> None:
        """Takes an empty folder away."""
        async with self._told():
            try:
                await self._sftp.rmdir(self._path(path))
            except asyncssh.SFTPError:
                return

    @asynccontextmanager
    async def _replacing(self, path: str) -> AsyncIterator[Any]:
        await self._make_folder_of(path)
        fresh = self._path(posixpath.join(posixpath.dirname(path), f".{uuid4().hex}.part"))
        try:
            async with self._sftp.open(fresh, "xb") as file:
                yield file
            await self._sftp.posix_rename(fresh, self._path(path))
        except BaseException:
            if not self._connection.is_closed() and await self._sftp.lexists(fresh):
                await self._sftp.remove(fresh)
            raise

    async def _make_folder_of(self, path: str) -> None:
        await self._sftp.makedirs(self._path(posixpath.dirname(path)), exist_ok=True)

    def _path(self, path: str) -> str:
        return posixpath.join(self.root, path) if path else self.root

    def _vouched(self) -> asyncssh.SSHClient:
        return _Client(self._fingerprint)

    @asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        try:
            yield
        except _GONE as error:
            raise GoneError(f"place: {self}: {error.reason}; it is there no longer") from error
        except asyncssh.HostKeyNotVerifiable as error:
            raise PlaceError(
                f"place: {self}: the server's key is not the one that known_hosts or fingerprint "
                f"vouches for ({error.reason}); find out why before you change either"
            ) from error
        except asyncssh.PermissionDenied as error:
            raise PlaceError(f"place: {self}: the server lets {self.user} not in") from error
        except _FOREIGN as error:
            raise PlaceError(f"place: {self}: {error or type(error).__name__}") from error


class _Client(asyncssh.SSHClient):
    """Trusts a server by the fingerprint of its key alone."""

    def __init__(self, fingerprint: str | None) -> None:
        self._fingerprint = fingerprint

    def validate_host_public_key(self, host: str, addr: str, port: int, key: Any) -> bool:
        """Says whether it is that very key; asked only for keys that known_hosts does not hold."""
        return self._fingerprint is not None and key.get_fingerprint() == self._fingerprint


def _entry(name: str, attributes: Any) -> Entry:
    modified = attributes.mtime or 0
    return Entry(
        name=name,
        size=attributes.size or 0,
        mark=f"{attributes.size}-{modified}",
        modified=datetime.fromtimestamp(modified, UTC),
        what=_KINDS.get(stat.S_IFMT(attributes.permissions or 0), "a special file"),
    )
