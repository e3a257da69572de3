"""The stored form of things: what Neo4j can keep, and the same thing back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.store.node import (
    read_link_properties,
    read_node,
    read_properties,
    stored_properties,
)
from tests.strategies_ontology import of, things

SCALARS = (str, bool, int, float)


@given(things())
def test_every_thing_comes_back_as_it_was_stored(thing: tuple[Utcs, Kind]) -> None:
    utcs, kind = thing

    assert read_properties(utcs.kind, stored_properties(kind)) == kind


@given(things())
def test_neo4j_can_keep_what_is_stored(thing: tuple[Utcs, Kind]) -> None:
    for value in stored_properties(thing[1]).values():
        values = value if isinstance(value, list) else [value]

        assert values, "an empty list is left out"
        assert all(type(each) in SCALARS for each in values)
        assert all(abs(each) < 2**63 for each in values if type(each) is int)


CARRYING = [link for link in ontology.link_types().values() if link.properties]


@given(st.data())
def test_what_a_link_carries_comes_back(data: st.DataObject) -> None:
    link = data.draw(st.sampled_from(CARRYING))
    assert link.properties is not None
    carried = data.draw(of(link.properties))
    stored = stored_properties(carried) | {"valid_from": 0, "slot": "1", "made": 1}

    back = read_link_properties(link.name, stored)

    assert link.properties.model_validate(back) == carried


def test_a_row_of_belief_becomes_a_node_with_open_ends() -> None:
    far = 253402300799999999
    stored: dict[str, Any] = {
        "utcs": "utcs:TEST:part:1", "kind": "part", "n": 2, "hash": "ab", "made": 7,
        "valid_from": 0, "valid_to": far, "recorded_at": 1_000_000, "superseded_at": 2_000_000,
        "name": "Pump", "number": "1", "mass_kg": 1.1,
    }  # fmt: skip

    node = read_node(stored)

    assert (node.version, node.made, node.valid_to) == (2, 7, None)
    assert node.valid_from.isoformat() == "1970-01-01T00:00:00+00:00"
    assert node.superseded_at is not None
    assert str(getattr(node.properties, "mass_kg", None)) == "1.1"


def test_a_property_of_a_type_that_neo4j_lacks_is_told_of_at_once() -> None:
    class Odd(BaseModel):
        weight: complex = 1j

    with pytest.raises(TypeError, match="weight: Neo4j has no form for <class 'complex'>"):
        stored_properties(Odd())  # type: ignore[arg-type]
