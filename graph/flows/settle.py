"""Settling dead letters: sending them again, mending or discarding them, and who may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from graph.flows.submit import Principal, sign
from graph.model.event import MAX_BYTES
from graph.model.nesting import write_json
from graph.model.outcome import Reason
from graph.model.strict import JsonError, find_unfit, read_json
from graph.store import settle as store
from graph.store.apply import Signed, apply
from graph.store.calls import call_again
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.letters import Letter, Opened, Settlement, find_group, open_letter
from graph.store.settle import Resending

MAX_REASON: Final = 1000
"""The longest reason for a settlement, in characters."""


async def resend(
    graph: Graph,
    hash: str,
    principal: Principal,
    *,
    mended: bytes | None = None,
    reason: str | None = None,
) -> tuple[Settlement, ...]:
    """Sends a dead letter again and returns what became of it, and of the group that it belongs to.

    What was sent goes in as before, in the name of its sender; a mended document in that of the
    principal. The events, the letters and the record change in one transaction or not at all. A letter
    that is refused again stays open, with the attempt counted and recorded. A call that could not be
    delivered is made again, as it was, by whoever serves its endpoint.

    Args:
        graph: Where it is.
        hash: Of the letter, or its beginning.
        principal: Who settles it.
        mended: What to send instead.
        reason: Why, in the words of the principal.

    Raises:
        BadQuestionError: It is not kept whole, or cannot be sent by itself.
        ForbiddenError: The principal is no admin.
        NotFoundError: There is no such letter.
        SettledError: It is not open any more.
    """
    principal.require("admin")
    why = None if reason is None else check_reason(reason)
    opened = await open_letter(graph, hash)
    if opened.letter.endpoint is not None:
        _check_as_it_was(opened.letter, mended)
        return (await call_again(graph, opened.letter, principal.actor, why),)
    if mended is not None:
        _check_group(opened.letter, mended)
    own = opened.letter.hash
    group = await find_group(graph, opened.letter)
    hashes = group if own in group else (own,)  # then it is open no more, as `Resending` will say
    batch = [
        sign(mended, principal)
        if mended is not None and hash == own
        else _again(await open_letter(graph, hash), principal)
        for hash in hashes
    ]
    instead = None if mended is None else (own, mended)
    resending = Resending(hashes, principal.actor, why, instead)
    await apply(graph, batch, resending)
    return tuple(resending.settlements)


async def discard(graph: Graph, hash: str, principal: Principal, reason: str) -> Settlement:
    """Settles a dead letter without sending it; it stays readable, with who decided so and why.

    Raises:
        BadQuestionError: There is no reason, or it is too long.
        ForbiddenError: The principal is no admin.
        NotFoundError: There is no such letter.
        SettledError: It is not open any more.
    """
    principal.require("admin")
    why = check_reason(reason)
    opened = await open_letter(graph, hash)
    return await store.discard(graph, opened.letter.hash, principal.actor, why)


def _again(opened: Opened, principal: Principal) -> Signed:
    """Returns a letter as it was sent, in the name in which it came."""
    letter, document = opened.letter, opened.document
    if not opened.is_whole:
        raise BadQuestionError(
            f"hash: of {letter.hash[:12]} not all {letter.size:,} bytes are kept as they were sent; "
            "send a whole document instead of it"
        )
    sender = principal if letter.actor is None else Principal.of(letter.actor, "editor")
    if len(document) <= MAX_BYTES or letter.code == Reason.INVALID:
        return sign(document, sender)
    # It was taken once, and is kept in a longer form than the one that the limit holds for.
    return replace(sign(_object(document), sender), sent=document)


def _check_as_it_was(letter: Letter, mended: bytes | None) -> None:
    """Refuses to tell others what the thread does not say."""
    if mended is not None:
        raise BadQuestionError(
            f"hash: {letter.hash[:12]} is a call to {letter.endpoint}, which is made as it was; correct the "
            "event that it tells of instead, and discard the letter"
        )


def _check_group(letter: Letter, mended: bytes) -> None:
    """Refuses to tear a group apart: its events stand or fall together."""
    if letter.group is None:
        return
    said = _object(mended)
    if (said.get("source"), said.get("group")) != (letter.source, letter.group):
        raise BadQuestionError(
            f"group: the letter is of group {letter.group!r} of source {letter.source!r}, and the "
            "document sent instead of it is not; give it both, or discard the letter and send the "
            "event by itself"
        )


def _object(document: bytes) -> dict[str, Any]:
    """Returns the JSON object in a document; empty if there is none."""
    try:
        value = read_json(document)
    except JsonError:
        return {}
    return value if isinstance(value, dict) else {}


def check_reason(reason: str) -> str:
    """Returns the reason for a settlement as it is recorded.

    Raises:
        BadQuestionError: It is empty or too long, or holds what no record may hold.
    """
    text = reason.strip()
    if not text or len(text) > MAX_REASON:
        raise BadQuestionError(
            f"reason: {len(text):,} characters; say in 1 to {MAX_REASON:,} why", field="reason"
        )
    if unfit := find_unfit(text, write_json(text)):
        raise BadQuestionError(f"reason: {unfit.removeprefix('value: ')}", field="reason")
    return text
