"""The schema is the ontology's, and the checked-in file is the schema."""

from __future__ import annotations

from api.schema import FILE, make_schema
from api.vocabulary import LinkField, PropertyField, plural, thing_types, type_of
from graph.model import ontology


def test_the_checked_in_file_is_the_made_schema() -> None:
    made = make_schema().as_str() + "\n"

    assert FILE.read_text(encoding="utf-8") == made, "write it again: python -m api.schema"


def test_every_property_of_every_kind_has_a_field() -> None:
    for kind, cls in ontology.kinds().items():
        each = thing_types()[ontology.label(kind)]
        told = {f.column.name for f in each.properties if hasattr(f.column, "name")}

        assert set(cls.model_fields) <= told


def test_every_link_type_can_be_followed_both_ways() -> None:
    ways = {
        (field.hop.link, field.hop.forward)
        for each in thing_types().values()
        for field in each.links
    }

    assert ways == {(name, way) for name in ontology.link_types() for way in (True, False)}


def test_no_field_hides_another() -> None:
    for kind in ontology.kinds():
        each = thing_types()[ontology.label(kind)]
        forward = [
            n for n, link in ontology.link_types().items() if ontology.fits(kind, link.sources)
        ]
        backward = [
            n for n, link in ontology.link_types().items() if ontology.fits(kind, link.targets)
        ]
        hops = [field for field in each.links if not field.of_link]

        assert len(hops) == len(forward) + len(backward), kind


def test_lists_have_distinct_names() -> None:
    names = [plural(ontology.label(kind)) for kind in ontology.kinds()]

    assert len(names) == len(set(names))
    assert {"parts", "workOrders", "batches", "facilities", "aircraft", "certBases", "ncrs"} <= set(
        names
    )


def test_a_kind_that_others_extend_is_an_interface_where_things_are_listed() -> None:
    assert type_of(frozenset({"part"})) == "Part"
    assert (
        type_of(frozenset({"serial"})) == type_of(frozenset({"serial", "aircraft"})) == "AnySerial"
    )
    assert type_of(frozenset({"aircraft"})) == "Aircraft"
    assert type_of(frozenset({"part", "serial"})) == "Thing"


def test_quantities_tell_their_unit() -> None:
    mass = thing_types()["Part"].fields["massKg"]

    assert isinstance(mass, PropertyField)
    assert mass.doc.endswith("Unit: kg.")


def test_at_most_one_is_told_as_one_and_with_its_link() -> None:
    fields = thing_types()["Serial"].fields

    assert isinstance(fields["installedIn"], LinkField)
    assert fields["installedIn"].single
    assert isinstance(fields["installedInLink"], LinkField)
    assert fields["installedInLink"].of_link
