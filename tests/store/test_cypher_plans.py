"""Neo4j takes every statement, and answers questions from indexes and counts, not by looking at all."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import cypher
from graph.model.applicability import leaves, parse
from graph.model.ontology import link_types
from graph.model.record_rules import RECORD_RULES
from graph.model.scope import RULES
from graph.model.time import FAR, Coordinates, from_micros
from graph.model.trace_aspect import Aspect
from graph.model.trace_rules import get_trace_rule
from graph.store import bases, bills, change_impact, reconcile
from graph.store.accomplishments import orders_text, units_text
from graph.store.accrual import accrual_texts
from graph.store.applicability import subjects_text
from graph.store.attachment import attachment_text, position_text
from graph.store.availability import standing_text
from graph.store.baselines import baselines_text
from graph.store.campaign import change_text
from graph.store.certificates import papers_text
from graph.store.change_record import dossier_text
from graph.store.compile import compile_question
from graph.store.configuration import configuration_text
from graph.store.database import Graph
from graph.store.demands import demands_text
from graph.store.discrepancies import discrepancies_text
from graph.store.doubts import doubts_text
from graph.store.due_record import units_text as due_units_text
from graph.store.effectivity import rules_text
from graph.store.executions import orders_text as executions_text
from graph.store.gaps import untraced_text
from graph.store.health_alerts import health_text
from graph.store.history import history_text
from graph.store.installed import installed_text
from graph.store.labour import hours_text, roster_text
from graph.store.leaf_facts import facts_text, named_text
from graph.store.life import life_text
from graph.store.loading import planned_text
from graph.store.maintenance_history import maintenance_history_text
from graph.store.matrix import Question, page_text, totals_text
from graph.store.members import members_text, scope_text
from graph.store.moment import Moment
from graph.store.neighbours import neighbours_text
from graph.store.passport import passport_text
from graph.store.paths import paths_text
from graph.store.places import places_text
from graph.store.programme import aboard_text, parts_text, positions_text, programme_text
from graph.store.reach import checked, reach_text
from graph.store.record_lint import lint_text
from graph.store.resolve import resolve_text
from graph.store.reviews import reviews_text
from graph.store.rotation import flights_text
from graph.store.search import search_text
from graph.store.selection import After, Era, Kinds, Page, Property, Root, Value
from graph.store.show import show_text
from graph.store.standings import signer_text, standings_text
from graph.store.status import accounting_text
from graph.store.stock import received_text, stock_text
from graph.store.suspects import suspects_text
from graph.store.suspicion import SUSPECTABLE, mark_text
from graph.store.thread import thread_text
from graph.store.tool import tools_text
from graph.store.used_parts import used_text
from graph.store.work import work_text
from graph.store.work_effectiveness import alerts_text
from graph.store.work_finding import finding_text
from graph.store.work_order import hand_text, list_text, order_text
from tests.store.linking import as_of, id_of

ROOT = Path(cypher.__file__).parent
NAMES = sorted(f.relative_to(ROOT).with_suffix("").as_posix() for f in ROOT.rglob("*.cypher"))
WHOLE = [n for n in NAMES if "// Fragment: " not in cypher.load(n) and "«" not in cypher.load(n)]
ALL = tuple(link_types())
RULE = "part P pre M and loaded S"
MATRIX = Question(
    Aspect.REQUIREMENT,
    (Aspect.DESIGN, Aspect.TEST, Aspect.MAINTENANCE),
    ("ata_chapter", "document"),
    (Aspect.TEST,),
)
MOMENTS = {
    "now": Coordinates(),
    "later": as_of(9000),
    "past": as_of(1),
    "as known": Coordinates(known_at=from_micros(0)),
}


def texts(moment: Moment) -> dict[str, str]:
    """Every statement that the questions compile at a moment."""
    traversals = {
        f"{question} {depth} {counted}": reach_text(
            checked(question, id_of("part-1"), None, None, depth, 100, None), moment, counted
        )
        for question, depth, counted in product(("trace", "impact"), (2, 40), (True, False))
    }
    sides = {f"neighbours {d}": neighbours_text(moment, ALL, d) for d in ("in", "out", None)}
    others = {
        "show": show_text(moment),
        "paths": paths_text(moment, ALL, 3),
        "search": search_text(moment),
        "resolve": resolve_text(moment),
        "history": history_text(),
        "installed": installed_text(moment),
        "configuration": configuration_text(moment),
        "whereabouts": places_text(moment),
        "discrepancies": discrepancies_text(moment),
        "subjects": subjects_text(moment),
        "demands": demands_text(moment),
        "units of the fleet": units_text(moment, is_one=False),
        "units on board": units_text(moment, is_one=True),
        "orders": orders_text(moment),
        "programme": programme_text(moment),
        "programme, parts": parts_text(moment),
        "programme, on board": aboard_text(moment),
        "programme, positions": positions_text(moment),
        "programme, units": due_units_text(moment),
        "executions": executions_text(moment),
        "flights": flights_text(moment),
        "bases": bases.bases_text(moment),
        "windows reserved": bases.reserved_text(moment),
        "spares": bases.spares_text(moment),
        "held on the ground": standing_text(moment),
        "work of bases": planned_text(moment),
        "work": work_text(moment),
        "work order": order_text(moment),
        "passport": passport_text(moment),
        "alerts of a work order": alerts_text(moment),
        "health": health_text(moment),
        "certificates": papers_text(moment),
        "work orders": list_text(moment, is_of_asset=False),
        "work orders on a unit": list_text(moment, is_of_asset=True),
        "qualified person": hand_text(moment),
        "finding": finding_text(moment),
        "parts used": used_text(moment),
        "stock": stock_text(moment, is_of_part=False),
        "stock of a part": stock_text(moment, is_of_part=True),
        "receipt": received_text(moment),
        "labour": hours_text(moment),
        "roster": roster_text(moment),
        "tool": tools_text(moment, is_one=True),
        "tools": tools_text(moment, is_one=False),
        "change": change_text(moment),
        "status": accounting_text(moment),
        "maintenance history": maintenance_history_text(moment),
        "lint of a unit": lint_text(moment, RECORD_RULES, is_about=True),
        "lint of a kind": lint_text(moment, RECORD_RULES, is_about=False),
        "effectivity, rules": rules_text(moment),
        "effectivity, facts": facts_text(moment, leaves([parse(RULE)]), has_subjects=True),
        "effectivity, names": named_text(moment),
        "thread paths": thread_text(moment),
        "suspects of one": suspects_text(moment, SUSPECTABLE, is_whole=False),
        "suspects": suspects_text(moment, SUSPECTABLE, is_whole=True),
        "reviews": reviews_text(moment, SUSPECTABLE, is_whole=True),
        "reviews of one": reviews_text(moment, SUSPECTABLE, is_whole=False),
        "suspect marks": mark_text(moment),
        "doubts of a trace": doubts_text(moment, "trace", ALL, 3),
        "gaps": untraced_text(moment, get_trace_rule("task-basis").ways),
        "matrix": page_text(moment, MATRIX),
        "matrix totals": totals_text(moment, MATRIX),
        "change record": dossier_text(moment),
        "change subjects": change_impact.subjects_text(moment),
        "change touched": change_impact.touched_text(moment),
        "standings": standings_text(moment, "lifecycle/named"),
        "standings of a kind": standings_text(moment, "lifecycle/of_kind"),
        "signer": signer_text(moment),
        "life": life_text(moment),
        "baselines": baselines_text(moment),
        "reconciled unit": reconcile.subject_text(moment),
        "attachment": attachment_text(moment),
        "attachment, position": position_text(moment),
        "reconciled places": bills.units_text(moment),
        "reconciled bill": bills.bill_text(moment),
        "reconciled parts": bills.known_text(moment),
        "reconciled lines": bills.known_with_facts_text(moment, leaves([parse(RULE)])),
    } | accrual_texts(moment)
    for rule in RULES.values():
        others[f"members by {rule.rule.value}"] = members_text(rule, moment)
        if rule.follows:
            others[f"scope by {rule.rule.value}"] = scope_text(rule, moment)
    return traversals | sides | others


async def operators(graph: Graph, text: str, parameters: dict[str, Any]) -> set[str]:
    """The operators of the plan of a statement."""
    async with graph.driver.session() as session:
        result = await session.run("EXPLAIN " + text, parameters)
        plan = (await result.consume()).plan
    assert plan is not None

    def walk(node: dict[str, Any]) -> set[str]:
        children = [walk(child) for child in node.get("children", ())]
        return {node["operatorType"].partition("@")[0]}.union(*children)

    return walk(plan)


def sample(text: str) -> dict[str, Any]:
    """Some value for each parameter."""
    values = {"limit": 1, "first": 1, "most": 1, "depth": 1, "world": 0, "knowledge": FAR - 1}
    return {name: values.get(name) for name in re.findall(r"\$([a-z_]+)", text)}


@pytest.mark.parametrize("name", WHOLE)
async def test_neo4j_takes_every_statement(graph: Graph, name: str) -> None:
    text = cypher.load(name)

    await operators(graph, text, sample(text))


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
async def test_no_question_but_counting_in_the_past_looks_at_everything(
    graph: Graph, moment: str
) -> None:
    for question, text in texts(Moment.of(graph, MOMENTS[moment])).items():
        found = await operators(graph, text, sample(text))

        assert "AllNodesScan" not in found, question
        assert "CartesianProduct" not in found, question
        if not question.startswith("group by"):
            assert "NodeByLabelScan" not in found, question


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
async def test_what_is_reached_is_visited_once_and_read_no_further_than_the_page(
    graph: Graph, moment: str
) -> None:
    at = Moment.of(graph, MOMENTS[moment])
    for question, text in texts(at).items():
        if question.startswith(("trace", "impact")):
            found = await operators(graph, text, sample(text))

            assert "VarLengthExpand(Pruning,BFS,All)" in found, question
            assert "PartialSort" in found or "PartialTop" in found, question


@pytest.mark.parametrize("after", [None, After((), Value(0))])
@pytest.mark.parametrize(
    ("kinds", "read_by"),
    [((), {"NodeIndexScan", "NodeUniqueIndexSeekByRange"}), (("part",), {"NodeIndexSeek"})],
)
async def test_a_page_in_the_order_of_ids_is_read_off_an_index(
    graph: Graph, kinds: tuple[str, ...], read_by: set[str], after: After | None
) -> None:
    page = Page(Kinds(kinds), (Property("name"),), after=after, limit=Value(1))

    text = compile_question((Root(page, Era.NOW, Value(2), Value(3)),))

    found = await operators(graph, text, {"p0": "utcs:A:part:1", "p1": 1, "now": 0})
    assert found & read_by
    assert not found & {"Sort", "PartialSort", "Top", "PartialTop", "NodeByLabelScan"}


@pytest.mark.parametrize("name", ["list", "count", "group", "show", "claim", "settle"])
async def test_dead_letters_are_found_by_an_index(graph: Graph, name: str) -> None:
    text = cypher.load(f"letter/{name}")

    found = await operators(graph, text, sample(text))

    assert any(one.startswith("NodeIndexSeek") or "UniqueIndexSeek" in one for one in found), found
    assert "NodeByLabelScan" not in found
