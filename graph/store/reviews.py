"""Who cleared which link, when, and why? The statements that were made with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.absence import not_there
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, chosen, read_cursor, sealed, write_cursor
from graph.store.suspicion import SUSPECTABLE, believed_types
from graph.store.text import fill

_PLACE: Final = (int, str, str, str, str)


@dataclass(frozen=True, slots=True)
class Review:
    """One link that somebody looked at and stated again.

    What had changed is what `suspects` says as of `at` and as known just before `recorded_at`.

    Attributes:
        at: When it was looked at.
        reason: Why it still held.
        seq: The number in the change log of the event that says so.
        actor: Who said it.
        recorded_at: When it was recorded.
    """

    link: str
    source: Utcs
    source_name: str
    target: Utcs
    target_name: str
    slot: str | None
    at: UtcDatetime
    reason: str
    seq: int
    event_source: str
    event: str
    actor: str
    recorded_at: UtcDatetime


@dataclass(frozen=True, slots=True)
class Reviews:
    """One page of links that were cleared, the newest first.

    Attributes:
        total: How many there are in all; those that were withdrawn are not among them.
        next: The cursor of the next page; None on the last.
    """

    reviews: tuple[Review, ...]
    total: int
    next: str | None


async def reviews(
    graph: Graph,
    *,
    thing: Utcs | None = None,
    links: Iterable[str] | None = None,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Reviews:
    """Returns a page of the links that were cleared by a moment, with the reason, by one statement.

    Args:
        graph: Where to ask.
        thing: Only links that leave this thing or lead to it.
        links: Only links of these types.
        first: How many to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A name, a number or the cursor is wrong, or the links cannot be suspect.
        NotFoundError: The thing is not there then.
        QueryTimeoutError: It took too long.
    """
    types = chosen("links", links, SUSPECTABLE, "a link that can be suspect")
    asked = sealed("reviews", str(thing), types, at)
    parameters = {
        "utcs": str(thing) if thing else None,
        "after": [] if after is None else read_cursor(asked, after, *_PLACE),
        "limit": bounded("first", first, MAX_FIRST) + 1,
    }
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, reviews_text(moment, types, is_whole=thing is None), parameters)
    assert row is not None, "a statement that matches nothing optionally has one row"  # noqa: S101
    exists, total, page = row
    if thing is not None and not exists:
        raise await not_there(graph, thing, moment)
    mark = write_cursor(asked, *page[first - 1][0]) if len(page) > first else None
    return Reviews(tuple(_review(*each) for each in page[:first]), total, mark)


def reviews_text(moment: Moment, links: Collection[str], *, is_whole: bool) -> str:
    """Returns the statement that lists what was cleared, in the whole graph or at one thing."""
    types = believed_types(moment, links)
    whole, one = "suspicion/all_cleared", "suspicion/cleared_at"
    return fill(
        "suspicion/reviews",
        links=fill(whole if is_whole else one, types=types),
        ever=fill("link/ever_known", link="link", types=was_one_of("link", links)),
        type=fill("link/type", link="link"),
        exists=moment.exists("one"),
        source_name=moment.name("source"),
        target_name=moment.name("target"),
        stale=fill("thing/stale"),
    )


def _review(place: list[Any], names: list[str], link: dict[str, Any], event: list[Any]) -> Review:
    _, type, source, target, slot = place
    seq, event_source, id, actor, recorded_at = event
    return Review(
        link=type,
        source=Utcs.parse(source),
        source_name=names[0],
        target=Utcs.parse(target),
        target_name=names[1],
        slot=slot or None,
        at=from_micros(link["valid_from"]),
        reason=link["reviewed"],
        seq=seq,
        event_source=event_source,
        event=id,
        actor=actor,
        recorded_at=from_micros(recorded_at),
    )
