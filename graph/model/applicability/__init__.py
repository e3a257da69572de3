"""The language of effectivity rules (EIA-649C, S1000D applicability): `MSN 1001-1012 and post MOD-28-004`.

`parse` reads it and `write` prints it; `leaves` says which facts an expression needs, and `judge` says of
each aircraft and unit whether it is selected, and why. Pure: where facts come from is not known here.
"""

from graph.model.applicability.fact import Facts, Fitted, Held, Subject
from graph.model.applicability.judge import Finding, Verdict, judge
from graph.model.applicability.leaves import Leaves, leaves, needs_manufacture
from graph.model.applicability.parser import parse
from graph.model.applicability.printer import write
from graph.model.applicability.rule import Rule, judge_any, read
from graph.model.applicability.span import ExpressionError
from graph.model.applicability.term import Expression

__all__ = [
    "Expression",
    "ExpressionError",
    "Facts",
    "Finding",
    "Fitted",
    "Held",
    "Leaves",
    "Rule",
    "Subject",
    "Verdict",
    "judge",
    "judge_any",
    "leaves",
    "needs_manufacture",
    "parse",
    "read",
    "write",
]
