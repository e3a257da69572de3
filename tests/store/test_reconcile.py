"""Reconciliation on a real graph: four sides, each judged by what was allowed at its own time."""

from __future__ import annotations

from typing import Any

import pytest

from graph.model.identifier import Utcs
from graph.model.reconciliation import Verdict
from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.reconcile import Reconciliation, Row, reconcile
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import event

AIRCRAFT = Utcs("TEST", "aircraft", "aircraft-1")


def aircraft(**properties: Any) -> dict[str, Any]:
    return thing("aircraft-1", serial_number="1", msn="1", **properties)


def unit(name: str) -> dict[str, Any]:
    return thing(name, serial_number=name)


def part(name: str, **properties: Any) -> dict[str, Any]:
    return thing(name, **{"is_serialised": True} | properties)


async def fleet(graph: Graph) -> None:
    """An aircraft is ordered on day 1, delivered on day 5, and has a brake of another part from day 10."""
    parts = ("part-ac", "part-leg", "part-brake", "part-alt", "part-odd")
    units = ("serial-leg", "serial-b1", "serial-b2", "serial-alt", "serial-odd")
    await tell(
        graph,
        event(
            *map(part, parts),
            part("part-inst", is_serialised=False),
            part("part-bolt", is_serialised=False),
            *(thing(f"position-{n}", number=n) for n in ("LEG", "LEG.B1", "LEG.B2")),
            *map(unit, units),
            aircraft(),
            thing("order-1", started_at="2025-01-02T00:00:00Z"),
            link("part-ac", "HAS_COMPONENT", "part-inst", "32"),
            link("part-inst", "HAS_COMPONENT", "part-leg", "010"),
            link("part-leg", "HAS_COMPONENT", "part-brake", "010", quantity="2"),
            link("part-leg", "HAS_COMPONENT", "part-bolt", "020", quantity="8"),
            link("part-leg", "FITS", "position-LEG"),
            link("part-brake", "FITS", "position-LEG.B1"),
            link("part-brake", "FITS", "position-LEG.B2"),
            link("aircraft-1", "INSTANCE_OF", "part-ac"),
            link("order-1", "ORDERS", "part-ac"),
            link("aircraft-1", "PRODUCED_BY", "order-1"),
            link("serial-leg", "INSTANCE_OF", "part-leg"),
            link("serial-b1", "INSTANCE_OF", "part-brake"),
            link("serial-b2", "INSTANCE_OF", "part-brake"),
            link("serial-alt", "INSTANCE_OF", "part-alt"),
            link("serial-odd", "INSTANCE_OF", "part-odd"),
            on=0,
        ),
        event(
            aircraft(delivered_on="2025-01-05"),
            link("aircraft-1", "CONTAINS", "serial-leg", "LEG"),
            link("serial-leg", "CONTAINS", "serial-b1", "B1"),
            link("serial-leg", "CONTAINS", "serial-b2", "B2"),
            on=4,
        ),
        event(
            unlink("serial-leg", "CONTAINS", "serial-b1", "B1"),
            link("serial-leg", "CONTAINS", "serial-alt", "B1"),
            on=10,
        ),
    )


async def allow(graph: Graph, on: float) -> None:
    """The other part is approved as an alternate, from a day on."""
    await tell(
        graph,
        event(
            link("part-alt", "ALTERNATE_OF", "part-brake", approval="STC 7"),
            link("part-alt", "FITS", "position-LEG.B1"),
            on=on,
        ),
    )


def faults(answer: Reconciliation) -> set[tuple[str, str]]:
    cells = ((row.position, row.maintained) for row in answer.rows if row.is_fault)
    return {(position, cell.verdict.value) for position, cell in cells if cell is not None}


def at(answer: Reconciliation, position: str) -> Row:
    (row,) = (row for row in answer.rows if row.position == position)
    return row


async def test_four_sides_stand_side_by_side(graph: Graph) -> None:
    await fleet(graph)
    await allow(graph, on=8)

    answer = await reconcile(graph, AIRCRAFT, differing=False)

    assert [row.position for row in answer.rows] == ["LEG", "LEG.B1", "LEG.B2"]
    row = at(answer, "LEG.B1")
    assert (row.find, row.designed, row.planned) == ("010", "part-brake", "part-brake")
    assert at(answer, "LEG").find == "32/010"
    assert row.built is not None
    assert row.maintained is not None
    assert (row.built.verdict, row.built.unit) == (Verdict.AS_DESIGNED, id_of("serial-b1"))
    assert (row.maintained.verdict, row.maintained.unit, row.maintained.part) == (
        Verdict.ALLOWED_ALTERNATE, id_of("serial-alt"), "part-alt",
    )  # fmt: skip
    assert "STC 7" in row.maintained.why
    assert (row.exchanged, row.moved_to, answer.exchanged) == (True, None, 1)
    assert (answer.notes, answer.places) == ((), 3)
    assert answer.built == {Verdict.AS_DESIGNED: 3}


async def test_a_part_is_judged_by_what_was_allowed_on_the_day(graph: Graph) -> None:
    await fleet(graph)
    await allow(graph, on=12)

    assert faults(await reconcile(graph, AIRCRAFT, at=as_of(9))) == set()
    assert faults(await reconcile(graph, AIRCRAFT, at=as_of(11))) == {("LEG.B1", "unapproved")}
    assert faults(await reconcile(graph, AIRCRAFT)) == set()
    before = Coordinates(known_at=from_micros((await recorded(graph)) - 1))
    assert faults(await reconcile(graph, AIRCRAFT, at=before)) == {("LEG.B1", "unapproved")}


async def recorded(graph: Graph) -> int:
    """When the last event was recorded."""
    rows = await graph.read("MATCH (c:Change) RETURN max(c.recorded_at) AS last")
    return int(rows[0][0])


async def test_a_position_of_another_type_with_the_same_number_allows_nothing_here(
    graph: Graph,
) -> None:
    await fleet(graph)
    await tell(
        graph,
        event(
            thing("position-other", number="LEG.B1"),
            link("part-alt", "FITS", "position-other"),
            on=8,
        ),
    )

    assert faults(await reconcile(graph, AIRCRAFT, at=as_of(11))) == {("LEG.B1", "unapproved")}


async def test_what_is_missing_extra_and_moved_is_told(graph: Graph) -> None:
    await fleet(graph)
    await tell(
        graph,
        event(
            unlink("serial-leg", "CONTAINS", "serial-b2", "B2"),
            link("aircraft-1", "CONTAINS", "serial-odd", "X"),
            on=20,
        ),
        event(
            unlink("serial-leg", "CONTAINS", "serial-alt", "B1"),
            link("serial-leg", "CONTAINS", "serial-b2", "B1"),
            on=21,
        ),
    )

    answer = await reconcile(graph, AIRCRAFT)

    assert faults(answer) == {("X", "extra"), ("LEG.B2", "missing")}
    assert at(answer, "LEG.B2").moved_to == "LEG.B1"
    assert at(answer, "X").built is None
    whole = await reconcile(graph, AIRCRAFT, differing=False)
    assert at(whole, "LEG.B1").exchanged


async def test_places_are_paged_without_gap_or_double(graph: Graph) -> None:
    await fleet(graph)
    whole = await reconcile(graph, AIRCRAFT, differing=False)

    rows: list[Row] = []
    after = None
    for _ in range(3):
        page = await reconcile(graph, AIRCRAFT, differing=False, first=1, after=after)
        rows += page.rows
        after = page.next

    assert tuple(rows) == whole.rows
    assert after is None


async def test_what_is_not_recorded_is_said(graph: Graph) -> None:
    await tell(
        graph,
        event(
            *map(part, ("part-ac", "part-leg")),
            aircraft(),
            link("part-ac", "HAS_COMPONENT", "part-leg", "010", effectivity="type BWB"),
            link("aircraft-1", "INSTANCE_OF", "part-ac"),
        ),
    )

    answer = await reconcile(graph, AIRCRAFT)

    assert answer.maintained == {Verdict.UNDETERMINED: 1}
    assert answer.notes[0].startswith("as built: ")
    assert any("'type BWB': unknown because" in note for note in answer.notes)
    assert (answer.built_at, answer.planned_at, answer.is_complete) == (None, None, False)


async def test_what_cannot_be_reconciled_is_refused(graph: Graph) -> None:
    await tell(graph, event(aircraft(), part("part-ac")))

    with pytest.raises(BadQuestionError, match="has no part number"):
        await reconcile(graph, AIRCRAFT)
    with pytest.raises(BadQuestionError, match="is a part; give an aircraft"):
        await reconcile(graph, id_of("part-ac"))
    with pytest.raises(NotFoundError):
        await reconcile(graph, id_of("serial-none"))
    with pytest.raises(BadQuestionError, match="first"):
        await reconcile(graph, AIRCRAFT, first=0)
