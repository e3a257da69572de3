import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.model.canonical import canonical_bytes
from graph.model.engineering import Document, Requirement, RequirementStatus
from graph.model.event import MAX_BYTES
from graph.model.fact import PutLink
from ingest.files import reqif_read, reqif_skeleton, safe_xml
from ingest.files.rejected import FileError


def test_sample_becomes_document_requirements_and_links(samples: Path, read: Any) -> None:
    loaded = read(samples / "h2_tank.reqif")

    assert loaded.rejected == []
    assert loaded.things.keys() == {
        "_h2-tank-exchange",
        "so-heading",
        "so-containment",
        "so-boil-off",
    }
    assert loaded.links == {
        ("so-boil-off", "DERIVES_FROM", "so-containment"),
        ("so-containment", "REFERS_TO", "so-boil-off"),
        ("so-heading", "SPECIFIED_IN", "_h2-tank-exchange"),
        ("so-containment", "SPECIFIED_IN", "_h2-tank-exchange"),
        ("so-boil-off", "SPECIFIED_IN", "_h2-tank-exchange"),
        ("so-containment", "PLACED_UNDER", "so-heading"),
        ("so-boil-off", "PLACED_UNDER", "so-containment"),
    }


def test_attributes_become_properties_and_stay_readable(samples: Path, read: Any) -> None:
    requirement = read(samples / "h2_tank.reqif").things["so-containment"]

    assert requirement.name == "Hydrogen containment"
    assert requirement.number == "TK-100"
    assert requirement.status is RequirementStatus.APPROVED
    assert requirement.description == "The top of the tree"
    assert requirement.text == (
        "The tank shall contain liquid hydrogen at 20 K & 1.5 bar,\nin flight,\non the ground.\n"
        "See the section of the tank."
    )
    assert [str(alias) for alias in requirement.aliases] == ["reqif:so-containment"]
    assert requirement.extra["attributes"]["Safety"] == "true"


def test_document_has_the_title_and_an_alias(samples: Path, read: Any) -> None:
    document = read(samples / "h2_tank.reqif").things["_h2-tank-exchange"]

    assert isinstance(document, Document)
    assert (document.name, document.category) == ("Liquid hydrogen tank", "specification")
    assert [str(alias) for alias in document.aliases] == ["reqif:_h2-tank-exchange"]


def test_order_and_identifiers_of_the_hierarchy_stay_on_the_links(samples: Path, read: Any) -> None:
    facts = read(samples / "h2_tank.reqif").facts

    places = [
        (f.source.local, f.properties["sequence"], f.properties["reference"])
        for f in facts
        if isinstance(f, PutLink) and f.link == "SPECIFIED_IN"
    ]
    assert places == [
        ("so-heading", 0, "sh-1"),
        ("so-containment", 1, "sh-2"),
        ("so-boil-off", 2, "sh-3"),
    ]


@pytest.mark.parametrize(("name", "objects"), [("eclipse_rmf", 6), ("polarion", 2)])
def test_public_samples_load_whole(public_data: Path, read: Any, name: Any, objects: Any) -> None:
    loaded = read(public_data / "reqif" / f"{name}.reqif")

    assert loaded.rejected == []
    assert sum(isinstance(thing, Requirement) for thing in loaded.things.values()) == objects


def test_polarion_requirement_is_read_by_the_names_of_the_implementation_guide(
    public_data: Path, read: Any
) -> None:
    loaded = read(public_data / "reqif" / "polarion.reqif")

    requirement = loaded.things["rmf-1d312f18-fa7c-4de3-b8f3-ab105179fddf"]
    assert requirement.name == "SW: Lorem Ipsum"
    assert requirement.number == "LOREM-818"
    assert requirement.text == "The Lorem Ipsum shall do something."
    assert requirement.status is None
    assert requirement.extra["attributes"]["Status"] == "Draft"


def test_objects_hold_from_their_last_change_as_said_by_the_document(
    samples: Path, read: Any
) -> None:
    loaded = read(samples / "h2_tank.reqif")

    said = datetime(2026, 2, 10, 8, tzinfo=UTC)
    since = {f.utcs.local: f.valid_from for f in loaded.facts if f.fact == "put_node"}
    assert {event.time for event in loaded.events} == {said}
    assert since["so-containment"] == datetime(2026, 1, 20, 7, tzinfo=UTC)
    assert since["_h2-tank-exchange"] == said


def test_links_never_begin_before_their_ends(samples: Path, read: Any) -> None:
    loaded = read(samples / "h2_tank.reqif")

    since = {f.utcs: f.valid_from for f in loaded.facts if f.fact == "put_node"}
    for link in (f for f in loaded.facts if isinstance(f, PutLink)):
        assert link.valid_from >= max(since[link.source], since[link.target])


def test_given_time_wins(samples: Path, read: Any) -> None:
    at = datetime(2025, 6, 1, tzinfo=UTC)

    loaded = read(samples / "h2_tank.reqif", at=at)

    assert {fact.valid_from for fact in loaded.facts} == {at}
    assert {event.time for event in loaded.events} == {datetime(2026, 2, 10, 8, tzinfo=UTC)}


def test_moment_of_statement_may_be_given(samples: Path, read: Any) -> None:
    stated = datetime(2026, 9, 1, tzinfo=UTC)

    plain = read(samples / "h2_tank.reqif")
    given = read(samples / "h2_tank.reqif", stated=stated)

    assert {event.time for event in given.events} == {stated}
    assert given.facts == plain.facts


def test_two_relations_that_are_one_link_state_it_once(samples: Path, read_text: Any) -> None:
    """Otherwise they would take turns: each later exchange would state the one that had lost."""
    original = (samples / "h2_tank.reqif").read_text()
    start, end = original.index("<SPEC-RELATION "), original.index("</SPEC-RELATION>") + 16
    relation = original[start:end]
    again = relation.replace('IDENTIFIER="sr-1"', 'IDENTIFIER="sr-1b"')
    assert again != relation

    loaded = read_text("a.reqif", original[:end] + again + original[end:])

    assert loaded.rejected == []
    derived = [f for f in loaded.facts if isinstance(f, PutLink) and f.link == "DERIVES_FROM"]
    assert len(derived) == 1


def test_same_document_gives_same_events_and_a_change_one_other(
    read_text: Any, reqif: Any, spec_object: Any
) -> None:
    one = read_text("a.reqif", reqif(spec_object("a") + spec_object("b"))).ids
    same = read_text("a.reqif", reqif(spec_object("a") + "\n <!-- x -->" + spec_object("b"))).ids
    other = read_text("a.reqif", reqif(spec_object("a") + spec_object("b", "changed"))).ids

    assert one[1:] == same[1:]
    assert one[1] == other[1]
    assert one[2] != other[2]


def test_large_document_is_kept_on_pages(
    read_text: Any, reqif: Any, spec_object: Any, entry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reqif_skeleton, "PAGE", 2000)
    ids = [f"object-{number:02}" for number in range(20)]
    document = reqif("".join(map(spec_object, ids)), hierarchy="".join(map(entry, ids)))

    loaded = read_text("a.reqif", document)

    assert loaded.rejected == []
    pages = [local for local, thing in loaded.things.items() if isinstance(thing, Document)]
    assert pages == ["doc", "doc.page2", "doc.page3"]


def test_page_stays_below_the_limit_of_an_event() -> None:
    worst = "\U0001f680" * reqif_skeleton.PAGE

    assert len(canonical_bytes(next(reqif_skeleton.pages(worst)))) < MAX_BYTES * 0.9
    assert (
        len(canonical_bytes(next(reqif_skeleton.pages('"' * reqif_skeleton.PAGE))))
        < MAX_BYTES * 0.9
    )


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]>', "has a DOCTYPE"),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">', "has a DOCTYPE"),
        ('<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>', "has a DOCTYPE"),
        ("<x></x>", "not well-formed XML"),
    ],
)
def test_dangerous_prolog_is_refused(read_text: Any, reqif: Any, before: Any, reason: Any) -> None:
    with pytest.raises(FileError, match=reason):
        read_text("a.reqif", reqif(before=before))


def test_entity_bomb_is_refused_at_once(read_text: Any, reqif: Any, spec_object: Any) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>'

    with pytest.raises(FileError, match="entity attacks"):
        read_text("a.reqif", reqif(spec_object("a", "&e29;"), before=bomb))


def test_doctype_in_utf16_is_found_too(read_text: Any, reqif: Any) -> None:
    document = reqif(before="<!DOCTYPE x>").replace(
        'version="1.0"', 'version="1.0" encoding="UTF-16"'
    )

    with pytest.raises(FileError, match="has a DOCTYPE"):
        read_text("a.reqif", document.encode("utf-16"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<REQ-IF", "not well-formed XML"),
        ("<REQ-IF>\n</REQ-if>", "line 2 column"),
        ("<x/>", "the root element is 'x', but ReqIF has REQ-IF in http"),
        (b'<?xml version="1.0"?><a>\xff</a>', "not well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "unknown encoding: klingon; write"),
        ("<a>" * 5000 + "</a>" * 5000, "not well-formed XML"),
    ],
)
def test_malformed_xml_is_refused_with_its_place(read_text: Any, content: Any, reason: Any) -> None:
    with pytest.raises(FileError, match=reason):
        read_text("a.reqif", content)


def test_document_over_the_limit_is_refused(
    read_text: Any, reqif: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reqif_read, "MAX_XML", 100)
    monkeypatch.setattr(safe_xml, "MAX_XML", 100)

    with pytest.raises(FileError, match="is over 100 bytes; export it in parts"):
        read_text("a.reqif", reqif())


@pytest.mark.parametrize(
    ("created", "reason"),
    [
        ("", "CREATION-TIME"),
        ("2026-01-02T00:00:00", "has no offset.*--at"),
        ("yesterday", "is not an RFC 3339 time.*--at"),
    ],
)
def test_document_without_a_clear_time_is_refused(
    read_text: Any, reqif: Any, created: Any, reason: Any
) -> None:
    with pytest.raises(FileError, match=reason):
        read_text("a.reqif", reqif(created=created))


def test_document_without_a_clear_time_loads_with_a_given_one(
    read_text: Any, reqif: Any, spec_object: Any
) -> None:
    document = reqif(spec_object("a", when='LAST-CHANGE="2026-01-01T00:00:00"'), created="")

    assert read_text("a.reqif", document, at=datetime(2026, 1, 1, tzinfo=UTC)).rejected == []


def test_document_without_header_is_refused(read_text: Any, reqif: Any) -> None:
    with pytest.raises(FileError, match="REQ-IF-HEADER with an IDENTIFIER is missing"):
        read_text("a.reqif", reqif().replace('IDENTIFIER="doc"', ""))


def test_type_that_is_declared_twice_is_refused(read_text: Any, reqif: Any) -> None:
    types = '<SPEC-TYPES><SPEC-OBJECT-TYPE IDENTIFIER="t"/>\n<SPEC-OBJECT-TYPE IDENTIFIER="t"/></SPEC-TYPES>'

    with pytest.raises(FileError, match="'t' is declared twice, on line 1 and line 2"):
        read_text("a.reqif", reqif(types=types))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"id": "a"}, "IDENTIFIER 'a' already stands on line"),
        ({"id": ""}, "IDENTIFIER is missing"),
        ({"id": "x", "type": "nope"}, "refers to 'nope', which the file does not declare"),
        ({"id": "x", "when": 'LAST-CHANGE="2026-01-01T00:00:00"'}, "LAST-CHANGE.*has no offset"),
        ({"id": "x", "text": "x" * 1_100_000}, "over the limit of 1,048,576"),
    ],
    ids=str.split("twice nameless dangling naive large"),
)
def test_bad_object_is_rejected_and_the_others_load(
    read_text: Any, reqif: Any, spec_object: Any, entry: Any, bad: Any, reason: Any
) -> None:
    objects = spec_object("a") + spec_object(**bad) + spec_object("b")

    loaded = read_text("a.reqif", reqif(objects, hierarchy=entry("a") + entry("b")))

    assert {"a", "b", "doc"} == loaded.things.keys()
    assert len(loaded.rejected) == 1
    assert re.search(reason, loaded.reasons[0])
    assert loaded.rejected[0].raw.startswith("<SPEC-OBJECT")


def test_what_refers_to_nothing_is_rejected_and_the_rest_loads(
    read_text: Any, reqif: Any, spec_object: Any, spec_relation: Any, entry: Any
) -> None:
    document = reqif(
        spec_object("a") + spec_object("b"),
        spec_relation("good", "a", "b") + spec_relation("bad", "a", "gone"),
        entry("a", entry("gone", entry("b"))) + entry("b"),
        '<RELATION-GROUP IDENTIFIER="g"><SPEC-RELATIONS><SPEC-RELATION-REF>good</SPEC-RELATION-REF>'
        "<SPEC-RELATION-REF>lost</SPEC-RELATION-REF></SPEC-RELATIONS></RELATION-GROUP>",
    )

    loaded = read_text("a.reqif", document)

    assert loaded.links == {
        ("a", "DERIVES_FROM", "b"),
        ("a", "SPECIFIED_IN", "doc"),
        ("b", "SPECIFIED_IN", "doc"),
    }
    assert ["'gone'" in reason or "'lost'" in reason for reason in loaded.reasons] == [True] * 3


def test_object_in_two_places_stands_under_both(
    read_text: Any, reqif: Any, spec_object: Any, entry: Any
) -> None:
    objects = "".join(map(spec_object, "abc"))

    loaded = read_text(
        "a.reqif", reqif(objects, hierarchy=entry("a", entry("c")) + entry("b", entry("c")))
    )

    assert {
        target for source, link, target in loaded.links if (source, link) == ("c", "PLACED_UNDER")
    } == {
        "a",
        "b",
    }


def test_identifier_that_does_not_fit_keeps_its_own_thing(
    read_text: Any, reqif: Any, spec_object: Any
) -> None:
    loaded = read_text(
        "a.reqif", reqif(spec_object("größe") + spec_object("gr-ße") + spec_object("x" * 90))
    )

    assert loaded.rejected == []
    assert len(loaded.things) == 4
