"""A dead letter on the wire: the bytes as they were sent, and in its headers why nobody could take them."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from graph.model.outcome import Reason
from ingest.messages.cloudevent import Message


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that failed: when, and why."""

    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter: a message of which an event could not be taken, and why."""

    message: Message
    code: Reason
    reason: str
    attempts: tuple[Attempt, ...] = ()

    def headers(self) -> dict[str, str]:
        """Returns its headers: those it came with that are text, and those that tell its story."""
        return self.message.text_headers | {
            "utcs-code": self.code.value,
            "utcs-reason": self.reason,
            "utcs-place": self.message.place,
            "utcs-attempts": orjson.dumps(self.attempts).decode(),
        }
