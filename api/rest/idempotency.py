"""Idempotency-Key: the same request under the same key is carried out once, and answered alike each time.

After draft-ietf-httpapi-idempotency-key-header-07. Keys that come without its quotation marks, as most
clients send them, are taken too.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response

from graph.store.answers import LEASE_US, Claim, Kept, claim, keep, release, renew
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, StoreError

HEADER: Final = "Idempotency-Key"
MAX_KEY: Final = 255

KEPT: Final = frozenset({200, 201, 202, 422})
"""What is answered once something was done or refused for good; anything else says to try again."""

_RENEW_S: Final = LEASE_US / 1_000_000 / 3
_QUOTED: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')
"""A String of RFC 8941 §3.3.3."""
_BARE: Final = re.compile(r"[A-Za-z0-9._~:/+=@-]+")

_log: Final = logging.getLogger("uvicorn.error")


def read_key(headers: Headers) -> str | None:
    """Returns the key of a request; None if it has none.

    Raises:
        BadQuestionError: It is no key.
    """
    values = headers.getlist(HEADER)
    if not values:
        return None
    text = values[0].strip()
    if quoted := _QUOTED.fullmatch(text):
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    else:
        key = text if _BARE.fullmatch(text) else ""
    if len(values) > 1 or not 1 <= len(key) <= MAX_KEY:
        raise BadQuestionError(
            f"{HEADER}: {', '.join(values)[:60]!a} is no key; give one, of 1 to {MAX_KEY} printable "
            'characters in quotation marks, such as "8e03978e-40d5-43dd-bc93-6894a57f9324"',
            field=HEADER,
        )
    return key


async def answered_once(
    graph: Graph,
    caller: str,
    key: str,
    request: tuple[str, bytes],
    answer: Callable[[], Awaitable[Response]],
) -> Response:
    """Returns the answer to a request; the kept one, if it was answered under this key before.

    Args:
        graph: Where answers are kept.
        caller: Whose key it is.
        key: The key.
        request: What makes it the same request: where it goes, its content type and its body.
        answer: Carries the request out.

    Raises:
        AnswerError: The key stands for another request, or this one is being answered.
    """
    media, body = request
    fingerprint = sha256(media.encode() + b"\0" + body).hexdigest()
    claimed = await claim(graph, caller, key, fingerprint)
    if isinstance(claimed, Kept):
        headers = {"Idempotent-Replayed": "true"}
        return Response(claimed.body, claimed.status, headers, claimed.media)
    try:
        async with _renewed(graph, claimed):
            given = await answer()
    except BaseException:
        with suppress(StoreError):
            await release(graph, claimed)
        raise
    await _keep(graph, claimed, given)
    return given


async def _keep(graph: Graph, claimed: Claim, given: Response) -> None:
    """Keeps an answer that is final; failing at that must not take it from the caller."""
    try:
        if given.status_code in KEPT:
            answer = Kept(given.status_code, given.media_type or "", bytes(given.body))
            if not await keep(graph, claimed, answer):
                _log.warning("an answer of %d bytes is too large to be kept", len(given.body))
        else:
            await release(graph, claimed)
    except StoreError as error:
        _log.warning("an answer could not be kept: %s", error)


@asynccontextmanager
async def _renewed(graph: Graph, claimed: Claim) -> AsyncIterator[None]:
    """Says again and again that the request is worked on, as long as it is."""

    async def renewing() -> None:
        while True:
            await asyncio.sleep(_RENEW_S)
            with suppress(StoreError):
                await renew(graph, claimed)

    task = asyncio.create_task(renewing())
    try:
        yield
    finally:
        task.cancel()
