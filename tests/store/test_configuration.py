"""What is in an aircraft, place by place: since when, and by which order."""

from __future__ import annotations

import pytest

from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.configuration import Configuration, Fitted, configuration
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.moment import CURRENT
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import correct, day, event

AIRCRAFT = id_of("aircraft-1")


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """A pump in an engine in an aircraft; it is exchanged on day 10 under an order, and again on day 20."""
    await tell(
        graph,
        event(
            thing("aircraft-1", serial_number="1"),
            *(thing(f"serial-{one}", serial_number=one) for one in ("e", "p1", "p2", "w")),
            thing("part-pump", number="PUMP-01"),
            thing("workorder-1", number="WO-1"),
            *(link(f"serial-p{n}", "INSTANCE_OF", "part-pump") for n in (1, 2)),
            link("aircraft-1", "CONTAINS", "serial-e", "71"),
            link("aircraft-1", "CONTAINS", "serial-w", "8"),
            link("serial-e", "CONTAINS", "serial-p1", "P"),
        ),
        event(
            unlink("serial-e", "CONTAINS", "serial-p1", "P"),
            link("serial-e", "CONTAINS", "serial-p2", "P"),
            link("workorder-1", "INSTALLS", "serial-p2"),
            on=10,
        ),
        event(link("serial-e", "CONTAINS", "serial-p2", "P", reference="again"), on=15),
        event(
            unlink("serial-e", "CONTAINS", "serial-p2", "P"),
            link("serial-e", "CONTAINS", "serial-p1", "P"),
            on=20,
            id="back",
        ),
    )
    return graph


def at_pump(found: Configuration) -> Fitted:
    (pump,) = (one for one in found.units if one.position == "71.P")
    return pump


async def test_each_unit_stands_in_its_place_with_part_and_order(fleet: Graph) -> None:
    found = await configuration(fleet, AIRCRAFT, at=as_of(16))

    assert [(one.position, one.unit) for one in found.units] == [
        ("71", id_of("serial-e")), ("71.P", id_of("serial-p2")), ("8", id_of("serial-w")),
    ]  # fmt: skip
    pump = at_pump(found)
    assert (pump.part, pump.part_number, pump.serial_number) == (
        id_of("part-pump"), "PUMP-01", "p2",
    )  # fmt: skip
    assert (pump.holder, pump.slot, pump.order) == (id_of("serial-e"), "P", id_of("workorder-1"))
    assert (found.total, found.is_complete, found.next) == (3, True, None)


async def test_since_is_when_it_came_there_and_not_when_that_was_said_again(fleet: Graph) -> None:
    pump = at_pump(await configuration(fleet, AIRCRAFT, at=as_of(16)))

    assert (pump.since, pump.reference) == (parse_utc(day(10)), "again")


async def test_what_comes_back_is_there_since_it_came_back(fleet: Graph) -> None:
    first = at_pump(await configuration(fleet, AIRCRAFT, at=as_of(5)))
    now = at_pump(await configuration(fleet, AIRCRAFT))

    assert (first.unit, first.since) == (now.unit, parse_utc(day(0)))
    assert (now.since, now.order) == (parse_utc(day(20)), None)


async def test_the_fast_path_of_the_present_answers_as_the_general_one(fleet: Graph) -> None:
    known = Coordinates(known_at=from_micros(fleet.clock()))
    later = Coordinates(as_of=parse_utc(day(9000)))

    now = await configuration(fleet, AIRCRAFT)

    assert now == await configuration(fleet, AIRCRAFT, at=later)
    assert now == await configuration(fleet, AIRCRAFT, at=known)


async def test_what_was_believed_is_told_as_it_was_known(fleet: Graph) -> None:
    (corrected,) = await tell(fleet, event(correct("back"), on=30))

    before = await configuration(
        fleet, AIRCRAFT, at=Coordinates(known_at=from_micros(corrected - 1))
    )

    assert at_pump(before).unit == id_of("serial-p1")
    assert at_pump(await configuration(fleet, AIRCRAFT)).unit == id_of("serial-p2")


@pytest.mark.parametrize("at", [CURRENT, as_of(16)])
async def test_pages_have_no_gap_and_no_double(fleet: Graph, at: Coordinates) -> None:
    whole = await configuration(fleet, AIRCRAFT, at=at)
    units: list[Fitted] = []
    after = None

    for _ in range(whole.total):
        page = await configuration(fleet, AIRCRAFT, first=1, after=after, at=at)
        units += page.units
        after = page.next

    assert tuple(units) == whole.units
    assert after is None


async def test_what_cannot_be_answered_is_refused(fleet: Graph) -> None:
    page = await configuration(fleet, AIRCRAFT, first=1)

    with pytest.raises(BadQuestionError, match=r"unit: .* is a part; give an aircraft"):
        await configuration(fleet, id_of("part-pump"))
    with pytest.raises(BadQuestionError, match="first: 0 is out of bounds"):
        await configuration(fleet, AIRCRAFT, first=0)
    with pytest.raises(BadQuestionError, match=r"after: .* is not a cursor of configuration"):
        await configuration(fleet, AIRCRAFT, after=page.next, at=as_of(16))
    with pytest.raises(NotFoundError, match="is not in the graph"):
        await configuration(fleet, id_of("aircraft-9"))
