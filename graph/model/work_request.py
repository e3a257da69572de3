"""What somebody asks for or reports in the words of a maintenance system, and what it means here. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Final

from graph.errors import TraceError
from graph.model.canonical import canonical_json, sha256_hex
from graph.model.engineering import Priority
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.maintenance import WorkOrderCategory
from graph.model.time import parse_utc

DURATION: Final = r"^(0|[1-9][0-9]{0,5})(\.[0-9]{1,2})? (minutes?|hours?|days?)$"
"""How a duration is written: a number, one space, and its unit; a day is 24 hours."""

MAX_DURATION_H: Final = 8760
"""The longest duration that is asked for: a year."""

MAX_AHEAD_DAYS: Final = 36_525
"""So far ahead a due date lies at most: a century."""

NOTHING_FOUND: Final = frozenset(
    {"", "none", "nil", "no issues", "no issue", "no findings", "no finding", "no defects"}
)
"""What findings are called, in any case and with or without a full stop, where there are none."""

TRIES: Final = 20
"""So often the same maintenance of an asset may be asked for with one due date, each after the last ended."""

_HOURS: Final = {"minute": Decimal(1) / 60, "hour": Decimal(1), "day": Decimal(24)}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_LETTERS: Final = (
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: none is taken for another
)


class RequestError(TraceError):
    """Something that was asked for is not written as it must be.

    Attributes:
        field: The field.
    """

    field: str


@dataclass(frozen=True, slots=True)
class Request:
    """Maintenance that is due.

    Attributes:
        asset: Of which aircraft or unit.
        maintenance: What sort, in the words of whoever asks.
        due_on: The last day on which it should be done.
        priority: How soon it is needed.
        estimated_h: How long it is thought to take; None is not said.
    """

    asset: Utcs
    maintenance: str
    due_on: date
    priority: Priority
    estimated_h: Decimal | None

    @property
    def title(self) -> str:
        """What the work order is called."""
        return f"{self.asset.local}: {self.maintenance}"[:300]

    def ids(self) -> Iterator[Utcs]:
        """Yields the ids that its work order may have: the first of them that is not of one that ended."""
        for turn in range(TRIES):
            said = f"{self.asset} {self.maintenance.casefold()} {self.due_on} {turn}"
            digest = int.from_bytes(sha256(said.encode()).digest()[:5], "big")
            mark = "".join(_LETTERS[(digest >> 5 * place) & 31] for place in range(8))
            yield Utcs(self.asset.authority, "workorder", f"WO-{self.due_on:%Y%m%d}-{mark}")

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.due_on < today


@dataclass(frozen=True, slots=True)
class Report:
    """The completion of a work order, as its maintenance system reports it.

    Attributes:
        completed: The day, or the moment.
        findings: What was found, in prose.
        parts: What was used, as it is named, once for each piece.
        is_released: Whether the asset is to be returned to service.
    """

    completed: date | datetime
    findings: str
    parts: tuple[str, ...]
    is_released: bool

    @property
    def finding(self) -> str | None:
        """What was found, if anything was."""
        text = " ".join(self.findings.split())
        return None if text.rstrip(".").casefold() in NOTHING_FOUND else text

    def ended_at(self, now: datetime) -> datetime:
        """Returns when the work ended: the moment; of a day its end in UTC, or now where that is today."""
        if isinstance(self.completed, datetime):
            return self.completed
        end = datetime.combine(self.completed, time.max, UTC)
        return min(end, now) if self.completed == now.date() else end

    @property
    def fingerprint(self) -> str:
        """What makes two reports of one work order the same: all that they say, whatever its order."""
        said = {
            "completed": self.completed.isoformat(),
            "finding": self.finding,
            "parts": sorted(self.parts),
            "released": self.is_released,
        }
        return sha256_hex(canonical_json(said))


def read_duration(text: str) -> Decimal:
    """Returns how many hours a duration is, to the sixth decimal.

    Raises:
        RequestError: It is written in another way, is nothing, or is longer than a year.
    """
    if not isinstance(text, str) or not re.fullmatch(DURATION, text, re.ASCII):
        raise RequestError(
            f"estimatedDuration: {text!r:.60} is not a duration; write a number, a space and minutes, hours "
            "or days, as in 4 hours, 90 minutes or 1.5 days",
            field="estimatedDuration",
        )
    number, unit = text.split(" ")
    hours = (Decimal(number) * _HOURS[unit.removesuffix("s")]).quantize(Decimal("1e-6"))
    if not 0 < hours <= MAX_DURATION_H:
        raise RequestError(
            f"estimatedDuration: {text!r:.60} is out of bounds; give more than nothing, and at most 365 days",
            field="estimatedDuration",
        )
    return hours


def write_duration(hours: Decimal) -> str:
    """Returns a duration as it is written: in hours, or in minutes where that is not even."""
    number, unit = (
        (hours, "hour") if hours == hours.quantize(Decimal("0.01")) else (hours * 60, "minute")
    )
    said = plain(number.quantize(Decimal("0.01")))
    return f"{said} {unit}{'' if said == '1' else 's'}"


def read_completed(text: str) -> date | datetime:
    """Returns the day or the moment at which work was completed.

    Raises:
        RequestError: It is neither.
        TimeError: It is a moment without an offset, or one that no calendar has.
    """
    if isinstance(text, str) and _DAY.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise RequestError(
                f"completionDate: {text!r} is not in the calendar: {error}", field="completionDate"
            ) from error
    return parse_utc(text, "completionDate")


def read_priority(text: str) -> Priority:
    """Returns how soon something is needed, by its word in any case.

    Raises:
        RequestError: There is no such priority.
    """
    try:
        return Priority(text.lower())
    except ValueError as error:
        words = ", ".join(one.value.capitalize() for one in Priority)
        raise RequestError(
            f"priority: {text!r:.60} is none; use {words}", field="priority"
        ) from error


def category_of(maintenance: str) -> WorkOrderCategory | None:
    """Returns what a work order is for, by the word that says it; None where no word does."""
    words = set(re.findall(r"[a-z]+", maintenance.lower()))
    return next((one for one in _BY_WORD if one.value in words), None)


_BY_WORD: Final = tuple(
    WorkOrderCategory(word)
    for word in (
        "inspection",
        "overhaul",
        "repair",
        "modification",
        "removal",
        "unscheduled",
        "scheduled",
    )
)
"""The noun that says what is done goes before the word that says when."""


def read_due(text: str, today: date) -> date:
    """Returns the day by which something is due; one that is over is overdue, and no error.

    Raises:
        RequestError: It is no day, or lies too far ahead.
    """
    try:
        day = date.fromisoformat(text) if _DAY.match(text) else None
    except ValueError:
        day = None
    if day is None:
        raise RequestError(
            f"dueDate: {text!r:.60} is not a date; write it as YYYY-MM-DD", field="dueDate"
        )
    if day > today + timedelta(days=MAX_AHEAD_DAYS):
        raise RequestError(
            f"dueDate: {day} is more than a century ahead; correct it", field="dueDate"
        )
    return day
