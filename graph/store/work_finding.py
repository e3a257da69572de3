"""What is this finding, under which work order was it found, and what is it about?"""

from __future__ import annotations

from dataclasses import dataclass

from graph.model.identifier import Utcs
from graph.model.maintenance import Finding
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.text import fill


@dataclass(frozen=True, slots=True)
class WorkFinding:
    """A finding at a moment.

    Attributes:
        version: The number of the statement that holds.
        valid_from: From when it holds.
        order: The work order under which it was found.
        about: What it is about.
    """

    utcs: Utcs
    finding: Finding
    version: int
    valid_from: UtcDatetime
    order: Utcs
    about: tuple[Utcs, ...]


async def find_finding(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> WorkFinding:
    """Returns a finding of a work order.

    Raises:
        BadQuestionError: The thing is no finding, or was found under no work order.
        NotFoundError: It is not there then.
    """
    if utcs.kind != "finding":
        raise BadQuestionError(f"id: {utcs} is a {utcs.kind}; give a finding", field="id")
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, finding_text(moment), {"finding": str(utcs)})
    if row is None or row[0] is None:
        raise await not_there(graph, utcs, moment)
    stored, orders, about = row
    if not orders:
        raise BadQuestionError(
            f"id: {utcs} was found under no work order; link it by FOUND_IN first", field="id"
        )
    return WorkFinding(
        utcs,
        read_as(Finding, stored),
        stored["n"],
        from_micros(stored["valid_from"]),
        Utcs.parse(orders[0]),
        tuple(map(Utcs.parse, about)),
    )


def finding_text(moment: Moment) -> str:
    """Returns the statement that reads a finding."""
    return fill(
        "work/finding",
        found=moment.types(["FOUND_IN"]),
        found_holds=moment.holds("link", ["FOUND_IN"]),
        about=moment.types(["ABOUT"]),
        about_holds=moment.holds("link", ["ABOUT"]),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
