"""Which links are in doubt, and why? What they lead to has changed since somebody last looked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.history import Cause, read_cause
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_link_properties
from graph.store.question import (
    MAX_FIRST,
    bounded,
    chosen,
    chosen_kinds,
    read_cursor,
    sealed,
    write_cursor,
)
from graph.store.suspicion import (
    SUSPECTABLE,
    changed_things,
    judged,
    links_of_thing,
    parameters_of,
)
from graph.store.text import fill

_PLACE: Final = (str, str, str, str)


@dataclass(frozen=True, slots=True)
class Change:
    """One property that is no longer as it was when the link was last looked at.

    Attributes:
        utcs: The thing at an end of the link that has changed.
        field: The property.
        old: What was said when the link was last looked at; None for nothing.
        new: What is said at the moment that was asked about.
        since: Since when it is so.
        cause: The event that says so.
    """

    utcs: Utcs
    field: str
    old: Any
    new: Any
    since: UtcDatetime
    cause: Cause


@dataclass(frozen=True, slots=True)
class Suspect:
    """One link in doubt.

    Attributes:
        link: The link type.
        properties: What the link carries.
        looked_at: When somebody last looked: since the link came to be, or was last cleared.
        reviewed: The reason that was given then; None if it was never cleared.
        changes: What has changed since, by thing, then by property.
    """

    link: str
    source: Utcs
    source_name: str
    target: Utcs
    target_name: str
    slot: str | None
    properties: dict[str, Any]
    looked_at: UtcDatetime
    reviewed: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Suspects:
    """One page of links in doubt, by type, source, target and slot.

    Attributes:
        total: How many there are in all, whatever the page.
        counts: How many of each link type, most first.
        next: The cursor of the next page; None on the last.
    """

    links: tuple[Suspect, ...]
    total: int
    counts: dict[str, int]
    next: str | None


async def suspects(
    graph: Graph,
    *,
    thing: Utcs | None = None,
    other: Utcs | None = None,
    links: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    prefix: str = "",
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Suspects:
    """Returns a page of the links in doubt, with what has changed, by one statement.

    Args:
        graph: Where to ask.
        thing: Only links that leave this thing or lead to it.
        other: Of those, only links between it and this one.
        links: Only links of these types.
        kinds: Only where a thing of these kinds has changed.
        prefix: Only where a thing has changed whose id begins so: `utcs:AMPEL360:`.
        first: How many to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: A name, a number or the cursor is wrong, or the links cannot be suspect.
        NotFoundError: The thing is not there then.
        QueryTimeoutError: It took too long.
    """
    if other is not None and thing is None:
        raise BadQuestionError("other: stands alone; name the thing as well", field="other")
    types = chosen("links", links, SUSPECTABLE, "a link that can be suspect")
    wanted = chosen_kinds(kinds)
    asked = sealed("suspects", str(thing), str(other), types, wanted, prefix, at)
    place = [] if after is None else read_cursor(asked, after, *_PLACE)
    moment = Moment.of(graph, at)
    parameters = parameters_of(types, prefix) | {
        "utcs": thing and str(thing),
        "other": other and str(other),
        "after": place,
        "limit": bounded("first", first, MAX_FIRST) + 1,
    }
    if wanted is not None:
        parameters["kinds"] = [kind for kind in parameters["kinds"] if kind in wanted]
    row = await moment.ask(graph, suspects_text(moment, types, is_whole=thing is None), parameters)
    assert row is not None, "a statement that matches nothing optionally has one row"  # noqa: S101
    exists, counts, page = row
    if thing is not None and not exists:
        raise await not_there(graph, thing, moment)
    found = tuple(_suspect(*each) for each in page[:first])
    mark = write_cursor(asked, *page[first - 1][0]) if len(page) > first else None
    return Suspects(found, sum(number for _, number in counts), dict(counts), mark)


def suspects_text(moment: Moment, links: Collection[str], *, is_whole: bool) -> str:
    """Returns the statement that lists suspect links, of the whole graph or of one thing."""
    ever = {name: fill("thing/row_ever", row=name) for name in ("row", "other")}
    return fill(
        "suspicion/find",
        links=changed_things(moment, links) if is_whole else links_of_thing(moment, links),
        judge=judged(moment, links),
        type=fill("link/type", link="link"),
        exists=moment.exists("one"),
        source_name=moment.name("source"),
        target_name=moment.name("target"),
        since=fill("suspicion/since", ever=ever["row"], other_ever=ever["other"]),
        stale=fill("thing/stale"),
    )


def _suspect(
    place: list[str],
    names: list[str],
    link: dict[str, Any],
    basis: dict[str, Any],
    changes: list[list[Any]],
) -> Suspect:
    type, source, target, slot = place
    _, source_name, _, target_name = names
    return Suspect(
        link=type,
        source=Utcs.parse(source),
        source_name=source_name,
        target=Utcs.parse(target),
        target_name=target_name,
        slot=slot or None,
        properties=read_link_properties(type, link),
        looked_at=from_micros(basis["valid_from"]),
        reviewed=basis.get("reviewed"),
        changes=tuple(_change(*change) for change in changes),
    )


def _change(utcs: str, field: str, old: Any, new: Any, said: list[Any]) -> Change:
    since, *event = said
    return Change(Utcs.parse(utcs), field, old, new, from_micros(since), read_cause(*event))
