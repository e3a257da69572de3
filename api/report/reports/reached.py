"""Why a thing is there, and what a change of it touches: all that it hangs together with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.report.asked import MAX_ROWS, Asked, ReportKind
from api.report.document import Column, Draft, Figure, Section, Table, Type
from graph.store.impact import impact
from graph.store.question import MAX_FIRST
from graph.store.reach import MAX_DEPTH, Answer, Reached
from graph.store.trace import trace

_THINGS = (
    Column("steps", Type.NUMBER), Column("kind"), Column("thing", Type.ID), Column("name"),
)  # fmt: skip
_KINDS = (Column("kind"), Column("things", Type.NUMBER))
_TAKES = frozenset({"depth", "links", "kinds"})


async def make_trace(asked: Asked) -> Draft:
    """Returns all that a thing depends on."""
    return await _draft(asked, trace, f"Why {asked.name} is there")


async def make_impact(asked: Asked) -> Draft:
    """Returns all that depends on a thing."""
    return await _draft(asked, impact, f"What a change of {asked.name} touches")


TRACE = ReportKind(
    "trace", "Why a thing is there: all that it depends on, nearest first.", make_trace,
    subjects=None, takes=_TAKES,
)  # fmt: skip
IMPACT = ReportKind(
    "impact", "What a change of a thing touches: all that depends on it, nearest first.",
    make_impact, subjects=None, takes=_TAKES,
)  # fmt: skip


async def _draft(asked: Asked, question: Callable[..., Any], title: str) -> Draft:
    things, first = await _all(asked, question)
    cut = first.cut
    if first.total is None or len(things) < first.total:
        read = f"the nearest {len(things):,} are listed"
        cut = f"{read}; {cut}" if cut else read
    kinds = Table(_KINDS, tuple(first.kinds.items()))
    rows = tuple((one.depth, one.kind, one.utcs, one.name) for one in things)
    total = len(things) if first.total is None else first.total
    return Draft(
        title=title,
        sections=(
            Section("How many of each kind", table=kinds),
            Section("Things", table=Table(_THINGS, rows), cut=cut),
        ),
        figures=(Figure("things", total),),
    )


async def _all(asked: Asked, question: Callable[..., Any]) -> tuple[list[Reached], Answer]:
    """Returns what is reached, page after page, and the first page, which has the counts."""
    options, things, after = asked.options, list[Reached](), None
    first: Answer | None = None
    while first is None or (after is not None and len(things) < MAX_ROWS):
        page: Answer = await question(
            asked.graph,
            asked.utcs,
            depth=MAX_DEPTH if options.depth is None else options.depth,
            links=options.links or None,
            kinds=options.kinds or None,
            first=MAX_FIRST,
            after=after,
            at=asked.at,
        )
        things += page.things
        first, after = first or page, page.next
        asked.progress(f"{len(things):,} things")
    return things, first
