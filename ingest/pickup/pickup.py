"""One pick-up: takes file after file from a place into the graph, and puts each where it belongs after that.

Each step leaves behind what the next one needs, so that whoever goes on after a cut, be it at any point,
comes to the same end: claim, move, plan, send, receipt, put away, release.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from graph.errors import TraceError
from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.patience import Patience
from ingest.intake import Sleep
from ingest.pickup.claim import PROCESSING, Claim, Claims, LostError
from ingest.pickup.load import Loader
from ingest.pickup.look import Lookout
from ingest.pickup.manifest import Expected
from ingest.pickup.names import key_of
from ingest.pickup.receipt import RECEIPT, End
from ingest.pickup.settings import PickupSettings
from ingest.pickup.settle import Settler
from ingest.places.place import GoneError, Place, PlaceError

_MARKS: Final = f"{PROCESSING}/.manifests"
"""Where it is noted which files of a manifest that speaks of several are done."""

_BEATS: Final = 4
"""So often within its lease a claim is written anew."""

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Pickup:
    """Picks up what comes into one place.

    Attributes:
        waiting: How many files were not whole when it last looked.
        files: How many files ended where.
        events: How many events, and other parts of files, became what.
    """

    settings: PickupSettings
    place: Place
    graph: Graph
    principal: Principal
    patience: Patience = field(default_factory=Patience)
    sleep: Sleep = asyncio.sleep
    place_trouble: str | None = None
    waiting: int = 0
    files: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    claims: Claims = field(init=False)
    lookout: Lookout = field(init=False)
    loader: Loader = field(init=False)

    def __post_init__(self) -> None:
        self.claims = Claims(self.place, uuid4().hex, self.settings.lease_s)
        self.lookout = Lookout(self.place, self.settings)
        self.loader = Loader(self.graph, self.principal, self.settings, self.patience, self.sleep)

    @property
    def trouble(self) -> str | None:
        """Why nothing can be picked up at this moment; None while it can."""
        return self.place_trouble or self.loader.trouble

    async def run(self) -> None:
        """Looks and takes until it is cancelled; what goes wrong is told, and tried again later."""
        failures = 0
        while True:
            try:
                await self.round()
                failures, self.place_trouble = 0, None
            except Exception as error:  # whatever it is, what comes later must not wait for ever
                failures += 1
                self._say(error)
                with suppress(Exception):
                    await self.place.close()
            pause_s = self.patience.wait_s(failures) if failures else 0
            await self.sleep(self.settings.every_s + pause_s)

    async def round(self) -> None:
        """Finishes what was begun, and takes all that is ready.

        Raises:
            PlaceError: The place does not answer; the next round goes on where this one ended.
        """
        await self.place.open()
        await self._require_own_folders()
        for claim in await self.claims.left_behind():
            await self._hold(claim)
        seen = await self.lookout.look()
        self.waiting = seen.waiting
        for ready in seen.ready:
            taken = await self.claims.take(ready.entry, ready.expected, datetime.now(UTC))
            if taken is not None:
                await self._hold(taken)
        for expected in seen.lists.values():
            await self._put_manifest_away(expected)

    async def _require_own_folders(self) -> None:
        """Refuses to work where what should be a folder of ours leads elsewhere."""
        for folder in (PROCESSING, *End):
            found = await self.place.find(folder) if self.place.moves_at_once else None
            if found is not None and found.what != "a folder":
                raise PlaceError(f"place: {self.place}: {folder} is {found.what}; take it away")

    async def _hold(self, claim: Claim) -> None:
        """Carries a claim out, and shows all the while that somebody is at it."""
        work = asyncio.create_task(self._carry_out(claim))
        beat = asyncio.create_task(self._beat(claim))
        try:
            await asyncio.wait({work, beat}, return_when=asyncio.FIRST_COMPLETED)
            end = (work if work.done() else beat).result()
        except LostError as error:
            _log.warning("pickup %s: %s", self.settings.name, error.message)
            return
        finally:
            for task in (work, beat):
                task.cancel()
            await asyncio.gather(work, beat, return_exceptions=True)
        await self.claims.release(claim)
        if end is not None:
            self.files[end] += 1

    async def _beat(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(self.settings.lease_s / _BEATS)
            with suppress(PlaceError):
                claim = await self.claims.renew(claim)

    async def _carry_out(self, claim: Claim) -> End | None:
        """Returns where a file has ended; None if there is none."""
        end = await self._find_end(claim)
        if end is None:
            if not await self._bring_in(claim):
                return None
            receipt = await Settler(self.place, self.claims, self.loader).settle(claim)
            self.events.update(receipt.counts)
            end = receipt.end
        await self._put_away(claim, end)
        return end

    async def _find_end(self, claim: Claim) -> End | None:
        """Returns where a file ends, if there is a receipt of it already."""
        for end in End:
            if await self.place.find(f"{end}/{claim.stamp}/{claim.key}{RECEIPT}"):
                return end
        return None

    async def _bring_in(self, claim: Claim) -> bool:
        """Moves a file to where only we look; whether it is there now."""
        if await self.place.find(claim.content) is None:
            if not claim.is_of(await self.place.find(claim.name)):
                return False  # it was taken, or written anew, before we had it
            try:
                await self.place.move(claim.name, claim.content)
            except GoneError:
                return False
        elif not self.place.moves_at_once and claim.is_of(await self.place.find(claim.name)):
            await self.place.remove(claim.name)  # the move was cut off
        return True

    async def _put_away(self, claim: Claim, end: End) -> None:
        """Moves a file, of which there is a receipt, and its manifest to where they end."""
        folder = f"{end}/{claim.stamp}"
        await self._move(claim.content, f"{folder}/{claim.key}")
        if expected := claim.expected:
            if expected.alone:
                await self._move(expected.manifest, f"{folder}/{key_of(expected.manifest)}")
            else:
                await self.place.create(_mark_of(expected), b"")

    async def _put_manifest_away(self, expected: tuple[Expected, ...]) -> None:
        """Moves a manifest that speaks of several files once all of them are done."""
        folder = _marks_of(expected[0])
        marks = {f"{folder}/{entry.name}" for entry in await self.place.entries(folder)}
        if not {_mark_of(one) for one in expected} <= marks:
            return
        name = expected[0].manifest
        await self._move(name, f"{End.DONE}/{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}/{key_of(name)}")
        for mark in marks:
            await self.place.remove(mark)
        await self.place.remove_folder(folder)

    async def _move(self, path: str, to: str) -> None:
        with suppress(GoneError):  # it was moved before a cut
            await self.place.move(path, to)

    def _say(self, error: Exception) -> None:
        """Tells what is wrong, once; what nobody foresaw with all that helps to find it."""
        said = (
            error.message if isinstance(error, TraceError) else f"{type(error).__name__}: {error}"
        )
        if said != self.place_trouble:
            foreseen = isinstance(error, TraceError)
            _log.error("pickup %s: %s", self.settings.name, said, exc_info=not foreseen)
        self.place_trouble = said


def _marks_of(expected: Expected) -> str:
    return f"{_MARKS}/{key_of(f'{expected.manifest} {expected.mark}')}"


def _mark_of(expected: Expected) -> str:
    return f"{_marks_of(expected)}/{key_of(expected.name)}"
