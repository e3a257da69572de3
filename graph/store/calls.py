"""Calls to other systems that could not be delivered: dead letters, beside those of what came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from graph.model.canonical import sha256_hex
from graph.model.outcome import Reason, Status
from graph.store.database import Graph, Transaction
from graph.store.letters import Letter, Settlement, State
from graph.store.settle import claim_letters, record_settlements
from graph.store.write import Refused, write_refusals

ACTOR: Final = "utcs-webhooks"
"""Who makes calls."""

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that is told to one endpoint.

    Attributes:
        endpoint: The name of the endpoint.
        id: The same whenever this is told again to it, and no other's.
        body: What is sent, a CloudEvent as JSON, to the byte.
        key: The thing whose calls stay in order; "" if there is none.
        source: Who says it.
        actor: In whose name.
        is_due: Whether it was given up before, and somebody asked for it again.
    """

    endpoint: str
    id: str
    body: bytes
    key: str
    source: str
    actor: str | None
    is_due: bool = False

    @property
    def hash(self) -> str:
        """What it is found by among the dead letters."""
        return sha256_hex(self.body)


async def find_due(graph: Graph, endpoint: str) -> tuple[Call, ...]:
    """Returns the calls to an endpoint that somebody asked to make again; the rest once these are made."""
    rows = await graph.read("letter/due_calls", {"endpoint": endpoint, "limit": _AT_ONCE})
    return tuple(
        Call(endpoint, id, bytes(document), "", source, actor, is_due=True)
        for id, document, source, actor in rows
    )


async def give_up(graph: Graph, call: Call, why: str) -> None:
    """Keeps a call as an open dead letter; one that was made again is open again."""
    reason = f"{call.endpoint}: {why}"
    refused = Refused(call.body, Reason.UNDELIVERED, reason, call.source, call.id, None, call.actor)
    async with graph.transaction() as tx:
        await claim_letters(tx)
        now = graph.clock()
        await write_refusals(tx, [refused], now)
        await tx.run("letter/address", hash=call.hash, endpoint=call.endpoint)
        if call.is_due:
            told = {"status": Status.REFUSED.value, "code": Reason.UNDELIVERED.value, "why": reason}
            await _record(tx, call, State.OPEN, now, told)


async def delivered(graph: Graph, call: Call) -> None:
    """Records that a call which was made again has arrived."""
    async with graph.transaction() as tx:
        await claim_letters(tx)
        await tx.run("letter/address", hash=call.hash, endpoint=call.endpoint)
        await _record(tx, call, State.RESENT, graph.clock(), {"status": Status.APPLIED.value})


async def call_again(graph: Graph, letter: Letter, actor: str, reason: str | None) -> Settlement:
    """Settles a dead letter by having its call made again, and returns the record of it.

    Raises:
        SettledError: It is not open any more.
    """
    said = {
        "letter": letter.hash,
        "action": State.RESENT.value,
        "actor": actor,
        "reason": reason,
        "sent": letter.hash,
        "status": Status.PARKED.value,
        "source": letter.source,
        "id": letter.id,
        "why": f"it waits until {letter.endpoint} is called next",
    }
    async with graph.transaction() as tx:
        await claim_letters(tx, [letter.hash])
        row = {"hash": letter.hash, "state": State.RESENT.value, "attempts": 0}
        (done,) = await record_settlements(tx, [row | {"settlement": said | {"at": graph.clock()}}])
        await tx.run("letter/due", hash=letter.hash)
    return done


async def _record(
    tx: Transaction, call: Call, state: State, now: int, told: dict[str, Any]
) -> None:
    said = {
        "letter": call.hash,
        "action": State.RESENT.value,
        "actor": ACTOR,
        "at": now,
        "sent": call.hash,
        "source": call.source,
        "id": call.id,
    }
    row = {"hash": call.hash, "state": state.value, "attempts": 0, "settlement": said | told}
    await record_settlements(tx, [row])
