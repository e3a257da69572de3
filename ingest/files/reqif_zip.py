"""ReqIF archives (.reqifz): a zip of ReqIF documents and the files that they refer to.

Nothing is ever unpacked to disk. Sizes are counted while reading, because what the archive says of
itself need not be true.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from ingest.files.rejected import FileError, file_error
from ingest.files.safe_xml import MAX_XML

MAX_MEMBERS: Final = 10_000
MAX_TOTAL: Final = 512 * 1024 * 1024
"""The most bytes that all members of an archive may hold once unpacked."""

_CHUNK: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in an archive that is not ReqIF: it stays there, and the graph knows its hash.

    Attributes:
        name: Its path inside the archive, which ReqIF values refer to.
        sha256: The hash of its content, in hex.
        size: Its length in bytes.
    """

    name: str
    sha256: str
    size: int


def open_archive(path: Path) -> Archive:
    """Returns the archive, once every member's name and declared size are known to be harmless.

    Raises:
        FileError: It is no zip, or a member is encrypted, a link, outside the archive, there twice,
            or too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
    except _BROKEN as error:
        raise file_error(path, f"is not a zip archive: {error}") from error
    if len(members) > MAX_MEMBERS:
        raise file_error(path, f"has {len(members):,} members; at most {MAX_MEMBERS:,} are read")
    seen: set[str] = set()
    for member in members:
        if problem := _problem(member, seen):
            raise file_error(path, problem, member.filename[:200])
        seen.add(member.filename)
    total = sum(member.file_size for member in members)
    if total > MAX_TOTAL:
        raise file_error(path, f"unpacks to {total:,} bytes; at most {MAX_TOTAL:,} are read")
    return Archive(path, tuple(sorted(members, key=lambda m: m.filename)))


@dataclass(frozen=True, slots=True)
class Archive:
    """A checked archive; see `open_archive`."""

    path: Path
    members: tuple[zipfile.ZipInfo, ...]

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Yields the name and content of each ReqIF document.

        Raises:
            FileError: There is none, or one is damaged or larger than it says.
        """
        found = [m for m in self.members if m.filename.lower().endswith((".reqif", ".xml"))]
        if not found:
            raise file_error(self.path, "holds no .reqif document")
        for member in found:
            yield member.filename, b"".join(self._chunks(member, MAX_XML))

    def attachments(self) -> Iterator[Attachment]:
        """Yields every other file, with its hash."""
        for member in self.members:
            if not member.filename.lower().endswith((".reqif", ".xml")):
                digest = hashlib.sha256()
                for chunk in self._chunks(member, MAX_TOTAL):
                    digest.update(chunk)
                yield Attachment(member.filename, digest.hexdigest(), member.file_size)

    def content(self, name: str) -> bytes | None:
        """Returns the content of a member, or None if there is no such member."""
        member = next((m for m in self.members if m.filename == name), None)
        return b"".join(self._chunks(member, MAX_TOTAL)) if member else None

    def _chunks(self, member: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
        size = 0
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(member) as file:
                while chunk := file.read(_CHUNK):
                    size += len(chunk)
                    if size > min(limit, member.file_size):
                        raise self._too_large(member, limit)
                    yield chunk
        except _BROKEN as error:
            raise file_error(self.path, f"is damaged: {error}", member.filename) from error

    def _too_large(self, member: zipfile.ZipInfo, limit: int) -> FileError:
        return file_error(
            self.path,
            f"unpacks to more than it says, or than {limit:,} bytes; make the archive anew",
            member.filename,
        )


def pack(contents: Mapping[str, bytes]) -> bytes:
    """Returns an archive; the same contents always make the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(contents.items()):
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _problem(member: zipfile.ZipInfo, seen: set[str]) -> str | None:
    """Returns why a member must not be read, or None."""
    name = PurePosixPath(member.filename)
    if "\\" in member.orig_filename or "\0" in member.orig_filename or ":" in member.filename:
        return "the name holds a backslash, colon or NUL; rename it"
    if name.is_absolute() or ".." in name.parts:
        return "the name leads out of the archive; pack it with relative names"
    if member.filename in seen:
        return "stands in the archive twice; keep one"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a symbolic link; pack the file itself"
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted; pack it without a password"
    return None
