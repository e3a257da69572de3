"""Claims: which worker has which file, so that no two ever work on one, and none is left behind.

A claim is a small file, `processing/<key>/claim-<n>`, that only one can make. Its holder writes it anew all
the time. One that nobody has written for a while, by the clock of whoever looks, belongs to a worker that
is no more; then the claim numbered one higher may be made, and the highest one counts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from graph.errors import TraceError
from graph.model.time import format_utc, parse_utc
from ingest.pickup.manifest import Expected
from ingest.pickup.names import key_of
from ingest.places.place import Entry, Place

PROCESSING: Final = "processing"
CONTENT: Final = "content"
_CLAIM: Final = "claim-"
_MAX_BYTES: Final = 64 * 1024

Seen = dict[str, tuple[bytes, float]]
"""What stood in the claims of others when we looked, and since when."""


class LostError(TraceError):
    """Another worker has the file now, because this one showed no life for too long."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One file that one worker has.

    Attributes:
        name: What the file was called where it came in.
        key: What we call what we keep of it; see `names.key_of`.
        size: Its length when it was claimed.
        mark: Its mark then; see `Entry`.
        what: What it was: a file, or what is not taken.
        modified: When it was last written.
        taken_at: When it was first claimed; names the folder in which it ends.
        expected: What its manifest says, if there is one.
        worker: Who has it.
        attempt: How many workers have had it, this one included.
        beat: How often the claim was written.
    """

    name: str
    size: int
    mark: str
    what: str
    modified: datetime
    taken_at: datetime
    expected: Expected | None
    worker: str
    attempt: int = 1
    beat: int = 0

    @property
    def key(self) -> str:
        """What we call what we keep of the file."""
        return key_of(self.name)

    @property
    def folder(self) -> str:
        """Where we keep it meanwhile."""
        return f"{PROCESSING}/{self.key}"

    @property
    def content(self) -> str:
        """Where the file itself is meanwhile."""
        return f"{self.folder}/{CONTENT}"

    @property
    def path(self) -> str:
        """Where the claim stands."""
        return f"{self.folder}/{_CLAIM}{self.attempt}"

    @property
    def stamp(self) -> str:
        """The folder, within `done` or `quarantine`, in which it ends; no two files share both."""
        return f"{self.taken_at:%Y%m%dT%H%M%S.%fZ}"

    def is_of(self, entry: Entry | None) -> bool:
        """Whether that is the very file that was claimed."""
        return entry is not None and entry.mark == self.mark

    def written(self) -> bytes:
        """Returns the claim as it is kept."""
        times = {"modified": format_utc(self.modified), "taken_at": format_utc(self.taken_at)}
        return json.dumps(asdict(self) | times).encode()

    @classmethod
    def read(cls, content: bytes) -> Claim:
        """Returns a claim as it was kept.

        Raises:
            ValueError: It is none; its writer was cut off.
        """
        try:
            said: dict[str, Any] = json.loads(content)
            said |= {name: parse_utc(said[name], name) for name in ("modified", "taken_at")}
            expected = said["expected"]
            return cls(**said | {"expected": Expected(**expected) if expected else None})
        except (KeyError, TypeError, TraceError) as error:
            raise ValueError(f"no claim: {error}") from error


@dataclass(slots=True)
class Claims:
    """The claims of one place, as one worker sees them.

    Attributes:
        lease_s: How long a claim may stand unwritten before others may take the file.
    """

    place: Place
    worker: str
    lease_s: float
    clock: Callable[[], float] = time.monotonic
    _seen: Seen = field(default_factory=dict)

    async def take(self, entry: Entry, expected: Expected | None, now: datetime) -> Claim | None:
        """Returns the claim to a file that has come in; None if another worker has it."""
        claim = Claim(
            name=entry.name,
            size=entry.size,
            mark=entry.mark,
            what=entry.what,
            modified=entry.modified,
            taken_at=now,
            expected=expected,
            worker=self.worker,
        )
        return claim if await self._make(claim) else None

    async def left_behind(self) -> list[Claim]:
        """Returns claims, ours now, to files that were begun: by us, or by a worker that is no more."""
        before, self._seen = self._seen, {}
        found = []
        for folder in await self.place.entries(PROCESSING):
            if folder.what == "a folder" and (claim := await self._take_over(folder.name, before)):
                found.append(claim)
        return found

    async def renew(self, claim: Claim) -> Claim:
        """Writes a claim anew, so that all see that its holder lives.

        Raises:
            LostError: Somebody else has the file.
        """
        await self.require(claim)
        renewed = replace(claim, beat=claim.beat + 1)
        await self.place.write(renewed.path, renewed.written())
        return renewed

    async def require(self, claim: Claim) -> None:
        """Raises LostError unless a claim still counts."""
        path, next_one = claim.path, replace(claim, attempt=claim.attempt + 1).path
        if not await self.place.find(path) or await self.place.find(next_one):
            raise LostError(f"{claim.name!r}: another worker has it now")

    async def release(self, claim: Claim) -> None:
        """Takes away what was kept while a file was worked on, its first claim last; never the file."""
        kept = [entry.name for entry in await self.place.entries(claim.folder)]
        for name in sorted(kept, key=lambda name: -_number(name) or float("-inf")):
            if name != CONTENT:
                await self.place.remove(f"{claim.folder}/{name}")
        await self.place.remove_folder(claim.folder)

    async def _take_over(self, key: str, before: Seen) -> Claim | None:
        number = await self._highest(key)
        path = f"{PROCESSING}/{key}/{_CLAIM}{number}"
        content = await self.place.read(path, _MAX_BYTES) if number else None
        if content is None:
            return None
        try:
            held = Claim.read(content)
        except ValueError:
            held = None
        if held is not None and held.worker == self.worker:
            return held
        if not self._is_dead(path, content, before):
            return None
        if held is None:  # nothing was done under it, so the file is where it was
            await self.place.remove(path)
            return None
        ours = replace(held, worker=self.worker, attempt=number + 1, beat=0)
        return ours if await self._make(ours) else None

    async def _make(self, claim: Claim) -> bool:
        """Whether a claim could be made, and counts."""
        if not await self.place.create(claim.path, claim.written()):
            # Where an answer got lost, the one that is there may be ours.
            return await self.place.read(claim.path, _MAX_BYTES) == claim.written()
        return await self._highest(claim.key) == claim.attempt

    async def _highest(self, key: str) -> int:
        """Returns the number of the claim that counts; 0 if there is none.

        Each is asked for by name: a listing may leave out what is replaced at that moment.
        """
        number = 0
        while await self.place.find(f"{PROCESSING}/{key}/{_CLAIM}{number + 1}"):
            number += 1
        return number

    def _is_dead(self, path: str, content: bytes, before: Seen) -> bool:
        """Whether a claim has stood as it is for longer than its holder would leave it, as far as we saw."""
        now = self.clock()
        then, since = before.get(path, (b"", now))
        self._seen[path] = (content, since if then == content else now)
        return then == content and now - since > self.lease_s


def _number(name: str) -> int:
    """Returns the number of a claim; 0 for all that is none."""
    text = name.removeprefix(_CLAIM)
    return int(text) if name.startswith(_CLAIM) and text.isascii() and text.isdigit() else 0
