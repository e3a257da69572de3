"""The full-text indexes hold what the ontology calls searchable."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

import cypher
from graph.model.kind import Searchable
from graph.model.ontology import kinds


def marks(annotation: Any) -> list[Any]:
    """Every mark anywhere in a type."""
    own = list(getattr(annotation, "__metadata__", ()))
    return own + [mark for part in get_args(annotation) for mark in marks(part)]


def searchable() -> set[str]:
    return {
        name
        for kind in kinds().values()
        for name, field in kind.model_fields.items()
        if any(isinstance(m, Searchable) for m in (*field.metadata, *marks(field.annotation)))
    }


@pytest.mark.parametrize(
    ("statement", "label"),
    [("schema/0018_things", "Anchor"), ("schema/0019_past_things", "History")],
)
def test_every_searchable_property_is_indexed(statement: str, label: str) -> None:
    text = cypher.load(statement)

    assert f"FOR (thing:{label}) ON EACH" in text
    assert set(re.findall(r"thing\.([a-z_]+)", text)) == searchable() | {"utcs"}
