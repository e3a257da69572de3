"""Serial numbers in their natural order: FC-9 before FC-00042, and nothing between FC-1 and TK-9.

A number is what stands before its last run of digits, that run as a number, and what stands after it. Only
numbers that agree in the first and the last are in one order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Final

from graph.errors import TraceError

_LAST_DIGITS: Final = re.compile(r"(.*?)([0-9]+)([^0-9]*)", re.DOTALL)


class ExpressionError(TraceError):
    """An expression of effectivity cannot be read; the sentence says where, what was expected and the fix.

    Attributes:
        column: Where, counted from 1.
    """

    column: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """A serial number taken apart; `number` is None where it has no digit."""

    prefix: str
    number: int | None
    suffix: str

    @classmethod
    def of(cls, text: str) -> Numbered:
        """Returns the parts of a serial number; capitals and small letters are one."""
        found = _LAST_DIGITS.fullmatch(text.upper())
        if found is None:
            return cls(text.upper(), None, "")
        return cls(found[1], int(found[2]), found[3])

    def is_like(self, other: Numbered) -> bool:
        """Whether the two differ in their number alone."""
        return (self.prefix, self.suffix) == (other.prefix, other.suffix)


@dataclass(frozen=True)
class Span:
    """One serial number, or all from one to another, both included; an end that is None is open.

    Raises:
        ValueError: There is no such range; the sentence says why.
    """

    first: str | None
    last: str | None

    def __post_init__(self) -> None:
        """Refuses what is no range."""
        if self.first is None and self.last is None:
            raise ValueError("a range needs at least one end")
        if self.first == self.last:
            return
        for end in (self._first, self._last):
            if end is not None and end.number is None:
                raise ValueError(f"{self} has an end without a number; list its members instead")
        if self._first is not None and self._last is not None:
            _ordered(self, self._first, self._last)

    def __contains__(self, text: str) -> bool:
        number = Numbered.of(text)
        if not number.is_like(self._any) or number.number is None:
            return number == self._any
        return self._low <= number.number <= self._high

    def overlaps(self, other: Span) -> bool:
        """Whether some number is in both."""
        if not self._any.is_like(other._any):
            return False
        return max(self._low, other._low) <= min(self._high, other._high)

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first or ""
        ends = (self.first or "", self.last or "")
        if all(end.isascii() and (not end or end.isdigit()) for end in ends):
            return "-".join(ends)
        return " ".join(filter(None, (self.first, "to", self.last)))

    @cached_property
    def _first(self) -> Numbered | None:
        return None if self.first is None else Numbered.of(self.first)

    @cached_property
    def _last(self) -> Numbered | None:
        return None if self.last is None else Numbered.of(self.last)

    @cached_property
    def _any(self) -> Numbered:
        found = self._first or self._last
        assert found is not None, "a range has an end"  # noqa: S101
        return found

    @cached_property
    def _low(self) -> float:
        return -inf if self._first is None else _value(self._first)

    @cached_property
    def _high(self) -> float:
        return inf if self._last is None else _value(self._last)


def _value(number: Numbered) -> float:
    """Returns a number as ranges compare it; one without digits comes before all others."""
    return -1 if number.number is None else number.number


def _ordered(span: Span, low: Numbered, high: Numbered) -> None:
    if not low.is_like(high):
        problem = f"{span} mixes two series of numbers, {span.first} and {span.last}"
        raise ValueError(f"{problem}; give each its own range")
    if _value(low) > _value(high):
        raise ValueError(f"{span} ends before it begins; write {Span(span.last, span.first)}")


def find_overlap(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """Returns the first range of a list that has a number of an earlier one, and that one."""
    earlier: list[Span] = []
    for span in spans:
        for other in earlier:
            if span.overlaps(other):
                return span, other
        earlier.append(span)
    return None
