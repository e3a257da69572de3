"""Which links are suspect, as Cypher: the pieces that every question of it is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from graph.model.ontology import fits, get_link_type, kinds
from graph.model.suspicion import BY_SOURCE, BY_TARGET, MATTERS
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.moment import Moment
from graph.store.selection import Era
from graph.store.text import fill

SUSPECTABLE: Final = tuple(dict.fromkeys((*BY_TARGET, *BY_SOURCE)))
"""The link types that can be suspect at all."""

MATTERING: Final = {kind: list(names) for kind, names in MATTERS.items() if names}


def kinds_behind(links: Collection[str]) -> list[str]:
    """Returns the kinds of things whose change can make a link of some types suspect."""
    ends = frozenset[str]()
    for name in links:
        declared = get_link_type(name)
        ends |= declared.targets if name in BY_TARGET else frozenset()
        ends |= declared.sources if name in BY_SOURCE else frozenset()
    return [kind for kind in kinds() if kind in MATTERING and fits(kind, ends)]


def changed_things(moment: Moment, links: Collection[str]) -> str:
    """Returns the clause that finds links of some types at all things that may have changed."""
    sides = (
        ("<-", "-", [name for name in links if name in BY_TARGET]),
        ("-", "->", [name for name in links if name in BY_SOURCE]),
    )
    touching = [
        fill(
            "suspicion/touching",
            left=left,
            right=right,
            types=moment.types(types),
            holds=moment.holds("link", types),
        )
        for left, right, types in sides
        if types
    ]
    return fill("suspicion/changed", touching="\nUNION\n".join(touching))


def links_of_thing(moment: Moment, links: Collection[str]) -> str:
    """Returns the clause that finds links of some types at one thing, `one`."""
    types, holds = moment.types(links), moment.holds("link", links)
    found = fill("suspicion/of_thing", types=types, holds=holds)
    return f"{found}\n{ends_text(links)}"


def named_links(links: Collection[str]) -> str:
    """Returns the clause that takes up links of some types by their element ids."""
    found = fill("suspicion/named")
    return f"{found}\n{ends_text(links)}"


def ends_text(links: Collection[str]) -> str:
    """Returns the clause that takes up, of some links, the ends whose change matters, each as `thing`."""
    return fill(
        "suspicion/ends",
        type=fill("link/type", link="link"),
        by_target=_quoted(name for name in links if name in BY_TARGET),
        by_source=_quoted(name for name in links if name in BY_SOURCE),
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def judged(moment: Moment, links: Collection[str]) -> str:
    """Returns the clause that keeps, of links each with a `thing` at its end, those that are suspect."""
    row = "suspicion/row_now" if moment.is_now else "suspicion/row_then"
    return fill(
        "suspicion/judge",
        row=fill(row) if moment.is_now else fill(row, holds=moment.holds_row("said")),
        believed=believed_types(moment, links),
        stated_type=fill("link/type", link="stated"),
        link_type=fill("link/type", link="link"),
        ever=fill("link/ever_known", link="stated", types=was_one_of("stated", links)),
    )


def believed_types(moment: Moment, links: Iterable[str]) -> str:
    """Returns the relationship types that hold all that is said of some links, be it over or not."""
    era = Era.KNOWN if moment.era is Era.KNOWN else Era.PAST
    return era.relationship_types(links)


async def find_suspect(
    graph: Graph, moment: Moment, ways: Iterable[Sequence[Sequence[str | None]]]
) -> frozenset[str]:
    """Returns the element ids of the links on some ways that are suspect; the caller bounds how many.

    Each link begins with its element id, or None if it cannot be suspect, and its type.
    """
    links = {link[0] for way in ways for link in way if link[0] and link[1] in SUSPECTABLE}
    if not links:
        return frozenset()
    parameters: dict[str, Any] = {"links": sorted(links)} | parameters_of(SUSPECTABLE)
    row = await moment.ask(graph, mark_text(moment), parameters)
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    return frozenset(row[0])


def parameters_of(links: Collection[str], prefix: str = "") -> dict[str, Any]:
    """Returns the parameters that every question of suspicion has."""
    return {"kinds": kinds_behind(links), "prefix": prefix, "matters": MATTERING}


def mark_text(moment: Moment) -> str:
    """Returns the statement that tells which of some links are suspect."""
    return fill(
        "suspicion/mark",
        links=named_links(SUSPECTABLE),
        judge=judged(moment, SUSPECTABLE),
        stale=fill("thing/stale"),
    )
