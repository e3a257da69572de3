"""Answers that are kept for a day, so that a request that is sent again under its key gets the same one."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from graph.model.canonical import canonical_json, sha256_hex
from graph.store.database import Graph
from graph.store.errors import StoreError

KEPT_US: Final = 24 * 3600 * 1_000_000
"""How long an answer is kept: 24 hours, in microseconds."""

LEASE_US: Final = 30 * 1_000_000
"""How long somebody who works on a request may not be heard of before another may take it over."""

MOST_KEYS: Final = 100_000
"""So many keys are kept at most: more than one a second, all day."""

MOST_BYTES: Final = 4 * 1024 * 1024
"""The largest answer that is kept, compressed; ten to twenty times that as it is sent."""

_AT_ONCE: Final = 1000


class AnswerError(StoreError):
    """A request cannot be taken under its key."""


class KeyReusedError(AnswerError):
    """The key stands for another request."""


class InProgressError(AnswerError):
    """Somebody works on the same request at this moment."""


class TooManyKeysError(AnswerError):
    """No more keys are kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    status: int
    media: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right, for a while, to work on the request that a key stands for."""

    key: str
    holder: str


async def claim(graph: Graph, caller: str, key: str, fingerprint: str) -> Claim | Kept:
    """Returns the answer to a request if it was answered, else the right to answer it.

    Of several processes that ask at once one gets the right. A holder that is not heard of any more
    loses it, so that a request whose process died can be sent again.

    Args:
        graph: Where keys are kept, for all processes.
        caller: Whose key it is; everybody has keys of their own.
        key: As the caller chose it.
        fingerprint: What makes it this request and no other.

    Raises:
        KeyReusedError: The caller's key stands for another request.
        InProgressError: The request is worked on now.
        TooManyKeysError: There is no room for another key.
    """
    now, holder = graph.clock(), uuid4().hex
    wanted = Claim(sha256_hex(canonical_json([caller, key])), holder)
    async with graph.transaction() as tx:
        rows = await tx.run(
            "answer/claim",
            key=wanted.key,
            fingerprint=fingerprint,
            claim=holder,
            now=now,
            until=now + LEASE_US,
            expires_at=now + KEPT_US,
            most=MOST_KEYS,
        )
    if not rows:
        raise TooManyKeysError(
            f"Idempotency-Key: {MOST_KEYS:,} keys are kept already; send without one, since events "
            "are told apart by source and id, or try again tomorrow"
        )
    ((is_mine, known, status, media, body),) = rows
    if is_mine:
        return wanted
    if known != fingerprint:
        raise KeyReusedError(
            f"Idempotency-Key: {key!r:.100} was sent with another body within 24 hours; give each "
            "request a key of its own"
        )
    if status is None:
        raise InProgressError(
            f"Idempotency-Key: the request {key!r:.100} is worked on at this moment; ask again soon"
        )
    return Kept(status, media, zlib.decompress(body))


async def renew(graph: Graph, claim: Claim) -> None:
    """Says that a request is still worked on."""
    async with graph.transaction() as tx:
        until = graph.clock() + LEASE_US
        await tx.run("answer/renew", key=claim.key, claim=claim.holder, until=until)


async def keep(graph: Graph, claim: Claim, answer: Kept) -> bool:
    """Keeps the whole answer to a request; says whether it was small enough to be kept."""
    body = await asyncio.to_thread(zlib.compress, answer.body, 1)
    if len(body) > MOST_BYTES:
        await release(graph, claim)
        return False
    async with graph.transaction() as tx:
        await tx.run(
            "answer/keep",
            key=claim.key,
            claim=claim.holder,
            status=answer.status,
            media=answer.media,
            body=body,
        )
    return True


async def release(graph: Graph, claim: Claim) -> None:
    """Lets go of a request that came to no answer, so that it can be sent again at once."""
    async with graph.transaction() as tx:
        await tx.run("answer/release", key=claim.key, claim=claim.holder)


async def forget(graph: Graph) -> int:
    """Forgets the answers whose time is up, and returns how many there were."""
    forgotten = 0
    while True:
        async with graph.transaction() as tx:
            ((number,),) = await tx.run("answer/expire", now=graph.clock(), limit=_AT_ONCE)
        forgotten += int(number)
        if number < _AT_ONCE:
            return forgotten
