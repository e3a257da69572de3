"""Reports become facts and samples on a real graph: once each, and what cannot be taken is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.model.identifier import Utcs
from graph.model.operation import Discrepancy
from graph.model.time import parse_utc
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.discrepancies import find_discrepancies
from graph.store.errors import GraphUnreachableError
from graph.store.history import history
from graph.store.neighbours import neighbours
from graph.store.show import show
from graph.store.telemetry.append import append
from graph.store.telemetry.ask import Span, samples, window
from graph.store.telemetry.shelf import TelemetryError
from ingest.hub import take as take_module
from ingest.hub.take import Hub
from tests.store.linking import as_of
from tests.store.reporting import AIRCRAFT, flight, make_hub, message, report, series
from tests.store.saying import contains, correct, day, event, put, removed, serial

A1 = Utcs.parse(AIRCRAFT)
E1 = Utcs("TEST", "serial", "E1")


def aircraft(local: str = "A1", **properties: Any) -> dict[str, Any]:
    return put(f"utcs:TEST:aircraft:{local}", name=local, **properties)


def installs(parent: str, child: str, slot: str) -> dict[str, Any]:
    return contains("?", child, slot) | {"source": f"utcs:TEST:{parent}"}


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """An aircraft A1 with an engine E1 in ENG-1, and a pump P1 in that; all from day 0."""
    said = event(
        aircraft(aliases=["registration:D-AXYZ", "msn:10001"], mod_status="MOD 7"),
        put("utcs:TEST:serial:E1", name="E1", serial_number="SN-77", aliases=["dpp:DPP-E-1"]),
        serial("P1"),
        installs("aircraft:A1", "E1", "ENG-1"),
        installs("serial:E1", "P1", "PUMP"),
    )
    (outcome,) = await apply(graph, [said])
    assert outcome.status == "applied", outcome
    return graph


def egt(hub: Hub, thing: Utcs = A1) -> list[float]:
    span = Span(thing, "engine.egt", parse_utc(day(0)), parse_utc(day(300)))
    return [sample.value for sample in samples(hub.shelf, span).samples]


async def logged(graph: Graph) -> list[str]:
    return [id for (id,) in await graph.read("MATCH (c:Change) RETURN c.id ORDER BY c.seq")]


async def test_a_flight_report_becomes_a_flight_its_link_and_its_samples(
    fleet: Graph, tmp_path: Path
) -> None:
    hub = make_hub(fleet, tmp_path, "flight")
    sent = flight("L1", origin="EDDM", destination="LFPG", apu_h=1.5, apu_starts=2, landings=1,
                  series=[series(), series(about="dpp:DPP-E-1")])  # fmt: skip

    assert await hub.take([message(sent)]) == []

    shown = await show(fleet, Utcs("TEST", "flight", "A1-L1"))
    assert shown.node.properties.model_dump(exclude_none=True, mode="json") == {
        "name": "EDDM–LFPG on 2025-01-11", "origin": "EDDM", "destination": "LFPG",
        "takeoff_at": day(10), "landing_at": day(10 + 2 / 24), "duration_fh": "2",
        "cycles_fc": "1", "apu_h": "1.5", "apu_starts": 2, "landings": 1, "status": "arrived",
        "aliases": [], "extra": {},
    }  # fmt: skip
    links = await neighbours(fleet, Utcs("TEST", "flight", "A1-L1"))
    assert [(link.reads, link.utcs) for link in links.links] == [("FLOWN_BY", A1)]
    assert egt(hub) == egt(hub, E1) == [600, 601]
    assert hub.intake.counts == {"applied": 1}


async def test_reports_that_come_again_add_nothing(fleet: Graph, tmp_path: Path) -> None:
    hub = make_hub(fleet, tmp_path, "flight")
    sent = [message(flight(leg, on=n, series=[series(on=n)])) for n, leg in enumerate("abc", 1)]
    await hub.take(sent)
    before = await logged(fleet)

    again = make_hub(fleet, tmp_path, "flight")
    letters = await again.take([*sent[1:], message(flight("d", on=4))])

    assert letters == []
    assert (await logged(fleet))[: len(before)] == before
    assert (again.samples, again.intake.counts) == (0, {"duplicate": 2, "applied": 1})
    assert len(egt(hub)) == 6


async def test_a_report_under_the_id_of_another_is_refused(fleet: Graph, tmp_path: Path) -> None:
    hub = make_hub(fleet, tmp_path, "flight")
    await hub.take([message(flight("a", at_id="same"))])

    (letter,) = await hub.take([message(flight("b", at_id="same"))])

    assert letter.code == "identity_reused"
    assert "came before with other content" in letter.reason


async def test_things_are_meant_by_what_they_were_called_then(graph: Graph, tmp_path: Path) -> None:
    await apply(graph, [
        event(aircraft("A1", aliases=["registration:D-AXYZ"]), aircraft("A2"), on=0),
        event(aircraft("A1"), on=50),
        event(aircraft("A2", aliases=["registration:D-AXYZ"]), on=50),
    ])  # fmt: skip
    hub = make_hub(graph, tmp_path, "environment")
    exposed = [series("environment.temperature", on=n, values=[20.0, 21.0]) for n in (10, 60)]

    letters = await hub.take(
        [message(report("environment", subject="D-AXYZ", on=n, series=[s]))
         for n, s in zip((10, 60), exposed, strict=True)]
    )  # fmt: skip

    values = {
        local: len(samples(hub.shelf, Span(Utcs("TEST", "aircraft", local), "environment.temperature",
                                           parse_utc(day(0)), parse_utc(day(99)))).samples)
        for local in ("A1", "A2")
    }  # fmt: skip
    assert letters == []
    assert values == {"A1": 2, "A2": 2}


@pytest.mark.parametrize(
    ("document", "code", "problem"),
    [
        (b"\xff", "invalid", "not UTF-8"),
        (b"[1]", "invalid", "a JSON object is expected"),
        (b'{"type": "' + b"x" * 1_100_000 + b'"}', "invalid", "over the limit of 1,048,576"),
        (flight("a", subject="utcs:TEST:aircraft:NONE"), "unknown_thing", "names nothing"),
        (flight("a", subject="D-NONE"), "unknown_thing", "record the thing or the alias"),
        (flight("a", subject="utcs:TEST:serial:E1"), "invalid", "flies no flights"),
        (flight("a", subject="utcs:TEST:aircarft:A1"), "invalid", "did you mean 'aircraft'"),
        (flight("a", on=-40), "unknown_thing", "which is not yet there at 2024-11-22"),
        (flight("a", series=[series(about="nobody")]), "unknown_thing", "'nobody' names nothing"),
        (
            flight("a", at_type="org.utcs.health.reported.v1"),
            "invalid",
            "does not belong in stream",
        ),
    ],
)
async def test_a_bad_report_is_a_dead_letter_and_holds_up_nobody(
    fleet: Graph, tmp_path: Path, document: Any, code: str, problem: str
) -> None:
    hub = make_hub(fleet, tmp_path, "flight")
    sent = [message(flight("good1")), message(document), message(flight("good2"))]

    (letter,) = await hub.take(sent)

    assert letter.message is sent[1]
    assert (letter.code, problem in letter.reason) == (code, True), letter.reason
    kept = await fleet.read("MATCH (r:Refusal) RETURN r.code, r.reason")
    assert kept == [[code, letter.reason]]
    assert hub.intake.counts == {"applied": 2, "refused": 1}


async def test_a_report_that_breaks_the_reader_is_alone_to_blame(
    fleet: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*args: Any) -> Any:
        if args[0].data.flight == "poison":
            raise ZeroDivisionError("a mistake of ours")
        return []

    monkeypatch.setattr(take_module, "flight_facts", breaks)
    hub = make_hub(fleet, tmp_path, "flight")

    (letter,) = await hub.take([message(flight(leg)) for leg in ("a", "poison", "b")])

    assert (letter.code, letter.reason) == (
        "failed",
        "report: ZeroDivisionError: a mistake of ours",
    )


async def test_while_graph_or_disk_is_away_it_waits_and_says_so(
    fleet: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str | None] = []
    hub = make_hub(fleet, tmp_path, "flight")

    async def flaky(*args: Any) -> Any:
        told.append(hub.intake.trouble)
        if len(told) < 3:
            raise GraphUnreachableError("graph neo4j: not answering now")
        return {}

    def full(*args: Any) -> int:
        told.append(hub.intake.trouble)
        if len(told) < 6:
            raise TelemetryError("telemetry: no space left")
        return append(*args)

    monkeypatch.setattr(take_module, "find_logged", flaky)
    monkeypatch.setattr(take_module, "append", full)

    assert await hub.take([message(flight("a", series=[series()]))]) == []

    assert told.count("telemetry: no space left") == 5
    assert hub.intake.trouble is None
    assert egt(hub) == [600, 601]


async def test_the_later_report_of_a_flight_holds_whichever_comes_first(
    fleet: Graph, tmp_path: Path
) -> None:
    hub = make_hub(fleet, tmp_path, "flight")
    first, second = flight("L", hours=2), flight("L", hours=1, at_time=day(12))

    await hub.take([message(second)])
    await hub.take([message(first)])

    shown = await show(fleet, Utcs("TEST", "flight", "A1-L"))
    assert shown.node.properties.model_dump()["duration_fh"] == 1


async def test_a_flight_of_the_wrong_aircraft_is_withdrawn_by_the_report_that_corrects_it(
    fleet: Graph, tmp_path: Path
) -> None:
    await apply(fleet, [event(aircraft("A2"))])
    hub = make_hub(fleet, tmp_path, "flight")
    wrong = flight("L", at_id="wrong")
    right = flight("L", subject="utcs:TEST:aircraft:A2", corrects="wrong")

    await hub.take([message(right)])
    await hub.take([message(wrong)])

    flown = await fleet.read("MATCH (f)-[:FLOWN_BY]->(a) RETURN f.utcs, a.utcs")
    assert flown == [["utcs:TEST:flight:A2-L", "utcs:TEST:aircraft:A2"]]


async def test_faults_exceedances_and_crew_reports_are_alerts_about_their_unit(
    fleet: Graph, tmp_path: Path
) -> None:
    hub = make_hub(fleet, tmp_path, "health")
    fault = {"code": "73-110", "at": day(10), "about": "dpp:DPP-E-1", "severity": "caution"}
    beyond = {"parameter": "engine.egt", "unit": "Cel", "value": 950.5, "threshold": 900,
              "at": day(10), "window_s": 60, "about": str(E1)}  # fmt: skip
    crew = {"text": "Smell of oil\nin the cabin", "at": day(10)}
    heard = series(about=str(E1), on=10 - 59 / 86_400, values=[890.0] * 59 + [950.5])

    sent = report(
        "health", faults=[fault], exceedances=[beyond], crew_reports=[crew], series=[heard]
    )
    assert await hub.take([message(sent)]) == []

    rows = await fleet.read(
        "MATCH (a:Alert)-[:ABOUT]->(t) RETURN a.category, t.utcs, a.status, a.name"
    )
    assert sorted(rows) == [
        ["built_in_test", AIRCRAFT, "open", "73-110 on E1"],
        ["built_in_test", str(E1), "open", "73-110 on E1"],
        ["crew_report", AIRCRAFT, "open", "Smell of oil in the cabin (A1)"],
        ["exceedance", AIRCRAFT, "open", "engine.egt of E1 beyond 900 Cel"],
        ["exceedance", str(E1), "open", "engine.egt of E1 beyond 900 Cel"],
    ]
    until = parse_utc(day(10 + 1 / 86_400_000_000))
    seen = window(hub.shelf, Span(E1, "engine.egt", parse_utc(day(10 - 60 / 86_400)), until))
    told = await fleet.read("MATCH (a:Alert {category: 'exceedance'}) RETURN a.sha256, a.location")
    assert told == [[seen.sha256, seen.location]]
    assert seen.count == 60


async def test_a_fault_that_is_reported_again_is_the_same_alert_and_ends_when_cleared(
    fleet: Graph, tmp_path: Path
) -> None:
    hub = make_hub(fleet, tmp_path, "health")
    fault = {"code": "73-110", "at": day(10)}
    cleared = fault | {"cleared_at": day(11)}
    sent = [
        message(report("health", on=n, faults=[f]))
        for n, f in ((10, fault), (10.5, fault), (11, cleared))
    ]

    await hub.take(sent[::-1])

    rows = await fleet.read("MATCH (a:Alert) RETURN a.status, a.closed_at")
    assert rows == [["resolved", day(11)]]


async def differences(graph: Graph, on: float = 300) -> dict[str, Discrepancy]:
    found = await find_discrepancies(graph, A1, at=as_of(on))
    return {d.subject_property or "": d for d in found.values()}


def place(*position: str, **said: Any) -> dict[str, Any]:
    return {"position": list(position)} | said


@pytest.mark.parametrize("name", ["SN-77", "E1", "DPP-E-1", "dpp:DPP-E-1", "utcs:TEST:serial:E1"])
async def test_a_configuration_that_agrees_raises_nothing_whichever_name_it_uses(
    fleet: Graph, tmp_path: Path, name: str
) -> None:
    hub = make_hub(fleet, tmp_path, "configuration")
    sent = report(
        "configuration",
        places=[place("ENG-1", serial=name), place("ENG-1", "PUMP", serial="P1"),
                place("APU", serial=None), place(mod_status="MOD 7", software=[])],
        is_complete=True,
    )  # fmt: skip

    assert await hub.take([message(sent)]) == []

    assert await differences(fleet) == {}


async def test_each_difference_is_a_discrepancy_about_the_aircraft_and_the_unit(
    fleet: Graph, tmp_path: Path
) -> None:
    software = put("utcs:TEST:software:S1", name="S1", number="SW-1", revision="1.1")
    load = {
        "fact": "put_link",
        "source": AIRCRAFT,
        "link": "LOADED_WITH",
        "target": "utcs:TEST:software:S1",
    }
    await apply(fleet, [event(software, load, serial("W1"), installs("aircraft:A1", "W1", "WING"))])
    hub = make_hub(fleet, tmp_path, "configuration")
    sent = report(
        "configuration",
        places=[place("ENG-1", serial="SN-78"), place("ENG-1", "PUMP", serial=None),
                place("APU", serial="X9"),
                place(mod_status="MOD 8", software=[{"number": "SW-1", "revision": "1.2"}])],
        is_complete=True,
    )  # fmt: skip

    assert await hub.take([message(sent)]) == []

    assert {
        where: (d.category, d.reported, d.recorded) for where, d in (await differences(fleet)).items()
    } == {
        "ENG-1: serial": ("serial", "SN-78", "SN-77"),
        "ENG-1 / PUMP: serial": ("missing", None, "P1"),
        "APU: serial": ("extra", "X9", None),
        "WING: serial": ("missing", None, "W1"),
        "the unit itself: modification": ("modification", "MOD 8", "MOD 7"),
        "the unit itself: software": ("software", "SW-1 1.2", "SW-1 1.1"),
    }  # fmt: skip
    about = await fleet.read("MATCH (:Discrepancy)-[:ABOUT]->(t) RETURN t.utcs, count(*)")
    assert {tuple(row) for row in about} == {
        (AIRCRAFT, 6), (str(E1), 1), ("utcs:TEST:serial:P1", 1), ("utcs:TEST:serial:W1", 1)
    }  # fmt: skip


async def test_a_difference_that_is_reported_again_is_the_same_and_closes_when_a_report_agrees(
    fleet: Graph, tmp_path: Path
) -> None:
    hub = make_hub(fleet, tmp_path, "configuration")

    def sent(serial: str, on: float) -> Any:
        return message(report("configuration", on=on, places=[place("ENG-1", serial=serial)]))

    await hub.take([sent("SN-78", 10), sent("SN-78", 11), sent("SN-77", 12), sent("SN-77", 13)])

    (thing,) = await find_discrepancies(fleet, A1)
    told = [row.properties for row in (await history(fleet, thing)).rows if row.properties]
    stands = (await differences(fleet))["ENG-1: serial"]
    assert len(await logged(fleet)) == 3
    assert {getattr(p, "status", None) for p in told} == {"open", "closed"}
    assert (stands.status, stands.detected_at, stands.closed_at) == (
        "closed", parse_utc(day(10)), parse_utc(day(12))
    )  # fmt: skip
    assert (await differences(fleet, on=11))["ENG-1: serial"].status == "open"


async def test_the_record_is_that_of_the_time_of_the_report(fleet: Graph, tmp_path: Path) -> None:
    off = removed("?", "E1", "ENG-1") | {"source": AIRCRAFT}
    await apply(
        fleet,
        [event(off, on=50), event(serial("E2"), installs("aircraft:A1", "E2", "ENG-1"), on=51)],
    )
    hub = make_hub(fleet, tmp_path, "configuration")

    for on, name in ((40, "E1"), (60, "E2")):
        sent = report("configuration", on=on, places=[place("ENG-1", serial=name)])
        await hub.take([message(sent)])

    assert await differences(fleet) == {}


async def test_what_people_settled_stays_settled_while_the_same_is_reported(
    fleet: Graph, tmp_path: Path
) -> None:
    hub = make_hub(fleet, tmp_path, "configuration")
    wrong = [place("ENG-1", serial="S?-77")]
    await hub.take([message(report("configuration", on=10, places=wrong))])
    ((thing, before),) = (await find_discrepancies(fleet, A1)).items()
    said = before.model_dump(mode="json", exclude_none=True) | {"status": "report_wrong"}
    await apply(fleet, [event({"fact": "put_node", "utcs": str(thing), "properties": said}, on=11)])

    await hub.take([message(report("configuration", on=12, places=wrong))])
    same = (await differences(fleet))["ENG-1: serial"].status
    await hub.take([message(report("configuration", on=13, places=[place("ENG-1", serial="X")]))])

    assert (same, (await differences(fleet))["ENG-1: serial"].status) == ("report_wrong", "open")


async def test_a_unit_that_was_extra_is_settled_when_a_complete_report_leaves_it_out(
    fleet: Graph, tmp_path: Path
) -> None:
    hub = make_hub(fleet, tmp_path, "configuration")
    engine = place("ENG-1", serial="E1")

    for on, places in ((10, [engine, place("APU", serial="X")]), (11, [engine])):
        sent = report("configuration", on=on, places=places, is_complete=True)
        await hub.take([message(sent)])

    assert (await differences(fleet))["APU: serial"].status == "closed"


async def test_the_event_of_a_report_can_be_withdrawn_as_any_other(
    fleet: Graph, tmp_path: Path
) -> None:
    hub = make_hub(fleet, tmp_path, "flight")
    await hub.take([message(flight("L", at_id="wrong"))])

    (outcome,) = await apply(fleet, [event(correct("wrong") | {"source": "urn:acars"}, on=20)])

    assert outcome.status == "applied"
    assert await fleet.read("MATCH (f:Flight) RETURN f.utcs") == []
