"""The table of rules about maintenance records, and what each finds in a record made for it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.quality_rule import Linked, Record
from graph.model.record_rule import Profile, RecordRule
from graph.model.record_rules import RECORD_KINDS, RECORD_RULES, record_rules_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LINKS = {name for link in ontology.link_types().values() for name in (link.name, link.inverse)}
DONE: dict[str, Any] = {
    "number": "WO-1",
    "status": "released",
    "work_performed": "Replaced.",
    "ended_at": NOW,
    "references": ("AMM rev 14",),
    "required_signoffs": ("performed", "certified"),
}
CRS: dict[str, Any] = {
    "form": "crs",
    "number": "CRS-1",
    "status": "valid",
    "issued_at": NOW,
    "approval_number": "DE.145.1",
    "statement": "Certifies.",
}


def linked(kind: str, said: Any = None, **carried: Any) -> Linked:
    return Linked(Utcs("TEST", kind, "1"), NOW, said or {}, carried)


PERFORMED = linked("person", slot="performed", authorisation="L-1")
CERTIFIED = linked("person", slot="certified", authorisation="L-1")
VALID = linked("release", {"status": "valid"})
LICENCE = linked("qualification", {"category": "licence"})
METHOD: dict[str, Any] = {"method": "Part 2", "reference": "WO-1"}
PART = linked("part", {"is_life_limited": True, "life_limit_fh": 900.0})


def record(kind: str, said: Any, *has: str, **links: Any) -> Record:
    thing = ontology.get_kind(kind).model_validate({"name": "a"} | said)
    followed = {reads for one in RECORD_RULES for reads in one.rule.check.follows}
    named = {name.replace("_then_", ">"): found for name, found in links.items()}
    return Record(
        utcs=Utcs("TEST", kind, "1"), thing=thing, version=1, since=NOW, source="urn:test", rank=50,
        day=NOW.date(), has=frozenset(has), linked=dict.fromkeys(followed, ()) | named,
    )  # fmt: skip


def order(*has: str, **said: Any) -> Record:
    links = {"SIGNED_BY": (PERFORMED,), "RELEASED_BY": (VALID,)}
    links |= {name: said.pop(name) for name in list(said) if name.isupper()}
    return record("workorder", DONE | said, *(has or ("WORKS_ON",)), **links)


def release(*has: str, **said: Any) -> Record:
    links: dict[str, Any] = {
        "SIGNED_BY": (CERTIFIED,),
        "SIGNED_BY_then_QUALIFIED_BY": (LICENCE,),
    }
    links |= {name: said.pop(name) for name in list(said) if name.startswith("SIGNED")}
    return record("release", CRS | said, *(has or ("RELEASES",)), **links)


def aircraft(*complied: Linked, **links: Any) -> Record:
    counted = (linked("usage", {"total_fh": 9.0}),)
    named = {"COMPLIES_WITH": complied, "COUNTED_BY": counted} | links
    return record("aircraft", {"delivered_on": "2025-01-01"}, **named)


def unit(*has: str, **said: Any) -> Record:
    links: dict[str, Any] = {
        "INSTANCE_OF": (PART,),
        "COUNTED_BY": (linked("usage", {"total_fh": 9.0}),),
    }
    links |= {name: said.pop(name) for name in list(said) if name.isupper()}
    given = {"serial_number": "1", "manufactured_on": "2025-01-01"} | said
    return record("serial", given, *(has or ("CERTIFIED_BY",)), **links)


def directive(**carried: Any) -> Linked:
    said = {"is_recurring": True, "revision": "A"} | carried.pop("said", {})
    return linked("directive", said, **(METHOD | {"next_due_fh": 900.0} | carried))


WHOLE = (order(), release(), aircraft(directive()), unit())
LACKING: list[tuple[str, Record]] = [
    ("work-described", order(work_performed=None, references=())),
    ("work-detailed", order(work_performed=None)),
    ("work-completed", order(ended_at=None)),
    ("work-performer", order(SIGNED_BY=())),
    ("work-released", order(RELEASED_BY=())),
    ("work-released", order(RELEASED_BY=(linked("release", {"status": "revoked"}),))),
    ("work-data", order(references=())),
    ("work-signoffs", order(required_signoffs=("performed", "inspected"))),
    ("work-unit", order("EXECUTES")),
    ("release-signed", release(SIGNED_BY=())),
    ("release-authorised", release(SIGNED_BY=(linked("person", slot="certified"),))),
    ("release-kind", release(SIGNED_BY_then_QUALIFIED_BY=())),
    ("release-dated", release(issued_at=None)),
    ("release-organisation", release(approval_number=None)),
    ("release-numbered", release(number=None)),
    ("release-work", release("CERTIFIES")),
    ("release-statement", release(statement=None)),
    ("aircraft-time", aircraft(COUNTED_BY=(linked("usage", {"total_fc": 9.0}),))),
    ("directive-status", aircraft(directive(method=None))),
    ("directive-status", aircraft(directive(next_due_fh=None))),
    ("directive-revision", aircraft(directive(said={"revision": None}))),
    ("directive-work", aircraft(directive(reference=None))),
    ("life-status", unit(COUNTED_BY=())),
    ("life-status", unit(INSTANCE_OF=(linked("part", {"is_life_limited": True}),))),
    ("life-origin", unit(manufactured_on=None)),
    ("unit-certified", unit("INSTANCE_OF")),
    ("finding-rectified", record("finding", {"status": "closed"})),
    ("deferral-limited", record("deferral", {"status": "open"})),
]


def found(looked_at: Record) -> set[str]:
    rules = (one.rule for one in RECORD_RULES if looked_at.utcs.kind in one.rule.kinds)
    return {rule.name for rule in rules if rule.find(looked_at)}


def test_no_name_stands_twice_and_each_is_words() -> None:
    names = [one.rule.name for one in RECORD_RULES]

    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


@pytest.mark.parametrize("one", RECORD_RULES, ids=lambda one: one.rule.name)
def test_a_rule_names_kinds_links_and_clauses_that_there_are(one: RecordRule) -> None:
    reads = {name for read in one.rule.check.follows for name in read.split(">")}

    assert one.rule.kinds <= set(ontology.kinds())
    assert one.rule.check.asks | reads <= LINKS
    assert one.rule.doc.endswith(".")
    assert one.clauses


def test_what_the_law_demands_is_cited_from_its_own_book() -> None:
    for one in RECORD_RULES:
        assert one.clauses.get(Profile.FAA, "14 CFR").startswith("14 CFR")
        assert re.match(r"145\.A\.|M\.A\.", one.clauses.get(Profile.EASA, "M.A."))
        assert "CFR" not in one.clauses.get(Profile.CONTRACT, "")


@pytest.mark.parametrize("whole", WHOLE, ids=lambda record: record.utcs.kind)
def test_a_record_that_says_all_misses_nothing(whole: Record) -> None:
    assert found(whole) == set()


@pytest.mark.parametrize(("name", "lacking"), LACKING, ids=[name for name, _ in LACKING])
def test_a_rule_finds_what_is_missing(name: str, lacking: Record) -> None:
    assert name in found(lacking)


def test_every_rule_is_tried() -> None:
    assert {name for name, _ in LACKING} == {one.rule.name for one in RECORD_RULES}


def test_work_that_is_not_finished_and_certificates_of_production_are_let_be() -> None:
    assert found(order("EXECUTES", status="in_work", work_performed=None)) == set()
    assert found(release(form="easa_form_1", work="new", SIGNED_BY=())) == set()
    assert found(release(status="revoked", SIGNED_BY=())) == set()


def test_a_one_off_directive_and_one_that_is_terminated_need_no_next_time() -> None:
    one_off = directive(next_due_fh=None, said={"is_recurring": False})
    ended = directive(next_due_fh=None, is_terminating=True)

    assert found(aircraft(one_off, ended)) == set()


def test_each_profile_demands_its_own() -> None:
    names = {
        profile: {one.rule.name for one in record_rules_of("workorder", profile)}
        for profile in Profile
    }

    assert "work-performer" in names[Profile.FAA] - names[Profile.EASA] - names[Profile.CONTRACT]
    assert "work-signoffs" in names[Profile.CONTRACT] - names[Profile.FAA] - names[Profile.EASA]
    assert {k for p in Profile for k in RECORD_KINDS if record_rules_of(k, p)} == set(RECORD_KINDS)
