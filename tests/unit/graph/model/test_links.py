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
from graph.model.fact import PutLink
from graph.model.kind import RESERVED, Unit
from graph.model.link import LinkProperties, LinkType
from graph.model.links import LINKS
from tests.strategies_ontology import links

# Fields that every thing has in GraphQL besides its properties and links.
BUILT_IN = {
    "utcs", "checkedUtcs", "kind", "version", "validFrom", "validTo", "recordedAt", "supersededAt",
    "hash", "made", "history", "links", "trace", "impact", "neighbours", "paths", "changes", "id",
    "node", "cursor", "slot", "things", "thing", "search", "aggregate",
}  # fmt: skip

CARRIED = sorted({link.properties for link in LINKS if link.properties}, key=lambda c: c.__name__)


def camel(name: str) -> str:
    first, *rest = name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def plain(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        (inner,) = (arm for arm in get_args(annotation) if arm is not type(None))
        return plain(inner)
    return plain(annotation.__origin__) if hasattr(annotation, "__metadata__") else annotation


def link(name: str) -> LinkType:
    return ontology.get_link_type(name)


def test_table_is_closed_and_of_a_size_that_a_person_can_know() -> None:
    assert len(ontology.link_types()) == len(LINKS), "a name stands twice"
    assert 60 <= len(LINKS) <= 90


def test_no_word_names_two_things_however_it_is_read() -> None:
    words = Counter(word for link in LINKS for word in (link.name, link.inverse))

    assert [word for word, count in words.items() if count > 1] == []


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.name)
def test_link_type_is_written_as_the_store_and_people_need_it(link: LinkType) -> None:
    for word in (link.name, link.inverse):
        assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", word)
        assert "_PAST" not in word, "the store ends past links so"
        assert word not in {"VERSION", "NAMES", "NEEDS"}, "the store has such a link"
    assert re.fullmatch(r"[A-Z][^\n]{10,}\.", link.doc)


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.name)
def test_ends_are_kinds_none_of_which_another_already_covers(link: LinkType) -> None:
    for ends in (link.sources, link.targets):
        assert ends
        assert ends <= ontology.kinds().keys()
        for kind in ends:
            assert not ontology.fits(kind, ends - {kind}), f"{kind} is covered already"


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.name)
def test_rules_of_a_link_type_agree_with_each_other(link: LinkType) -> None:
    assert link.max_out in (None, 1)
    assert link.max_in in (None, 1)
    assert not (link.slotted and link.max_out), "slots would never hold a second target"
    if link.acyclic:
        assert link.sources & link.targets, "it cannot be cyclic"


@pytest.mark.parametrize("kind", ontology.kinds())
def test_no_two_fields_of_a_kind_have_one_name_in_graphql(kind: str) -> None:
    fields = [camel(name) for name in ontology.get_kind(kind).model_fields]
    fields += [camel(link.name) for link in LINKS if ontology.fits(kind, link.sources)]
    fields += [camel(link.inverse) for link in LINKS if ontology.fits(kind, link.targets)]
    built_in = BUILT_IN | {camel(name) for name in RESERVED}

    assert [name for name, count in Counter(fields).items() if count > 1] == []
    assert built_in & set(fields) == set()


@pytest.mark.parametrize("kind", ontology.kinds())
def test_no_kind_stands_alone(kind: str) -> None:
    assert any(ontology.fits(kind, link.sources | link.targets) for link in LINKS)


def test_every_chain_of_why_that_the_design_names_follows_the_arrows() -> None:
    chains = [
        "part REALISES design SATISFIES requirement DERIVES_FROM certbasis",
        "workorder EXECUTES task MEETS requirement",
        "serial INSTANCE_OF part",
        "aircraft CONTAINS serial CONTAINS serial",
        "part HAS_COMPONENT part",
        "modelversion TRAINED_ON dataset",
        "ecr CAUSED_BY finding FOUND_IN workorder",
        "testresult RESULT_OF testcase VERIFIES requirement",
        "release RELEASES workorder WORKS_ON aircraft",
        "publication DOCUMENTS design",
        "part ALTERED_BY eco IMPLEMENTS ecr CAUSED_BY ncr ABOUT supplier",
        "training TEACHES part",
        "workorder USES tool CALIBRATED_BY calibration",
        "workorder CONSUMES stock CERTIFIED_BY release",
        "workorder SIGNED_BY person QUALIFIED_BY qualification",
        "deferral DEFERS finding",
        "aircraft COMPLIES_WITH directive",
        "prediction MADE_BY modelversion VERSION_OF model",
        "recommendation CAUSED_BY alert ABOUT serial",
        "workorder SCHEDULED_IN window GROUNDS aircraft",
        "baseline FREEZES aircraft",
    ]

    for chain in chains:
        words = chain.split()
        for source, name, target in zip(words[::2], words[1::2], words[2::2], strict=False):
            assert ontology.fits(source, link(name).sources), f"{source} in {chain}"
            assert ontology.fits(target, link(name).targets), f"{target} in {chain}"


def test_a_unit_is_in_one_place_and_of_one_part_number_at_a_time() -> None:
    assert (link("CONTAINS").max_in, link("CONTAINS").slotted, link("CONTAINS").acyclic) == (
        1,
        True,
        True,
    )
    assert link("INSTANCE_OF").max_out == 1
    assert link("LOCATED_IN").max_out == 1


def test_what_a_change_of_the_target_puts_in_doubt_is_marked() -> None:
    suspect = {link.name for link in LINKS if link.suspect}

    assert {"DERIVES_FROM", "SATISFIES", "VERIFIES", "REALISES", "MEETS", "DOCUMENTS"} <= suspect
    assert suspect.isdisjoint({"CONTAINS", "SUPERSEDES", "CAUSED_BY", "FLOWN_BY", "SIGNED_BY"})


@pytest.mark.parametrize("carried", CARRIED, ids=lambda carried: carried.__name__)
def test_what_a_link_carries_is_named_described_and_storable(carried: type[LinkProperties]) -> None:
    assert re.fullmatch(r"[A-Z][^\n]{10,}\.", carried.__doc__ or "")
    assert carried.__name__ not in {ontology.label(kind) for kind in ontology.kinds()}
    for name, field in carried.model_fields.items():
        assert name not in RESERVED
        assert camel(name) not in {"node", "cursor", "properties", "source", "target", "link"}
        assert not field.is_required(), f"{name}: sources do not always know"
        assert (field.description or "").endswith((".", "…"))
        cls = plain(field.annotation)
        assert cls in (str, bool, int, Decimal, date, datetime) or issubclass(cls, StrEnum)


def test_units_of_what_links_carry_are_in_the_names() -> None:
    for carried in CARRIED:
        for name, field in carried.model_fields.items():
            for arm in get_args(field.annotation):
                for unit in (m for m in getattr(arm, "__metadata__", ()) if isinstance(m, Unit)):
                    assert not unit.symbol or name.endswith(f"_{unit.symbol.lower()}")


@settings(max_examples=30)
@given(links())
def test_any_link_of_any_type_can_be_made(put: PutLink) -> None:
    declared = link(put.link)

    assert ontology.fits(put.source.kind, declared.sources)
    assert ontology.fits(put.target.kind, declared.targets)
    assert PutLink.model_validate(put.model_dump(mode="json")) == put
