import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.model.event import Event
from graph.model.fact import Correct, PutLink
from graph.model.identifier import Utcs
from graph.model.production import Operation
from graph.store.statements import Stated
from ingest.files.known import Known
from ingest.files.rejected import FileError

ONE, TWO = "urn:epc:id:sgtin:4012345.011111.1", "urn:epc:id:sgtin:4012345.011111.2"
BOX = "urn:epc:id:sscc:4012345.0000000001"
ONE_ID, TWO_ID = "sgtin.04012345111118.1", "sgtin.04012345111118.2"
BOX_ID = "sscc.040123450000000016"


def event(type: Any = "ObjectEvent", **fields: Any) -> Any:
    fields = {"eventTime": "2026-03-01T10:00:00+01:00", "eventTimeZoneOffset": "+01:00"} | fields
    if type != "TransformationEvent":
        fields = {"action": "OBSERVE"} | fields
    return {"type": type} | {name: value for name, value in fields.items() if value is not None}


def packing(action: Any = "ADD", **fields: Any) -> Any:
    return event(
        "AggregationEvent",
        **({"action": action, "parentID": BOX, "childEPCs": [ONE, TWO]} | fields),
    )


def document(*events: Any) -> Any:
    return json.dumps({"type": "EPCISDocument", "epcisBody": {"eventList": list(events)}})


def own(loaded: Any) -> list[Event]:
    """The events that say more than that a code exists."""
    return [event for event in loaded.events if event.id.startswith("urn:")]


def stated(year: int, id: str = "1", source: str = "urn:plm", until: int | None = None) -> Stated:
    """A statement that the graph believes of a thing from a year on."""
    end = datetime(until, 1, 1, tzinfo=UTC) if until else None
    return Stated(datetime(year, 1, 1, tzinfo=UTC), end, source, id, "tester")


def existence(loaded: Any) -> list[tuple[str, str, datetime]]:
    """Which things are said to exist, and are so no longer, each with the time of the event."""
    return [
        (fact.fact, event.id.partition("#")[0], event.time)
        for event in loaded.events
        if not event.id.startswith("urn:")
        for fact in event.facts
        if not isinstance(fact, PutLink)
    ]


@pytest.mark.parametrize(
    ("name", "operations"),
    [
        ("AssociationEvent-a", 1),
        ("AssociationEvent-b", 1),
        ("AssociationEvent-c", 1),
        ("AssociationEvent-d", 1),
        ("Example_9.6.1-ObjectEvent", 2),
        ("Example_9.6.2-ObjectEvent", 1),
        ("Example_9.6.3-AggregationEvent", 1),
        ("Example_9.6.4-TransformationEvent", 1),
    ],
)
def test_gs1_examples_load_and_keep_every_word(
    public_data: Path, read: Any, name: Any, operations: Any
) -> None:
    path = public_data / "epcis" / f"{name}.jsonld"

    loaded = read(path)

    assert loaded.rejected == []
    kept = [t.extra["epcis"] for t in loaded.things.values() if isinstance(t, Operation)]
    assert len(kept) == operations
    given = json.loads(path.read_text(), parse_float=str)["epcisBody"]["eventList"]
    assert kept == given


def test_association_is_put_and_ended(public_data: Path, read: Any) -> None:
    added = read(public_data / "epcis" / "AssociationEvent-a.jsonld")
    deleted = read(public_data / "epcis" / "AssociationEvent-c.jsonld")

    link = ("grai.4012345555554.987", "CONTAINS", "giai.400000112345")
    assert link in added.links
    assert deleted.ended == {link}


def test_association_with_a_place_locates(public_data: Path, read: Any) -> None:
    loaded = read(public_data / "epcis" / "AssociationEvent-b.jsonld")

    assert ("giai.400000112346", "LOCATED_IN", "sgln.4012345000023.12") in loaded.links


def test_transformation_makes_outputs_from_inputs(public_data: Path, read: Any) -> None:
    loaded = read(public_data / "epcis" / "Example_9.6.4-TransformationEvent.jsonld")

    operation = "e65c3a997e77f34b58306da7a82ab0fc91c7820013287700f0b50345e5795b97"
    outputs = {f"sgtin.04012345778892.{number}" for number in range(25, 29)}
    assert {s for s, link, t in loaded.links if (link, t) == ("PRODUCED_BY", operation)} == outputs
    made_from = {
        t for s, link, t in loaded.links if (s, link) == ("sgtin.04012345778892.25", "MADE_FROM")
    }
    assert made_from == {
        "sgtin.04012345111224.25",
        "sgtin.04000001654321.99886655",
        "lgtin.04012345111118.4444",
        "lgtin.00614141777778.987",
    }
    shares = {
        f.target.local: f.properties
        for f in loaded.facts
        if isinstance(f, PutLink) and f.link == "CONSUMES"
    }
    assert shares["lgtin.04012345111118.4444"] == {"quantity": "10", "unit_of_measure": "kilogram"}
    assert shares["lgtin.00614141777778.987"] == {"quantity": "30"}


def test_event_time_and_step_are_on_the_operation(read_text: Any) -> None:
    loaded = read_text(
        "a.json", document(event(bizStep="https://ref.gs1.org/cbv/BizStep-shipping", epcList=[ONE]))
    )

    (operation,) = (thing for thing in loaded.things.values() if isinstance(thing, Operation))
    assert operation.name == "shipping (ObjectEvent)"
    assert operation.ended_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert ONE in (operation.description or "")
    assert own(loaded)[0].time == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_commissioning_is_production(read_text: Any) -> None:
    loaded = read_text("a.json", document(event(eventID="urn:uuid:1", action="ADD", epcList=[ONE])))

    step = own(loaded)[0].subject
    assert step is not None
    assert (ONE_ID, "PRODUCED_BY", step.local) in loaded.links


def test_codes_become_kinds_with_their_numbers_and_aliases(read_text: Any) -> None:
    places = {"readPoint": {"id": "urn:epc:id:sgln:4012345.00001.0"}}
    batch = [
        {"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 2.5, "uom": "KGM"}
    ]
    others = ["urn:epc:id:adi:2S194.12345ABC.12345", "https://example.com/my/thing"]

    loaded = read_text(
        "a.json", document(event(epcList=[ONE, BOX, *others], quantityList=batch, **places))
    )

    assert loaded.rejected == []
    stated = {
        f"{f.utcs.kind} {a}"
        for f in loaded.facts
        if f.fact == "put_node" and f.utcs.kind != "operation"
        for a in f.properties.aliases
    }
    assert stated == {
        "part gtin:04012345111118",
        "part gtin:04012345123456",
        "serial sgtin:04012345111118/1",
        "serial sscc:040123450000000016",
        "serial uri:urn:epc:id:adi:2S194.12345ABC.12345",
        "serial url:https://example.com/my/thing",
        "batch lgtin:04012345123456/998877",
        "facility sgln:4012345000016",
    }
    assert (ONE_ID, "INSTANCE_OF", "gtin.04012345111118") in loaded.links
    assert loaded.things[ONE_ID].serial_number == "1"


def test_a_code_is_one_thing_however_it_is_written(read_text: Any) -> None:
    urn = read_text("a.json", document(event(epcList=[ONE])))
    link = read_text(
        "b.json", document(event(epcList=["https://id.gs1.org/01/04012345111118/21/1"]))
    )

    assert urn.events[:2] == link.events[:2]


def test_thing_is_said_to_exist_from_when_it_was_first_met(read_text: Any) -> None:
    later = "2027-01-01T00:00:00Z"

    loaded = read_text("a.json", document(event(epcList=[ONE]), packing(eventTime=later)))

    met, met_later = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert existence(loaded) == [
        ("put_node", "gtin:04012345111118", met),
        ("put_node", "sgtin:04012345111118/1", met),
        ("put_node", "sscc:040123450000000016", met_later),
        ("put_node", "sgtin:04012345111118/2", met_later),
    ]
    assert all(e.sourcerank < 50 for e in loaded.events)


def test_nothing_is_stated_of_what_the_graph_knows_to_exist_by_then(read_text: Any) -> None:
    one, item = Utcs("ACME", "serial", ONE_ID), Utcs("ACME", "part", "gtin.04012345111118")
    known = Known(stated={one: (stated(2020),), item: (stated(2020),)})

    loaded = read_text("a.json", document(event(epcList=[ONE])), known=known)

    assert existence(loaded) == []
    assert loaded.things.keys().isdisjoint({ONE_ID, "gtin.04012345111118"})


@pytest.mark.parametrize("is_known", [True, False])
def test_earlier_scan_moves_back_what_a_later_one_said(read_text: Any, is_known: bool) -> None:
    """Whether the later scan stands in the graph already, or before it in the file."""
    serial = "sgtin:04012345111118/1"
    item, later = "gtin:04012345111118", datetime(2026, 3, 1, 9, tzinfo=UTC)
    earlier = "2026-02-01T00:00:00Z"
    then = read_text("a.json", document(event(epcList=[ONE])))
    said = {f.utcs: e for e in then.events for f in e.facts if f.fact == "put_node"}
    known = Known(
        stated={u: (Stated(e.time, None, e.source, e.id, e.actor),) for u, e in said.items()}
        if is_known
        else {}
    )
    before = [] if is_known else [event(epcList=[ONE])]

    loaded = read_text(
        "a.json", document(*before, event(epcList=[ONE], eventTime=earlier)), known=known
    )

    moved = datetime(2026, 2, 1, tzinfo=UTC)
    assert existence(loaded)[-5:] == [
        ("put_node", item, moved),
        ("put_node", serial, moved),
        ("correct", f"{item} before", moved),
        ("correct", f"{serial} before", moved),
        ("correct", f"{serial} before", moved),  # that it is one of the item is said anew as well
    ]
    taken_back = {f.id for f in loaded.facts if isinstance(f, Correct)}
    assert taken_back == {e.id for e in then.events if e.id.startswith((item, serial))}
    assert {e.time for e in then.events if e.id in taken_back} == {later}


def test_scan_that_hides_what_an_owner_said_of_before_is_taken_back(read_text: Any) -> None:
    one = Utcs("ACME", "serial", ONE_ID)
    scan = stated(2026, "sgtin:04012345111118/1#abc", "urn:epcglobal:epcis")
    known = Known(stated={one: (stated(2020, until=2026), scan)})

    loaded = read_text("a.json", document(event(epcList=[ONE])), known=known)

    (correction,) = (f for f in loaded.facts if isinstance(f, Correct))
    assert (correction.source, correction.id) == (scan.source, scan.id)


def test_scan_that_brought_a_thing_back_stays(read_text: Any) -> None:
    """Between the owner's end and the scan there was nothing: nothing is hidden."""
    one = Utcs("ACME", "serial", ONE_ID)
    scan = stated(2026, "sgtin:04012345111118/1#abc", "urn:epcglobal:epcis")
    known = Known(stated={one: (stated(2020, until=2022), scan)})

    loaded = read_text("a.json", document(event(epcList=[ONE])), known=known)

    assert not any(isinstance(fact, Correct) for fact in loaded.facts)


def test_event_is_the_same_event_in_every_file(read_text: Any) -> None:
    alone = read_text("a.json", document(packing()))
    among = read_text("b.json", document(event(epcList=[TWO, ONE]), packing()))

    assert {e.id: e for e in own(alone)}.items() <= {e.id: e for e in own(among)}.items()


def test_parent_contains_each_child_in_a_slot_of_its_own(read_text: Any) -> None:
    loaded = read_text("a.json", document(packing()))

    slots = {
        f.target.local: f.slot
        for f in loaded.facts
        if isinstance(f, PutLink) and f.link == "CONTAINS"
    }
    assert slots == {ONE_ID: ONE_ID, TWO_ID: TWO_ID}
    assert {s for s, link, _ in loaded.links if link == "CONTAINS"} == {BOX_ID}


def test_unpacking_all_ends_what_the_file_packed(samples: Path, read: Any) -> None:
    loaded = read(samples / "receiving.jsonld")

    assert loaded.rejected == []
    assert loaded.ended == {(BOX_ID, "CONTAINS", ONE_ID), (BOX_ID, "CONTAINS", TWO_ID)}


def test_unpacking_all_of_what_nobody_knows_is_still_a_step(read_text: Any) -> None:
    loaded = read_text("a.json", document(packing("DELETE", childEPCs=[])))

    assert loaded.rejected == []
    assert loaded.ended == set()
    assert len(own(loaded)) == 1


def test_code_that_a_thing_bears_means_that_thing(read_text: Any) -> None:
    valve = Utcs("PLM", "serial", "V-1")
    known = Known({"sgtin:04012345111118/1": valve}, stated={valve: (stated(2020),)})

    loaded = read_text("a.json", document(packing()), known=known)

    assert valve.local not in loaded.things
    assert ONE_ID not in loaded.things
    assert (BOX_ID, "CONTAINS", "V-1") in loaded.links


def test_unit_of_a_known_part_is_its_instance_from_when_it_is_met(read_text: Any) -> None:
    part = Utcs("PLM", "part", "P-1")
    known = Known({"gtin:04012345111118": part}, stated={part: (stated(2020),)})

    loaded = read_text("a.json", document(event(epcList=[ONE])), known=known)

    (typed,) = (
        e for e in loaded.events for f in e.facts if getattr(f, "link", "") == "INSTANCE_OF"
    )
    assert typed.time == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert (ONE_ID, "INSTANCE_OF", "P-1") in loaded.links


def test_unpacking_all_ends_what_the_graph_knows_to_be_in_it(read_text: Any) -> None:
    box = Utcs("ACME", "serial", BOX_ID)
    content = (Utcs("ACME", "serial", ONE_ID), Utcs("ACME", "serial", "other"))
    known = Known(contents={(box, datetime(2026, 3, 1, 9, tzinfo=UTC)): content})

    loaded = read_text("a.json", document(packing("DELETE", childEPCs=[])), known=known)

    assert loaded.ended == {(BOX_ID, "CONTAINS", ONE_ID), (BOX_ID, "CONTAINS", "other")}


def test_what_the_file_took_out_is_not_taken_out_again(read_text: Any) -> None:
    box, later = Utcs("ACME", "serial", BOX_ID), "2026-03-02T09:00:00Z"
    content = tuple(Utcs("ACME", "serial", local) for local in (ONE_ID, TWO_ID))
    known = Known(contents={(box, datetime(2026, 3, 2, 9, tzinfo=UTC)): content})
    one, rest = packing("DELETE", childEPCs=[ONE]), packing("DELETE", childEPCs=[], eventTime=later)

    loaded = read_text("a.json", document(one, rest), known=known)

    assert [f.target.local for f in loaded.facts if f.fact == "end_link"] == [ONE_ID, TWO_ID]


def test_partly_unpacked_keeps_the_rest(read_text: Any) -> None:
    loaded = read_text(
        "a.json",
        document(packing(), packing("DELETE", childEPCs=[ONE]), packing("DELETE", childEPCs=[])),
    )

    ends = [f.target.local for f in loaded.facts if f.fact == "end_link"]
    assert ends == [ONE_ID, TWO_ID]


def test_extensions_and_exact_numbers_are_kept(samples: Path, read: Any) -> None:
    loaded = read(samples / "receiving.jsonld")

    kept: list[Any] = [t.extra["epcis"] for t in loaded.things.values() if isinstance(t, Operation)]
    assert kept[0]["ilmd"] == {"acme:heat": "H-7781", "acme:moisture": "0.25"}


def test_error_declaration_withdraws_what_the_event_said(read_text: Any) -> None:
    wrong = packing(eventID="urn:uuid:2")
    declared = wrong | {
        "errorDeclaration": {"declarationTime": "2026-04-01T00:00:00Z", "reason": "wrong box"}
    }

    stated = read_text("a.json", document(wrong))
    withdrawn = read_text("b.json", document(declared))

    corrections = [f for f in withdrawn.facts if isinstance(f, Correct)]
    assert {(c.source, c.id) for c in corrections} == {(e.source, e.id) for e in own(stated)}
    assert len(withdrawn.facts) == len(corrections) == 3
    assert {c.reason for c in corrections} == {"wrong box"}


def test_id_is_made_where_there_is_none_and_follows_the_content(read_text: Any) -> None:
    one, same, other = (
        own(read_text("a.json", document(event(**fields))))[0].id
        for fields in (
            {"epcList": [ONE]},
            {"epcList": [ONE], "recordTime": "2026-05-01T00:00:00Z"},
            {"epcList": [TWO]},
        )
    )

    assert one.startswith("urn:utcs:epcis:")
    assert one.partition("#")[0] == same.partition("#")[0]
    assert one.partition("#")[0] != other.partition("#")[0]


@pytest.mark.parametrize(
    "whole",
    [
        {
            "type": "EPCISQueryDocument",
            "epcisBody": {"queryResults": {"resultsBody": {"eventList": [event(epcList=[ONE])]}}},
        },
        event(epcList=[ONE]),
        {"epcisBody": {"event": event(epcList=[ONE])}},
    ],
    ids=str.split("query bare single"),
)
def test_other_documents_load_too(read_text: Any, whole: Any) -> None:
    assert ONE_ID in read_text("a.jsonld", json.dumps(whole)).things


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("no object", "a JSON object is expected"),
        ({}, "type: is missing"),
        (event("MoonEvent"), "type"),
        (event(eventTime="2026-03-01T10:00:00"), "eventTime.*has no offset"),
        (event(eventTime=None), "eventTime: is missing"),
        (event(action=None), "action: ObjectEvent needs one"),
        (event(action="MOVE"), "action"),
        (event("TransformationEvent", action="ADD"), "action: TransformationEvent takes none"),
        (event("AggregationEvent", action="ADD"), "parentID: AggregationEvent with action ADD needs one"),
        (event(epcList="x"), "epcList"),
        (event(epcList=["nonsense"]), "EPC 'nonsense' is no URI"),
        (event(epcList=[""]), "EPC '' is no URI"),
        (packing(parentID="urn:epc:class:lgtin:4012345.012345.998877"), "cannot stand there"),
        (packing(childEPCs=[BOX, "urn:epc:class:lgtin:4012345.012345.998877"]), "cannot stand there"),
        (event(quantityList=[{"epcClass": ONE, "quantity": []}]), "quantityList.0.quantity"),
        (event(errorDeclaration={"reason": "x"}), "declarationTime is missing"),
        (event(errorDeclaration={"declarationTime": "x"}), "declarationTime"),
        (event(note="x" * 1_100_000), "over the limit of 1,048,576"),
        (event("TransformationEvent", inputEPCList=[f"urn:epc:id:giai:4000001.{n}" for n in range(50)],
               outputEPCList=[f"urn:epc:id:giai:4000002.{n}" for n in range(50)]), "more than 2,000 links"),
    ],
    ids=str,
)  # fmt: skip
def test_bad_event_is_rejected_by_number_and_the_others_load(
    read_text: Any, bad: Any, reason: Any
) -> None:
    loaded = read_text(
        "a.json", document(event(eventID="urn:uuid:1"), bad, event(eventID="urn:uuid:2"))
    )

    assert len(own(loaded)) == 2
    assert [r.where for r in loaded.rejected] == ["event 2"]
    assert re.search(reason, loaded.rejected[0].reason)


def test_rejected_event_is_not_taken_for_known(read_text: Any) -> None:
    """A thing that was only met in a rejected event must still be stated for the next one."""
    loaded = read_text("a.json", document(event(epcList=[ONE, "nonsense"]), event(epcList=[ONE])))

    assert ONE_ID in loaded.things


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"epcisBody": {}}', "epcisBody.eventList is missing"),
        ('{"epcisBody": []}', "epcisBody.eventList is missing"),
        ('{"epcisBody": ', "line 1 column 15: not JSON"),
        ('{"epcisBody": NaN}', "NaN is not a number"),
        (b'{"epcisBody": "\xff"}', "byte 16 is not UTF-8"),
        ('{"epcisBody": ' + "[" * 200_000, "not JSON"),
    ],
    ids=str.split("empty list cut nan utf8 depth"),
)
def test_file_that_is_no_epcis_document_is_refused(
    read_text: Any, content: Any, problem: Any
) -> None:
    with pytest.raises(FileError, match=problem):
        read_text("a.json", content)
