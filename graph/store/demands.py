"""What is demanded? Directives and bulletins as they stand at a moment, with what stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.model.change import Bulletin, BulletinStatus, Directive, DirectiveStatus
from graph.model.compliance import Demand
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import Moment
from graph.store.node import read_properties
from graph.store.text import fill

DEMANDS: Final = ("directive", "bulletin")
"""The kinds that demand something of units."""

MOST_DEMANDS: Final = 5_000
"""So many demands are looked at for one question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand as the graph holds it, with what stands around it."""

    demand: Demand
    superseded_by: str | None
    means: tuple[Utcs, ...]
    earlier: tuple[Utcs, ...]
    lists_aircraft: bool


async def find_demands(
    graph: Graph, moment: Moment, kinds: Sequence[str], changes: Sequence[str] | None = None
) -> list[Asked]:
    """Returns directives and bulletins as they stand at a moment, in the order of their ids.

    Raises:
        BadQuestionError: There are more than one question looks at.
    """
    given = {"kinds": kinds, "changes": changes}
    row = await moment.ask(graph, demands_text(moment), given)
    found = row[0] if row else []
    if len(found) > MOST_DEMANDS:
        raise BadQuestionError(
            f"about: there are {len(found):,} directives and bulletins, and {MOST_DEMANDS:,} are looked at "
            "at once; ask about one of them, or about one kind",
            field="about",
        )
    return [_asked(moment.day, *one) for one in found]


def _asked(
    day: date,
    row: dict[str, Any],
    successors: list[dict[str, Any]],
    means: list[str],
    earlier: list[str],
    lists_aircraft: bool,
) -> Asked:
    thing = read_properties(row["kind"], row)
    assert isinstance(thing, Directive | Bulletin)  # noqa: S101
    by = [one for one in successors if _is_in_force(read_properties(one["kind"], one), day)]
    return Asked(
        demand=Demand.of(Utcs.parse(row["utcs"]), thing),
        superseded_by=", ".join(Utcs.parse(one["utcs"]).local for one in by) or None,
        means=tuple(map(Utcs.parse, means)),
        earlier=tuple(map(Utcs.parse, earlier)),
        lists_aircraft=lists_aircraft,
    )


def _is_in_force(successor: Kind, day: date) -> bool:
    """Says whether a successor has taken the place of what it supersedes by a day."""
    if isinstance(successor, Directive):
        is_out = successor.status not in (DirectiveStatus.PROPOSED, DirectiveStatus.CANCELLED)
        return is_out and (successor.effective_on is None or successor.effective_on <= day)
    if isinstance(successor, Bulletin):
        return successor.status not in (BulletinStatus.DRAFT, BulletinStatus.CANCELLED)
    return False


def demands_text(moment: Moment) -> str:
    """Returns the statement that lists directives and bulletins."""
    links = {"supersedes": "SUPERSEDES", "implements": "IMPLEMENTS", "subject_to": "SUBJECT_TO"}
    types = {gap: moment.types([link]) for gap, link in links.items()}
    return fill(
        "compliance/demands",
        **types,
        holds_row=moment.holds_row("row"),
        holds_later=moment.holds_row("later"),
        supersedes_holds=moment.holds("link", ["SUPERSEDES"]),
        implements_holds=moment.holds("link", ["IMPLEMENTS"]),
        subject_holds=moment.holds("link", ["SUBJECT_TO"]),
        stale=fill("thing/stale"),
    )
