"""What a reader gives back instead of an event, and what it raises when a file is no use at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.errors import TraceError

_SHOWN: Final = 2000


class FileError(TraceError):
    """A file as a whole cannot be read; the sentence names the file, the place and the fix.

    Attributes:
        path: The file.
        where: The place in it, such as `line 3`; empty when it is the file as such.
    """

    path: str
    where: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """One part of a file that became no event; everything else in the file still counts.

    Attributes:
        where: The place in the file, such as `line 12`.
        reason: What is wrong and how to mend it.
        raw: The part as it stands in the file, cut to 2,000 characters.
    """

    where: str
    reason: str
    raw: str

    def __post_init__(self) -> None:
        if len(self.raw) > _SHOWN:
            object.__setattr__(self, "raw", self.raw[:_SHOWN] + "…")


def file_error(path: Path, problem: str, where: str = "") -> FileError:
    """Returns the error for a file that cannot be read: `name, where: problem`."""
    place = f"{path.name}, {where}" if where else path.name
    return FileError(f"{place}: {problem}", path=str(path), where=where)
