"""A recorded effectivity rule: its expression, and the days between which it applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graph.model.applicability.fact import Facts, Subject
from graph.model.applicability.judge import Finding, decided, either, judge
from graph.model.applicability.parser import parse
from graph.model.applicability.printer import write
from graph.model.applicability.span import ExpressionError, Span
from graph.model.applicability.term import Expression, Msn
from graph.model.identifier import Utcs


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as it was recorded.

    Attributes:
        expression: As it is written; where only serial numbers are listed, these.
        effective_on: The first day it applies.
        expires_on: The last day it applies.
        read: What the expression says; None where there is none, or it cannot be read.
        problem: Why it cannot be read.
    """

    utcs: Utcs
    name: str
    expression: str | None
    effective_on: date | None
    expires_on: date | None
    read: Expression | None
    problem: str | None

    @classmethod
    def of(
        cls,
        utcs: Utcs,
        name: str,
        expression: str | None,
        msns: Sequence[str] = (),
        effective_on: date | None = None,
        expires_on: date | None = None,
    ) -> Rule:
        """Returns a rule with its expression read."""
        if expression is None and msns:
            listed = Msn(tuple(Span(msn, msn) for msn in dict.fromkeys(msns)))
            return cls(utcs, name, write(listed), effective_on, expires_on, listed, None)
        said, problem = read(expression)
        return cls(utcs, name, expression, effective_on, expires_on, said, problem)

    def judge(self, subject: Subject, facts: Facts) -> Finding:
        """Returns whether the rule selects an aircraft or unit, and why."""
        if self.effective_on is not None and facts.day < self.effective_on:
            return Finding(False, f"{self.utcs.local} applies from {self.effective_on}")
        if self.expires_on is not None and facts.day > self.expires_on:
            return Finding(False, f"{self.utcs.local} applied until {self.expires_on}")
        if self.read is None:
            return Finding(None, f"of {self.utcs.local}, {self.problem}")
        return judge(self.read, subject, facts)


def read(expression: str | None) -> tuple[Expression | None, str | None]:
    """Returns what an expression says, or why nobody can know."""
    if expression is None:
        return None, "it has no expression"
    try:
        return parse(expression), None
    except ExpressionError as error:
        return None, f"its expression cannot be read: {error.message}"


def judge_any(rules: Sequence[Rule], subject: Subject, facts: Facts) -> Finding:
    """Returns whether one of some rules selects an aircraft or unit, and why."""
    found = [rule.judge(subject, facts) for rule in rules]
    return decided(found, either([one.holds for one in found]))
