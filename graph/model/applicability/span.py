"""Serial numbers in their natural order: FC-9 before FC-00042, and nothing between FC-1 and TK-9.

A number is what stands before its last run of digits, that run as a number, and what stands after it. Only
numbers that agree in the first and the last are in one order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
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
        low, high = self._bounds
        if self.first is None and self.last is None:
            raise ValueError("a range needs at least one end")
        if self.first == self.last:
            return
        for end in (low, high):
            if end is not None and end.number is None:
                raise ValueError(f"{self} has an end without a number; list its members instead")
        if low is not None and high is not None:
            _ordered(self, low, high)

    def __contains__(self, text: str) -> bool:
        number = Numbered.of(text)
        return self._holds(number)

    def overlaps(self, other: Span) -> bool:
        """Whether some number is in both."""
        one, two = self._any, other._any
        if not one.is_like(two):
            return False
        if one.number is None or two.number is None:
            return one.number == two.number
        return max(self._low, other._low) <= min(self._high, other._high)

    def __str__(self) -> str:
        if self.first == self.last:
            return self.first or ""
        ends = (self.first or "", self.last or "")
        if all(end.isascii() and (not end or end.isdigit()) for end in ends):
            return "-".join(ends)
        return " ".join(filter(None, (self.first, "to", self.last)))

    def _holds(self, number: Numbered) -> bool:
        if not number.is_like(self._any) or (number.number is None) != (self._any.number is None):
            return False
        return number.number is None or self._low <= number.number <= self._high

    @cached_property
    def _bounds(self) -> tuple[Numbered | None, Numbered | None]:
        return tuple(None if end is None else Numbered.of(end) for end in (self.first, self.last))  # type: ignore[return-value]

    @cached_property
    def _any(self) -> Numbered:
        low, high = self._bounds
        found = low or high
        assert found is not None, "a range has an end"  # noqa: S101
        return found

    @cached_property
    def _low(self) -> float:
        low, _ = self._bounds
        return float("-inf") if low is None or low.number is None else low.number

    @cached_property
    def _high(self) -> float:
        _, high = self._bounds
        return float("inf") if high is None or high.number is None else high.number


def _ordered(span: Span, low: Numbered, high: Numbered) -> None:
    if not low.is_like(high):
        raise ValueError(
            f"{span} mixes two series of numbers, {span.first} and {span.last}; give each its own range"
        )
    if (low.number or 0) > (high.number or 0):
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
