"""Trace rules: each way can be gone, and each says where it comes from."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from graph.model import ontology
from graph.model.ontology import OntologyError
from graph.model.quality_rules import RULES
from graph.model.trace_rule import Only, TraceRule, Way, way
from graph.model.trace_rules import TRACE_RULES, get_trace_rule


def fitting(kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(kind for kind in ontology.kinds() if ontology.fits(kind, kinds))


def reached(begin: frozenset[str], path: Way) -> frozenset[str]:
    """The kinds that a way can lead to from things of some kinds."""
    standing = begin
    for hop in path.hops:
        declared = ontology.get_link_type(hop.link)
        here, there = declared.sources, declared.targets
        if not hop.forward:
            here, there = there, here
        gone = fitting(there) if standing & fitting(here) else frozenset()
        standing = gone | standing if hop.least == 0 else gone
    return standing


def test_no_name_stands_twice_and_each_is_words() -> None:
    assert [n for n, times in Counter(rule.name for rule in TRACE_RULES).items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name) for rule in TRACE_RULES)


@pytest.mark.parametrize("rule", TRACE_RULES, ids=lambda rule: rule.name)
def test_every_way_of_a_rule_can_be_gone(rule: TraceRule) -> None:
    assert rule.kinds <= set(ontology.kinds())
    for each in rule.ways:
        assert reached(rule.kinds, each) >= each.ends, each.text


@pytest.mark.parametrize("rule", TRACE_RULES, ids=lambda rule: rule.name)
def test_a_rule_asks_for_properties_that_its_kinds_have_and_says_where_it_is_from(
    rule: TraceRule,
) -> None:
    for kind in rule.kinds:
        assert {only.field for only in rule.only} <= set(ontology.get_kind(kind).model_fields)
    assert rule.doc.endswith(".")
    assert rule.basis


def test_a_quality_rule_of_the_same_name_is_made_from_the_trace_rule() -> None:
    names = {rule.name for rule in TRACE_RULES}
    shared = [rule for rule in RULES if rule.name in names]

    assert [rule.name for rule in shared] == [
        "requirement-parent", "design-purpose", "directive-subject", "release-signature",
    ]  # fmt: skip
    for rule in shared:
        assert rule.doc == get_trace_rule(rule.name).doc
        assert rule.check.asks == get_trace_rule(rule.name).steps_off


def test_a_way_steps_off_by_its_first_link_and_by_the_next_if_that_may_be_missing() -> None:
    path = way("REALISES? REFINES* SATISFIES", "requirement")

    assert path.steps_off == {"REALISES", "REFINES", "SATISFIES"}
    assert [(hop.least, hop.most) for hop in path.hops] == [(0, 1), (0, 40), (1, 1)]


def test_a_way_over_no_link_is_refused() -> None:
    with pytest.raises(
        OntologyError, match="'SATISFY' is not in the ontology; did you mean SATISF"
    ):
        way("SATISFY", "requirement")


@pytest.mark.parametrize(
    ("only", "value", "holds"),
    [
        (Only("status", ("a",)), "a", True),
        (Only("status", ("a",)), None, False),
        (Only("status", (None, "a")), None, True),
        (Only("status", ("a",), are_meant=False), "a", False),
        (Only("status", ("a",), are_meant=False), None, True),
    ],
)
def test_a_condition_holds_for_those_that_are_meant(
    only: Only, value: str | None, holds: bool
) -> None:
    assert only.holds(value) is holds
