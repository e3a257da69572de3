"""An expression of effectivity, written; what is written reads as the same expression."""

from __future__ import annotations

import re
from typing import Final

from graph.model.applicability.lexer import KEYWORDS
from graph.model.applicability.span import Span
from graph.model.applicability.term import (
    All,
    And,
    Dated,
    Designated,
    Embodied,
    Expression,
    Fitment,
    Loaded,
    Msn,
    Not,
    Or,
)

_MAYBE_RANGE: Final = re.compile("(^|[0-9])-")
_PLAIN: Final = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/+#~@*&=-"
)


def write(expression: Expression) -> str:
    """Returns an expression as people write it."""
    match expression:
        case Or(operands):
            return " or ".join(map(write, operands))
        case And(operands):
            has_unit = any(isinstance(one, Fitment) for one in operands)
            return " and ".join(_beside(one, has_unit) for one in operands)
        case Not(operand):
            return f"not {_factor(operand)}"
        case _:
            return _term(expression)


def _beside(operand: Expression, has_unit: bool) -> str:
    """Returns an operand of an `and`; beside a unit, what is said of the aircraft says so."""
    is_of_aircraft = has_unit and isinstance(operand, Embodied)
    return f"aircraft {_term(operand)}" if is_of_aircraft else _factor(operand)


def _factor(operand: Expression) -> str:
    text = write(operand)
    return f"({text})" if isinstance(operand, And | Or) else text


def _term(term: Expression) -> str:
    match term:
        case All():
            return "all"
        case Msn(spans):
            return f"MSN {_spans(spans)}"
        case Designated(designation, value):
            return f"{designation} {quoted(value)}"
        case Embodied(change, is_post):
            return f"{'post' if is_post else 'pre'} {quoted(change)}"
        case Fitment():
            return _fitment(term)
        case Loaded(software):
            return f"loaded {quoted(software)}"
        case Dated(event, is_before, day):
            return f"{event} {'before' if is_before else 'from'} {day}"
        case _:
            raise TypeError(f"{term!r} is no term")


def _fitment(term: Fitment) -> str:
    return " ".join(
        (
            "installed" if term.is_installed else "part",
            quoted(term.part),
            *([f"serial {_spans(term.serials)}"] if term.serials else []),
            *([f"at {quoted(term.position)}"] if term.position is not None else []),
            *map(_term, term.changes),
        )
    )


def _spans(spans: tuple[Span, ...]) -> str:
    return ", ".join(map(_span, spans))


def _span(span: Span) -> str:
    if span.first == span.last:
        return _number(span.first or "")
    ends = [end for end in (span.first, span.last) if end is not None]
    if all(end.isascii() and end.isdigit() for end in ends):
        return f"{span.first or ''}-{span.last or ''}"
    return " ".join(
        (
            *([_number(span.first)] if span.first else []),
            "to",
            *([_number(span.last)] if span.last else []),
        )
    )


def _number(text: str) -> str:
    """Returns a number of a list; one with a hyphen that might join the ends of a range is quoted."""
    return quoted(text, is_forced=_MAYBE_RANGE.search(text) is not None)


def quoted(value: str, *, is_forced: bool = False) -> str:
    """Returns a name or number as it stands in an expression: in quotes where it has to be."""
    if set(value) <= _PLAIN and value.lower() not in KEYWORDS and value != "-" and not is_forced:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
