"""How good the data are: `qualityRules`, `qualityFindings`, `duplicateCandidates`, `sourceQuality`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

import strawberry

from api.plain import plain
from api.queries.asked import KIND_TYPE, THING_TYPE, After, First, Info, find
from api.reference import ThingRef
from api.scalars import JSON
from graph.model import quality_rule, resemblance
from graph.model.ontology import kinds
from graph.model.quality_rules import RULES, rules_of
from graph.model.time import Coordinates
from graph.store import duplicates, findings, sources

SORT: Final[Any] = strawberry.enum(
    quality_rule.Sort, name="RuleSort", graphql_name_from="value",
    description="What a rule does about what it finds.",
)  # fmt: skip
SEVERITY: Final[Any] = strawberry.enum(
    quality_rule.Severity, name="RuleSeverity", graphql_name_from="value",
    description="How much it matters.",
)  # fmt: skip
DIMENSION: Final[Any] = strawberry.enum(
    quality_rule.Dimension, name="QualityDimension", graphql_name_from="value",
    description="Which property of good data is at stake (ISO/IEC 25012).",
)  # fmt: skip
VERDICT: Final[Any] = strawberry.enum(
    resemblance.Verdict, name="DuplicateVerdict", graphql_name_from="value",
    description="What the score of a pair comes to.",
)  # fmt: skip

Kind = Annotated[
    Any,
    strawberry.argument(
        graphql_type=KIND_TYPE, description="The kind, without those that extend it."
    ),
]
Rules = Annotated[
    list[str] | None, strawberry.argument(description="Only these rules; all about the kind else.")
]


@strawberry.type(description="A rule of data quality.")
class QualityRule:
    """A rule of data quality."""

    name: str = strawberry.field(description="Its name, as questions give it.")
    sort: Any = strawberry.field(
        graphql_type=SORT, description="Whether it tells, cleanses or enriches."
    )
    kinds: Any = strawberry.field(
        graphql_type=list[KIND_TYPE], description="The kinds it is about."
    )
    severity: Any = strawberry.field(graphql_type=SEVERITY, description="How much it matters.")
    weight: int = strawberry.field(description="How much it counts in a score.")
    dimension: Any = strawberry.field(graphql_type=DIMENSION, description="What is at stake.")
    description: str = strawberry.field(description="What holds where the rule is kept.")
    basis: str = strawberry.field(description="Where the rule comes from.")


def _thing(root: Any) -> ThingRef:
    return ThingRef(root.utcs, Coordinates())


@strawberry.type(description="Something that a rule finds fault with.")
class QualityFinding:
    """Something that a rule finds fault with."""

    utcs: str = strawberry.field(description="The thing.")
    name: str = strawberry.field(description="What people call it.")
    rule: str = strawberry.field(description="The rule.")
    sort: Any = strawberry.field(
        graphql_type=SORT, description="Whether it tells, cleanses or enriches."
    )
    severity: Any = strawberry.field(graphql_type=SEVERITY, description="How much it matters.")
    field: str | None = strawberry.field(
        description="The property; null where it is about the whole."
    )
    problem: str = strawberry.field(description="What is not as it should be.")
    value: JSON | None = strawberry.field(description="What the rule would put there instead.")
    source: str = strawberry.field(description="The source that states the thing as it is.")

    thing: Any = strawberry.field(
        resolver=_thing, graphql_type=THING_TYPE, description="The thing itself."
    )


@strawberry.type(description="One page of findings, in the order of ids, then of rules.")
class QualityFindings:
    """One page of findings."""

    findings: list[QualityFinding] = strawberry.field(description="The findings.")
    examined: int = strawberry.field(
        description="How many things were looked at for this page; it may hold less than asked for."
    )
    next: str | None = strawberry.field(
        description="The cursor of the next page; null when all things were looked at."
    )


@strawberry.type(description="What one feature says of a pair.")
class FeatureComparison:
    """What one feature says of a pair."""

    feature: str = strawberry.field(description="A property, or a link as read from the thing.")
    first: str | None = strawberry.field(description="What the one says.")
    second: str | None = strawberry.field(description="What the other says.")
    similarity: float | None = strawberry.field(
        description="From 0 to 1; null where one says nothing."
    )
    weight: float = strawberry.field(description="What full agreement adds to the score.")
    contribution: float = strawberry.field(description="What this adds to the score.")


@strawberry.type(description="Two things that may be one.")
class DuplicateCandidate:
    """Two things that may be one."""

    first: str = strawberry.field(description="The one whose id comes first.")
    first_name: str = strawberry.field(description="What people call it.")
    second: str = strawberry.field(description="The other.")
    second_name: str = strawberry.field(description="What people call it.")
    verdict: Any = strawberry.field(graphql_type=VERDICT, description="What the score comes to.")
    score: float = strawberry.field(
        description="The sum of the contributions: how many times likelier, to base 2."
    )
    comparisons: list[FeatureComparison] = strawberry.field(description="Where it comes from.")
    veto: str | None = strawberry.field(description="Why they are two things all the same.")


@strawberry.type(description="One page of pairs: likely, possible, vetoed; best first.")
class DuplicateCandidates:
    """One page of pairs."""

    pairs: list[DuplicateCandidate] = strawberry.field(description="The pairs.")
    total: int = strawberry.field(description="How many there are in all.")
    examined: int = strawberry.field(description="How many things were looked at.")
    complete: bool = strawberry.field(description="Whether that was all that could be compared.")
    cut: str | None = strawberry.field(description="Why not; null when it was.")
    next: str | None = strawberry.field(
        description="The cursor of the next page; null on the last."
    )


@strawberry.type(description="A score of a source, and since when it holds.")
class QualityPoint:
    """A score of a source."""

    at: datetime = strawberry.field(description="Since when it holds.")
    percent: float = strawberry.field(description="The score, from 0 to 100.")
    counts: JSON = strawberry.field(description="What it was computed from.")
    source: str = strawberry.field(description="The source of the event that stated it.")
    id: str = strawberry.field(description="The id of that event.")


@strawberry.type(description="The scores of a source over time, the newest first.")
class SourceQuality:
    """The scores of a source over time."""

    utcs: str = strawberry.field(description="The source.")
    name: str = strawberry.field(description="What people call it.")
    uri: str | None = strawberry.field(description="What its events carry as their source.")
    points: list[QualityPoint] = strawberry.field(description="The scores.")


def quality_rules(
    kind: Annotated[
        Any,
        strawberry.argument(graphql_type=KIND_TYPE | None, description="Only those about it."),
    ] = None,
) -> list[QualityRule]:
    """The table of rules."""
    return [_rule(rule) for rule in (RULES if kind is None else rules_of(kind.value))]


async def quality_findings(
    info: Info, kind: Kind, rules: Rules = None, first: First = 100, after: After = None
) -> QualityFindings | None:
    """What rules find among the things of a kind."""
    page = await findings.findings(
        info.context.graph, kind.value, rules=rules, first=first, after=after
    )
    told = [
        QualityFinding(**{name: plain(getattr(one, name)) for name in ("utcs", "value")},
                       name=one.name, rule=one.rule, sort=one.sort, severity=one.severity,
                       field=one.field, problem=one.problem, source=one.source)
        for one in page.findings
    ]  # fmt: skip
    return QualityFindings(findings=told, examined=page.examined, next=page.next)


async def duplicate_candidates(
    info: Info, kind: Kind, first: First = 100, after: After = None
) -> DuplicateCandidates | None:
    """Pairs of things that may be one."""
    page = await duplicates.duplicates(info.context.graph, kind.value, first=first, after=after)
    return DuplicateCandidates(
        pairs=[_pair(one) for one in page.pairs], total=page.total, examined=page.examined,
        complete=page.complete, cut=page.cut, next=page.next,
    )  # fmt: skip


async def source_quality(
    info: Info,
    source: Annotated[
        str | None, strawberry.argument(description="The source as a thing; all unless given.")
    ] = None,
    first: First = 100,
) -> list[SourceQuality] | None:
    """How good is what sources send, over time."""
    utcs = None if source is None else await find(info, source, Coordinates())
    found = await sources.source_quality(info.context.graph, utcs, first=first)
    return [
        SourceQuality(utcs=str(one.utcs), name=one.name, uri=one.uri,
                      points=[_point(point) for point in one.points])
        for one in found
    ]  # fmt: skip


def _rule(rule: quality_rule.Rule) -> QualityRule:
    return QualityRule(
        name=rule.name, sort=rule.sort, kinds=[KIND_TYPE(k) for k in kinds() if k in rule.kinds],
        severity=rule.severity, weight=rule.severity.weight, dimension=rule.dimension,
        description=rule.doc, basis=rule.basis,
    )  # fmt: skip


def _pair(one: duplicates.Candidate) -> DuplicateCandidate:
    comparisons = [
        FeatureComparison(
            feature=c.feature, first=c.first, second=c.second, similarity=c.similarity,
            weight=c.weight, contribution=c.contribution,
        )
        for c in one.comparisons
    ]  # fmt: skip
    return DuplicateCandidate(
        first=str(one.first), first_name=one.first_name, second=str(one.second),
        second_name=one.second_name, verdict=one.verdict, score=one.score,
        comparisons=comparisons, veto=one.veto,
    )  # fmt: skip


def _point(point: sources.Point) -> QualityPoint:
    return QualityPoint(
        at=point.at, percent=point.percent, counts=JSON(dict(point.counts)), source=point.source,
        id=point.id,
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(quality_rules, description="The rules of data quality."),
    strawberry.field(
        quality_findings, description="What rules find among the things of a kind, as they are now."
    ),
    strawberry.field(
        duplicate_candidates,
        description="Pairs of things of a kind that may be one, with all that speaks for and against.",
    ),
    strawberry.field(
        source_quality, description="The scores of sources over time; `scoreSources` states them."
    ),
]
