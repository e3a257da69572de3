"""From a file that we have to its receipt: what is in it goes into the graph, or it is said why not."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from graph.model.time import format_utc
from ingest.pickup.claim import Claim, Claims
from ingest.pickup.load import Loader, UnfitError
from ingest.pickup.names import find_trouble
from ingest.pickup.plan import PLAN, Plan, read_plan
from ingest.pickup.receipt import RECEIPT, REFUSED, End, Receipt, Refusals, Tally
from ingest.places.place import CHUNK, Place

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Settler:
    """Settles what is to become of each file of one place."""

    place: Place
    claims: Claims
    loader: Loader

    async def settle(self, claim: Claim) -> Receipt:
        """Returns the receipt of a file, which is then in the place, too.

        Raises:
            PlaceError: The place does not answer; settle it again when it does.
            LostError: Another worker has the file now.
        """
        with TemporaryDirectory(prefix="utcs-pickup-") as folder:
            scratch = Path(folder)
            with Refusals(scratch / "refused") as refusals:
                receipt = await self._receipt(claim, scratch, refusals)
            await self.claims.require(claim)
            there = f"{receipt.end}/{claim.stamp}/{claim.key}"
            if refusals.count:
                await self.place.store(refusals.path, there + REFUSED)
            await self.place.write(there + RECEIPT, receipt.written())
            return receipt

    async def _receipt(self, claim: Claim, scratch: Path, refusals: Refusals) -> Receipt:
        tally, path, reason = Tally(), scratch / claim.key, None
        try:
            self._require_fit(claim)
            await self._fetch(claim, path)
            await self._load(claim, path, scratch / PLAN, tally, refusals)
        except UnfitError as error:
            reason = error.message
            _log.warning("pickup %s: %r: %s", self.loader.settings.name, claim.name, reason)
        return Receipt(
            pickup=self.loader.settings.name,
            file=claim.name,
            end=End.QUARANTINE if reason else End.DONE,
            reason=reason,
            size=claim.size,
            sha256=await asyncio.to_thread(_hash, path) if path.exists() else None,
            manifest=claim.expected.manifest if claim.expected else None,
            modified=format_utc(claim.modified),
            taken_at=format_utc(claim.taken_at),
            ended_at=format_utc(datetime.now(UTC)),
            attempts=claim.attempt,
            counts=dict(sorted(tally.counts.items())),
            seq=tally.span,
            refused=claim.key + REFUSED if refusals.count else None,
        )

    def _require_fit(self, claim: Claim) -> None:
        """Refuses what is not even looked into."""
        expected, most = claim.expected, self.loader.settings.most_bytes
        if claim.what != "a file":
            raise UnfitError(f"it is {claim.what}; send the file itself")
        if problem := find_trouble(claim.name):
            raise UnfitError(problem)
        if expected and expected.trouble:
            raise UnfitError(expected.trouble)
        if expected and expected.size != claim.size:
            raise UnfitError(
                f"it has {claim.size:,} bytes, but {expected.manifest} says {expected.size:,}; "
                "send it again, and the manifest after it"
            )
        if claim.size > most:
            raise UnfitError(f"it has {claim.size:,} bytes, at most {most:,} are taken; split it")

    async def _fetch(self, claim: Claim, path: Path) -> None:
        """Brings a file here, and makes sure that it is what was claimed and what was announced."""
        await self.place.fetch(claim.content, path)
        now = await self.place.find(claim.content)
        size = _dated(path, claim.modified)
        if size != claim.size or (self.place.moves_at_once and not claim.is_of(now)):
            raise UnfitError(
                "it was written to while it was taken; write it under another name, such as "
                f"{claim.name}.part, and rename it when it is whole"
            )
        if (
            claim.expected
            and (found := await asyncio.to_thread(_hash, path)) != claim.expected.sha256
        ):
            raise UnfitError(
                f"its SHA-256 is {found}, but {claim.expected.manifest} says "
                f"{claim.expected.sha256}; send it again, and the manifest after it"
            )

    async def _load(
        self, claim: Claim, path: Path, here: Path, tally: Tally, refusals: Refusals
    ) -> None:
        plan = await self._plan(claim, path, here)
        tally.counts.update(plan.counts)
        refusals.add_rejected(plan.rejected())
        async for outcome in self.loader.send(plan):
            tally.note(outcome, plan.head)
            refusals.add_outcome(outcome)

    async def _plan(self, claim: Claim, path: Path, here: Path) -> Plan:
        """Returns the plan for a file: the one that is there, or a new one that is there now."""
        kept = f"{claim.folder}/{PLAN}"
        if await self.place.find(kept):
            await self.place.fetch(kept, here)
            return await asyncio.to_thread(read_plan, here)
        plan = await self.loader.plan(path, here)
        await self.claims.require(claim)
        await self.place.store(here, kept)
        return plan


def _dated(path: Path, modified: datetime) -> int:
    """Returns the length of a file, which is as old here as there: a table is true from then on."""
    os.utime(path, (modified.timestamp(), modified.timestamp()))
    return path.stat().st_size


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
