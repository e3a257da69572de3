"""Why a thing is there, and what a change of it touches: all that it hangs together with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from api.report.asked import Asked, ReportKind
from api.report.document import Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from graph.store.impact import impact
from graph.store.question import MAX_FIRST
from graph.store.reach import MAX_DEPTH, Answer
from graph.store.trace import trace

_THINGS: Final = (
    Column("steps", Type.NUMBER), Column("kind"), Column("thing", Type.ID), Column("name"),
)  # fmt: skip
_KINDS: Final = (Column("kind"), Column("things", Type.NUMBER))
_TAKES: Final = frozenset({"depth", "links", "kinds"})


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
    options = asked.options

    async def page(after: str | None) -> Answer:
        answer: Answer = await question(
            asked.graph,
            asked.utcs,
            depth=MAX_DEPTH if options.depth is None else options.depth,
            links=options.links or None,
            kinds=options.kinds or None,
            first=MAX_FIRST,
            after=after,
            at=asked.at,
        )
        return answer

    found = await gather(page, lambda answer: answer.things, asked.progress, "things")
    counts = found.pages[0]
    total = len(found.items) if counts.total is None else counts.total
    rows = tuple((one.depth, one.kind, one.utcs, one.name) for one in found.items)
    return Draft(
        title=title,
        sections=(
            Section("How many of each kind", table=Table(_KINDS, tuple(counts.kinds.items()))),
            Section(
                "Things",
                table=Table(_THINGS, rows),
                cut="; ".join(filter(None, (found.cut, counts.cut))) or None,
            ),
        ),
        figures=(Figure("things", total),),
    )
