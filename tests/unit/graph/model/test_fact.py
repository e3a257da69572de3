from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import TypeAdapter, ValidationError

from graph.model import ontology
from graph.model.canonical import canonical_bytes
from graph.model.fact import Correct, EndLink, Fact, Facts, PutLink, PutNode, RetireNode
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.product import Aircraft, Part
from tests.strategies_ontology import links, things

AIRCRAFT = "utcs:AMPEL360:aircraft:MSN-1001"
SERIAL = "utcs:AMPEL360:serial:FC-00042"
PART = "utcs:AMPEL360:part:28-1001-1"

FACT: TypeAdapter[Any] = TypeAdapter(Fact)


def put_node(**changes: Any) -> Any:
    fact = {"fact": "put_node", "utcs": PART, "properties": {"name": "Tank", "number": "28-1001-1"}}
    return FACT.validate_python(fact | changes)


def put_link(**changes: Any) -> Any:
    fact = {
        "fact": "put_link",
        "source": AIRCRAFT,
        "link": "CONTAINS",
        "target": SERIAL,
        "slot": "P1",
    }
    return FACT.validate_python(fact | changes)


@settings(max_examples=30)
@given(things())
def test_statement_of_a_thing_keeps_every_property_through_json(thing: tuple[Utcs, Kind]) -> None:
    utcs, properties = thing
    fact = PutNode(utcs=utcs, properties=properties)

    again = FACT.validate_json(fact.model_dump_json())

    assert again == fact
    assert type(again.properties) is type(properties)


@settings(max_examples=30)
@given(links())
def test_statement_of_a_link_survives_json(fact: PutLink) -> None:
    assert FACT.validate_json(fact.model_dump_json()) == fact


def test_properties_of_the_kind_itself_are_in_what_is_hashed() -> None:
    light, heavy = (
        put_node(properties={"name": "Tank", "number": "1", "mass_kg": mass}) for mass in (1, 2)
    )

    assert canonical_bytes(light.model_dump()) != canonical_bytes(heavy.model_dump())


def test_properties_are_read_as_the_kind_that_the_identifier_names() -> None:
    aircraft = put_node(utcs=AIRCRAFT, properties={"name": "A", "msn": "1001"})

    assert isinstance(put_node().properties, Part)
    assert isinstance(aircraft.properties, Aircraft)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"utcs": "utcs:AMPEL360:prat:1"},
            r"kind: 'prat' is not in the ontology; did you mean part",
        ),
        ({"utcs": PART + "~!"}, "check character"),
        ({"utcs": "28-1001-1"}, "it must begin with 'utcs:'"),
        ({"utcs": None}, "utcs"),
        ({"utcs": SERIAL}, "number"),
        ({"properties": {"name": "x", "number": "1", "msn": "1"}}, "msn"),
        ({"properties": {"number": "1"}}, "name"),
        ({"properties": None}, "valid dictionary"),
        ({"properties": "x"}, "valid dictionary"),
        ({"valid_from": "2026-01-01T00:00:00"}, "has no offset"),
        ({"valid_to": "2026-01-01T00:00:00Z"}, "valid_to"),
    ],
)
def test_statement_of_a_thing_is_refused_with_the_field(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        put_node(**changes)


def test_properties_made_in_python_must_be_of_the_kind_named() -> None:
    part = Part(name="Tank", number="1")

    with pytest.raises(ValidationError, match=r"names a serial, the properties are a part's"):
        PutNode(utcs=Utcs.parse(SERIAL), properties=part)


def test_aircraft_may_stand_where_a_serial_is_allowed() -> None:
    link = put_link(source=SERIAL, target=AIRCRAFT)

    assert link.target.kind == "aircraft"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": PART}, r"source: .*:part:.* cannot stand there; CONTAINS takes serial"),
        ({"target": PART}, r"target: .*:part:.* cannot stand there; CONTAINS takes serial"),
        ({"source": SERIAL, "link": "FLOWN_BY", "slot": None}, r"source: .* takes flight"),
        ({"link": "GROUNDS", "source": "utcs:AMPEL360:window:1", "slot": None}, "takes aircraft"),
        ({"source": "utcs:AMPEL360:zzz:1"}, "kind: 'zzz'"),
        ({"source": AIRCRAFT + "~!"}, "check character"),
        ({"link": "CONTAIN"}, "did you mean CONTAINS"),
        ({"link": "CONTAINS_PAST"}, "did you mean CONTAINS"),
        ({"link": "contains"}, "link: 'contains' is not in the ontology"),
        ({"link": None}, "link"),
        ({"slot": None}, "slot: CONTAINS needs slot"),
        ({"slot": ""}, "slot"),
        ({"slot": "x" * 101}, "slot"),
        ({"link": "INSTANCE_OF", "target": PART}, "slot: INSTANCE_OF takes no slot"),
        ({"properties": {"total_fh": "12 lb"}}, "is in lb, but this property is in FH"),
        ({"properties": {"total_fh": "NaN"}}, "not a number"),
        ({"properties": {"colour": "red"}}, "colour"),
        ({"properties": [1]}, "properties|dictionary"),
        (
            {"link": "INSTANCE_OF", "target": PART, "slot": None, "properties": {"a": 1}},
            "properties: INSTANCE_OF carries none; leave them out",
        ),
    ],
)
def test_link_that_is_not_declared_so_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        put_link(**changes)


def test_only_an_aircraft_flies_though_it_is_a_serial() -> None:
    flight = "utcs:AMPEL360:flight:1"

    with pytest.raises(
        ValidationError, match=r"target: .* cannot stand there; FLOWN_BY takes aircraft"
    ):
        put_link(source=flight, link="FLOWN_BY", target=SERIAL, slot=None)


def test_what_a_link_carries_has_one_spelling() -> None:
    spelt = [put_link(properties={"total_fh": given}) for given in ("12.50 FH", 12.5, "12.5")]

    assert [link.properties for link in spelt] == [{"total_fh": "12.5"}] * 3


def test_end_of_a_link_is_held_to_the_same_rules() -> None:
    fact = {"fact": "end_link", "source": PART, "link": "CONTAINS", "target": SERIAL, "slot": "P1"}

    with pytest.raises(ValidationError, match="cannot stand there"):
        FACT.validate_python(fact)
    with pytest.raises(ValidationError, match="properties"):
        EndLink.model_validate(fact | {"source": AIRCRAFT, "properties": {}})


@pytest.mark.parametrize(("least", "most"), [("", "x" * 1001)])
def test_reason_is_given_and_no_novel(least: str, most: str) -> None:
    for reason in (least, most):
        with pytest.raises(ValidationError, match="reason"):
            RetireNode(utcs=Utcs.parse(PART), reason=reason)
        with pytest.raises(ValidationError, match="reason"):
            Correct(source="urn:x", id="1", reason=reason)


@pytest.mark.parametrize("document", [{}, {"fact": "zap"}, {"fact": None}, [], "put_node", None])
def test_what_is_no_fact_is_refused(document: Any) -> None:
    with pytest.raises(ValidationError):
        FACT.validate_python(document)


def test_facts_are_some_and_not_too_many() -> None:
    one = {"fact": "retire_node", "utcs": PART, "reason": "scrapped"}

    assert len(Facts.model_validate({"facts": [one] * 10_000}).facts) == 10_000
    for facts in ([], [one] * 10_001):
        with pytest.raises(ValidationError, match="facts"):
            Facts.model_validate({"facts": facts})


def test_facts_cannot_be_altered() -> None:
    fact = put_node()

    with pytest.raises(ValidationError, match="frozen"):
        fact.utcs = Utcs.parse(SERIAL)


def test_every_link_type_refuses_every_kind_it_does_not_name() -> None:
    for link in ontology.link_types().values():
        target = next(iter(sorted(link.targets)))
        slot = "1" if link.slotted else None
        for kind in ontology.kinds():
            document = {
                "source": f"utcs:AA:{kind}:1",
                "link": link.name,
                "target": f"utcs:AA:{target}:1",
            }
            fits = ontology.fits(kind, link.sources)
            try:
                PutLink.model_validate(document | {"slot": slot})
            except ValidationError:
                assert not fits, f"{kind} {link.name} {target} was refused"
            else:
                assert fits, f"{kind} {link.name} {target} was taken"
