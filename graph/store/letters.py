"""The dead letters: what was sent and could not be taken, with the reason. Kept for good, settled or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from graph.model.canonical import sha256_hex
from graph.model.identifier import shown
from graph.model.outcome import Outcome, Reason, Status
from graph.model.time import FAR, UtcDatetime, from_micros, to_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor

_PREFIX: Final = re.compile("[0-9a-f]{6,64}")
_ALIKE: Final = 5
"""So many letters are named where the beginning of a hash fits several."""


class State(StrEnum):
    """How a dead letter stands: nothing is decided, or what was done about it last."""

    OPEN = "open"
    RESENT = "resent"
    MENDED = "mended"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter, without the document in it.

    Attributes:
        hash: The SHA-256 of the document, hex: what `sha256sum` prints for the file that was sent.
        source: Who sent the event, if that could be read.
        id: Its id, of that source.
        group: Events of this source and group stand or fall together.
        actor: In whose name it came.
        code: Why it was refused last, for programs.
        reason: Why, for people: the field, the value and the fix.
        size: How large the document is, in bytes.
        attempts: How often it, or what was sent instead, was refused.
        first_at: When it was refused first.
        last_at: When it was refused last.
        state: How it stands.
        endpoint: To whom it could not be delivered, if it is a call of ours; its code is `undelivered`.
    """

    hash: str
    source: str | None
    id: str | None
    group: str | None
    actor: str | None
    code: str
    reason: str
    size: int
    attempts: int
    first_at: UtcDatetime
    last_at: UtcDatetime
    state: State
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What somebody did about a dead letter. It is written once and never changed.

    Attributes:
        letter: The hash of the letter.
        number: Which of its settlements; they are numbered without gaps.
        action: What was done: resent, mended or discarded.
        actor: By whom.
        at: When.
        reason: Why, in their words.
        sent: The SHA-256 of what was sent, hex; None if nothing was.
        outcome: What became of it; refused leaves the letter open.
    """

    letter: str
    number: int
    action: State
    actor: str
    at: UtcDatetime
    reason: str | None
    sent: str | None
    outcome: Outcome | None

    @property
    def is_settled(self) -> bool:
        """Whether that settled the letter."""
        return self.outcome is None or self.outcome.status is not Status.REFUSED


@dataclass(frozen=True, slots=True)
class Opened:
    """A dead letter with the document in it and all that was done about it.

    Attributes:
        document: The bytes as they were sent.
        is_whole: Whether these are all of them, to the byte. Of what is far over the limit only the
            beginning is kept, and releases before dead letters could be settled kept text.
        settlements: In their order.
    """

    letter: Letter
    document: bytes
    is_whole: bool
    settlements: tuple[Settlement, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which dead letters are meant.

    Attributes:
        state: How they stand; all unless given.
        source: Who sent the event.
        code: Why it was refused last.
        since: They were refused last at this moment or later,
        until: and before this one.
    """

    state: State | None = State.OPEN
    source: str | None = None
    code: Reason | None = None
    since: datetime | None = None
    until: datetime | None = None

    def parameters(self) -> dict[str, Any]:
        """Returns the selection as the statements take it."""
        return {
            "states": [state.value for state in (State if self.state is None else (self.state,))],
            "source": self.source,
            "code": None if self.code is None else self.code.value,
            "since": 0 if self.since is None else to_micros(self.since, "since"),
            "until": FAR if self.until is None else to_micros(self.until, "until"),
        }


OPEN: Final = Selection()


@dataclass(frozen=True, slots=True)
class Letters:
    """One page of dead letters, those refused last first.

    Attributes:
        total: How many there are on all pages.
        next: The cursor of the next page; None on the last.
    """

    letters: tuple[Letter, ...]
    total: int
    next: str | None


async def list_letters(
    graph: Graph, selection: Selection = OPEN, *, first: int = 100, after: str | None = None
) -> Letters:
    """Returns a page of the dead letters of a selection, those refused last first.

    Raises:
        BadQuestionError: A number or the cursor is wrong.
    """
    asked = sealed("letters", selection)
    at, hash = (FAR, "") if after is None else read_cursor(asked, after, int, str)
    limit = bounded("first", first, MAX_FIRST) + 1
    chosen = selection.parameters()
    rows = await graph.read("letter/list", {**chosen, "at": at, "hash": hash, "limit": limit})
    total = await count_letters(graph, selection)
    page = [stored for (stored,) in rows[:first]]
    mark = write_cursor(asked, page[-1]["last_at"], page[-1]["hash"]) if rows[first:] else None
    return Letters(tuple(map(_letter, page)), total, mark)


async def count_letters(graph: Graph, selection: Selection = OPEN) -> int:
    """Returns how many dead letters a selection holds."""
    ((letters,),) = await graph.read("letter/count", selection.parameters())
    return int(letters)


async def select_hashes(graph: Graph, selection: Selection = OPEN) -> list[str]:
    """Returns the hashes of all dead letters of a selection, those refused last first."""
    hashes: list[str] = []
    page = await list_letters(graph, selection, first=MAX_FIRST)
    while True:
        hashes += [letter.hash for letter in page.letters]
        if page.next is None:
            return hashes
        page = await list_letters(graph, selection, first=MAX_FIRST, after=page.next)


async def open_letter(graph: Graph, hash: str) -> Opened:
    """Returns the dead letter of a hash, or of its first six characters or more.

    Raises:
        BadQuestionError: That is no hash, or several begin so.
        NotFoundError: There is none.
    """
    prefix = hash.strip().lower()
    if not _PREFIX.fullmatch(prefix):
        fix = "give 6 to 64 of its characters 0–9 a–f, from the start"
        raise BadQuestionError(f"hash: {shown(hash)} is no hash of a dead letter; {fix}")
    found = await graph.read("letter/show", {"prefix": prefix, "limit": _ALIKE})
    if not found:
        raise NotFoundError(f"hash: no dead letter's begins {prefix}; list them to see which do")
    if len(found) > 1:
        alike = ", ".join(stored["hash"][: len(prefix) + 4] for stored, *_ in found)
        raise BadQuestionError(f"hash: several begin {prefix} ({alike}, …); give more of it")
    ((stored, kept, settlements),) = found
    document = kept.encode() if isinstance(kept, str) else bytes(kept)
    is_whole = sha256_hex(document) == stored["hash"]
    return Opened(_letter(stored), document, is_whole, tuple(map(settlement, settlements)))


async def find_group(graph: Graph, letter: Letter) -> tuple[str, ...]:
    """Returns the hashes of all open letters of the group of a letter; its own if it has none."""
    if letter.group is None:
        return (letter.hash,)
    wanted = {"source": letter.source, "group": letter.group}
    return tuple(hash for (hash,) in await graph.read("letter/group", wanted))


def _letter(stored: dict[str, Any]) -> Letter:
    times = {name: from_micros(stored[name]) for name in ("first_at", "last_at")}
    return Letter(**stored | times | {"state": State(stored["state"])})


def settlement(stored: dict[str, Any]) -> Settlement:
    """Returns a settlement from how it is stored."""
    outcome = stored.get("status") and Outcome(
        status=Status(stored["status"]),
        source=stored.get("source"),
        id=stored.get("id"),
        seq=stored.get("seq"),
        code=stored.get("code"),
        reason=stored.get("why"),
    )
    return Settlement(
        letter=stored["letter"],
        number=stored["number"],
        action=State(stored["action"]),
        actor=stored["actor"],
        at=from_micros(stored["at"]),
        reason=stored.get("reason"),
        sent=stored.get("sent"),
        outcome=outcome or None,
    )
