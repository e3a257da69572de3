"""Where does the thread break off? Things from which no way leads to where a trace rule asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.model.trace_rule import TraceRule, Way
from graph.model.trace_rules import TRACE_RULES, get_trace_rule
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, chosen, read_cursor, sealed, write_cursor
from graph.store.text import fill
from graph.store.ways import leads


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing from which the thread does not lead on."""

    utcs: Utcs
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """What one rule finds, in the order of ids.

    Attributes:
        rule: The rule.
        total: How many gaps there are in all, whatever the page.
        of: How many things the rule is about.
        gaps: One page of them.
        next: The cursor of the next page; None on the last.
    """

    rule: TraceRule
    total: int
    of: int
    gaps: tuple[Gap, ...]
    next: str | None

    @property
    def complete(self) -> bool:
        """Whether this page is the last."""
        return self.next is None


async def find_gaps(
    graph: Graph,
    rule: str,
    *,
    prefix: str = "",
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Gaps:
    """Returns a page of what a trace rule finds, and how many there are, by one statement.

    Args:
        graph: Where to ask.
        rule: The name of the rule.
        prefix: Only things whose ids begin so: `utcs:AMPEL360:`.
        first: How many to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: There is no such rule, or a number or the cursor is wrong.
        QueryTimeoutError: It took too long.
    """
    (declared,) = chosen_trace_rules([rule])
    asked = sealed("gaps", rule, prefix, at)
    (place,) = [""] if after is None else read_cursor(asked, after, str)
    return await _find(graph, declared, prefix, bounded("first", first, MAX_FIRST), place, at)


async def count_gaps(
    graph: Graph,
    rules: Iterable[str] | None = None,
    *,
    prefix: str = "",
    first: int = 0,
    at: Coordinates = CURRENT,
) -> tuple[Gaps, ...]:
    """Returns how many gaps each of some rules finds, by one statement for each; all rules unless given.

    Args:
        graph: Where to ask.
        rules: The rules by name.
        prefix: Only things whose ids begin so.
        first: How many gaps of each to name; none unless given.
        at: The coordinates of time.

    Raises:
        BadQuestionError: There is no such rule, or the number is out of bounds.
        QueryTimeoutError: It took too long.
    """
    wanted = chosen_trace_rules(rules)
    named = bounded("first", first, MAX_FIRST, least=0)
    return tuple([await _find(graph, rule, prefix, named, "", at) for rule in wanted])


def chosen_trace_rules(names: Iterable[str] | None) -> tuple[TraceRule, ...]:
    """Returns the rules of some names, in the order of the table; None is all.

    Raises:
        BadQuestionError: One is unknown, or none is named.
    """
    known = [rule.name for rule in TRACE_RULES]
    return tuple(map(get_trace_rule, chosen("rule", names, known, "a trace rule")))


async def _find(
    graph: Graph, rule: TraceRule, prefix: str, first: int, place: str, at: Coordinates
) -> Gaps:
    moment = Moment.of(graph, at)
    parameters = parameters_of(rule, prefix) | {"after": place, "limit": first + 1}
    row = await moment.ask(graph, untraced_text(moment, rule.ways), parameters)
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    total, of, page = row
    listed = tuple(Gap(Utcs.parse(utcs), kind, name) for utcs, kind, name in page[:first])
    more = len(page) > first and listed
    asked = sealed("gaps", rule.name, prefix, at)
    mark = write_cursor(asked, str(listed[-1].utcs)) if more else None
    return Gaps(rule, total, of, listed, mark)


def parameters_of(rule: TraceRule, prefix: str = "") -> dict[str, Any]:
    """Returns what tells the things that a rule is about."""
    conditions = [condition.stored() for condition in rule.only]
    return {"kinds": sorted(rule.kinds), "prefix": prefix, "conditions": conditions}


def untraced_text(moment: Moment, ways: Iterable[Way]) -> str:
    """Returns the statement that finds things from which none of some ways leads where it should."""
    return fill(
        "gap/find",
        things=moment.things(),
        leads=leads(moment, ways),
        name=moment.name("thing"),
        stale=fill("thing/stale"),
    )
