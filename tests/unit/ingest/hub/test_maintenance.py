"""What the hub is told of maintenance, from rows of belief alone."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.time import FAR, from_micros
from graph.store.changes import Entry
from graph.store.maintenance import RESTS_ON, Beliefs, Row
from ingest.hub.belief import Belief
from ingest.hub.maintenance import messages_of, notices_of
from ingest.messages.notice import NOTICES, Notice, notice_schema

AIRCRAFT, ENGINE, TASK = "utcs:TT:aircraft:A", "utcs:TT:serial:E", "utcs:TT:task:T"
ORDER, FINDING, DEFERRAL = "utcs:TT:workorder:W", "utcs:TT:finding:F", "utcs:TT:deferral:D"
ALERT, RELEASE = "utcs:TT:alert:L", "utcs:TT:release:R"


def times(since: int = 0, until: int = FAR, known: int = 1, unknown: int = FAR) -> dict[str, int]:
    """True from and until, known from and until."""
    return {"valid_from": since, "valid_to": until, "recorded_at": known, "superseded_at": unknown}


class Graph:
    """Rows of belief as a test writes them down."""

    def __init__(self) -> None:
        self.things: defaultdict[str, list[Row]] = defaultdict(list)
        self.links: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        self.resting: defaultdict[str, set[str]] = defaultdict(set)

    def state(self, utcs: str, when: dict[str, int] | None = None, **properties: Any) -> None:
        kind = Utcs.parse(utcs).kind
        needed = {"workorder": {"number": "W-1"}, "release": {"form": "crs"}}.get(kind, {})
        stated = ontology.get_kind(kind).model_validate({"name": utcs} | needed | properties)
        self.things[utcs].append(Row(stated, None, **when or times()))

    def link(
        self,
        source: str,
        type: str,
        target: str,
        when: dict[str, int] | None = None,
        **carried: Any,
    ) -> None:
        declared = ontology.get_link_type(type).properties
        content = None if declared is None else declared.model_validate(carried)
        self.links[source, type].append(Row(content, Utcs.parse(target), **when or times()))
        if type in RESTS_ON:
            self.resting[target].add(source)

    @property
    def beliefs(self) -> Beliefs:
        resting = {one: frozenset(found) for one, found in self.resting.items()}
        return Beliefs(self.things, self.links, resting)

    def notices(self, record: str, known: int = 100) -> list[Notice]:
        found = notices_of([record], Belief(self.beliefs, known))
        return sorted(found, key=lambda notice: (notice.time, notice.digest))

    def told(self, record: str, what: str, known: int = 100) -> list[dict[str, Any]]:
        """What is told of one sort, in the order of time; empty fields left out."""
        said = [
            notice.said.model_dump(mode="json", exclude_none=True)
            for notice in self.notices(record, known)
        ]
        return [one for one in said if one["what"] == what]


@pytest.fixture
def graph() -> Graph:
    made = Graph()
    made.link(ORDER, "WORKS_ON", AIRCRAFT)
    return made


def entry(recorded_at: int, *facts: dict[str, Any], id: str = "e1") -> Entry:
    moment = from_micros(recorded_at)
    event = orjson.dumps({"data": {"facts": list(facts)}}).decode()
    return Entry(7, "urn:test", id, "t", None, moment, moment, "anna", event, "", ())


def read(messages: Any) -> list[dict[str, Any]]:
    return [orjson.loads(message.body) for message in messages]


def at(micros: int) -> datetime:
    return from_micros(micros)


@pytest.mark.parametrize(
    ("status", "is_done"),
    [("open", 0), ("in_work", 0), ("performed", 1), ("closed", 1), ("cancelled", 0)],
)
def test_an_order_is_done_once_it_was_performed(graph: Graph, status: str, is_done: int) -> None:
    graph.state(ORDER, category="scheduled", status=status)
    graph.link(ORDER, "EXECUTES", TASK)

    assert len(graph.told(ORDER, "done")) == len(graph.told(ORDER, "action")) == is_done


def test_a_task_is_done_when_its_order_was_performed_and_only_once(graph: Graph) -> None:
    graph.state(ORDER, times(0, 10), status="open")
    graph.state(ORDER, times(10, 20), status="performed")
    graph.state(ORDER, times(20, 30), status="inspected", station="MUC")
    graph.state(ORDER, times(30), status="released", number="W-2", category="scheduled")
    graph.link(ORDER, "EXECUTES", TASK)

    (done,) = [one for one in graph.notices(ORDER) if one.said.model_dump()["what"] == "done"]
    assert (done.time, done.subject) == (at(10), Utcs.parse(AIRCRAFT))
    assert graph.told(ORDER, "done") == [
        {"units": [AIRCRAFT], "what": "done", "workorder": ORDER, "number": "W-1", "executes": TASK}
    ]


def test_a_task_that_was_taken_out_of_an_order_before_it_was_performed_is_not_done(
    graph: Graph,
) -> None:
    graph.state(ORDER, times(0, 10), status="open", category="scheduled")
    graph.state(ORDER, times(10), status="performed", category="scheduled")
    graph.link(ORDER, "EXECUTES", TASK, times(0, 5))

    assert [one.get("executes") for one in graph.told(ORDER, "done")] == [None]


def test_what_is_filled_in_after_the_work_counts_from_then_on(graph: Graph) -> None:
    graph.state(ORDER, times(10), status="performed")
    graph.link(ORDER, "EXECUTES", TASK, times(12))

    assert [n.time for n in graph.notices(ORDER) if "executes" in n.said.model_dump()] == [at(12)]


def test_an_order_that_was_reopened_does_not_make_the_first_time_do_what_the_second_did(
    graph: Graph,
) -> None:
    graph.state(ORDER, times(0, 10), status="performed", category="scheduled")
    graph.state(ORDER, times(10, 20), status="open", category="scheduled")
    graph.state(ORDER, times(20), status="performed", category="scheduled")
    graph.link(ORDER, "EXECUTES", TASK, times(15))

    done = [n for n in graph.notices(ORDER) if n.said.model_dump()["what"] == "done"]
    assert [(n.time, n.said.model_dump(mode="json")["executes"]) for n in done] == [
        (at(0), None),
        (at(20), TASK),
    ]


def test_a_repair_that_executes_nothing_is_no_scheduled_work_but_has_an_outcome(
    graph: Graph,
) -> None:
    graph.state(
        ORDER,
        status="closed",
        category="repair",
        work_performed="Seal replaced.",
        actual_h="2.5",
        references=["AMM 28"],
    )
    graph.link(ORDER, "RESOLVES", FINDING)

    assert graph.told(ORDER, "done") == []
    (action,) = graph.told(ORDER, "action")
    assert (action["resolves"], action["work_performed"], action["references"]) == (
        FINDING,
        "Seal replaced.",
        ["AMM 28"],
    )
    assert [one["actual_h"] for one in graph.told(ORDER, "labour")] == ["2.5"]


def test_parts_are_told_as_they_are_moved_whatever_the_order_stands_at(graph: Graph) -> None:
    graph.state(ORDER, status="in_work", category="scheduled")
    graph.link(
        ORDER,
        "REMOVES",
        ENGINE,
        times(5),
        is_scheduled=False,
        reason="Oil leak",
        position="ENG-1",
        total_fh="1200.5",
    )
    graph.link(ORDER, "INSTALLS", "utcs:TT:serial:E2", times(6), total_fh=0)
    graph.link(
        ORDER, "CONSUMES", "utcs:TT:batch:OIL", times(7), quantity="3", unit_of_measure="litre"
    )

    parts = graph.told(ORDER, "parts")
    assert [(p["act"], p["item"]) for p in parts] == [
        ("removed", ENGINE),
        ("installed", "utcs:TT:serial:E2"),
        ("consumed", "utcs:TT:batch:OIL"),
    ]
    assert (parts[2]["quantity"], parts[2]["unit_of_measure"]) == ("3", "litre")
    assert graph.told(ORDER, "removal") == [
        {
            "units": [AIRCRAFT],
            "what": "removal",
            "workorder": ORDER,
            "item": ENGINE,
            "position": "ENG-1",
            "reason": "Oil leak",
            "total_fh": "1200.5",
        }
    ]


@pytest.mark.parametrize(
    ("category", "is_scheduled", "is_told"),
    [
        ("repair", None, 1),
        ("repair", True, 0),
        ("scheduled", None, 0),
        ("scheduled", False, 1),
        (None, None, 0),
    ],
)
def test_a_removal_is_unscheduled_if_it_says_so_or_else_if_its_order_is(
    graph: Graph, category: str | None, is_scheduled: bool | None, is_told: int
) -> None:
    graph.state(ORDER, category=category)
    graph.link(ORDER, "REMOVES", ENGINE, is_scheduled=is_scheduled)

    assert len(graph.told(ORDER, "removal")) == is_told


def test_an_aircraft_on_the_ground_is_told_when_it_begins_and_when_it_is_over(graph: Graph) -> None:
    graph.state(ORDER, times(0, 10), status="requested")
    graph.state(ORDER, times(10, 20), status="open", is_aog=True)
    graph.state(ORDER, times(20, 30), status="performed", is_aog=True)
    graph.state(ORDER, times(30, 40), status="released", is_aog=True)
    graph.state(ORDER, times(40), status="closed", is_aog=False)

    told = [n for n in graph.notices(ORDER) if n.said.model_dump()["what"] == "aog"]
    assert [(n.time, n.said.model_dump()["is_over"]) for n in told] == [
        (at(10), False),
        (at(30), True),
    ]


def test_a_deferral_is_told_of_what_it_defers_and_again_when_its_limits_change(
    graph: Graph,
) -> None:
    graph.state(FINDING)
    graph.link(FINDING, "FOUND_IN", ORDER)
    graph.link(DEFERRAL, "DEFERS", FINDING)
    graph.state(DEFERRAL, times(0, 10), status="open", category="mel_c", limit_days=10)
    graph.state(
        DEFERRAL, times(10, 20), status="open", category="mel_c", limit_days=10, aliases=["erp:1"]
    )
    graph.state(DEFERRAL, times(20), status="extended", category="mel_c", limit_days=20)

    assert [(n.time, n.subject) for n in graph.notices(DEFERRAL)] == [
        (at(0), Utcs.parse(AIRCRAFT)),
        (at(20), Utcs.parse(AIRCRAFT)),
    ], "its aircraft is known from the order that the finding was made in"
    assert [
        (d["status"], d["limit_days"], d["defers"]) for d in graph.told(DEFERRAL, "deferred")
    ] == [
        ("open", "10", FINDING),
        ("extended", "20", FINDING),
    ]


@pytest.mark.parametrize(
    ("category", "is_told"),
    [
        ("built_in_test", 1),
        ("crew_report", 1),
        ("exceedance", 1),
        (None, 1),
        ("prediction", 0),
        ("trend", 0),
        ("anomaly", 0),
    ],
)
def test_a_fault_is_an_alert_of_what_has_failed_and_no_forecast(
    graph: Graph, category: str | None, is_told: int
) -> None:
    graph.state(ALERT, category=category, code="34-52-07", status="open")
    graph.link(ALERT, "ABOUT", ENGINE)

    assert len(graph.told(ALERT, "fault")) == is_told


def test_an_alert_about_a_source_of_data_is_no_fault_of_an_aircraft(graph: Graph) -> None:
    graph.state(ALERT, category="exceedance")
    graph.link(ALERT, "ABOUT", "utcs:TT:source:ERP")

    assert graph.notices(ALERT) == []


def test_the_subject_is_the_aircraft_before_its_unit(graph: Graph) -> None:
    graph.state(ALERT, times(0, 10), code="X", status="open")
    graph.state(ALERT, times(10), code="X", status="resolved")
    graph.link(ALERT, "ABOUT", ENGINE)
    graph.link(ALERT, "ABOUT", AIRCRAFT)

    assert [str(n.subject) for n in graph.notices(ALERT)] == [AIRCRAFT, AIRCRAFT]
    assert [(f["status"], f["units"]) for f in graph.told(ALERT, "fault")] == [
        ("open", [AIRCRAFT, ENGINE]),
        ("resolved", [AIRCRAFT, ENGINE]),
    ]


def test_a_record_of_which_no_unit_is_known_is_told_all_the_same(graph: Graph) -> None:
    graph.state(FINDING, category="crack")

    (notice,) = graph.notices(FINDING)
    assert str(notice.subject) == FINDING


def test_a_finding_tells_damage_and_what_was_measured(graph: Graph) -> None:
    graph.state(
        FINDING,
        category="crack",
        severity="major",
        zone="412",
        length_mm="3.25",
        measured="Eddy current.",
    )
    graph.link(FINDING, "ABOUT", ENGINE)
    graph.link(FINDING, "FOUND_IN", ORDER)

    (damage,) = graph.told(FINDING, "damage")
    (measurement,) = graph.told(FINDING, "measurement")
    assert (damage["category"], damage["zone"], damage["found_in"], damage["units"]) == (
        "crack",
        "412",
        ORDER,
        [ENGINE],
    )
    assert (measurement["length_mm"], measurement["measured"]) == ("3.25", "Eddy current.")


def test_a_finding_that_was_retired_and_stated_again_is_told_again(graph: Graph) -> None:
    graph.state(FINDING, times(0, 10), category="crack")
    graph.state(FINDING, times(20), category="crack")

    assert [notice.time for notice in graph.notices(FINDING)] == [at(0), at(20)]


def test_a_release_is_told_of_what_it_releases_and_when_it_is_revoked(graph: Graph) -> None:
    graph.state(RELEASE, times(0, 10), status="valid")
    graph.state(RELEASE, times(10), status="revoked")
    graph.link(RELEASE, "RELEASES", ORDER)

    assert [(r["status"], r["releases"], r["units"]) for r in graph.told(RELEASE, "release")] == [
        ("valid", ORDER, [AIRCRAFT]),
        ("revoked", ORDER, [AIRCRAFT]),
    ]


def test_an_entry_that_restates_what_was_known_tells_nothing(graph: Graph) -> None:
    graph.state(ORDER, times(10, unknown=50), status="performed")
    graph.state(ORDER, times(10, 20, known=50), status="performed")
    graph.state(ORDER, times(20, known=50), status="released", station="MUC")

    assert read(messages_of(entry(50), [ORDER], graph.beliefs)) == []


def test_a_correction_withdraws_what_was_told_by_the_name_it_was_told_under(graph: Graph) -> None:
    graph.state(FINDING, times(0, known=10, unknown=20), category="crack")
    graph.link(FINDING, "ABOUT", ENGINE)

    (told,) = read(messages_of(entry(10), [FINDING], graph.beliefs))
    fact = {"fact": "correct", "source": "urn:test", "id": "e1", "reason": "wrong engine"}
    (taken_back,) = messages_of(entry(20, fact, id="e2"), [FINDING], graph.beliefs)

    document = orjson.loads(taken_back.body)
    assert document["type"] == "org.utcs.maintenance.withdrawn.v1"
    assert document["data"] == {
        "units": [ENGINE],
        "withdraws": told["utcsnotice"],
        "told": told["type"],
        "reason": "wrong engine",
    }
    assert taken_back.key == told["subject"].encode(), "it comes after what it takes back"
    assert document["id"] != told["id"]


def test_a_unit_that_becomes_known_later_replaces_what_was_told_without(graph: Graph) -> None:
    graph.state(FINDING, category="crack")
    graph.link(FINDING, "FOUND_IN", "utcs:TT:workorder:V")
    graph.link("utcs:TT:workorder:V", "WORKS_ON", AIRCRAFT, times(known=20))

    taken_back, told = read(messages_of(entry(20), ["utcs:TT:workorder:V"], graph.beliefs))

    assert (taken_back["subject"], told["subject"]) == (FINDING, AIRCRAFT)
    assert told["data"]["finding"] == FINDING, "the entry spoke of the order alone"


def test_the_same_entry_gives_the_same_messages_whatever_came_to_be_known_since(
    graph: Graph,
) -> None:
    graph.state(ORDER, times(10, known=5), status="performed", actual_h=3)
    before = [message.body for message in messages_of(entry(5), [ORDER], graph.beliefs)]

    graph.things.clear()
    graph.state(ORDER, times(10, known=5, unknown=6), status="performed", actual_h=3)
    graph.state(ORDER, times(10, known=6), status="open")

    assert [m.body for m in messages_of(entry(5), [ORDER], graph.beliefs)] == before
    assert len(before) == 3


def test_the_same_said_again_after_it_was_taken_back_has_another_id_and_the_same_name(
    graph: Graph,
) -> None:
    graph.state(FINDING, times(known=10, unknown=20), category="crack")
    graph.state(FINDING, times(known=30), category="crack")

    (first,) = read(messages_of(entry(10, id="e1"), [FINDING], graph.beliefs))
    (second,) = read(messages_of(entry(30, id="e3"), [FINDING], graph.beliefs))

    assert first["utcsnotice"] == second["utcsnotice"]
    assert first["id"] != second["id"], "a reader who drops what came before does not drop this"


def test_every_message_is_as_its_published_schema_says(graph: Graph) -> None:
    everything(graph)
    validators = {
        NOTICES[v].model_fields["type"].default: Draft202012Validator(notice_schema(v))
        for v in NOTICES
    }

    records = [ORDER, FINDING, DEFERRAL, ALERT, RELEASE]
    messages = [
        *read(messages_of(entry(1), records, graph.beliefs)),
        *read(messages_of(entry(90), records, graph.beliefs)),
    ]

    whats = {message["data"].get("what", "withdrawn") for message in messages}
    assert whats == {
        "done", "deferred", "fault", "removal", "aog", "damage", "measurement",
        "action", "parts", "labour", "release", "withdrawn",
    }  # fmt: skip
    for message in messages:
        validators[message["type"]].validate(message)
        next(
            one for one in NOTICES.values() if one.model_fields["type"].default == message["type"]
        ).model_validate(message)


def everything(graph: Graph) -> None:
    """Something of each sort, and one thing that is not believed for long."""
    graph.state(ORDER, status="released", category="scheduled", actual_h="1.5", is_aog=False)
    graph.state(ORDER, times(-10, 0), status="open", is_aog=True)
    graph.link(ORDER, "EXECUTES", TASK)
    graph.link(ORDER, "REMOVES", ENGINE, is_scheduled=False)
    graph.state(FINDING, times(unknown=90), category="crack", depth_mm="0.1")
    graph.state(DEFERRAL, due_at="2026-05-01T00:00:00Z")
    graph.state(ALERT, value="912", threshold="900", unit_of_measurement="Cel")
    graph.state(RELEASE, issued_at="2026-04-01T00:00:00Z")
