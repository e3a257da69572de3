"""Was a repair effective? By rule: what it was to cure does not return while it is watched. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from graph.model.compliance import Life, Limits
from graph.model.identifier import Utcs
from graph.model.kind import plain
from graph.model.maintenance import Effectiveness
from graph.model.operation import Alert, AlertStatus

WATCH: Final = Limits(fh=Decimal(100), days=Decimal(30))
"""So long a repair is watched unless a question says otherwise: until each of these has run."""


@dataclass(frozen=True, slots=True)
class Return:
    """An alert that came back: which, of which one, and how far the unit was when it did."""

    alert: Utcs
    of: Utcs
    life: Life


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a repair cured what it was to cure.

    Attributes:
        verdict: Pending while it is watched; None where there is nothing to judge.
        why: One sentence that says what the verdict rests on.
        returned: The first alert that came back while it was watched.
        until: The day on which the watch ends at the earliest; None where days do not limit it any more.
        remaining: What is still to run of the watch, in each measure that limits it; None once it is over.
    """

    verdict: Effectiveness | None
    why: str
    returned: Utcs | None = None
    until: date | None = None
    remaining: Limits | None = None


def is_return(cured: Alert, seen: Alert) -> bool:
    """Whether an alert is the same trouble as one that was to be cured.

    The same code; where the cured one has none, the same parameter of the same system. A false alarm is none.
    """
    if seen.status is AlertStatus.FALSE_ALARM:
        return False
    if cured.code is not None:
        return seen.code == cured.code
    named = (cured.parameter, cured.ata_chapter)
    return cured.parameter is not None and (seen.parameter, seen.ata_chapter) == named


def judge(released: Life, now: Life, returns: Iterable[Return], watch: Limits = WATCH) -> Judgement:
    """Returns whether a repair was effective.

    It is watched until each measure of the watch has run, so that an aircraft that is parked proves nothing.

    Args:
        released: How far the unit was when the work was released.
        now: How far it is.
        returns: What came back since the release.
        watch: How long it is watched.
    """
    for one in sorted(returns, key=lambda one: (one.life.day, str(one.alert))):
        since = _run(released, one.life)
        if not _is_over(since, watch):
            why = (
                f"{one.of.local} returned as {one.alert.local} on {one.life.day}, "
                f"{_told(since, watch)} after the release"
            )
            return Judgement(Effectiveness.INEFFECTIVE, why, one.alert)
    run = _run(released, now)
    if _is_over(run, watch):
        why = f"what it was to cure did not return within {_told(watch, watch)}"
        return Judgement(Effectiveness.EFFECTIVE, why)
    return _open(released, run, watch)


def _open(released: Life, run: Limits, watch: Limits) -> Judgement:
    remaining = Limits(*(_left(limit, done) for limit, done in _pairs(watch, run)))
    until = None
    if watch.days is not None and remaining.days:
        until = released.day + timedelta(days=int(watch.days) + 1)
    parts = [f"{until}"] if until else []
    parts += [
        f"{plain(left)} more {unit}"
        for left, unit in ((remaining.fh, "FH"), (remaining.fc, "FC"))
        if left
    ]
    unknown = [
        unit
        for (limit, done), unit in zip(_pairs(watch, run), ("FH", "FC", "days"), strict=True)
        if limit is not None and done is None
    ]
    silent = f"; nothing counts the {' and '.join(unknown)} of the unit" if unknown else ""
    why = f"open until {' and '.join(parts) or 'its counters are known'}{silent}"
    return Judgement(Effectiveness.PENDING, why, until=until, remaining=remaining)


def _run(since: Life, now: Life) -> Limits:
    """Returns what has run from one point of a life to another; None where nothing counts it."""
    return Limits(
        None if since.fh is None or now.fh is None else now.fh - since.fh,
        None if since.fc is None or now.fc is None else now.fc - since.fc,
        Decimal((now.day - since.day).days),
    )


def _pairs(watch: Limits, run: Limits) -> Sequence[tuple[Decimal | None, Decimal | None]]:
    return ((watch.fh, run.fh), (watch.fc, run.fc), (watch.days, run.days))


def _is_over(run: Limits, watch: Limits) -> bool:
    """Whether each measure has run; what nothing counts has not."""
    return all(
        limit is None or (done is not None and done > limit) for limit, done in _pairs(watch, run)
    )


def _left(limit: Decimal | None, done: Decimal | None) -> Decimal | None:
    """Returns what is still to run; nothing of what has run, the whole of what nothing counts."""
    if limit is None:
        return None
    return max(limit - (done or Decimal(0)), Decimal(0))


def _told(run: Limits, watch: Limits) -> str:
    return " and ".join(_measures(run, watch))


def _measures(run: Limits, watch: Limits) -> Iterator[str]:
    for (limit, done), unit in zip(_pairs(watch, run), ("FH", "FC", "days"), strict=True):
        if limit is not None and done is not None:
            yield f"{plain(done)} {unit}"
