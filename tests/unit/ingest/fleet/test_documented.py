"""What docs/sample-fleet.md tells is asked in words that the product understands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from graph.model.event import Event
from graph.model.fact import PutNode
from graph.model.identifier import Utcs

ROOT = Path(__file__).parents[4]
TOLD = (ROOT / "docs" / "sample-fleet.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```graphql\n(.*?)```", TOLD, re.DOTALL)


def test_every_query_is_one_that_the_schema_takes() -> None:
    schema = build_schema((ROOT / "api" / "schema.graphql").read_text(encoding="utf-8"))

    wrong = [error.message for query in QUERIES for error in validate(schema, parse(query))]

    assert len(QUERIES) == 5
    assert wrong == []


@pytest.mark.parametrize("named", sorted(set(re.findall(r"utcs:AMPEL360:[a-z]+:[\w.-]+", TOLD))))
def test_everything_named_is_in_the_fleet(story: Sequence[Event], named: str) -> None:
    put = {f.utcs for event in story for f in event.facts if isinstance(f, PutNode)}

    assert Utcs.parse(named) in put
