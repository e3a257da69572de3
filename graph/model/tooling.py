"""Whether a tool may be used on a day, and what a calibration that found it wrong casts doubt on. Pure.

A tool reads true from a calibration that left it true until its due day. Where a calibration finds it out of
tolerance, everything is in doubt that it was used on since the last one that left it true (ISO 10012 §8.3.3,
ISO/IEC 17025 §7.10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from graph.model.engineering import Verdict
from graph.model.identifier import Utcs
from graph.model.resources import Calibration, Tool, ToolStatus
from graph.model.time import UtcDatetime

_BARRED: Final = (ToolStatus.QUARANTINED, ToolStatus.IN_CALIBRATION, ToolStatus.RETIRED)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration of a tool, and when it was done at the latest."""

    utcs: Utcs
    calibration: Calibration
    at: datetime

    @property
    def on(self) -> date:
        """The day on which it was done."""
        return self.calibration.performed_on or self.at.date()

    @property
    def found_wrong(self) -> bool:
        """Whether the tool was out of tolerance when it came."""
        return self.calibration.verdict is Verdict.FAILED

    @property
    def left_true(self) -> bool:
        """Whether the tool read true when it went: it did when it came, or was adjusted."""
        return not self.found_wrong or self.calibration.as_left is not None


@dataclass(frozen=True, slots=True)
class Use:
    """Something that a tool was used on, and from when until when; None is an end that is yet to come."""

    utcs: Utcs
    name: str
    status: str | None
    since: UtcDatetime
    until: UtcDatetime | None


@dataclass(frozen=True, slots=True)
class UsedTool:
    """A tool that was used on a work order.

    Attributes:
        tool: The tool as it was said to be when that began; None where nothing was said of it then.
        use: From when it was used, until when.
        calibrations: All its calibrations, in the order of time.
    """

    utcs: Utcs
    tool: Tool | None
    use: Use
    calibrations: tuple[Calibrated, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a calibration casts doubt on.

    Attributes:
        by: The calibration that found the tool out of tolerance.
        since: The day of the last one that left it true; None where none did.
        uses: What it was used on in between.
    """

    by: Utcs
    on: date
    since: date | None
    uses: tuple[Use, ...]


def due_on(tool: Tool, calibrations: Sequence[Calibrated], at: datetime) -> date | None:
    """Returns the last day on which a tool reads true, by what was done until a moment; None if nothing says.

    Where the tool itself names a sooner day, and one after its last calibration, that holds.
    """
    last = _last(calibrations, at)
    if last is None:
        return tool.due_on
    due, every = last.calibration.due_on, tool.interval_days
    if due is None and every is not None:
        due = last.on + timedelta(days=int(every))
    own = tool.due_on if tool.due_on is not None and tool.due_on > last.on else None
    return min((one for one in (due, own) if one is not None), default=None)


def calibration_flaw(tool: Tool, calibrations: Sequence[Calibrated], at: datetime) -> str | None:
    """Returns why a tool need not read true at a moment, in words; None if it does, or measures nothing."""
    last, due = _last(calibrations, at), due_on(tool, calibrations, at)
    if last is not None and not last.left_true:
        return f"was found out of tolerance by {last.utcs.local} on {last.on} and not adjusted"
    if due is not None and due < at.date():
        return f"was due for calibration on {due}"
    if due is None and last is None and tool.interval_days is not None:
        return "was never calibrated"
    return None


def tool_flaw(tool: Tool, calibrations: Sequence[Calibrated], at: datetime) -> str | None:
    """Returns why a tool may not be used at a moment, in words; None if it may."""
    if tool.status in _BARRED:
        return f"is {tool.status.replace('_', ' ')}"
    return calibration_flaw(tool, calibrations, at)


def doubts(calibrations: Sequence[Calibrated], uses: Sequence[Use]) -> tuple[Doubt, ...]:
    """Returns what each calibration that found a tool out of tolerance casts doubt on, by time."""
    found: list[Doubt] = []
    true: Calibrated | None = None
    for one in calibrations:
        if one.found_wrong:
            met = tuple(use for use in uses if _overlaps(use, true, one))
            found.append(Doubt(one.utcs, one.on, true.on if true else None, met))
        if one.left_true:
            true = one
    return tuple(found)


def _overlaps(use: Use, true: Calibrated | None, wrong: Calibrated) -> bool:
    """Whether something was in use between two calibrations; what ended on the day of the first was, too."""
    ended = true is not None and use.until is not None and use.until.date() < true.on
    return use.since < wrong.at and not ended


def used_flaws(used: UsedTool) -> list[str]:
    """Returns why work that a tool was used on is in doubt, in words; none if it is not."""
    flaws, since = [], used.use.since
    if used.tool is not None and (why := calibration_flaw(used.tool, used.calibrations, since)):
        flaws.append(f"{why}, and was used on {since.date()}")
    return flaws + [
        f"was used on {since.date()}, and found out of tolerance by {one.by.local} on {one.on}"
        for one in doubts(used.calibrations, [used.use])
        if one.uses
    ]


def _last(calibrations: Sequence[Calibrated], at: datetime) -> Calibrated | None:
    """Returns the last calibration until a moment; they come in the order of time."""
    return next((one for one in reversed(calibrations) if one.at <= at), None)
