"""Where can aircraft be maintained? Bases, with their bays and people, what is reserved, and spares."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from graph.model.identifier import Utcs
from graph.model.maintenance import WindowStatus
from graph.model.opening import Base, Occupied
from graph.model.product import SerialCondition
from graph.model.resources import FacilityCategory
from graph.model.time import format_utc, parse_utc
from graph.model.work import WORK
from graph.store.database import Graph
from graph.store.flown import decimal
from graph.store.leaf_facts import UNIT_KINDS
from graph.store.moment import Moment
from graph.store.text import fill

MOST_BASES: Final = 1_000

CATEGORIES: Final = (FacilityCategory.LINE_STATION, FacilityCategory.HANGAR)
"""The facilities that maintain aircraft."""

KEPT: Final = (WindowStatus.RESERVED, WindowStatus.USED)
"""How a window stands whose place is taken."""

_FIT: Final = (
    SerialCondition.NEW,
    SerialCondition.SERVICEABLE,
    SerialCondition.OVERHAULED,
    SerialCondition.REPAIRED,
)
_LOCATED: Final = ("LOCATED_IN",)
_TAKES_PLACE: Final = ("TAKES_PLACE_AT",)
_GROUNDS: Final = ("GROUNDS",)
_INSTANCE_OF: Final = ("INSTANCE_OF",)
_CONTAINS: Final = ("CONTAINS",)


@dataclass(frozen=True, slots=True)
class Reserved:
    """A window that is reserved.

    Attributes:
        labour_h: The labour that can be spent in it; None where nobody says.
    """

    window: Utcs
    occupied: Occupied
    labour_h: Decimal | None


async def find_bases(graph: Graph, moment: Moment) -> tuple[Base, ...]:
    """Returns the facilities that maintain aircraft and lie at an aerodrome."""
    asked = {"categories": list(CATEGORIES), "roles": sorted(WORK.roles), "limit": MOST_BASES}
    row = await moment.ask(graph, bases_text(moment), asked)
    return tuple(
        Base(Utcs.parse(utcs), name, station, bays, people)
        for utcs, name, station, bays, people in (row[0] if row else ())
    )


async def find_reserved(
    graph: Graph, bases: Collection[Base], since: datetime, until: datetime, moment: Moment
) -> tuple[Reserved, ...]:
    """Returns the windows that are reserved at some bases within a time."""
    asked = {
        "facilities": [str(base.utcs) for base in bases],
        "states": list(KEPT),
        "since": format_utc(since),
        "until": format_utc(until),
    }
    row = await moment.ask(graph, reserved_text(moment), asked) if bases else None
    return tuple(
        Reserved(
            Utcs.parse(window),
            Occupied(Utcs.parse(base), Utcs.parse(aircraft), parse_utc(begins), parse_utc(ends)),
            None if labour is None else decimal(labour),
        )
        for base, aircraft, window, begins, ends, labour in (row[0] if row else ())
    )


async def find_spares(
    graph: Graph, parts: Collection[Utcs], bases: Collection[Base], moment: Moment
) -> dict[tuple[Utcs, Utcs], int]:
    """Returns how many spares of some part numbers lie at some bases, by base and part number."""
    if not (parts and bases):
        return {}
    asked = {
        "parts": sorted(map(str, parts)),
        "facilities": [str(base.utcs) for base in bases],
        "unit_kinds": UNIT_KINDS,
        "conditions": list(_FIT),
        "day": moment.day.isoformat(),
    }
    row = await moment.ask(graph, spares_text(moment), asked)
    return {
        (Utcs.parse(base), Utcs.parse(part)): number
        for base, part, number in (row[0] if row else ())
    }


def bases_text(moment: Moment) -> str:
    """Returns the statement that lists bases."""
    return fill(
        "fleet/bases",
        located=moment.types(_LOCATED),
        located_holds=moment.holds("link", _LOCATED),
        holds_row=moment.holds_row("row"),
        holds_said=moment.holds_row("said"),
        stale=fill("thing/stale"),
    )


def reserved_text(moment: Moment) -> str:
    """Returns the statement that lists windows that are reserved."""
    return fill(
        "fleet/reserved",
        takes_place=moment.types(_TAKES_PLACE),
        takes_holds=moment.holds("place", _TAKES_PLACE),
        grounds=moment.types(_GROUNDS),
        grounds_holds=moment.holds("link", _GROUNDS),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def spares_text(moment: Moment) -> str:
    """Returns the statement that counts spares."""
    return fill(
        "fleet/spares",
        instances=moment.types(_INSTANCE_OF),
        made_holds=moment.holds("made", _INSTANCE_OF),
        located=moment.types(_LOCATED),
        located_holds=moment.holds("link", _LOCATED),
        contains=moment.types(_CONTAINS),
        inside_holds=moment.holds("inside", _CONTAINS),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )
