"""What is this work order? What it works on and carries out, and whether it was released."""

from __future__ import annotations

from dataclasses import dataclass

from graph.model.identifier import Utcs
from graph.model.maintenance import CertificateStatus, WorkOrder
from graph.model.time import Coordinates
from graph.model.work import DONE
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.text import fill


@dataclass(frozen=True, slots=True)
class Work:
    """A work order, and what stands around it.

    Attributes:
        works_on: The units that it works on.
        executes: The tasks and changes that it carries out.
        certified: Whether a certificate releases it that was neither revoked nor superseded.
    """

    utcs: Utcs
    order: WorkOrder
    works_on: frozenset[Utcs]
    executes: frozenset[Utcs]
    certified: bool

    @property
    def unreleased(self) -> str | None:
        """Why the work does not count as released; None if it does."""
        if self.order.status not in DONE:
            stands = "nowhere stated" if self.order.status is None else self.order.status.value
            return f"its status is {stands}"
        return None if self.certified else "no valid certificate releases it"


async def find_work(graph: Graph, order: Utcs, *, at: Coordinates = CURRENT) -> Work:
    """Returns a work order as it stands at a moment.

    Raises:
        BadQuestionError: The thing is no work order.
        NotFoundError: It is not there then.
    """
    if order.kind != "workorder":
        raise BadQuestionError(
            f"work_order: {order} is a {order.kind}; give a work order", field="work_order"
        )
    moment = Moment.of(graph, at)
    row = await moment.ask(graph, work_text(moment), {"order": str(order)})
    if row is None or row[0] is None:
        raise await not_there(graph, order, moment)
    stored, works_on, executes, releases = row
    return Work(
        utcs=order,
        order=read_as(WorkOrder, stored),
        works_on=frozenset(map(Utcs.parse, works_on)),
        executes=frozenset(map(Utcs.parse, executes)),
        certified=any(status in ("", CertificateStatus.VALID.value) for status in releases),
    )


def work_text(moment: Moment) -> str:
    """Returns the statement that reads a work order."""
    links = {"works_on": "WORKS_ON", "executes": "EXECUTES", "releases": "RELEASES"}
    types = {gap: moment.types([link]) for gap, link in links.items()}
    return fill(
        "compliance/work",
        **types,
        works_holds=moment.holds("link", ["WORKS_ON"]),
        executes_holds=moment.holds("link", ["EXECUTES"]),
        releases_holds=moment.holds("link", ["RELEASES"]),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
