"""Links in doubt: what they lead to has changed since somebody last looked; and those that were cleared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.paged import gather
from graph.store.question import MAX_FIRST
from graph.store.reviews import Review, Reviews, reviews
from graph.store.suspects import Suspect, Suspects, suspects

_LINKS: Final = (
    Column("source", Type.ID), Column("source name"), Column("link"), Column("target", Type.ID),
    Column("target name"), Column("looked at", Type.MOMENT), Column("changed", Type.ID),
    Column("property"), Column("was"), Column("is"), Column("since", Type.MOMENT), Column("by"),
    Column("change", Type.NUMBER),
)  # fmt: skip
_CLEARED: Final = (
    Column("source", Type.ID), Column("source name"), Column("link"), Column("target", Type.ID),
    Column("target name"), Column("cleared", Type.MOMENT), Column("reason"), Column("by"),
    Column("change", Type.NUMBER),
)  # fmt: skip
_COUNTS: Final = (Column("link"), Column("in doubt", Type.NUMBER))


async def make(asked: Asked) -> Draft:
    """Returns the links in doubt, and those that were cleared."""
    thing = None if asked.about is None else asked.utcs
    options = asked.options

    async def doubted(after: str | None) -> Suspects:
        return await suspects(
            asked.graph, thing=thing, links=options.links or None, kinds=options.kinds or None,
            prefix=options.prefix or "", first=MAX_FIRST, after=after, at=asked.at,
        )  # fmt: skip

    async def cleared(after: str | None) -> Reviews:
        return await reviews(
            asked.graph, thing=thing, links=options.links or None, first=MAX_FIRST, after=after,
            at=asked.at,
        )  # fmt: skip

    found = await gather(doubted, lambda one: one.links, asked.progress, "links in doubt")
    looked = await gather(cleared, lambda one: one.reviews, asked.progress, "cleared links")
    first = found.pages[0]
    rows = [row for one in found.items for row in _rows(one)]
    changes = [change.cause.seq for one in found.items for change in one.changes]
    changes += [one.seq for one in looked.items]
    return Draft(
        title="Links in doubt" + ("" if thing is None else f" of {asked.name}"),
        sections=(
            Section("How many", table=Table(_COUNTS, tuple(first.counts.items()))),
            Section("In doubt", table=Table(_LINKS, tuple(rows)), cut=found.cut),
            Section(
                "Cleared", table=Table(_CLEARED, tuple(map(_cleared, looked.items))), cut=looked.cut
            ),
        ),
        figures=(Figure("in doubt", first.total), Figure("cleared", looked.pages[0].total)),
        used=tuple(f"urn:utcs:change:{seq}" for seq in dict.fromkeys(changes)),
    )


SUSPECTS = ReportKind(
    "suspects", "Links in doubt, with what has changed since somebody looked; and those cleared.",
    make, subjects=None, needs_subject=False, takes=frozenset({"links", "kinds", "prefix"}),
)  # fmt: skip


def _rows(one: Suspect) -> Iterable[tuple[Cell, ...]]:
    for change in one.changes:
        yield (
            one.source, one.source_name, one.link, one.target, one.target_name, one.looked_at,
            change.utcs, change.field, _said(change.old), _said(change.new), change.since,
            change.cause.actor, change.cause.seq,
        )  # fmt: skip


def _said(value: object) -> str | None:
    return None if value is None else str(value)


def _cleared(one: Review) -> tuple[Cell, ...]:
    return (
        one.source, one.source_name, one.link, one.target, one.target_name, one.at, one.reason,
        one.actor, one.seq,
    )  # fmt: skip
