"""Status accounting, maintenance history and record lint: one aircraft, on any day, as known on any day."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from graph.model.compliance import Standing
from graph.model.record_rule import Profile
from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.maintenance_history import Entry, MaintenanceHistory, maintenance_history
from graph.store.record_lint import RecordFinding, RecordLint, record_lint
from graph.store.status import Status, status_of
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import day, event

A1, ENGINE = id_of("aircraft-1"), id_of("serial-engine")


@pytest.fixture
async def aircraft(graph: Graph) -> Graph:
    """An aircraft with an engine; a certificate, a modification, an order, a finding that is closed later."""
    order: dict[str, Any] = {"number": "WO-1", "references": ["AMM"], "ended_at": day(12)}
    await tell(
        graph,
        event(
            thing("aircraft-1", msn="1", delivered_on=day(0)[:10]), thing("serial-engine"),
            thing("baseline-1", category="as_built"), thing("release-1", form="easa_form_52", status="valid"),
            thing("usage-1", total_fh=100, measured_at=day(1)), thing("person-1", pseudonym="person-1"),
            thing("modification-1", approval_reference="21J.7", status="approved"),
        ),
        event(
            link("aircraft-1", "CONTAINS", "serial-engine", "ENG-1"),
            link("aircraft-1", "BUILT_TO", "baseline-1"),
            link("aircraft-1", "CERTIFIED_BY", "release-1"), link("usage-1", "COUNTS", "aircraft-1"),
            on=1,
        ),
        event(
            thing("finding-1", status="open", found_at=day(10)), link("finding-1", "ABOUT", "serial-engine"),
            thing("workorder-1", **order, status="in_work"), link("workorder-1", "WORKS_ON", "aircraft-1"),
            link("finding-1", "FOUND_IN", "workorder-1"),
            on=10,
        ),
        event(
            thing("workorder-1", **order, status="released", work_performed="Cleaned."),
            link("workorder-1", "SIGNED_BY", "person-1", "performed", signed_at=day(12)),
            thing("release-2", form="crs", status="valid", issued_at=day(12.1)),
            link("release-2", "RELEASES", "workorder-1"),
            link("release-2", "SIGNED_BY", "person-1", "certified", signed_at=day(12.1)),
            thing("finding-1", status="closed", found_at=day(10), rectification="Cleaned."),
            link("aircraft-1", "EMBODIES", "modification-1", reference="workorder-1"),
            on=12,
        ),
    )  # fmt: skip
    return graph


def told(status: Status) -> dict[str, Any]:
    return {
        "baselines": [one.utcs.local for one in status.baselines],
        "embodied": [(e.change.utcs.local, e.approvals, e.is_approved) for e in status.embodied],
        "certificates": [(c.certificate.utcs.local, c.is_valid) for c in status.certificates],
        "releases": [(c.certificate.utcs.local, c.is_valid) for c in status.releases],
        "open": [(r.record.utcs.local, r.about.local) for r in status.records],
        "orders": [one.utcs.local for one in status.orders],
    }


async def test_the_status_is_that_of_the_day(aircraft: Graph) -> None:
    during, after = [await status_of(aircraft, A1, at=as_of(d)) for d in (11, 13)]

    lasting = {"baselines": ["baseline-1"], "certificates": [("release-1", True)]}
    assert told(during) == lasting | {
        "embodied": [], "releases": [], "open": [("finding-1", "serial-engine")], "orders": ["workorder-1"],
    }  # fmt: skip
    assert told(after) == lasting | {
        "embodied": [("modification-1", ("21J.7, approved",), True)],
        "releases": [("release-2", True)], "open": [], "orders": [],
    }  # fmt: skip
    assert after.accrued.counters[0].total == Decimal(100)
    assert after.cut is None


async def test_the_status_as_known_then_is_what_was_believed(aircraft: Graph) -> None:
    before = from_micros(aircraft.clock())
    await tell(
        aircraft,
        event(
            thing("directive-1", number="1", effective_on=day(1)[:10], threshold_days=5),
            link("aircraft-1", "SUBJECT_TO", "directive-1"),
            thing("modification-1", status="revoked"),
            on=2,
        ),
    )
    at = as_of(13).as_of

    now = await status_of(aircraft, A1, at=Coordinates(as_of=at))
    then = await status_of(aircraft, A1, at=Coordinates(as_of=at, known_at=before))

    assert now.compliance.counts == {Standing.OVERDUE: 1}
    assert then.compliance.counts == {}
    assert [(e.is_approved, e.approvals) for e in now.embodied] == [(False, ("revoked",))]
    assert [(e.is_approved, e.approvals) for e in then.embodied] == [(True, ("21J.7, approved",))]


async def test_the_copies_of_now_say_what_the_versions_say(aircraft: Graph) -> None:
    at = Coordinates(known_at=from_micros(aircraft.clock()))

    assert await status_of(aircraft, A1) == await status_of(aircraft, A1, at=at)
    assert await maintenance_history(aircraft, A1) == await maintenance_history(aircraft, A1, at=at)
    for profile in Profile:
        now = await record_lint(aircraft, profile, A1)
        assert now == await record_lint(aircraft, profile, A1, at=at)


def happened(history: MaintenanceHistory) -> list[tuple[str, str, str | None]]:
    return [(e.sort, e.record.local, e.slot) for e in history.entries]


async def test_the_history_of_an_aircraft_is_told_in_the_order_of_time(aircraft: Graph) -> None:
    found = await maintenance_history(aircraft, A1)

    assert happened(found) == [
        ("certificate", "release-1", None),
        ("installed", "aircraft-1", "ENG-1"),
        ("embodiment", "modification-1", None),
        ("signature", "workorder-1", "performed"),
        ("work", "workorder-1", None),
        ("release", "release-2", None),
        ("signature", "release-2", "certified"),
    ]
    assert (found.total, found.next) == (7, None)
    assert [e.at for e in found.entries] == sorted(e.at for e in found.entries)


async def test_the_history_of_a_unit_goes_on_in_every_aircraft(aircraft: Graph) -> None:
    await tell(
        aircraft,
        event(unlink("aircraft-1", "CONTAINS", "serial-engine", "ENG-1"), on=20),
        event(thing("aircraft-2"), link("aircraft-2", "CONTAINS", "serial-engine", "ENG-2"), on=30),
    )

    whole = await maintenance_history(aircraft, ENGINE)
    earlier = await maintenance_history(aircraft, ENGINE, at=as_of(25))

    assert happened(whole) == [
        ("installed", "aircraft-1", "ENG-1"),
        ("finding", "finding-1", None),
        ("removed", "aircraft-1", "ENG-1"),
        ("installed", "aircraft-2", "ENG-2"),
    ]
    assert happened(earlier) == happened(whole)[:3]


async def test_restating_an_installation_is_no_removal(aircraft: Graph) -> None:
    await tell(
        aircraft,
        event(link("aircraft-1", "CONTAINS", "serial-engine", "ENG-1", reference="WO-9"), on=5),
    )

    found = await maintenance_history(aircraft, ENGINE)

    assert happened(found) == [
        ("installed", "aircraft-1", "ENG-1"), ("finding", "finding-1", None),
    ]  # fmt: skip


async def test_pages_of_a_history_make_up_the_whole(aircraft: Graph) -> None:
    whole = await maintenance_history(aircraft, A1)
    entries, after = list[Entry](), None
    for _ in range(4):
        page = await maintenance_history(aircraft, A1, first=2, after=after)
        entries += page.entries
        after = page.next

    assert tuple(entries) == whole.entries
    assert after is None


def missing(lint: RecordLint) -> set[tuple[str, str]]:
    return {(one.utcs.local, one.rule) for one in lint.findings}


async def test_records_that_miss_something_are_found_with_the_clause(aircraft: Graph) -> None:
    faa, easa, contract = [await record_lint(aircraft, p, A1) for p in Profile]

    signed = {("release-2", "release-authorised")}
    assert missing(faa) == signed | {("release-2", "release-kind")}
    assert missing(easa) == signed | {
        ("release-2", "release-organisation"), ("release-2", "release-numbered"),
        ("release-2", "release-statement"),
    }  # fmt: skip
    assert missing(contract) == {
        ("release-2", "release-organisation"), ("release-2", "release-numbered"),
        ("release-2", "release-statement"),
    }  # fmt: skip
    clauses = {one.rule: one.clause for one in faa.findings}
    assert clauses["release-kind"] == "14 CFR 43.9(a)(4)"


async def test_records_are_held_against_the_rules_as_they_stood_then(aircraft: Graph) -> None:
    assert missing(await record_lint(aircraft, Profile.FAA, A1, at=as_of(11))) == set()


async def test_pages_of_findings_make_up_the_whole(aircraft: Graph) -> None:
    whole = await record_lint(aircraft, Profile.EASA)
    found, after = list[RecordFinding](), None
    for _ in range(len(whole.findings)):
        page = await record_lint(aircraft, Profile.EASA, first=1, after=after)
        found += page.findings
        after = page.next

    assert len(whole.findings) > 2
    assert tuple(found) == whole.findings


async def test_what_is_no_unit_is_not_asked_about(aircraft: Graph) -> None:
    order, unknown = id_of("workorder-1"), id_of("aircraft-9")
    for ask in (status_of, maintenance_history):
        with pytest.raises(BadQuestionError, match="give an aircraft or a serialised unit"):
            await ask(aircraft, order)
        with pytest.raises(NotFoundError):
            await ask(aircraft, unknown)
    with pytest.raises(BadQuestionError, match="give an aircraft or a serialised unit"):
        await record_lint(aircraft, Profile.FAA, order)
    with pytest.raises(NotFoundError):
        await record_lint(aircraft, Profile.FAA, unknown)
    with pytest.raises(BadQuestionError, match="there are no rules about"):
        await record_lint(aircraft, Profile.FAA, kinds=["cad"])
    with pytest.raises(BadQuestionError, match="is not a cursor"):
        await maintenance_history(aircraft, A1, after="nonsense")


async def test_an_aircraft_is_not_there_before_it_was_made(aircraft: Graph) -> None:
    with pytest.raises(NotFoundError, match="it begins at"):
        await status_of(
            aircraft, A1, at=Coordinates(as_of=datetime.fromisoformat("2020-01-01T00:00Z"))
        )
