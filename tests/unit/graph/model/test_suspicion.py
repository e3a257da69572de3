"""What makes links suspect: a table of properties that is whole, and names only what there is."""

from __future__ import annotations

import pytest

from graph.model import ontology
from graph.model.kind import RESERVED
from graph.model.links import LINKS
from graph.model.suspicion import BY_SOURCE, BY_TARGET, MATTERS


def test_of_every_kind_that_a_suspect_link_leads_to_it_is_said_what_matters() -> None:
    ends = frozenset[str]().union(*(link.targets for link in LINKS if link.suspect))
    ends |= frozenset[str]().union(*(ontology.get_link_type(n).sources for n in BY_SOURCE))

    assert {kind for kind in ontology.kinds() if ontology.fits(kind, ends)} == MATTERS.keys()


@pytest.mark.parametrize("kind", MATTERS)
def test_what_matters_are_properties_of_the_kind_and_never_its_standing_alone(kind: str) -> None:
    known = set(ontology.get_kind(kind).model_fields)

    assert set(MATTERS[kind]) <= known
    assert not {"owner", "location", "name"} & set(MATTERS[kind])


def test_what_a_change_of_the_source_puts_in_doubt_a_change_of_the_target_does_too() -> None:
    assert set(BY_SOURCE) <= set(BY_TARGET)


def test_no_link_carries_a_property_that_the_store_keeps_for_itself() -> None:
    carried = {name for link in LINKS if link.properties for name in link.properties.model_fields}

    assert not carried & RESERVED
