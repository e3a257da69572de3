"""Settles dead letters, each in one transaction with what is done about it, so that one of two wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.model.canonical import sha256_hex
from graph.model.outcome import Outcome, Status
from graph.store.database import Graph, Transaction
from graph.store.errors import StoreError
from graph.store.letters import Settlement, State, settlement
from graph.store.write import Refused, write_refusals


class SettledError(StoreError):
    """A dead letter is not open any more: somebody was faster.

    Attributes:
        hash: Of the letter.
        state: How it stands.
    """

    hash: str
    state: str


@dataclass(slots=True)
class Resending:
    """Sends dead letters again: what `apply` does beside applying them.

    Attributes:
        hashes: The letters, in the order of the batch.
        actor: Who sends them.
        reason: Why, in their words.
        mended: What is sent instead of which letter; its refusal is no letter of its own.
        settlements: What was done about each, once that is written.
    """

    hashes: Sequence[str]
    actor: str
    reason: str | None = None
    mended: tuple[str, bytes] | None = None
    settlements: list[Settlement] = field(default_factory=list)

    async def before(self, tx: Transaction) -> None:
        """Locks the letters.

        Raises:
            SettledError: One of them is not open any more.
        """
        await claim_letters(tx, self.hashes)

    async def after(
        self, tx: Transaction, outcomes: Sequence[Outcome], refused: Sequence[Refused], now: int
    ) -> None:
        """Records what became of each letter; one that is refused again stays open."""
        instead = sha256_hex(self.mended[1]) if self.mended else None
        again = [one for one in refused if sha256_hex(one.document) != instead]
        await write_refusals(tx, again, now)
        rows = [
            self._row(hash, outcome, now)
            for hash, outcome in zip(self.hashes, outcomes, strict=True)
        ]
        self.settlements = await record_settlements(tx, rows)

    def _row(self, hash: str, outcome: Outcome, now: int) -> dict[str, Any]:
        is_mended = self.mended is not None and self.mended[0] == hash
        document = self.mended[1] if self.mended is not None and is_mended else None
        action = State.MENDED if is_mended else State.RESENT
        is_refused = outcome.status is Status.REFUSED
        said = {
            "letter": hash,
            "action": action.value,
            "actor": self.actor,
            "at": now,
            "reason": self.reason,
            "sent": hash if document is None else sha256_hex(document),
            "document": document,
            "status": outcome.status.value,
            "source": outcome.source,
            "id": outcome.id,
            "seq": outcome.seq,
            "code": outcome.code and outcome.code.value,
            "why": outcome.reason,
        }
        return {
            "hash": hash,
            "state": (State.OPEN if is_refused else action).value,
            "attempts": int(is_refused and is_mended),  # those of others `write_refusals` counts
            "settlement": said,
        }


async def discard(graph: Graph, hash: str, actor: str, reason: str) -> Settlement:
    """Settles a dead letter without sending it, and returns the record of it.

    Raises:
        SettledError: It is not open any more.
    """
    async with graph.transaction() as tx:
        await claim_letters(tx, [hash])
        said = {
            "letter": hash,
            "action": State.DISCARDED.value,
            "actor": actor,
            "at": graph.clock(),
            "reason": reason,
        }
        row = {"hash": hash, "state": said["action"], "attempts": 0, "settlement": said}
        (done,) = await record_settlements(tx, [row])
    return done


async def claim_letters(tx: Transaction, hashes: Sequence[str] = ()) -> None:
    """Locks all dead letters, for one who settles some of them.

    Raises:
        SettledError: One of those is not open any more.
    """
    for hash, state in await tx.run("letter/claim", hashes=list(hashes)):
        if state != State.OPEN:
            raise SettledError(
                f"hash: {hash[:12]} was {state} already; show it to see by whom and why",
                hash=hash,
                state=state,
            )


async def record_settlements(tx: Transaction, rows: list[dict[str, Any]]) -> list[Settlement]:
    """Records what was done about some letters, and how each stands by it."""
    numbers = dict(await tx.run("letter/settle", rows=rows))
    return [settlement(row["settlement"] | {"number": numbers[row["hash"]]}) for row in rows]
