"""Which facts an expression needs: the names in it, so that nothing else has to be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.model.applicability.term import (
    And,
    Dated,
    Embodied,
    Event,
    Expression,
    Fitment,
    Loaded,
    Not,
    Or,
    Term,
)


@dataclass(frozen=True, slots=True)
class Leaves:
    """The names in some expressions.

    Attributes:
        parts: Part numbers.
        units: Those of them that are asked of units themselves, wherever they are: by `part`.
        changes: Modifications, bulletins, supplemental type certificates and orders.
        software: Software.
        positions: Positions.
    """

    parts: frozenset[str]
    units: frozenset[str]
    changes: frozenset[str]
    software: frozenset[str]
    positions: frozenset[str]


def leaves(expressions: Iterable[Expression]) -> Leaves:
    """Returns the names in some expressions."""
    found = [term for expression in expressions for term in terms(expression)]
    fitted = [term for term in found if isinstance(term, Fitment)]
    embodied = [term for term in found if isinstance(term, Embodied)]
    embodied += [change for term in fitted for change in term.changes]
    return Leaves(
        parts=frozenset(term.part for term in fitted),
        units=frozenset(term.part for term in fitted if not term.is_installed),
        changes=frozenset(term.change for term in embodied),
        software=frozenset(term.software for term in found if isinstance(term, Loaded)),
        positions=frozenset(term.position for term in fitted if term.position is not None),
    )


def needs_manufacture(expressions: Iterable[Expression]) -> bool:
    """Whether one of some expressions asks when something was made."""
    found = (term for expression in expressions for term in terms(expression))
    return any(isinstance(term, Dated) and term.event is Event.MANUFACTURED for term in found)


def terms(expression: Expression) -> Iterator[Term]:
    """Yields the terms of an expression, from left to right."""
    match expression:
        case And(operands) | Or(operands):
            for operand in operands:
                yield from terms(operand)
        case Not(operand):
            yield from terms(operand)
        case _:
            yield expression
