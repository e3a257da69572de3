"""What authorities ask for: the deferrals that run, and what occurred and was reported when."""

from __future__ import annotations

from typing import Any

import pytest

from api.report import make as making
from api.report.catalogue import get_report
from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import day, event


async def rows(
    graph: Graph, kind: str, heading: str, subject: str | None = None, at: Coordinates | None = None
) -> list[dict[str, Any]]:
    sealed = await making.make(
        graph, get_report(kind), subject, asked_by="anna", at=at or as_of(10)
    )
    (table,) = (one.table for one in sealed.report.draft.sections if one.heading == heading)
    assert table is not None
    return [
        dict(zip((one.heading for one in table.columns), row, strict=True)) for row in table.rows
    ]


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """An aircraft with a unit in it, which flies 2 h on each of days 1 to 8; another aircraft."""
    await tell(graph, event(
        thing("aircraft-1", registration="D-ABCD", msn="10001"), thing("aircraft-2"),
        thing("serial-1"), thing("finding-1"),
        thing("usage-1", total_fh="100", total_fc="50", measured_at=day(0)),
        link("aircraft-1", "CONTAINS", "serial-1", slot="1"),
        link("usage-1", "COUNTS", "aircraft-1"), link("finding-1", "ABOUT", "serial-1"),
    ))  # fmt: skip
    for number in range(1, 9):
        await tell(graph, event(
            thing(f"flight-{number}", status="arrived", takeoff_at=day(number), landing_at=day(number + 0.1),
                  duration_fh="2", cycles_fc="1"),
            link(f"flight-{number}", "FLOWN_BY", "aircraft-1"), on=number + 0.1,
        ))  # fmt: skip
    return graph


def deferral(number: int, **said: Any) -> dict[str, Any]:
    return thing(f"deferral-{number}", **{"status": "open", "opened_at": day(2.5)} | said)


async def test_deferrals_that_ran_out_come_first_and_say_how(fleet: Graph) -> None:
    await tell(fleet, event(
        deferral(1, due_at=day(30), category="mel_c", restrictions="No ETOPS"),
        deferral(2, due_at=day(9), category="mel_b"), deferral(3, limit_fh="11"), deferral(4, limit_fh="20"),
        deferral(5, status="closed", due_at=day(9)),
        *(link(f"deferral-{n}", "ABOUT", "aircraft-1") for n in (1, 2, 3, 4, 5)), on=3,
    ))  # fmt: skip

    found = await rows(fleet, "deferrals", "Running deferrals")

    assert [(one["deferral"].local, one["stands"]) for one in found] == [
        ("deferral-2", "expired"), ("deferral-3", "expired"), ("deferral-1", "open"), ("deferral-4", "open"),
    ]  # fmt: skip
    assert found[1]["because"] == "ran out after 11 FH: 12 are flown since"
    assert (found[2]["remaining [days]"], found[2]["restrictions"]) == (20, "No ETOPS")
    assert found[3]["remaining [FH]"] == 8


async def test_a_deferral_of_a_finding_on_a_unit_counts_on_its_aircraft(fleet: Graph) -> None:
    await tell(fleet, event(
        deferral(1, limit_fc="9"), link("deferral-1", "DEFERS", "finding-1"), on=3,
    ))  # fmt: skip

    (found,) = await rows(fleet, "deferrals", "Running deferrals", str(id_of("aircraft-1")))
    others = await rows(fleet, "deferrals", "Running deferrals", str(id_of("aircraft-2")))

    assert (found["on"], found["aircraft"]) == (id_of("serial-1"), id_of("aircraft-1"))
    assert (found["defects"], found["remaining [FC]"]) == ("finding-1", 3)
    assert others == []


async def test_a_deferral_of_which_nobody_can_say_what_was_flown_is_expired(fleet: Graph) -> None:
    await tell(fleet, event(deferral(1, limit_fh="900"), on=3))

    (found,) = await rows(fleet, "deferrals", "Running deferrals")

    assert (found["stands"], found["on"], found["remaining [FH]"]) == ("expired", None, None)


async def test_deferrals_are_told_as_they_ran_then(fleet: Graph) -> None:
    (known,) = await tell(fleet, event(deferral(1, due_at=day(9)), on=3))
    await tell(fleet, event(deferral(1, due_at=day(9), status="closed"), on=8))

    now = await rows(fleet, "deferrals", "Running deferrals")
    then = await rows(fleet, "deferrals", "Running deferrals", at=as_of(7))
    before = await rows(
        fleet, "deferrals", "Running deferrals",
        at=Coordinates(as_of(10).as_of, from_micros(known)),
    )  # fmt: skip

    assert now == []
    assert [one["stands"] for one in then] == ["open"]
    assert [one["stands"] for one in before] == ["expired"]


def incident(number: int, **said: Any) -> dict[str, Any]:
    told = {"occurred_at": day(2), "is_reportable": True, "status": "open", "severity": "incident"}
    return thing(f"incident-{number}", **told | said)


@pytest.mark.parametrize(
    ("said", "on", "standing"),
    [
        ({}, 5, "pending"),
        ({}, 5.01, "overdue"),
        ({"reported_on": day(5)[:10]}, 10, "reported"),
        ({"reported_on": day(6)[:10]}, 10, "reported late"),
        ({"reported_on": day(9)[:10]}, 8, "overdue"),
        ({"is_reportable": False}, 10, "not required"),
        ({"is_reportable": False, "severity": "accident"}, 10, "overdue"),
        ({"is_reportable": False, "reported_on": day(9)[:10]}, 10, "reported"),
        ({"is_reportable": None}, 10, "unknown"),
        ({"occurred_at": None}, 10, "unknown"),
        ({"occurred_at": None, "reported_on": day(5)[:10]}, 10, "unknown"),
        ({"status": "reported"}, 10, "unknown"),
    ],
)
async def test_what_was_not_reported_within_72_hours_is_marked(
    graph: Graph, said: dict[str, Any], on: float, standing: str
) -> None:
    await tell(graph, event(incident(1, **said), on=2))

    (found,) = await rows(graph, "occurrences", "Reports to the authority", at=as_of(on))
    marked = await rows(graph, "occurrences", "Not reported within 72 hours", at=as_of(on))

    assert found["standing"] == standing
    assert [one["standing"] for one in marked] == (
        [standing] if standing in ("overdue", "reported late") else []
    )


async def test_an_occurrence_is_of_the_aircraft_that_the_unit_was_in_when_it_happened(
    fleet: Graph,
) -> None:
    await tell(fleet, event(
        incident(1, occurred_at=day(2.05)),
        thing("flight-2", number="AX 12", origin="EDDF", destination="LEMD"),
        link("incident-1", "ABOUT", "serial-1"), link("incident-1", "FOUND_IN", "flight-2"), on=2.2,
    ), event(
        link("aircraft-1", "CONTAINS", "serial-1", slot="1", fact="end_link"),
        link("aircraft-2", "CONTAINS", "serial-1", slot="1"), on=9,
    ))  # fmt: skip

    (found,) = await rows(fleet, "occurrences", "Aircraft and flights")

    assert (found["aircraft"], found["registration"], found["serial number"]) == (
        id_of("aircraft-1"), "D-ABCD", "10001",
    )  # fmt: skip
    assert (found["flight"], found["from"], found["to"], found["about"]) == (
        "AX 12", "EDDF", "LEMD", "serial-1",
    )  # fmt: skip
