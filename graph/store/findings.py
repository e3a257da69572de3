"""What is not as it should be? What quality rules find among the things of a kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.ontology import get_kind
from graph.model.quality_rule import Record, Rule, Severity, Sort
from graph.model.quality_rules import RULES, rules_of
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.records import walk_records

MOST: Final = 10_000
"""So many things are looked at for one page; it may then hold fewer findings than asked, or none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule finds fault with.

    Attributes:
        field: The property that it is about; None where it is about the thing as a whole.
        problem: One sentence for people.
        value: What a rule that cleanses or enriches would put there instead.
        source: The source of the event that stated the thing as it is.
    """

    utcs: Utcs
    name: str
    rule: str
    sort: Sort
    severity: Severity
    field: str | None
    problem: str
    value: Any
    source: str


@dataclass(frozen=True, slots=True)
class Findings:
    """One page of findings, in the order of ids and of the table of rules.

    Attributes:
        examined: How many things were looked at for this page.
        next: The cursor of the next page; None where all things of the kind have been looked at.
    """

    findings: tuple[Finding, ...]
    examined: int
    next: str | None


async def findings(
    graph: Graph,
    kind: str,
    *,
    rules: Iterable[str] | None = None,
    first: int = 100,
    after: str | None = None,
) -> Findings:
    """Returns a page of what rules find among the things of a kind, as they are now.

    Args:
        graph: Where to ask.
        kind: The kind; those that extend it are asked for by their own name.
        rules: The rules by name; all that are about the kind unless given.
        first: How many to a page.
        after: The `next` of the page before.

    Raises:
        OntologyError: There is no such kind.
        BadQuestionError: A rule is unknown or not about the kind, or a number or the cursor is wrong.
    """
    chosen = chosen_rules(kind, rules)
    asked = sealed("findings", kind, [rule.name for rule in chosen])
    start, told = ("", 0) if after is None else read_cursor(asked, after, str, int)
    limit, examined, found = bounded("first", first, MAX_FIRST), 0, list[Finding]()
    async for records in walk_records(graph, kind, chosen, start):
        for record in records:
            of_thing = _findings(record, chosen)
            if str(record.utcs) == start:
                of_thing = of_thing[told:]
            else:
                told = 0
            room = limit - len(found)
            found += of_thing[:room]
            if len(of_thing) > room:
                mark = write_cursor(asked, str(record.utcs), told + room)
                return Findings(tuple(found), examined, mark)
            examined += 1
        if examined >= MOST:
            mark = write_cursor(asked, f"{records[-1].utcs} ", 0)
            return Findings(tuple(found), examined, mark)
    return Findings(tuple(found), examined, None)


def chosen_rules(kind: str, names: Iterable[str] | None) -> tuple[Rule, ...]:
    """Returns the rules of some names that are about a kind; None is all.

    Raises:
        OntologyError: There is no such kind.
        BadQuestionError: A rule is unknown or not about the kind.
    """
    get_kind(kind)
    about = rules_of(kind)
    wanted = {rule.name for rule in about} if names is None else set(names)
    if strange := wanted.difference(rule.name for rule in about):
        (name, *_) = sorted(strange)
        is_known = any(rule.name == name for rule in RULES)
        problem = f"is not about a {kind}" if is_known else "is unknown"
        raise BadQuestionError(
            f"rule: {name!a:.60} {problem}; use one of {', '.join(rule.name for rule in about)}",
            field="rule",
        )
    return tuple(rule for rule in about if rule.name in wanted)


def _findings(record: Record, rules: tuple[Rule, ...]) -> list[Finding]:
    return [
        Finding(
            utcs=record.utcs,
            name=record.thing.name,
            rule=rule.name,
            sort=rule.sort,
            severity=rule.severity,
            field=fault.field,
            problem=fault.problem,
            value=fault.value,
            source=record.source,
        )
        for rule in rules
        for fault in rule.find(record)
    ]
