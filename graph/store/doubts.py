"""Over which links in doubt is it reached? Marks for a page of a trace or impact, by one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.errors import QueryTimeoutError
from graph.store.moment import CURRENT, Moment
from graph.store.question import chosen_links
from graph.store.reach import ARROWS, MAX_DEPTH, OWN_TEXT, Answer
from graph.store.suspicion import SUSPECTABLE, ends_text, judged, parameters_of
from graph.store.text import fill

TOO_LONG: Final = "which links are in doubt could not be told in time; narrow links or depth"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A link whose ends have changed since somebody last looked, and that was not cleared since."""

    link: str
    source: Utcs
    target: Utcs
    slot: str | None


@dataclass(frozen=True, slots=True)
class Doubts:
    """The links in doubt that lead to things of a page, from what is nearer to where the question started.

    Attributes:
        cut: Why they could not be told; None if they were.
    """

    of: Mapping[Utcs, tuple[Doubt, ...]] = field(default_factory=dict)
    cut: str | None = None


async def find_doubts(
    graph: Graph,
    question: str,
    answer: Answer,
    *,
    links: Iterable[str] | None = None,
    at: Coordinates = CURRENT,
) -> Doubts:
    """Returns the links in doubt over which the things of a page are reached.

    It looks no further than the page does, so that the first page of a long answer costs little.

    Args:
        graph: Where to ask.
        question: `trace` or `impact`.
        answer: The page.
        links: The link types that were followed.
        at: The coordinates of time that were asked about.
    """
    followed = chosen_links(links)
    doubtful = [name for name in followed if name in SUSPECTABLE]
    depths = {str(one.utcs): one.depth for one in answer.things}
    if not (doubtful and depths):
        return Doubts()
    moment = Moment.of(graph, at)
    text = doubts_text(moment, question, followed, max(depths.values()))
    parameters = {"utcs": str(answer.utcs), "depths": depths} | parameters_of(doubtful)
    try:
        row = await moment.ask(graph, text, parameters)
    except QueryTimeoutError:
        return Doubts(cut=TOO_LONG)
    found: defaultdict[Utcs, list[Doubt]] = defaultdict(list)
    for name, source, target, slot in sorted(row[0] if row else [], key=_order):
        doubt = Doubt(name, Utcs.parse(source), Utcs.parse(target), slot)
        found[doubt.target if question == "trace" else doubt.source].append(doubt)
    return Doubts({utcs: tuple(doubts) for utcs, doubts in found.items()})


def _order(row: tuple[str, str, str, str | None]) -> tuple[str, ...]:
    return tuple(part or "" for part in row)


def doubts_text(moment: Moment, question: str, links: tuple[str, ...], farthest: int) -> str:
    """Returns the statement that finds links in doubt on a page whose farthest thing is so far away."""
    doubtful = [name for name in links if name in SUSPECTABLE]
    left, right = ARROWS[question]
    arrows = {"left": left, "right": right}
    step = fill(
        "reach/step",
        types=moment.types(links),
        holds=moment.holds("link", links),
        depth=max(farthest - 1, 1) if farthest <= OWN_TEXT else MAX_DEPTH,
        **arrows,
    )
    return fill(
        "suspicion/reached",
        step=step,
        types=moment.types(doubtful),
        holds=moment.holds("link", doubtful),
        ends=ends_text(doubtful),
        judge=judged(moment, doubtful),
        type=fill("link/type", link="link"),
        stale=fill("thing/stale"),
        **arrows,
    )
