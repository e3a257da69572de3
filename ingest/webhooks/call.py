"""One HTTP call, and what its answer means for it: done, to be made again, refused, or nobody wants calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Final

import aiohttp

MAX_ANSWER: Final = 64 * 1024
"""So much of an answer is read, in bytes; nothing of it is needed but the beginning, for people."""

MAX_RETRY_AFTER_S: Final = 86_400.0
"""Nobody is waited for longer than a day because of one header."""

_SHOWN: Final = 200

_OF_ENDPOINT: Final = frozenset({401, 403, 404, 405, 407, 408, 421, 423, 425, 429})
"""Of the 4xx those that speak of the endpoint, its rights or its load, and not of what was sent."""

_GONE: Final = 410


class Verdict(Enum):
    """What is to become of a call."""

    DONE = auto()
    AGAIN = auto()
    REFUSED = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try.

    Attributes:
        verdict: What is to become of the call.
        said: What the far end said, for people.
        after_s: How long it asks to be left alone, if it does.
    """

    verdict: Verdict
    said: str
    after_s: float | None = None


async def call(
    client: aiohttp.ClientSession,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    timeout_s: float,
) -> Answer:
    """Makes one call and returns what it means; no redirect is followed, and no answer is read whole."""
    try:
        async with asyncio.timeout(timeout_s):
            async with client.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                text = await answer.content.read(MAX_ANSWER)
                if not answer.content.at_eof():
                    answer.close()  # whatever else would come
                return judged(answer.status, answer.headers, text, time.time())
    except TimeoutError:
        return Answer(Verdict.AGAIN, f"no answer within {timeout_s:g} s")
    except aiohttp.InvalidURL:  # its sentence is the address, which may hold what is secret
        return Answer(Verdict.AGAIN, "cannot be called: the address is none")
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Answer(Verdict.AGAIN, _readable(str(error) or type(error).__name__))


def judged(status: int, headers: Mapping[str, str], text: bytes, now_s: float) -> Answer:
    """Returns what an answer means.

    Success is 2xx only (Standard Webhooks). A redirect is no answer: the address is to be mended. A 4xx that
    speaks of what was sent will not change by sending it again; all else may.
    """
    excerpt = _readable(text.decode("utf-8", "replace"))
    said = f"answered {status}" + (f": {excerpt}" if excerpt and status >= 400 else "")
    if 200 <= status < 300:
        return Answer(Verdict.DONE, said)
    if status == _GONE:
        return Answer(Verdict.GONE, said)
    if 300 <= status < 400:
        return Answer(Verdict.AGAIN, f"{said}, a redirect; name the address that it leads to")
    if 400 <= status < 500 and status not in _OF_ENDPOINT:
        return Answer(Verdict.REFUSED, said)
    return Answer(Verdict.AGAIN, said, retry_after_s(headers.get("Retry-After", ""), now_s))


def retry_after_s(text: str, now_s: float) -> float | None:
    """Returns how long a `Retry-After` asks to wait (RFC 9110 §10.2.3: seconds, or a date), if it is one."""
    text = text.strip()
    try:
        if text.isascii() and text.isdigit():
            wait = float(text[:12])
        else:
            wait = parsedate_to_datetime(text).timestamp() - now_s
    except (ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), MAX_RETRY_AFTER_S)


def _readable(text: str) -> str:
    """Returns the beginning of a text on one line, without what would act on a terminal."""
    shown = "".join(c if c.isprintable() else " " for c in text[: 4 * _SHOWN])
    return " ".join(shown.split())[:_SHOWN]
