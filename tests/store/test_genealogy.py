"""The life of a unit on a real Neo4j: as it was, as it was known, and as it was corrected."""

from __future__ import annotations

from typing import Any

import pytest

from graph.model.identifier import Utcs
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.model.whereabouts import Whereabouts, Within
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.genealogy import Gap, Genealogy, Stay, gaps_aboard, genealogy
from tests.store.linking import as_of, tell
from tests.store.saying import contains, correct, day, event, put, removed, retire, serial

A1, A2 = Utcs.parse("utcs:TEST:aircraft:A1"), Utcs.parse("utcs:TEST:aircraft:A2")
E1, P1 = Utcs.parse("utcs:TEST:serial:E1"), Utcs.parse("utcs:TEST:serial:P1")
HALL, SHOP = Utcs.parse("utcs:TEST:facility:HALL"), Utcs.parse("utcs:TEST:facility:SHOP")
SHELF, ORDER = Utcs.parse("utcs:TEST:stock:SHELF"), Utcs.parse("utcs:TEST:workorder:WO-1")
LATER = as_of(100)


def into(parent: Utcs, unit: Utcs, slot: str = "1", **more: Any) -> dict[str, Any]:
    return contains("?", unit.local, slot) | {"source": str(parent)} | more


def out_of(parent: Utcs, unit: Utcs, slot: str = "1") -> dict[str, Any]:
    return removed("?", unit.local, slot) | {"source": str(parent)}


def link(source: Utcs, type: str, target: Utcs, fact: str = "put_link") -> dict[str, Any]:
    return {"fact": fact, "source": str(source), "link": type, "target": str(target)}


def spans(answer: Genealogy) -> list[tuple[Any, ...]]:
    """The stays by whereabouts, what the unit was in or at, and their days."""
    return [(one.whereabouts, one.aircraft or one.place, *_days(one)) for one in answer.stays]


def _days(one: Stay | Gap) -> tuple[int, int | None]:
    start = parse_utc(day(0))
    return (one.since - start).days, None if one.until is None else (one.until - start).days


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """Engine E1 made on day 0; pump P1 in it since day 1; E1 in A1 from 5 to 10, in A2 from 20 to 30."""
    await tell(
        graph,
        event(
            put(str(A1)), put(str(A2)), serial("E1", manufactured_on=day(0)[:10]), serial("P1"),
            put(str(HALL), category="hangar"), put(str(SHOP), category="shop"),
            put(str(SHELF), quantity=1), put(str(ORDER), number="WO-1"),
            link(E1, "LOCATED_IN", HALL),
        ),
        event(into(E1, P1, "7"), on=1, id="build"),
        event(
            link(E1, "LOCATED_IN", HALL, "end_link"), into(A1, E1, "71"),
            link(ORDER, "INSTALLS", E1), on=5, id="fit", actor="anna",
        ),
        event(out_of(A1, E1, "71"), link(ORDER, "REMOVES", E1), on=10, id="take"),
        event(into(A2, E1, "72", properties={"reference": "TLP 7"}), on=20),
        event(out_of(A2, E1, "72"), link(E1, "LOCATED_IN", SHOP), on=30, id="drop"),
    )  # fmt: skip
    return graph


async def test_a_unit_is_told_where_it_was_and_by_whom_under_which_order(fleet: Graph) -> None:
    answer = await genealogy(fleet, E1, at=LATER)

    assert spans(answer) == [
        (Whereabouts.LOCATED, HALL, 0, 5),
        (Whereabouts.INSTALLED, A1, 5, 10),
        (Whereabouts.INSTALLED, A2, 20, 30),
        (Whereabouts.IN_SHOP, SHOP, 30, None),
    ]
    fitted = answer.stays[1]
    assert fitted.within == (Within(A1, "71"),)
    assert fitted.began is not None
    assert fitted.ended is not None
    assert (fitted.began.source, fitted.began.id, fitted.began.actor) == ("urn:test", "fit", "anna")
    assert (fitted.ended.id, fitted.began_under, fitted.ended_under) == ("take", ORDER, ORDER)
    assert (answer.stays[2].reference, answer.stays[3].ended) == ("TLP 7", None)


async def test_the_gap_has_what_was_before_and_after(fleet: Graph) -> None:
    answer = await genealogy(fleet, E1, at=LATER)

    (gap,) = answer.gaps
    assert _days(gap) == (10, 20)
    assert (gap.before, gap.after) == (answer.stays[1], answer.stays[2])
    assert not answer.is_complete


async def test_a_part_goes_with_its_assembly_from_aircraft_to_aircraft(fleet: Graph) -> None:
    answer = await genealogy(fleet, P1, at=LATER)

    assert spans(answer) == [
        (Whereabouts.INSTALLED, HALL, 1, 5),
        (Whereabouts.INSTALLED, A1, 5, 10),
        (Whereabouts.INSTALLED, A2, 20, 30),
        (Whereabouts.INSTALLED, SHOP, 30, None),
    ]
    assert answer.stays[2].within == (Within(E1, "7"), Within(A2, "72"))
    assert [(_days(gap), gap.within) for gap in answer.gaps] == [
        ((0, 1), ()),
        ((10, 20), (Within(E1, "7"),)),
    ]
    assert answer.gaps[0].before is None


async def test_in_the_past_nothing_of_what_came_later_is_told(fleet: Graph) -> None:
    fitted = await genealogy(fleet, E1, at=as_of(7))
    lost = await genealogy(fleet, E1, at=as_of(15))

    assert spans(fitted) == [
        (Whereabouts.LOCATED, HALL, 0, 5),
        (Whereabouts.INSTALLED, A1, 5, None),
    ]
    assert (fitted.gaps, fitted.stays[1].ended) == ((), None)
    (gap,) = lost.gaps
    assert (_days(gap), gap.after) == ((10, None), None)


async def test_what_is_told_late_closes_the_gap_but_not_as_it_was_known_before(
    fleet: Graph,
) -> None:
    known_before = Coordinates(LATER.as_of, from_micros(fleet.clock()))
    late = event(link(SHELF, "CONSISTS_OF", E1), on=10)
    end = event(link(SHELF, "CONSISTS_OF", E1, "end_link"), on=20)
    await tell(fleet, late, end)

    now = await genealogy(fleet, E1, at=LATER)
    before = await genealogy(fleet, E1, at=known_before)

    assert (Whereabouts.IN_STOCK, SHELF, 10, 20) in spans(now)
    assert (now.gaps, now.is_complete) == ((), True)
    assert [_days(gap) for gap in before.gaps] == [(10, 20)]


async def test_a_withdrawn_removal_leaves_the_unit_where_it_was(fleet: Graph) -> None:
    known_before = Coordinates(LATER.as_of, from_micros(fleet.clock()))
    await tell(fleet, event(correct("drop"), on=40))

    now = await genealogy(fleet, E1, at=LATER)
    before = await genealogy(fleet, E1, at=known_before)

    assert spans(now)[2:] == [(Whereabouts.INSTALLED, A2, 20, None)]
    assert spans(before)[2:] == [
        (Whereabouts.INSTALLED, A2, 20, 30),
        (Whereabouts.IN_SHOP, SHOP, 30, None),
    ]
    assert before.stays[2].ended is not None
    assert before.stays[2].ended.id == "drop"


async def test_a_unit_in_a_shop_and_in_an_aircraft_at_once_is_an_overlap(fleet: Graph) -> None:
    await tell(fleet, event(link(E1, "LOCATED_IN", SHOP), on=25))

    answer = await genealogy(fleet, E1, at=LATER)

    (overlap,) = answer.overlaps
    assert (overlap.one.aircraft, overlap.other.place) == (A2, SHOP)
    assert (overlap.since, overlap.until) == (parse_utc(day(25)), parse_utc(day(30)))


async def test_stock_on_a_shelf_in_a_hall_is_one_place_and_no_overlap(fleet: Graph) -> None:
    await tell(fleet, event(link(SHELF, "CONSISTS_OF", E1), on=2))
    await tell(fleet, event(link(SHELF, "CONSISTS_OF", E1, "end_link"), on=5))

    assert (await genealogy(fleet, E1, at=LATER)).overlaps == ()


async def test_a_life_ends_where_the_unit_does(fleet: Graph) -> None:
    await tell(fleet, event(link(E1, "LOCATED_IN", SHOP, "end_link"), out_of(E1, P1, "7"), on=40))
    await tell(fleet, event(retire("P1"), on=50))

    answer = await genealogy(fleet, P1, at=LATER)

    assert _days(answer.gaps[-1]) == (40, 50)


async def test_an_aircraft_is_a_place_of_its_own(fleet: Graph) -> None:
    answer = await genealogy(fleet, A1, at=LATER)

    assert (answer.stays, answer.gaps, answer.is_complete) == ((), (), True)


async def test_pages_follow_each_other_and_each_tells_all_gaps(fleet: Graph) -> None:
    whole = await genealogy(fleet, E1, at=LATER)

    stays: list[Stay] = []
    after = None
    for _ in range(4):
        page = await genealogy(fleet, E1, first=1, after=after, at=LATER)
        assert (page.total, page.gaps) == (4, whole.gaps)
        stays += page.stays
        after = page.next

    assert (tuple(stays), after) == (whole.stays, None)


async def test_what_is_in_an_aircraft_is_told_with_the_gaps_in_its_life(fleet: Graph) -> None:
    found = await gaps_aboard(fleet, A2, at=as_of(25))

    told = [(gap.unit, gap.since, gap.until) for gap in found.gaps]
    lost = (parse_utc(day(10)), parse_utc(day(20)))
    assert told == [(E1, *lost), (P1, parse_utc(day(0)), parse_utc(day(1))), (P1, *lost)]
    assert found.units == 2


@pytest.mark.parametrize("id", ["utcs:TEST:part:P", "utcs:TEST:workorder:WO-1"])
async def test_what_is_no_unit_has_no_genealogy(fleet: Graph, id: str) -> None:
    with pytest.raises(BadQuestionError, match="give an aircraft or a serialised unit"):
        await genealogy(fleet, Utcs.parse(id))


async def test_what_is_not_known_is_not_found(fleet: Graph) -> None:
    with pytest.raises(NotFoundError):
        await genealogy(fleet, Utcs.parse("utcs:TEST:serial:NONE"))
    with pytest.raises(NotFoundError):
        await genealogy(fleet, E1, at=as_of(-1))
    with pytest.raises(NotFoundError):
        await gaps_aboard(fleet, A1, at=as_of(-1))
