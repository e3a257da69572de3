"""Passports as they are handed out: schema, context, and what a machine reads out of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import rdflib
from jsonschema import Draft202012Validator

from api.passport import context_document, document, identification_link, linked, passport_schema
from api.qr import MAX_LINK
from api.rest.passport_schemas import passport_files
from api.rest.work_schemas import FOLDER
from api.settings import MAX_PUBLIC_URL, Settings
from graph.model.identifier import MAX_LENGTH, Utcs
from graph.model.passport import Audience, Passport
from tests.unit.graph.model.test_passport import filled

BASE = "https://id.example.com"
ASSET = Utcs("TEST", "serial", "S-1")


@pytest.fixture
def passport() -> Passport:
    whole = filled(Passport)
    assert isinstance(whole, Passport)
    told = {"audience": Audience.AUTHORITY, "withheld": (), "granularity_level": "item"}
    return linked(whole.model_copy(update=told), BASE, ASSET, is_stable=True)


@pytest.mark.parametrize("name", passport_files())
def test_what_is_published_is_what_the_code_says(name: str) -> None:
    published = (FOLDER / name).read_bytes()

    assert published == passport_files()[name], "python -m api.rest.passport_schemas"


def test_a_passport_is_one_by_its_schema(passport: Passport) -> None:
    Draft202012Validator.check_schema(passport_schema())
    types = {"status": "not_yet_anchored"}
    said = orjson.loads(document(passport))
    said["verification"] |= types

    Draft202012Validator(passport_schema()).validate(_typed(said))


def _typed(said: Any) -> Any:
    """Returns a filled passport with the types that its parts have: the filling knows texts alone."""
    kinds = {"product": "Product", "certificates": "Certification", "releases": "Certification",
             "signatures": "Attribution", "events": "Activity"}  # fmt: skip

    def typed(value: Any, key: str = "") -> Any:
        if isinstance(value, list):
            return [typed(one, key) for one in value]
        if not isinstance(value, dict):
            return value
        done = {name: typed(one, name) for name, one in value.items()}
        return done | ({"type": kinds[key]} if key in kinds else {})

    return typed(said) | {"type": "DigitalProductPassport"}


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib"
)  # its parser uses what it deprecates
def test_a_machine_reads_every_value_out_of_the_json_ld(
    passport: Passport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    said = _typed(orjson.loads(document(passport)))
    inline = said | orjson.loads(context_document())

    graph = rdflib.Graph().parse(data=json.dumps(_iris(inline)), format="json-ld")

    found = {str(part) for triple in graph for part in triple}
    expected = {str(value) for value in _leaves(_iris(said)) if not isinstance(value, bool)}
    assert expected - found == set()
    schema, prov = rdflib.Namespace("https://schema.org/"), rdflib.PROV
    asset = graph.value(rdflib.URIRef(identification_link(BASE, ASSET)), schema.about)
    assert graph.value(asset, schema.serialNumber) == rdflib.Literal(
        "[public] product.serialNumber"
    )
    assert list(graph.subjects(rdflib.RDF.type, prov.Activity))


def _iris(value: Any, key: str = "") -> Any:
    """Returns a filled passport whose ids are ids: an IRI holds no blank."""
    if isinstance(value, list):
        return [_iris(one, key) for one in value]
    if isinstance(value, dict) and key != "@context":
        return {name: _iris(one, name) for name, one in value.items()}
    is_iri = key in {
        "id", "workOrder", "workOrders", "record", "other", "under", "signedBy", "unit", "units",
        "groundedBy",
    }  # fmt: skip
    return f"utcs:{key}" if is_iri and not str(value).startswith("http") else value


def _leaves(value: Any, key: str = "") -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one, key)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(one, name)
    elif key not in ("@context", "type"):
        yield value


def test_the_link_is_the_identifier_and_fits_iec_61406() -> None:
    longest = Utcs("A" * 16, "k" * 32, "l" * 64)
    link = identification_link("h" * MAX_PUBLIC_URL, longest)

    assert identification_link(BASE, ASSET) == f"{BASE}/id/{ASSET.checked}"
    assert len(str(longest)) == MAX_LENGTH
    assert len(link) <= MAX_LINK


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example", "https://a.example/?x=1", "https://a.example/#f", "id.example.com", "https://ä.example",
     "https://" + "a" * 130, "https://user@a.example", ""],
)  # fmt: skip
def test_a_public_address_that_cannot_begin_a_link_is_refused(url: str, tmp_path: Any) -> None:
    with pytest.raises(ValueError, match="cannot begin an identification link"):
        Settings(home=tmp_path, neo4j_uri="bolt://x", neo4j_password="x", public_url=url)


def test_a_public_address_is_taken_without_its_last_slash(tmp_path: Any) -> None:
    taken = Settings(home=tmp_path, neo4j_uri="bolt://x", neo4j_password="x", public_url=f"{BASE}/")

    assert taken.public_url == BASE
