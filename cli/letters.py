"""Dead letters and what was done about them, as people read them in a terminal."""

from __future__ import annotations

from typing import Final

from cli.output import moment, rows, say, tell
from graph.model.outcome import Outcome
from graph.store.letters import Opened, Settlement

SHORT: Final = 12
"""So much of a hash is printed; enough to tell millions of letters apart."""

_LINES: Final = 40
_CHARS: Final = 4000
"""How much of a document is shown."""


def say_settlement(done: Settlement) -> None:
    """Prints on one line what became of a letter."""
    outcome = done.outcome
    if outcome is None:
        say(f"{done.letter[:SHORT]}  {done.action.value}")
        return
    number = "" if outcome.seq is None else f"  number {outcome.seq}"
    why = f"  {outcome.reason}" if outcome.reason else ""
    event = f"{outcome.source or '-'}  {outcome.id or '-'}"
    say(f"{done.letter[:SHORT]}  {outcome.status.value}  {event}{number}{why}")


def say_letter(opened: Opened) -> None:
    """Prints a letter, all that was done about it, and the beginning of what was sent."""
    letter = opened.letter
    say(f"{letter.hash}  ({letter.state.value})", style="bold")
    told = {
        "source": letter.source,
        "id": letter.id,
        "group": letter.group,
        "sent by": letter.actor,
        "endpoint": letter.endpoint,
        "code": letter.code,
        "reason": letter.reason,
        "refused": f"{letter.attempts:,} times" if letter.attempts > 1 else "once",
        "first at": moment(letter.first_at),
        "last at": moment(letter.last_at),
        "bytes": f"{letter.size:,}",
    }
    rows(("", ""), [(name, value) for name, value in told.items() if value is not None])
    say("")
    for done in opened.settlements:
        say(f"{done.number}. {moment(done.at)}  {done.action.value} by {done.actor}")
        if done.reason:
            say(f"   because: {done.reason}")
        if done.outcome is not None:
            _say_outcome(done, done.outcome)
    if opened.settlements:
        say("")
    _say_document(opened.document)


def _say_outcome(done: Settlement, outcome: Outcome) -> None:
    say(f"   sent: {done.sent}")
    number = "" if outcome.seq is None else f", number {outcome.seq} of the change log"
    why = f": {outcome.reason}" if outcome.reason else ""
    say(f"   {outcome.status.value}{number}{why}")


def _say_document(document: bytes) -> None:
    lines = document[:_CHARS].decode(errors="backslashreplace").splitlines()
    for line in lines[:_LINES]:
        say(line)
    if len(document) > _CHARS or len(lines) > _LINES:
        tell("… --raw prints all of it")
