"""An expression of effectivity, read; docs/effectivity.md has the grammar that this follows rule by rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from graph.model.applicability.lexer import KEYWORDS, TERMS, Word, words
from graph.model.applicability.span import ExpressionError, Numbered, Span, find_overlap
from graph.model.applicability.term import (
    MAX_DEPTH,
    MAX_VALUES,
    All,
    And,
    Dated,
    Designated,
    Designation,
    Embodied,
    Event,
    Expression,
    Fitment,
    Loaded,
    Msn,
    Not,
    Or,
)
from graph.model.identifier import shown

_DIGITS: Final = re.compile(r"([0-9]*)-([0-9]*)")
_A_TERM: Final = f"a term that begins with one of {', '.join(TERMS)}, or not, or a parenthesis"


def parse(text: str) -> Expression:
    """Returns what an expression says.

    Raises:
        ExpressionError: It cannot be read; the sentence says where, what was expected, and the fix.
    """
    return _Parser(list(words(text))).whole()


class _Parser:
    """Reads words from left to right; each method reads one rule of the grammar."""

    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._place = 0
        self._depth = 0
        self._values = 0

    def whole(self) -> Expression:
        read = self._either()
        if not self._next.is_end:
            raise self._wrong("and, or, or the end")
        return _settled(read)

    def _either(self) -> Any:
        operands = self._joined("or", self._both)
        return operands[0] if len(operands) == 1 else Or(_flat(Or, operands))

    def _both(self) -> Any:
        operands = self._joined("and", self._factor)
        return operands[0] if len(operands) == 1 else And(_flat(And, operands))

    def _joined(self, keyword: str, operand: Callable[[], Any]) -> list[Any]:
        operands = [operand()]
        while self._takes(keyword):
            operands.append(operand())
        return operands

    def _factor(self) -> Any:
        if self._takes("not"):
            return Not(self._inner(self._factor))
        if self._takes("("):
            read = self._inner(self._either)
            if not self._takes(")"):
                raise self._wrong("and, or, or a closing parenthesis")
            return read
        return self._term()

    def _inner(self, rule: Callable[[], Any]) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            column = self._next.column
            problem = f"column {column}: nested deeper than {MAX_DEPTH}"
            raise ExpressionError(f"{problem}; split it into several rules", column=column)
        read = rule()
        self._depth -= 1
        return read

    def _term(self) -> Any:
        word = self._next
        if word.keyword not in _READERS:
            raise self._wrong(_A_TERM)
        self._place += 1
        return _READERS[word.keyword](self, word.keyword)

    def all(self, _keyword: str) -> Expression:
        return All()

    def msn(self, _keyword: str) -> Expression:
        return Msn(self._spans())

    def designated(self, keyword: str) -> Expression:
        return Designated(Designation(keyword), self._value("a designation"))

    def embodied(self, keyword: str) -> _Loose:
        column = self._words[self._place - 1].column
        return _Loose(self._embodied(keyword), column)

    def _embodied(self, keyword: str) -> Embodied:
        return Embodied(self._value("the number of a modification"), keyword == "post")

    def aircraft(self, _keyword: str) -> Expression:
        if self._next.keyword not in ("pre", "post"):
            raise self._wrong("pre or post")
        return self._embodied(self._taken().keyword)

    def fitment(self, keyword: str) -> Expression:
        part = self._value("a part number")
        serials = self._spans() if self._takes("serial") else ()
        position = self._value("a position") if self._takes("at") else None
        changes = []
        while self._next.keyword in ("pre", "post"):
            changes.append(self._embodied(self._taken().keyword))
            _named_once(changes, self._words[self._place - 1].column)
        return Fitment(part, serials, position, tuple(changes), keyword == "installed")

    def loaded(self, _keyword: str) -> Expression:
        return Loaded(self._value("the number of software"))

    def dated(self, keyword: str) -> Expression:
        if self._next.keyword not in ("before", "from"):
            raise self._wrong("before or from")
        is_before = self._taken().keyword == "before"
        return Dated(Event(keyword), is_before, self._day())

    def _day(self) -> date:
        word = self._next
        try:
            day = date.fromisoformat(self._value("a day, written as 2025-07-01"))
        except ValueError:
            raise self._wrong("a day of the calendar, written as 2025-07-01", word) from None
        if day.isoformat() != word.text:
            raise self._wrong("a day, written as 2025-07-01", word)
        return day

    def _spans(self) -> tuple[Span, ...]:
        begin = self._next
        spans = [self._span()]
        while self._takes(","):
            spans.append(self._span())
        if (overlap := find_overlap(spans)) is not None:
            again, earlier = overlap
            problem = f"{again} repeats numbers of {earlier}; name each number once"
            raise ExpressionError(f"column {begin.column}: {problem}", column=begin.column)
        return tuple(spans)

    def _span(self) -> Span:
        begin = self._next
        try:
            return Span(*self._ends())
        except ValueError as error:
            raise ExpressionError(f"column {begin.column}: {error}", column=begin.column) from None

    def _ends(self) -> tuple[str | None, str | None]:
        word = self._next
        found = None if word.is_quoted else _DIGITS.fullmatch(word.text)
        if found is not None and word.text != "-":
            self._value("a number")
            return found[1] or None, found[2] or None
        first = None if self._is_to else self._number()
        if not self._is_to:
            return first, first
        self._place += 1
        has_last = first is None or (not self._next.is_end and not self._next.keyword)
        return first, self._number() if has_last else None

    @property
    def _is_to(self) -> bool:
        word = self._next
        return not word.is_quoted and (word.keyword == "to" or word.text == "-")

    def _number(self) -> str:
        word = self._next
        text = self._value("a serial number")
        for place in () if word.is_quoted else (m.start() for m in re.finditer("-", text)):
            low, high = text[:place], text[place + 1 :]
            if low and high and low[-1:].isdigit() and Numbered.of(low).is_like(Numbered.of(high)):
                fix = f'write {low} to {high}, or "{text}" if that is one number'
                raise ExpressionError(
                    f"column {word.column}: {text} may be a range; {fix}", column=word.column
                )
        return text

    def _value(self, what: str) -> str:
        word = self._next
        if word.is_end or word.keyword:
            raise self._wrong(what)
        self._place += 1
        self._values += 1
        if self._values > MAX_VALUES:
            problem = f"column {word.column}: more than {MAX_VALUES} numbers and names"
            raise ExpressionError(f"{problem}; use ranges, or several rules", column=word.column)
        return word.text

    @property
    def _next(self) -> Word:
        return self._words[self._place]

    def _taken(self) -> Word:
        self._place += 1
        return self._words[self._place - 1]

    def _takes(self, keyword: str) -> bool:
        found = self._next.keyword == keyword
        self._place += found
        return found

    def _wrong(self, expected: str, word: Word | None = None) -> ExpressionError:
        word = word or self._next
        met = "the end" if word.is_end else shown(word.text)
        near = [] if word.keyword else get_close_matches(word.text.lower()[:40], KEYWORDS, n=1)
        fix = f"; did you mean {near[0]}?" if near else ""
        if word.keyword and word.keyword.isalpha():
            fix = f'; a value that is a keyword is quoted: "{word.text}"'
        return ExpressionError(
            f"column {word.column}: expected {expected}, not {met}{fix}", column=word.column
        )


_READERS: Final[dict[str, Callable[[_Parser, str], Any]]] = {
    "all": _Parser.all,
    "msn": _Parser.msn,
    "type": _Parser.designated,
    "model": _Parser.designated,
    "part": _Parser.fitment,
    "installed": _Parser.fitment,
    "pre": _Parser.embodied,
    "post": _Parser.embodied,
    "aircraft": _Parser.aircraft,
    "loaded": _Parser.loaded,
    "delivered": _Parser.dated,
    "manufactured": _Parser.dated,
    "date": _Parser.dated,
}


@dataclass(frozen=True, slots=True)
class _Loose:
    """`pre …` or `post …` of which it is not settled yet whether it is said of the aircraft or of a unit."""

    said: Embodied
    column: int


def _flat(kind: type[And | Or], operands: list[Any]) -> tuple[Any, ...]:
    """Returns operands with those of the same kind taken apart: parentheses there change nothing."""
    flat: list[Any] = []
    for operand in operands:
        flat += operand.operands if isinstance(operand, kind) else [operand]
    return tuple(flat)


def _settled(read: Any) -> Expression:
    """Returns an expression in which each `pre` and `post` is said of the aircraft or of a unit."""
    match read:
        case _Loose(said, _):
            return said
        case Not(operand):
            return Not(_settled(operand))
        case Or(operands):
            return Or(tuple(map(_settled, operands)))
        case And(operands):
            return _conjunction(operands)
        case _:
            term: Expression = read
            return term


def _conjunction(operands: tuple[Any, ...]) -> Expression:
    """Returns an `and` in which `pre` and `post` beside the one unit that is named are said of that unit.

    Raises:
        ExpressionError: Several units are named, so that nobody can know which is meant.
    """
    units = [one for one in operands if isinstance(one, Fitment)]
    loose = [one for one in operands if isinstance(one, _Loose)]
    if not units or not loose:
        return And(tuple(map(_settled, operands)))
    if len(units) > 1:
        said, column = loose[0].said, loose[0].column
        change = f"{'post' if said.is_post else 'pre'} {said.change}"
        fix = f"`… {units[0].part} {change}` of the one that is meant, or `aircraft {change}`"
        raise ExpressionError(
            f"column {column}: {change} stands beside {len(units)} units; write {fix}",
            column=column,
        )
    (unit,) = units
    changes = (*unit.changes, *(one.said for one in loose))
    _named_once(changes, loose[-1].column)
    kept = [
        replace(unit, changes=changes) if one is unit else _settled(one)
        for one in operands
        if not isinstance(one, _Loose)
    ]
    return kept[0] if len(kept) == 1 else And(tuple(kept))


def _named_once(changes: Sequence[Embodied], column: int) -> None:
    named = [one.change for one in changes]
    for number, change in enumerate(named):
        if change in named[:number]:
            problem = f"column {column}: {change} is named twice for one unit; name it once"
            raise ExpressionError(problem, column=column)
