"""Which thing is meant? Any text that names one, to its identifier."""

from __future__ import annotations

from typing import Final

from graph.model import ontology
from graph.model.alias import Alias
from graph.model.identifier import Utcs, shown
from graph.model.time import Coordinates
from graph.store.absence import find_survivor
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.moment import CURRENT, Moment
from graph.store.text import fill

_LISTED: Final = 10


async def resolve(graph: Graph, text: str, *, at: Coordinates = CURRENT) -> Utcs:
    """Returns the identifier of the one thing that a text names.

    An alias of a thing that was merged into another leads to that one, though it may not repeat it.
    An identifier is taken at its word: whether the thing is there, the question about it finds out,
    and looking twice would cost each question a millisecond.

    Args:
        graph: Where to look.
        text: An identifier with or without its check character, the key of an alias
            (`dpp:DPP-H2-001`), or another system's id as it is printed there.
        at: The coordinates of time; another system's id may have passed from thing to thing.

    Raises:
        IdentifierError: It is an identifier, but a wrong one: mistyped, most likely.
        NotFoundError: It is no identifier, and nothing is known by that name.
        BadQuestionError: It names several things; the sentence lists them.
    """
    if text.strip().startswith("utcs:"):
        return Utcs.parse(text.strip(), kinds=ontology.kinds())
    moment = Moment.of(graph, at)
    keys = [str(alias) for alias in Alias.guess(text)]
    parameters = {"keys": keys, "limit": _LISTED + 1}
    row = await moment.ask(graph, resolve_text(moment), parameters)
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    found, others = row
    things = {utcs: f"{utcs} ({key}, {name})" for key, utcs, name in found}
    if len(things) == 1:
        return Utcs.parse(next(iter(things)))
    if things:
        raise _ambiguous(text, things)
    bearers = [Utcs.parse(utcs) for utcs in dict.fromkeys(utcs for _, utcs in others)]
    survivors = {await find_survivor(graph, utcs, moment) for utcs in bearers} - {None}
    if len(survivors) == 1 and (survivor := survivors.pop()) is not None:
        return survivor
    raise _nothing(text, bearers, moment)


def resolve_text(moment: Moment) -> str:
    """Returns the statement that finds the bearers of aliases."""
    return fill(
        "alias/resolve",
        holds=moment.holds_row("row"),
        name=moment.name("thing"),
        stale=fill("thing/stale"),
    )


def _ambiguous(text: str, things: dict[str, str]) -> BadQuestionError:
    listed = list(things.values())
    more = ", and others" if len(listed) > _LISTED else ""
    return BadQuestionError(
        f"id: {shown(text)} names {'; '.join(listed[:_LISTED])}{more}; give one of these identifiers",
        field="id",
        candidates=list(things),
    )


def _nothing(text: str, bearers: list[Utcs], moment: Moment) -> NotFoundError:
    others = [str(utcs) for utcs in bearers]
    if others:
        fix = f"at another time it names {' or '.join(others)}; ask as of then"
    else:
        fix = "check it, give an identifier (utcs:…), or search for the name"
    return NotFoundError(f"id: {shown(text)} names nothing {moment}; {fix}", id=text, others=others)
