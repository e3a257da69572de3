"""What was ever believed of work orders, findings and the like, and of what they lead to?

Knowledge only grows, so what was known at a time can be read at any later time. The read holds the lock of
the change log, for the reason given in `graph.store.rows`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.link import LinkProperties
from graph.model.ontology import get_link_type
from graph.store.database import Graph
from graph.store.node import read_link_properties, read_properties

RESTS_ON: Final = frozenset({"DEFERS", "FOUND_IN", "RELEASES"})
"""The links by which one record rests on another: where it says of no unit itself, that one may."""

STEPS: Final = 2
"""How far such links are followed: a deferral, of a finding, in a work order."""

LINKS: Final = RESTS_ON | {
    "WORKS_ON", "ABOUT", "EXECUTES", "RESOLVES", "INSTALLS", "REMOVES", "CONSUMES",
}  # fmt: skip
"""The links of records of maintenance that say what was done, to what, and why."""

RECORDS: Final = frozenset({"workorder", "deferral", "finding", "alert", "release"})
"""The kinds that are records of maintenance."""

AT_ONCE: Final = 25
"""So many records are read under one lock; what rests on them is read, too."""

Stored = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of belief; all times in microseconds since 1970.

    Attributes:
        properties: What was stated; None for a link that carries nothing.
        target: What the link leads to; None for a thing.
        valid_from: When it became true in the world.
        valid_to: When it ceased to be true.
        recorded_at: When we learned of it.
        superseded_at: When we learned better.
    """

    properties: Kind | LinkProperties | None
    target: Utcs | None
    valid_from: int
    valid_to: int
    recorded_at: int
    superseded_at: int


@dataclass(frozen=True, slots=True)
class Beliefs:
    """All rows of some records and of the links that leave them.

    Attributes:
        things: The rows of each record, in no order.
        links: The rows of its links, by record and link type.
        resting: The records that ever rested on each one.
    """

    things: Mapping[str, Sequence[Row]]
    links: Mapping[tuple[str, str], Sequence[Row]]
    resting: Mapping[str, frozenset[str]]

    def led_to(self, records: Iterable[str]) -> frozenset[str]:
        """Returns some records, and those that rest on them: of these what is told may change."""
        found = edge = frozenset(records)
        for _ in range(STEPS):
            edge = frozenset(one for record in edge for one in self.resting.get(record, ()))
            found |= edge
        return found


async def find_beliefs(graph: Graph, records: Sequence[str]) -> Beliefs:
    """Returns all that was ever believed of some records, of what rests on them and what that rests on."""
    things: dict[tuple[str, int, int], Stored] = {}
    links: dict[tuple[str, str, str, int, int], Stored] = {}
    for at in range(0, len(records), AT_ONCE):
        wanted = {"records": [*records[at : at + AT_ONCE]], "links": sorted(LINKS)}
        async with graph.transaction() as tx:
            ((rows, arrows),) = await tx.run("maintenance/beliefs", **wanted)
        things |= {(row["utcs"], *_place(row)): row for row in rows}
        links |= {(*ends, *_place(row)): row for *ends, row in arrows}
    return _beliefs(things.values(), ((*key[:3], row) for key, row in links.items()))


def _place(row: Stored) -> tuple[int, int]:
    """Returns what tells a row from the others of the same thing or link: no two are believed at once."""
    return row["valid_from"], row["recorded_at"]


def _beliefs(things: Iterable[Stored], links: Iterable[tuple[str, str, str, Stored]]) -> Beliefs:
    by_thing: defaultdict[str, list[Row]] = defaultdict(list)
    by_link: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    resting: defaultdict[str, set[str]] = defaultdict(set)
    for row in things:
        if row["kind"] in RECORDS:
            by_thing[row["utcs"]].append(_row(row, read_properties(row["kind"], row)))
    for source, link, target, row in links:
        declared = get_link_type(link).properties
        carried = None
        if declared is not None:
            carried = declared.model_validate(read_link_properties(link, row))
        by_link[source, link].append(_row(row, carried, Utcs.parse(target)))
        if link in RESTS_ON:
            resting[target].add(source)
    return Beliefs(by_thing, by_link, {one: frozenset(found) for one, found in resting.items()})


def _row(
    stored: Stored, properties: Kind | LinkProperties | None, target: Utcs | None = None
) -> Row:
    times = ("valid_from", "valid_to", "recorded_at", "superseded_at")
    return Row(properties, target, *(stored[name] for name in times))
