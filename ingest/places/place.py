"""What every place can do, in whichever of three forms it comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from graph.errors import TraceError

CHUNK: Final = 4 * 1024 * 1024
"""So many bytes of a file are held in memory at once."""


class PlaceError(TraceError):
    """A place does not answer, or does not let us do what we must; what was begun is finished later."""


class GoneError(PlaceError):
    """A file that was there is there no longer: somebody else has taken it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a folder under one name.

    Attributes:
        name: As it stands there, whatever characters are in it.
        size: Its length in bytes.
        mark: Differs whenever the content may differ.
        modified: When it was last written, by the clock of the place.
        what: `a file`, or what it is instead.
    """

    name: str
    size: int
    mark: str
    modified: datetime
    what: str = "a file"


class Place(Protocol):
    """A folder to exchange files in; paths are relative to it, with `/` between names.

    Every method raises PlaceError where the place does not answer.
    """

    moves_at_once: bool
    """Whether nobody ever sees a moved file twice, and its mark stays as it was."""

    def __str__(self) -> str:
        """Returns where it is, for people; never with a password."""

    async def open(self) -> None:
        """Connects, and makes sure that the place keeps what is promised of all places."""

    async def close(self) -> None:
        """Ends the connection; `open` makes a new one."""

    async def entries(self, folder: str = "") -> list[Entry]:
        """Returns what stands in a folder; nothing if it is not there. Links are not followed."""

    async def find(self, path: str) -> Entry | None:
        """Returns what stands at a path, if anything does."""

    async def read(self, path: str, most: int) -> bytes | None:
        """Returns the first `most` bytes of a file; None if it is not there."""

    async def create(self, path: str, content: bytes) -> bool:
        """Makes a file and its folder; False if it is there already. Of many at once, one succeeds."""

    async def write(self, path: str, content: bytes) -> None:
        """Makes a file, or replaces it; who reads it meets the old or the new one, whole."""

    async def fetch(self, path: str, to: Path) -> None:
        """Copies a file from here to this machine.

        Raises:
            GoneError: It is not there.
        """

    async def store(self, source: Path, path: str) -> None:
        """Copies a file of this machine to here; nobody ever sees half of it under that name."""

    async def move(self, path: str, to: str) -> None:
        """Gives a file another name, in one step where `moves_at_once`.

        Raises:
            GoneError: It is not there.
        """

    async def remove(self, path: str) -> None:
        """Takes a file away, if it is there."""

    async def remove_folder(self, path: str) -> None:
        """Takes an empty folder away; one that is not empty, or not there, is left alone."""
