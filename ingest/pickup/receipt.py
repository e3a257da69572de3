"""Receipts: what became of a file and of everything in it, for whoever sent it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from graph.model.outcome import Outcome, Reason, Status
from ingest.files.rejected import Rejected

RECEIPT: Final = ".receipt.json"
REFUSED: Final = ".refused.jsonl"


class End(StrEnum):
    """The folder in which a file ends."""

    DONE = "done"
    QUARANTINE = "quarantine"


@dataclass(slots=True)
class Tally:
    """What became of the events of a file.

    Attributes:
        counts: How many of each, by the words of `utcs load`.
        first: The number of the first change that came of it; None if none did.
        last: The number of the last one.
    """

    counts: Counter[str] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and the last number; None if nothing came of it."""
        return None if self.first is None or self.last is None else (self.first, self.last)

    def note(self, outcome: Outcome, head: int) -> None:
        """Counts an outcome; what was applied after the plan was made is ours, be it told as known."""
        seq, status = outcome.seq, outcome.status
        if status is Status.DUPLICATE and seq is not None and seq > head:
            status = Status.APPLIED
        self.counts[status if outcome.code is not Reason.OVERTAKEN else "without_effect"] += 1
        if status is Status.APPLIED and seq is not None:
            self.first = seq if self.first is None else min(self.first, seq)
            self.last = seq if self.last is None else max(self.last, seq)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file.

    Attributes:
        pickup: The pick-up that took it.
        file: What it was called.
        end: Where it ended.
        reason: Why it is in quarantine; None if it is not.
        size: Its length in bytes.
        sha256: Its hash in hex; None if it was never read.
        manifest: The manifest that spoke of it, if one did.
        modified: When it was last written, by the clock of the place.
        taken_at: When it was taken.
        ended_at: When all was done.
        attempts: How many workers had it; more than one if one was cut off.
        counts: What became of what is in it.
        seq: The first and the last number in the change log that came of it.
        refused: The file beside this one that says what was refused, and why; None if nothing was.
    """

    pickup: str
    file: str
    end: End
    reason: str | None
    size: int
    sha256: str | None
    manifest: str | None
    modified: str
    taken_at: str
    ended_at: str
    attempts: int
    counts: dict[str, int]
    seq: tuple[int, int] | None
    refused: str | None

    def written(self) -> bytes:
        """Returns the receipt as it is left."""
        return json.dumps(asdict(self), indent=2).encode() + b"\n"


class Refusals:
    """What of a file was refused and why, one JSON document on each line, beside its receipt."""

    def __init__(self, path: Path) -> None:
        self.path, self._file = path, path.open("wb")
        self.count = 0

    def add(self, where: str, reason: str, raw: str = "") -> None:
        """Writes down one refusal."""
        self.count += 1
        said = {"where": where, "reason": reason} | ({"raw": raw} if raw else {})
        self._file.write(json.dumps(said).encode() + b"\n")

    def add_rejected(self, rejected: Iterable[Rejected]) -> None:
        """Writes down what became no event."""
        for one in rejected:
            self.add(one.where, one.reason, one.raw)

    def add_outcome(self, outcome: Outcome) -> None:
        """Writes down an event that was refused, or has no effect; others are passed over."""
        if outcome.status is Status.REFUSED or outcome.code is Reason.OVERTAKEN:
            self.add(f"event {outcome.id}", outcome.reason or str(outcome.code))

    def __enter__(self) -> Self:
        """Returns itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Makes sure that all is in the file."""
        self._file.close()
