"""What in a place is ready to be taken: whole by its manifest, or by having stood unchanged long enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ingest.pickup.manifest import MAX_BYTES, Expected, Manifests
from ingest.pickup.names import MANIFEST, find_trouble, is_passed_over
from ingest.pickup.settings import PickupSettings
from ingest.places.place import Entry, Place


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that can be taken, with what its manifest says."""

    entry: Entry
    expected: Expected | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood in a place.

    Attributes:
        ready: What can be taken, the oldest first.
        waiting: How many files are not whole yet, or wait for their manifest.
        lists: What the manifests that speak of several files say.
    """

    ready: list[Ready]
    waiting: int
    lists: dict[str, tuple[Expected, ...]]


@dataclass(slots=True)
class Lookout:
    """Looks into a place again and again, and remembers since when each file stands as it is."""

    place: Place
    settings: PickupSettings
    clock: Callable[[], float] = time.monotonic
    _since: dict[str, tuple[str, float]] = field(default_factory=dict)
    _manifests: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    async def look(self) -> Seen:
        """Returns what stands in the place now."""
        entries = [
            entry
            for entry in await self.place.entries()
            if entry.what != "a folder" and not is_passed_over(entry.name)
        ]
        manifests = await self._read_manifests(entries)
        settled = self._settled(entries)
        names = {entry.name for entry in entries}
        ready, waiting = [], 0
        for entry in sorted(entries, key=lambda entry: (entry.modified, entry.name)):
            if entry.name in self._manifests:
                expected = manifests.unreadable.get(entry.name)
                if expected is None or entry.name.removesuffix(MANIFEST) in names:
                    continue
            else:
                expected = manifests.of(entry.name)
            if self._is_ready(entry, expected, settled):
                ready.append(Ready(entry, expected))
            else:
                waiting += 1
        return Seen(ready, waiting, manifests.lists)

    def _is_ready(self, entry: Entry, expected: Expected | None, settled: set[str]) -> bool:
        if entry.what != "a file" or find_trouble(entry.name):
            return True  # to be put aside
        if expected is None:
            return not self.settings.needs_manifest and entry.name in settled
        if expected.trouble:
            return {entry.name, expected.manifest} <= settled
        # One of another length is still written, or is not what was meant.
        return entry.size == expected.size or entry.name in settled

    async def _read_manifests(self, entries: Iterable[Entry]) -> Manifests:
        known, self._manifests = self._manifests, {}
        manifests = Manifests()
        for entry in entries:
            if not entry.name.endswith(MANIFEST) or entry.what != "a file":
                continue
            mark, content = known.get(entry.name, ("", b""))
            if mark != entry.mark:
                content = await self.place.read(entry.name, MAX_BYTES + 1) or b""
            self._manifests[entry.name] = (entry.mark, content)
            manifests.add(entry.name, entry.mark, content)
        return manifests

    def _settled(self, entries: Iterable[Entry]) -> set[str]:
        """Returns the names of what has stood as it is for long enough, as far as we saw."""
        now, before, self._since = self.clock(), self._since, {}
        for entry in entries:
            mark, since = before.get(entry.name, (entry.mark, now))
            self._since[entry.name] = (entry.mark, since if mark == entry.mark else now)
        return {n for n, (_, since) in self._since.items() if now - since >= self.settings.settle_s}
