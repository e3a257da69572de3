from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from hypothesis import given, settings

from graph.model import ontology
from graph.model.alias import Alias
from graph.model.identifier import Utcs
from graph.model.kind import RESERVED, Kind, Unit
from graph.model.ontology import OntologyError
from tests.strategies_ontology import things

DESIGN = {
    "engineering": "requirement certbasis design cad document publication testcase testresult software",
    "product": "part serial aircraft batch supplier position",
    "change": "ecr eco bulletin directive stc modification effectivity training",
    "maintenance": "task workorder finding release deferral window",
    "resources": "person qualification shift labour tool calibration facility stock",
    "quality": "ncr capa inspection distinction",
    "operation": "flight usage alert recommendation discrepancy incident",
    "production": "order operation device",
    "learning": "model modelversion dataset trainingrun deployment prediction feedback",
    "governance": "baseline source plan job",
}

# What the store and the query languages call their own things.
STORE_LABELS = {
    "Anchor", "Version", "History", "Alias", "Change", "Log", "Refusal", "Settlement", "Answer",
    "Parked", "Missing", "Migration", "Thing", "Query", "Mutation", "Subscription", "PageInfo", "Outcome",
    "Int", "Float", "String", "Boolean", "ID", "JSON", "Date", "DateTime",
}  # fmt: skip

STORABLE = (str, bool, int, Decimal, date, datetime)

PROPERTIES = [(kind, name) for kind, cls in ontology.kinds().items() for name in cls.model_fields]


def parts(annotation: Any) -> tuple[type[Any], list[Any]]:
    """The plain type of an annotation and all its marks."""
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (arm for arm in get_args(annotation) if arm is not type(None))
        return parts(inner)
    if hasattr(annotation, "__metadata__"):
        plain, marks = parts(annotation.__origin__)
        return plain, [*annotation.__metadata__, *marks]
    return annotation, []


def declared(kind: str, name: str) -> tuple[type[Any], list[Any]]:
    field = ontology.get_kind(kind).model_fields[name]
    plain, marks = parts(field.annotation)
    return plain, [*field.metadata, *marks]


def test_kinds_are_those_of_the_design_in_its_families() -> None:
    families: dict[str, list[str]] = {}
    for kind, cls in ontology.kinds().items():
        families.setdefault(cls.family, []).append(kind)

    assert families == {family: kinds.split() for family, kinds in DESIGN.items()}


def test_every_kind_is_described_in_one_sentence() -> None:
    for kind, cls in ontology.kinds().items():
        doc = cls.__doc__ or ""
        assert re.fullmatch(r"[A-Z][^\n]{20,}\.", doc), f"{kind}: {doc!r}"


def test_every_property_is_described_and_of_a_type_that_can_be_stored() -> None:
    for kind, name in PROPERTIES:
        plain, _ = declared(kind, name)
        described = ontology.get_kind(kind).model_fields[name].description or ""
        assert described.endswith((".", "…")), f"{kind}.{name}: no sentence"
        if name == "extra":
            continue
        if get_origin(plain) is tuple:
            item, rest = get_args(plain)
            assert rest is Ellipsis
            assert parts(item)[0] in (str, Alias), f"{kind}.{name}"
        else:
            assert plain in STORABLE or issubclass(plain, StrEnum), f"{kind}.{name}"


@pytest.mark.parametrize("kind", ontology.kinds())
def test_name_of_a_property_tells_its_type_and_unit(kind: str) -> None:
    for name in ontology.get_kind(kind).model_fields:
        plain, marks = declared(kind, name)
        units = [mark.symbol for mark in marks if isinstance(mark, Unit)]
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name), name
        assert (plain is bool) == name.startswith(("is_", "has_")), name
        assert (plain is date) == name.endswith("_on"), name
        assert (plain is datetime) == (name.endswith("_at") or name == "as_of"), name
        assert (plain is Decimal) == bool(units), f"{name}: a decimal says its unit, or none"
        if units and units[0]:
            assert name.endswith(f"_{units[0].lower()}"), name


@pytest.mark.parametrize("kind", ontology.kinds())
def test_kind_keeps_off_the_names_of_the_store(kind: str) -> None:
    assert not RESERVED & ontology.get_kind(kind).model_fields.keys()
    assert ontology.label(kind) not in STORE_LABELS
    assert ontology.label(kind).lower() == kind
    Utcs("AMPEL360", kind, "1")


def test_property_of_one_name_is_of_one_type_wherever_it_stands() -> None:
    types: dict[str, set[type[Any]]] = {}
    for kind, name in PROPERTIES:
        plain, _ = declared(kind, name)
        enum = isinstance(plain, type) and issubclass(plain, StrEnum)
        types.setdefault(name, set()).add(StrEnum if enum else plain)

    # A category, severity or method is a closed list where there is one, else the source's word.
    loose = {"category", "severity", "verdict"}
    assert {
        name: found for name, found in types.items() if len(found) > 1 and name not in loose
    } == {}


def test_enums_have_names_and_values_that_any_language_can_carry() -> None:
    enums = {
        plain
        for kind, name in PROPERTIES
        for plain, _ in [declared(kind, name)]
        if isinstance(plain, type) and issubclass(plain, StrEnum)
    }
    names = Counter(enum.__name__ for enum in enums)
    labels = {ontology.label(kind) for kind in ontology.kinds()}

    assert [name for name, count in names.items() if count > 1] == []
    assert names.keys().isdisjoint(labels | STORE_LABELS)
    for enum in enums:
        assert enum.__doc__
        for member in enum:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", member.value), member
            assert member.name == member.value.upper()


def test_aircraft_is_a_serial_and_nothing_else_extends() -> None:
    extending = {kind: ontology.lineage(kind) for kind in ontology.kinds()}

    assert {k: line for k, line in extending.items() if len(line) > 1} == {
        "aircraft": ("aircraft", "serial")
    }


def test_fits_takes_a_kind_or_one_it_extends() -> None:
    serial, aircraft = frozenset({"serial"}), frozenset({"aircraft"})

    assert ontology.fits("aircraft", serial)
    assert ontology.fits("aircraft", aircraft)
    assert not ontology.fits("serial", aircraft)
    assert not ontology.fits("part", serial | aircraft)


def test_unknown_kind_is_told_what_looks_like_it() -> None:
    with pytest.raises(OntologyError, match=r"kind: 'prat' .*did you mean part"):
        ontology.get_kind("prat")


def test_unknown_kind_that_looks_like_none_is_told_them_all() -> None:
    with pytest.raises(OntologyError, match=r"use one of requirement, .*job"):
        ontology.get_kind("¿")


def test_unknown_link_is_told_what_looks_like_it() -> None:
    with pytest.raises(OntologyError, match=r"link: 'CONTAIN' .*did you mean CONTAINS"):
        ontology.get_link_type("CONTAIN")


def test_huge_unknown_name_makes_no_huge_message() -> None:
    with pytest.raises(OntologyError) as caught:
        ontology.get_kind("part" * 100_000)

    assert len(str(caught.value)) < 2000


def test_kind_with_a_name_of_the_store_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match=r"Clashing: the store keeps \['hash'\]"):

        class Clashing(Kind):
            hash: str | None = None


@settings(max_examples=30)
@given(things())
def test_any_thing_of_any_kind_can_be_made_and_names_its_kind(thing: tuple[Utcs, Kind]) -> None:
    utcs, properties = thing

    assert properties.kind == utcs.kind
    assert properties.family in ontology.FAMILIES
