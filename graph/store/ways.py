"""Ways through the thread as patterns of Cypher."""

from __future__ import annotations

from collections.abc import Iterable

from graph.model.trace_rule import Hop, Way
from graph.store.moment import Moment
from graph.store.neighbours import ARROWS
from graph.store.text import fill

GOAL = "goal"
"""What the thing at the end of a way is called in its pattern."""


def leads(moment: Moment, ways: Iterable[Way], thing: str = "thing") -> str:
    """Returns the condition that one of some ways leads from a thing to where it should."""
    return " OR ".join(
        fill(
            "way/leads",
            thing=thing,
            hops=hops_text(moment, way.hops),
            kinds=kinds_text(way),
        )
        for way in ways
    )


def ways_text(moment: Moment, ways: Iterable[Way]) -> str:
    """Returns the clause that finds what some ways lead to, with the links of each; none repeats a link."""
    return "\nUNION ALL\n".join(
        fill(
            "way/find",
            hops=hops_text(moment, way.hops),
            kinds=kinds_text(way),
            number=number,
            links=", ".join(f"link{n}" for n, _ in enumerate(way.hops, start=1)),
        )
        for number, way in enumerate(ways)
    )


def tie_text() -> str:
    """Returns what is read of a link on a way, as `graph.store.cell` and `find_suspect` take it."""
    return fill("way/tie", type=fill("link/type", link="link"))


def kinds_text(way: Way) -> str:
    """Returns the kinds that a way leads to, as a list in a condition has them."""
    return ", ".join(f"'{kind}'" for kind in sorted(way.ends))


def hops_text(moment: Moment, hops: tuple[Hop, ...]) -> str:
    """Returns the pattern of the links of a way, after the thing where it begins; it ends at `goal`.

    Things on the way are `stop1`, `stop2`, …, links that are gone once are `link1`, `link2`, ….
    """
    last = len(hops)
    return "".join(
        _hop_text(moment, hop, number, GOAL if number == last else f"stop{number}")
        for number, hop in enumerate(hops, start=1)
    )


def _hop_text(moment: Moment, hop: Hop, number: int, thing: str) -> str:
    left, right = ARROWS["out" if hop.forward else "in"]
    link = f"link{number}"
    pieces = {
        "left": left,
        "right": right,
        "link": link,
        "types": moment.types([hop.link]),
        "holds": moment.holds(link, [hop.link]),
        "thing": thing,
    }
    if (hop.least, hop.most) == (1, 1):
        return fill("way/hop", **pieces)
    return fill("way/hops", least=hop.least, most=hop.most, **pieces)
