"""How good the data are: rules, what they find, pairs that may be one thing, and the scores of sources."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.naming import named
from api.plain import plain
from api.rest.asked import AskedGraph
from api.rest.body import json_answer
from api.rest.things import After, First
from graph.model.ontology import get_kind
from graph.model.quality_rule import Rule
from graph.model.quality_rules import RULES, rules_of
from graph.store.duplicates import duplicates
from graph.store.findings import findings
from graph.store.resolve import resolve
from graph.store.sources import source_quality

router = APIRouter(prefix="/api/v1/quality", tags=["quality"])

Kind = Annotated[
    str, Query(description="The kind, without those that extend it.", examples=["part"])
]


@router.get("/rules", summary="The rules of data quality")
async def get_rules(
    kind: Annotated[str | None, Query(description="Only rules about this kind.")] = None,
) -> Response:
    """Every rule, with where it comes from and how much it counts."""
    about = RULES if kind is None else rules_of(get_kind(kind).kind)
    return json_answer({"rules": [_told(rule) for rule in about]})


@router.get("/findings", summary="What rules find among the things of a kind")
async def get_findings(
    graph: AskedGraph,
    kind: Kind,
    rule: Annotated[list[str], Query(description="Only this rule; repeat it for several.")] = [],  # noqa: B006
    first: First = 100,
    after: After = None,
) -> Response:
    """In the order of ids. A page may hold less than asked for, and still have a next one."""
    page = await findings(graph, kind, rules=rule or None, first=first, after=after)
    return json_answer(page)


@router.get("/duplicates", summary="Pairs of things of a kind that may be one")
async def get_duplicates(
    graph: AskedGraph, kind: Kind, first: First = 100, after: After = None
) -> Response:
    """Likely ones, then possible ones, then vetoed ones, each with all that speaks for and against."""
    return json_answer(await duplicates(graph, kind, first=first, after=after))


@router.get("/sources", summary="How good is what sources send, over time")
async def get_sources(
    graph: AskedGraph,
    source: Annotated[
        str | None, Query(description="The source, by any of its ids.", max_length=500)
    ] = None,
    first: First = 100,
) -> Response:
    """The scores that were stated, the newest first, each with what it was computed from."""
    with named(id="source"):
        utcs = None if source is None else await resolve(graph, source)
    return json_answer({"sources": plain(await source_quality(graph, utcs, first=first))})


def _told(rule: Rule) -> dict[str, object]:
    return {
        "name": rule.name,
        "sort": rule.sort,
        "kinds": sorted(rule.kinds),
        "severity": rule.severity,
        "weight": rule.severity.weight,
        "dimension": rule.dimension,
        "description": rule.doc,
        "basis": rule.basis,
    }
