"""Which things speak of it? Full-text search over everything that people read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, chosen_kinds, read_cursor, sealed, write_cursor
from graph.store.text import fill

MOST: Final = 10_000
"""So many of the best hits are looked at; nobody reads further, they ask for more words."""

MAX_CHARS: Final = 500
"""The longest text that is searched for."""

_BEST: Final = 1e30  # above every score

_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found.

    Attributes:
        score: How well it fits; comparable within one answer only.
    """

    utcs: Utcs
    kind: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, best first, then by id.

    Attributes:
        total: How many things were found; at least so many, if the answer is cut.
        complete: Whether all hits were looked at.
        cut: Why not; None when they were.
        next: The cursor of the next page; None on the last.
    """

    things: tuple[Hit, ...]
    total: int
    complete: bool
    cut: str | None
    next: str | None


async def search(
    graph: Graph,
    text: str,
    *,
    kinds: Iterable[str] | None = None,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Found:
    """Returns the things in which all words of a text occur, best first.

    Args:
        graph: Where to ask.
        text: Words, in any order; words in double quotes must follow one another.
        kinds: The kinds to find, those that extend them included; all unless given.
        first: How many to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: The text is empty or too long, or a name, number or the cursor is wrong.
        QueryTimeoutError: It took too long.
    """
    chosen = chosen_kinds(kinds)
    asked = sealed("search", text, chosen, at)
    place = (_BEST, "") if after is None else read_cursor(asked, after, float, str)
    parameters = {
        "query": lucene(text),
        "most": MOST,
        "kinds": chosen,
        "after_score": place[0],
        "after_utcs": place[1],
        "limit": bounded("first", first, MAX_FIRST) + 1,
    }
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, search_text(moment), parameters)
    assert row is not None, "an aggregation has one row"  # noqa: S101
    looked_at, total, page = row
    things = tuple(Hit(Utcs.parse(u), kind, name, score) for u, kind, name, score in page[:first])
    mark = write_cursor(asked, things[-1].score, str(things[-1].utcs)) if page[first:] else None
    cut = f"cut at the {MOST:,} best hits; give more words" if looked_at >= MOST else None
    return Found(things, total, cut is None, cut, mark)


def search_text(moment: Moment) -> str:
    """Returns the statement that searches."""
    stale = fill("thing/stale")
    if moment.is_now:
        return fill("search/now", stale=stale)
    return fill("search/then", holds=moment.holds_row("row"), stale=stale)


def lucene(text: str) -> str:
    r"""Returns the query in Lucene's syntax that asks for all words and phrases of a text.

    Every word stands in quotes, where only `"` and `\` mean something; the former cannot occur in
    a word here, and the latter is escaped.

    Raises:
        BadQuestionError: The text is empty or too long.
    """
    if len(text) > MAX_CHARS:
        raise BadQuestionError(
            f"text: {len(text):,} characters are too many to search for; give {MAX_CHARS} at most",
            field="text",
        )
    words = [phrase or word for phrase, word in _TERM.findall(text)]
    terms = [f'"{_escaped(word)}"' for word in words if any(map(str.isalnum, word))]
    if not terms:
        raise BadQuestionError(f"text: {text!r:.60} holds no word; give at least one", field="text")
    return " AND ".join(terms)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\")
