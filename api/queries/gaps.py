"""Where the thread breaks off: `traceRules`, `traceGapCounts` and `traceGaps`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import strawberry

from api.queries.asked import KIND_TYPE, After, AsOf, First, Info, KnownAt, Stop, stop
from api.queries.quality import SEVERITY
from graph.model import ontology, trace_rule
from graph.model.time import Coordinates
from graph.model.trace_rules import TRACE_RULES
from graph.store import gaps as question

Prefix = Annotated[
    str, strawberry.argument(description="Only things whose ids begin so: `utcs:AMPEL360:`.")
]


@strawberry.type(description="A way through the thread that a trace rule accepts.")
class TraceWay:
    """A way through the thread."""

    links: str = strawberry.field(
        description="The links as read along it; `?` may be missing, `*` and `+` may repeat."
    )
    ends: Any = strawberry.field(
        graphql_type=list[KIND_TYPE], description="The kinds that it leads to."
    )


@strawberry.type(description="A rule of traceability: to what the thread must lead from a thing.")
class TraceRule:
    """A rule of traceability."""

    name: str = strawberry.field(description="Its name, as questions give it.")
    kinds: Any = strawberry.field(
        graphql_type=list[KIND_TYPE], description="The kinds it is about."
    )
    severity: Any = strawberry.field(graphql_type=SEVERITY, description="How much it matters.")
    description: str = strawberry.field(description="What holds where the rule is kept.")
    basis: str = strawberry.field(description="Where the rule comes from.")
    ways: list[TraceWay] = strawberry.field(description="The ways, of which one is enough.")


@strawberry.type(description="What one trace rule finds, in the order of ids.")
class TraceGaps:
    """What one trace rule finds."""

    rule: TraceRule = strawberry.field(description="The rule.")
    total: int = strawberry.field(description="How many gaps there are in all.")
    of: int = strawberry.field(description="How many things the rule is about.")
    gaps: list[Stop] = strawberry.field(description="The things from which no way leads on.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


def trace_rules() -> list[TraceRule]:
    """The table of trace rules."""
    return [_rule(rule) for rule in TRACE_RULES]


async def trace_gaps(
    info: Info,
    rule: Annotated[str, strawberry.argument(description="The rule by its name.")],
    prefix: Prefix = "", first: First = 100, after: After = None, as_of: AsOf = None,
    known_at: KnownAt = None,
) -> TraceGaps | None:  # fmt: skip
    """What one rule finds."""
    at = Coordinates(as_of, known_at)
    found = await question.find_gaps(
        info.context.graph, rule, prefix=prefix, first=first, after=after, at=at
    )
    return _gaps(found, at)


async def trace_gap_counts(
    info: Info,
    rules: Annotated[
        list[str] | None, strawberry.argument(description="Only these rules; all unless given.")
    ] = None,
    prefix: Prefix = "",
    first: Annotated[int, strawberry.argument(description="How many gaps of each to name.")] = 0,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> list[TraceGaps] | None:
    """How many gaps each rule finds."""
    at = Coordinates(as_of, known_at)
    found = await question.count_gaps(info.context.graph, rules, prefix=prefix, first=first, at=at)
    return [_gaps(one, at) for one in found]


def _gaps(found: question.Gaps, at: Coordinates) -> TraceGaps:
    return TraceGaps(
        rule=_rule(found.rule),
        total=found.total,
        of=found.of,
        gaps=[stop(gap.utcs, gap.kind, gap.name, at) for gap in found.gaps],
        next=found.next,
    )


def _rule(rule: trace_rule.TraceRule) -> TraceRule:
    return TraceRule(
        name=rule.name, kinds=_kinds(rule.kinds), severity=rule.severity, description=rule.doc,
        basis=rule.basis,
        ways=[TraceWay(links=way.text, ends=_kinds(way.ends)) for way in rule.ways],
    )  # fmt: skip


def _kinds(kinds: frozenset[str]) -> list[Any]:
    return [KIND_TYPE(kind) for kind in ontology.kinds() if kind in kinds]


FIELDS: Final[list[Any]] = [
    strawberry.field(trace_rules, description="The rules of traceability."),
    strawberry.field(trace_gaps, description="Where the thread breaks off, by one trace rule."),
    strawberry.field(trace_gap_counts, description="How many gaps each trace rule finds."),
]
