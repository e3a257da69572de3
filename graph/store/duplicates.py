"""Which things may be one? Pairs that look alike, with all that speaks for and against each."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from graph.model.distinction import distinction_of
from graph.model.identifier import Utcs
from graph.model.ontology import get_kind
from graph.model.resemblance import (
    Comparison,
    Resemblance,
    Values,
    Verdict,
    compare,
    features_of,
    keys,
)
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.question import (
    MAX_FIRST,
    bounded,
    counted,
    read_cursor,
    sealed,
    write_cursor,
)
from graph.store.records import link_piece
from graph.store.text import fill

MOST: Final = 200_000
"""So many things of a kind are looked at."""

CROWD: Final = 50
"""A key that more things share than this tells nothing; pairs by it alone are not looked at."""

MOST_PAIRS: Final = 200_000
"""So many pairs are compared."""

_WINDOW: Final = 2_000

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair of things that may be one.

    Attributes:
        first: The one whose id comes first.
        score: How much speaks for it: the sum of all contributions, a logarithm to base 2.
        veto: Why they are two things all the same; None if nothing says so.
    """

    first: Utcs
    first_name: str
    second: Utcs
    second_name: str
    verdict: Verdict
    score: float
    comparisons: tuple[Comparison, ...]
    veto: str | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """One page of pairs: likely ones, then possible ones, then vetoed ones; the highest score first.

    Only what would be likely but for a veto is told as vetoed.

    Attributes:
        total: How many pairs there are in all.
        examined: How many things were looked at.
        complete: Whether that was all that could be compared.
        cut: Why not; None when it was.
        next: The cursor of the next page; None on the last.
    """

    pairs: tuple[Candidate, ...]
    total: int
    examined: int
    complete: bool
    cut: str | None
    next: str | None


async def duplicates(
    graph: Graph, kind: str, *, first: int = 100, after: str | None = None
) -> Candidates:
    """Returns a page of pairs of things of a kind that may be one, as they are now.

    Things are brought together by what they share of a few features, never each with each; see
    `graph.model.resemblance`. Pairs that people have judged not to be one are left out.

    Args:
        graph: Where to ask.
        kind: The kind; those that extend it are asked for by their own name.
        first: How many to a page.
        after: The `next` of the page before.

    Raises:
        OntologyError: There is no such kind.
        BadQuestionError: A number or the cursor is wrong.
    """
    get_kind(kind)
    asked = sealed("duplicates", kind)
    start = 0 if after is None else read_cursor(asked, after, int)[0]
    bounded("first", first, MAX_FIRST)
    things = [thing async for window in _walk(graph, kind) for thing in window]
    pairs, cut = _pairs(kind, things)
    found = await _compared(kind, things, pairs)
    judged = await find_there(graph, [distinction_of(c.first, c.second) for c in found])
    left = [c for c in found if distinction_of(c.first, c.second) not in judged]
    page = tuple(left[start : start + first])
    mark = write_cursor(asked, start + first) if start + first < len(left) else None
    return Candidates(page, len(left), len(things), cut is None, cut, mark)


def features_text(moment: Moment, kind: str) -> str:
    """Returns the statement that reads what is compared in the things of a kind."""
    names = [feature.name for feature in features_of(kind)]
    values = (
        link_piece("record/end", moment, name) if name.isupper() else f"thing.{name}"
        for name in names
    )
    return fill(
        "record/features",
        things=fill("record/of_kind"),
        values=", ".join(values),
        stale=fill("thing/stale"),
    )


Thing = tuple[str, str, Values]
"""A thing by its id, with its name and what it says of each feature."""


async def _walk(graph: Graph, kind: str) -> AsyncIterator[list[Thing]]:
    """Yields the things of a kind in the order of their ids, so many at a time."""
    start = ""
    for _ in range(MOST // _WINDOW):
        moment = Moment.of(graph, CURRENT)
        parameters = {"kind": kind, "start": start, "limit": _WINDOW}
        row = await moment.ask(graph, features_text(moment, kind), parameters)
        assert row is not None, "a statement without MATCH has one row"  # noqa: S101
        (window,) = row
        yield [(utcs, name, values) for utcs, name, values in window]
        if len(window) < _WINDOW:
            return
        start = f"{window[-1][0]} "  # a blank comes before all that an id may hold


def _pairs(kind: str, things: list[Thing]) -> tuple[list[Pair], str | None]:
    """Returns the pairs that share a key, and why some were left out, if any were."""
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for place, (_, _, values) in enumerate(things):
        for key in keys(kind, values):
            sharing[key].append(place)
    pairs: set[Pair] = set()
    crowded = 0
    for places in sharing.values():
        if len(places) > CROWD:
            crowded += 1
        elif len(places) > 1 and len(pairs) < MOST_PAIRS:
            pairs.update(combinations(places, 2))
    reasons = []
    if len(things) >= MOST:
        reasons.append(f"only the first {MOST:,} things were looked at")
    if len(pairs) >= MOST_PAIRS:
        reasons.append(f"only the first {len(pairs):,} pairs were compared")
    if crowded:
        reasons.append(
            f"{counted(crowded, 'value')} that more than {CROWD} things share brought no pairs together"
        )
    return sorted(pairs), "; ".join(reasons) or None


async def _compared(kind: str, things: list[Thing], pairs: list[Pair]) -> list[Candidate]:
    """Returns the pairs that look alike, in the order in which they are told."""
    found = []
    for number, (one, other) in enumerate(pairs):
        if number % 1000 == 0:
            await asyncio.sleep(0)  # others have their turn
        alike = compare(kind, things[one][2], things[other][2])
        if alike.verdict is not Verdict.UNLIKELY:
            found.append(_candidate(things[one], things[other], alike))
    order = list(Verdict)
    return sorted(
        found, key=lambda c: (order.index(c.verdict), -c.score, str(c.first), str(c.second))
    )


def _candidate(one: Thing, other: Thing, alike: Resemblance) -> Candidate:
    return Candidate(
        first=Utcs.parse(one[0]),
        first_name=one[1],
        second=Utcs.parse(other[0]),
        second_name=other[1],
        verdict=alike.verdict,
        score=alike.score,
        comparisons=alike.comparisons,
        veto=alike.veto,
    )


async def find_there(graph: Graph, things: Collection[Utcs]) -> frozenset[Utcs]:
    """Returns which of some things are there now."""
    parameters: dict[str, Any] = {"things": [str(utcs) for utcs in things]}
    text = fill("record/there", stale=fill("thing/stale"))
    row = await Moment.of(graph, CURRENT).ask(graph, text, parameters)
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    return frozenset(map(Utcs.parse, row[0]))
