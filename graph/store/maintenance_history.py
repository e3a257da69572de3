"""What was done to it? The maintenance history of a unit, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.absence import unknown
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_link_properties, read_properties
from graph.store.question import MAX_FIRST, bounded, read_cursor, require_unit, sealed, write_cursor
from graph.store.selection import Era
from graph.store.text import fill

_PLACE: Final = (int, str, str, str, str)

_CARRIED: Final = {
    "signature": "SIGNED_BY",
    "compliance": "COMPLIES_WITH",
    "embodiment": "EMBODIES",
    "installed_under": "INSTALLS",
    "removed_under": "REMOVES",
    "installed": "CONTAINS",
    "removed": "CONTAINS",
}
"""The entries that are links, and what type of link each is; all others are records."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a unit.

    Attributes:
        at: When: as the record states, or from when the link holds.
        sort: `work`, `finding`, `release`, `signature`, `installed`, `removed` and so on.
        record: The work order, finding, certificate or change; of an installation, what the unit went into.
        other: Who signed, what was installed, or the work that a certificate releases.
        slot: The position of an installation, or the role of a signature.
        properties: What the record or the link says.
    """

    at: UtcDatetime
    sort: str
    record: Utcs
    kind: str
    name: str | None
    other: Utcs | None
    slot: str | None
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MaintenanceHistory:
    """One page of what happened to a unit up to a moment, earliest first.

    Attributes:
        total: How many entries there are in all.
        next: The cursor of the next page; None on the last.
    """

    utcs: Utcs
    entries: tuple[Entry, ...]
    total: int
    next: str | None


async def maintenance_history(
    graph: Graph,
    utcs: Utcs,
    *,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> MaintenanceHistory:
    """Returns a page of the maintenance history of an aircraft or unit.

    Work orders, findings and all else that is about it, certificates, signatures, compliance and
    embodiment, and each time that it was put in or taken out, or something directly in it was.

    Raises:
        BadQuestionError: The thing is no unit, or a number or the cursor is wrong.
        NotFoundError: Nothing is known of it.
    """
    require_unit(utcs)
    asked = sealed("maintenance_history", str(utcs), at)
    place = [] if after is None else read_cursor(asked, after, *_PLACE)
    limit = bounded("first", first, MAX_FIRST) + 1
    moment = Moment.of(graph, at)
    given = {"utcs": str(utcs), "after": place, "limit": limit}
    row = await moment.ask(graph, maintenance_history_text(moment), given)
    assert row is not None, "an aggregation has one row"  # noqa: S101
    there, page, total = row
    if not there:
        raise await unknown(graph, utcs, moment)
    mark = write_cursor(asked, *page[first - 1][0]) if len(page) > first else None
    return MaintenanceHistory(utcs, tuple(_entry(*one) for one in page[:first]), total, mark)


def _entry(place: list[Any], kind: str, name: str | None, said: dict[str, Any]) -> Entry:
    at, sort, record, other, slot = place
    return Entry(
        at=from_micros(at),
        sort=sort,
        record=Utcs.parse(record),
        kind=kind,
        name=name,
        other=Utcs.parse(other) if other else None,
        slot=slot or None,
        properties=_said(sort, kind, said),
    )


def _said(sort: str, kind: str, said: dict[str, Any]) -> dict[str, Any]:
    if sort in _CARRIED:
        return read_link_properties(_CARRIED[sort], said)
    stated: dict[str, Any] = read_properties(kind, said).model_dump(
        mode="json", exclude_none=True, exclude_defaults=True
    )
    return stated


def maintenance_history_text(moment: Moment) -> str:
    """Returns the statement that lists what happened to a unit."""
    links = {
        "works": ("link", ["WORKS_ON"], "works_on"),
        "about": ("link", ["ABOUT"], "about"),
        "certified": ("link", ["CERTIFIED_BY"], "certified"),
        "releases": ("releases", ["RELEASES"], "releases"),
        "signs": ("signs", ["SIGNED_BY"], "signed"),
        "done": ("link", ["COMPLIES_WITH", "EMBODIES"], "done"),
        "moves": ("link", ["INSTALLS", "REMOVES"], "moves"),
        "contains": ("link", ["CONTAINS"], "contains"),
    }
    era = Era.KNOWN if moment.era is Era.KNOWN else Era.PAST
    known = {f"{gap}_known": _ever_known(link, types) for gap, (link, types, _) in links.items()}
    return fill(
        "status/history",
        **{name: era.relationship_types(types) for _, types, name in links.values()},
        **known,
        before_known=_ever_known("before", ["CONTAINS"]),
        done_type=fill("link/type", link="link"),
        holds_row=moment.holds_row("row"),
        name=moment.name("record"),
        stale=fill("thing/stale"),
    )


def _ever_known(link: str, types: list[str]) -> str:
    return fill("link/ever_known", link=link, types=was_one_of(link, types))
