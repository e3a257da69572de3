"""The table of quality rules, and what each finds in a record made for it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.quality_rule import Linked, Record, Rule, Sort
from graph.model.quality_rules import RULES, rules_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DESIGN = Utcs("TEST", "design", "D-1")
LINKS = {name for link in ontology.link_types().values() for name in (link.name, link.inverse)}


def record(kind: str, *has: str, linked: Any = None, makers: Any = None, **said: Any) -> Record:
    needed = {
        "part": {"number": "P-1"},
        "workorder": {"number": "W-1"},
        "directive": {"number": "1"},
    }
    thing = ontology.get_kind(kind).model_validate({"name": "a"} | needed.get(kind, {}) | said)
    return Record(
        utcs=Utcs("TEST", kind, "1"), thing=thing, version=1, since=NOW, source="urn:test", rank=50,
        day=NOW.date(), has=frozenset(has), linked=linked or {}, makers=makers or {},
    )  # fmt: skip


def rule(name: str) -> Rule:
    return next(rule for rule in RULES if rule.name == name)


def found(name: str, looked_at: Record) -> list[tuple[str | None, Any]]:
    return [(fault.field, fault.value) for fault in rule(name).find(looked_at)]


def at(design: Utcs = DESIGN, since: datetime = NOW, **properties: Any) -> Linked:
    return Linked(design, since, properties)


def test_no_name_stands_twice_and_each_is_words() -> None:
    assert [n for n, times in Counter(rule.name for rule in RULES).items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name) for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_is_about_kinds_and_links_that_there_are(rule: Rule) -> None:
    assert rule.kinds <= set(ontology.kinds())
    assert rule.check.asks | rule.check.follows <= LINKS
    assert rule.doc.endswith(".")
    assert rule.basis


@pytest.mark.parametrize("kind", ontology.kinds())
def test_every_kind_has_rules(kind: str) -> None:
    assert {rule.sort for rule in rules_of(kind)} >= {Sort.VALIDATE, Sort.CLEANSE}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("requirement-text", record("requirement", text="It shall."), record("requirement")),
        ("requirement-parent", record("requirement", level="system", is_derived=True),
         record("requirement", level="system")),
        ("requirement-proof", record("requirement", "EVIDENCED_BY", status="verified"),
         record("requirement", status="verified")),
        ("requirement-assurance", record("requirement", is_safety_related=True, assurance_level="a"),
         record("requirement", is_safety_related=True)),
        ("part-life-limit", record("part", is_life_limited=True, life_limit_fc=100),
         record("part", is_life_limited=True)),
        ("part-life-limited", record("part", life_limit_fc=100),
         record("part", is_life_limited=False, life_limit_fc=100)),
        ("revision-letters", record("part", revision="AB"), record("part", revision="AO")),
        ("serial-part", record("serial", "INSTANCE_OF"), record("serial")),
        ("made-by-now", record("serial", manufactured_on="2025-01-01"),
         record("serial", manufactured_on="2027-01-01")),
        ("made-before-installed",
         record("serial", linked={"INSTALLED_IN": (at(),)}, manufactured_on="2026-01-01"),
         record("serial", linked={"INSTALLED_IN": (at(),)}, manufactured_on="2026-01-02")),
        ("flown-before-delivered",
         record("aircraft", first_flight_on="2025-01-01", delivered_on="2025-01-01"),
         record("aircraft", first_flight_on="2025-01-02", delivered_on="2025-01-01")),
        ("supplier-approval", record("supplier", status="suspended", expires_on="2025-01-01"),
         record("supplier", status="approved", expires_on="2025-01-01")),
        ("directive-subject", record("directive", "APPLIES_TO", status="in_force"),
         record("directive", status="in_force")),
        ("workorder-release", record("workorder", status="open"), record("workorder", status="closed")),
        ("tool-calibration", record("tool"), record("tool", interval_days=365)),
    ],
)  # fmt: skip
def test_a_rule_finds_what_is_wrong_and_lets_pass_what_is_right(
    name: str, good: Record, bad: Record
) -> None:
    assert found(name, good) == []
    assert [value for _, value in found(name, bad)] == [None]


@pytest.mark.parametrize(
    ("name", "looked_at", "proposed"),
    [
        ("plain-code", record("part", number="P\u2013100"), [("number", "P-100")]),
        ("plain-line", record("part", name="Valve,  left"), [("name", "Valve, left")]),
        ("capitals", record("aircraft", registration="d-abcd"), [("registration", "D-ABCD")]),
        ("maker-of-cage", record("serial", cage="0AB12", makers={"0AB12": (at(name="Cryo"),)}),
         [("manufacturer", "Cryo")]),
        ("maker-of-cage", record("serial", cage="0AB12", makers={"0AB12": (at(name="A"), at(name="B"))}),
         []),
        ("maker-of-cage", record("serial", cage="0AB12", manufacturer="X",
                                 makers={"0AB12": (at(name="Cryo"),)}), []),
        ("ata-of-design", record("part", linked={"REALISES": (at(ata_chapter="28"), at())}),
         [("ata_chapter", "28")]),
        ("ata-of-design", record("part", linked={"REALISES": (at(ata_chapter="28"), at(ata_chapter="29"))}),
         []),
    ],
)  # fmt: skip
def test_a_rule_proposes_only_what_is_certain(
    name: str, looked_at: Record, proposed: list[tuple[str, str]]
) -> None:
    assert found(name, looked_at) == proposed


def test_what_was_merged_and_is_stated_again_is_found() -> None:
    merged = record("part")
    again = Record(**{n: getattr(merged, n) for n in Record.__slots__} | {"merged_into": DESIGN})

    assert found("stated-after-merge", merged) == []
    assert found("stated-after-merge", again) == [(None, None)]
    assert date(2026, 1, 1) == again.day
