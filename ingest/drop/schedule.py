"""When something is due: every so many seconds, or as a cron expression says, in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

_FIELDS: Final = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 7),
)
_PART: Final = re.compile(r"(?:\*|(?P<low>\d{1,2})(?:-(?P<high>\d{1,2}))?)(?:/(?P<step>\d{1,2}))?")
_FARTHEST: Final = timedelta(days=8 * 366)
"""February 29 comes within eight years, 1900 and 2100 included; what does not is never due."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression of five fields (POSIX crontab, with steps): minute, hour, day, month, weekday.

    Where both days are restricted, either is enough, as in cron.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    @classmethod
    def parse(cls, text: str) -> Cron:
        """Returns the expression in a text.

        Raises:
            ValueError: It is none, or names no day that there is.
        """
        words = text.split()
        if len(words) != len(_FIELDS):
            raise ValueError(
                f"{text!r:.100} has {len(words)} fields; give five, as in '30 2 * * 1-5'"
            )
        sets = [_numbers(word, *field) for word, field in zip(words, _FIELDS, strict=True)]
        weekdays = frozenset(day % 7 for day in sets[4])
        any_day, any_weekday = words[2].startswith("*"), words[4].startswith("*")
        cron = cls(sets[0], sets[1], sets[2], sets[3], weekdays, any_day, any_weekday)
        cron.next_after(datetime(2000, 1, 1, tzinfo=UTC))
        return cron

    def next_after(self, moment: datetime) -> datetime:
        """Returns the first minute after a moment at which it is due.

        Raises:
            ValueError: There is none.
        """
        start = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        day = start.replace(hour=0, minute=0)
        while day - start < _FARTHEST:
            if self._is_on(day):
                for hour in sorted(self.hours):
                    for minute in sorted(self.minutes):
                        due = day.replace(hour=hour, minute=minute)
                        if due >= start:
                            return due
            day += timedelta(days=1)
        raise ValueError("the day of the month never comes in that month; correct one of them")

    def _is_on(self, day: datetime) -> bool:
        if day.month not in self.months:
            return False
        on_day, on_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return on_day and on_weekday
        return on_day or on_weekday


def _numbers(word: str, name: str, least: int, most: int) -> frozenset[int]:
    found: set[int] = set()
    for part in word.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"{name}: {part!r:.20} is not *, n, n-m or one of them with /step")
        low, high, step = (match[group] for group in ("low", "high", "step"))
        first = least if low is None else int(low)
        last = most if low is None or (step and not high) else int(high or low)
        if not least <= first <= last <= most or (step and int(step) == 0):
            raise ValueError(f"{name}: {part!r:.20} is not within {least} to {most}")
        found.update(range(first, last + 1, int(step or 1)))
    return frozenset(found)
