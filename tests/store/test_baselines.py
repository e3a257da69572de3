"""Baselines: frozen once, the same for ever, compared by what differs, and found out when altered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.flows.baseline import Created, Request, TakenError, create_baseline
from graph.flows.submit import ForbiddenError, Principal
from graph.model.governance import BaselineCategory, BaselineRule
from graph.model.identifier import Utcs
from graph.model.outcome import Status
from graph.model.scope import RULES
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store import members
from graph.store.apply import apply
from graph.store.baselines import get_baseline, list_baselines
from graph.store.compare_baselines import Comparison, MemberChange, compare_baselines
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.export_baseline import NotVerifiedError, export_baseline
from graph.store.verify_baseline import Verification, verify_baseline
from tests.store.conftest import empty
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import day, event

EDITOR = Principal.of("emma", "editor")
AIRCRAFT = id_of("serial-ac")
LEG, BRAKE, OTHER = id_of("serial-leg"), id_of("serial-brake"), id_of("serial-other")
ONE, TWO = (Utcs("TEST", "baseline", name) for name in ("B-1", "B-2"))


def unit(name: str, **properties: Any) -> dict[str, Any]:
    return thing(name, serial_number=name, **properties)


async def aircraft(graph: Graph) -> None:
    """An aircraft with a leg, in which there is a brake with software; on day 10 the brake is replaced."""
    await tell(
        graph,
        event(
            *(unit(name) for name in ("serial-ac", "serial-leg", "serial-brake", "serial-other")),
            thing("software-1"),
            thing("part-brake"),
            thing("person-1", pseudonym="person-1"),
            link("serial-brake", "INSTANCE_OF", "part-brake"),
            link("serial-brake", "LOADED_WITH", "software-1"),
            link("serial-ac", "CONTAINS", "serial-leg", "LEG", total_fh="0.5"),
            link("serial-leg", "CONTAINS", "serial-brake", "BRAKE"),
            on=0,
        ),
        event(
            unlink("serial-leg", "CONTAINS", "serial-brake", "BRAKE"),
            link("serial-leg", "CONTAINS", "serial-other", "BRAKE"),
            on=10,
        ),
    )


def asked(utcs: Utcs = ONE, on: float = 5, **more: Any) -> Request:
    given: dict[str, Any] = {
        "rule": BaselineRule.CONFIGURATION,
        "root": AIRCRAFT,
        "at": as_of(on),
    } | more
    return Request(utcs, **given)


def listing(*things: Utcs) -> Request:
    return asked(rule=BaselineRule.LISTED, root=None, things=things)


async def freeze(graph: Graph, utcs: Utcs = ONE, on: float = 5, **more: Any) -> Created:
    made = await create_baseline(graph, EDITOR, asked(utcs, on, **more))
    assert made.outcome is None or made.outcome.status is Status.APPLIED, made.outcome
    return made


def told(answer: Comparison) -> set[tuple[str, str]]:
    return {(one.sort.value, one.utcs.local) for one in answer.changes}


async def alter(graph: Graph, statement: str, **values: Any) -> None:
    async with graph.transaction() as tx:
        await tx.run(statement, **values)


async def test_a_baseline_freezes_everything_in_an_aircraft_with_its_software(graph: Graph) -> None:
    await aircraft(graph)

    made = await freeze(
        graph, name="As built", category=BaselineCategory.AS_BUILT,
        signed_by={"approved": id_of("person-1")},
    )  # fmt: skip

    frozen = made.baseline
    assert frozen is not None
    assert (frozen.said.name, frozen.said.category, frozen.said.members) == (
        "As built",
        "as_built",
        4,
    )
    assert (frozen.root, frozen.said.as_of) == (AIRCRAFT, parse_utc(day(5)))
    assert str(AIRCRAFT) in (frozen.said.scope or "")
    assert [(one.person, one.role) for one in frozen.signatures] == [
        (id_of("person-1"), "approved")
    ]
    assert (await list_baselines(graph, root=AIRCRAFT)).baselines == (frozen,)
    assert (await list_baselines(graph, root=LEG)).baselines == ()
    assert (await verify_baseline(graph, ONE)).is_verified


async def test_the_same_request_is_answered_the_same_and_another_is_refused(graph: Graph) -> None:
    await aircraft(graph)
    made = await freeze(graph)

    again = await create_baseline(graph, EDITOR, asked())
    at_no_time = await create_baseline(graph, EDITOR, asked(at=Coordinates()))

    assert made.baseline == again.baseline == at_no_time.baseline
    assert again.outcome is None
    for other in (asked(on=6), asked(root=LEG), asked(name="Another"), asked(root=None, things=(LEG,),
                  rule=BaselineRule.LISTED)):  # fmt: skip
        with pytest.raises(TakenError, match="frozen already"):
            await create_baseline(graph, EDITOR, other)


async def test_whoever_comes_second_at_the_same_moment_is_refused(graph: Graph) -> None:
    """Both found no baseline; the event's id is the baseline's, so the log takes one."""
    await aircraft(graph)
    await freeze(graph)
    rows = await graph.read("MATCH (c:Change {source: 'urn:utcs:baselines'}) RETURN c.event")
    late = rows[0][0].replace('"members":4', '"members":5')

    (outcome,) = await apply(graph, [late])

    assert (outcome.status, outcome.code) == (Status.REFUSED, "identity_reused")


async def test_a_frozen_baseline_cannot_be_restated(graph: Graph) -> None:
    await aircraft(graph)
    made = await freeze(graph)
    assert made.baseline is not None
    said = made.baseline.said.model_dump(mode="json", exclude_none=True)

    restated = [
        {**said, "merkle_root": "0" * 64},
        {**said, "as_of": day(6)},
        {"name": "as if never frozen"},
    ]
    outcomes = [
        (await apply(graph, [event(thing("baseline-x") | {"utcs": str(ONE), "properties": one}, on=20)]))[0]
        for one in restated
    ]  # fmt: skip
    described = {**said, "description": "Delivered."}
    (fine,) = await apply(
        graph, [event(thing("baseline-x") | {"utcs": str(ONE), "properties": described}, on=20)]
    )

    assert {(one.status, one.code) for one in outcomes} == {(Status.REFUSED, "frozen")}
    assert fine.status is Status.APPLIED
    assert (await verify_baseline(graph, ONE)).is_verified


async def test_a_baseline_that_had_a_name_only_gets_its_root(graph: Graph) -> None:
    await aircraft(graph)
    named = thing("baseline-x", category="as_built", as_of=day(5)) | {"utcs": str(ONE)}
    await tell(
        graph, event(named, link("baseline-x", "FREEZES", "serial-ac") | {"source": str(ONE)}, on=6)
    )
    with pytest.raises(BadQuestionError, match="has a name but no Merkle root"):
        await verify_baseline(graph, ONE)

    made = await freeze(graph, at=Coordinates())

    assert made.baseline is not None
    said = made.baseline.said
    assert (said.name, said.category, said.as_of, said.members) == (
        "baseline-x", "as_built", parse_utc(day(5)), 4,
    )  # fmt: skip
    assert (await verify_baseline(graph, ONE)).is_verified


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"at": as_of(90_000)}, "as_of: .* is still to come"),
        ({"at": Coordinates(known_at=parse_utc(day(90_000)))}, "known_at: .* is still to come"),
        ({"root": id_of("part-brake")}, "cannot be the root of the rule 'configuration'"),
        ({"root": None}, "begins at one thing"),
        ({"rule": BaselineRule.LISTED}, "list 1 to 10,000 and give no root"),
        ({"rule": BaselineRule.LISTED, "root": None, "things": (LEG, LEG)}, "listed twice"),
        ({"utcs": id_of("part-1")}, "names no baseline"),
    ],
)
async def test_what_cannot_be_frozen_is_refused_with_the_rule(
    graph: Graph, change: dict[str, Any], problem: str
) -> None:
    await aircraft(graph)

    with pytest.raises(BadQuestionError, match=problem):
        await create_baseline(graph, EDITOR, asked(**change))

    assert (await list_baselines(graph)).baselines == ()


async def test_a_root_that_is_not_there_and_knowledge_that_may_move_are_refused(
    graph: Graph,
) -> None:
    await aircraft(graph)
    now = from_micros(graph.clock())

    with pytest.raises(NotFoundError, match="begins at"):
        await create_baseline(graph, EDITOR, asked(on=-5))
    with pytest.raises(NotFoundError, match="serial-none is not in the graph"):
        await create_baseline(graph, EDITOR, listing(LEG, id_of("serial-none")))
    with pytest.raises(BadQuestionError, match="nothing was recorded after"):
        await create_baseline(graph, EDITOR, asked(at=Coordinates(known_at=now)))
    with pytest.raises(ForbiddenError):
        await create_baseline(graph, Principal.of("rita", "reader"), asked())


async def test_a_scope_that_is_too_large_is_refused(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await aircraft(graph)
    monkeypatch.setattr(members, "MOST_MEMBERS", 2)

    with pytest.raises(BadQuestionError, match="has 2 members or more"):
        await create_baseline(graph, EDITOR, asked())


async def test_two_baselines_differ_in_what_was_replaced_and_where(graph: Graph) -> None:
    await aircraft(graph)
    await freeze(graph, ONE, 5)
    await freeze(graph, TWO, 15)

    answer = await compare_baselines(graph, ONE, TWO, fields=True)
    live = await compare_baselines(graph, ONE)
    back = await compare_baselines(graph, TWO, ONE)

    assert told(answer) == {
        ("removed", "serial-brake"), ("removed", "software-1"), ("added", "serial-other"),
        ("changed", "serial-leg"),
    }  # fmt: skip
    (leg,) = (one for one in answer.changes if one.sort == "changed")
    (slot,) = leg.fields
    assert slot.field == "CONTAINS [BRAKE]"
    assert (slot.before["target"], slot.after["target"]) == (str(BRAKE), str(OTHER))
    assert told(live) == told(answer)
    assert (answer.added, answer.removed, answer.changed) == (1, 2, 1)
    assert (back.added, back.removed, back.changed) == (2, 1, 1)
    assert (await compare_baselines(graph, ONE, at=as_of(5))).changes == ()
    with pytest.raises(BadQuestionError, match="shows two times of its own"):
        await compare_baselines(graph, ONE, TWO, at=as_of(5))


async def test_a_comparison_is_paged_without_gap_or_double(graph: Graph) -> None:
    await aircraft(graph)
    await freeze(graph, ONE, 5)
    await freeze(graph, TWO, 15)
    whole = await compare_baselines(graph, ONE, TWO)

    pages: list[MemberChange] = []
    after = None
    for _ in range(4):
        page = await compare_baselines(graph, ONE, TWO, first=1, page_after=after)
        pages += page.changes
        after = page.next

    assert tuple(pages) == whole.changes
    assert after is None


async def test_what_is_learned_later_changes_no_baseline_and_is_seen_by_a_comparison(
    graph: Graph,
) -> None:
    await aircraft(graph)
    await freeze(graph)

    await tell(graph, event(unit("serial-leg", condition="serviceable"), on=1))

    assert (await verify_baseline(graph, ONE)).is_verified
    answer = await compare_baselines(graph, ONE, at=as_of(5), fields=True)
    assert told(answer) == {("changed", "serial-leg")}
    assert [(f.field, f.before, f.after) for f in answer.changes[0].fields] == [
        ("condition", None, "serviceable")
    ]


@pytest.mark.parametrize(
    ("statement", "name", "problem"),
    [
        ("SET v.serial_number = 'forged'", "serial-leg", "not what its hash says"),
        ("SET v.hash = '" + "ab" * 32 + "'", "serial-leg", "not what its hash says"),
        ("SET v.extra = '{\"a\": 1}', v.condition = 'no such word'", "serial-leg", "cannot be read"),
        ("SET v.valid_from = 9000000000000000", "serial-leg", "not in scope any more"),
    ],
)  # fmt: skip
async def test_a_record_that_is_altered_in_the_store_is_found_and_named(
    graph: Graph, statement: str, name: str, problem: str
) -> None:
    await aircraft(graph)
    await freeze(graph)

    match = "MATCH (:Anchor {utcs: $utcs})-[:VERSION]->(v) "
    await alter(graph, match + statement, utcs=str(id_of(name)))

    found = await verify_baseline(graph, ONE)
    assert not found.is_verified
    assert [(one.utcs, problem in one.problem) for one in found.faults] == [(id_of(name), True)]


async def test_a_link_that_is_altered_in_the_store_is_found(graph: Graph) -> None:
    await aircraft(graph)
    await freeze(graph)

    await alter(graph, "MATCH (:Serial)-[c:CONTAINS {slot: 'LEG'}]->() SET c.total_fh = 1.5")

    found = await verify_baseline(graph, ONE)
    assert [(one.utcs, one.problem) for one in found.faults] == [
        (AIRCRAFT, "its links are not those that were frozen")
    ]
    with pytest.raises(NotVerifiedError, match="verify"):
        await lines(graph)


async def test_a_baseline_or_a_tree_that_is_altered_in_the_store_is_found(graph: Graph) -> None:
    await aircraft(graph)
    await freeze(graph)
    await alter(graph, "MATCH (t:TreeNode) SET t.members = tail(t.members)")
    tree = await verify_baseline(graph, ONE)
    await alter(graph, "MATCH (t:TreeNode) DETACH DELETE t")
    gone = await verify_baseline(graph, ONE)

    await alter(graph, "MATCH (b:Baseline) SET b.members = 5")
    statement = await verify_baseline(graph, ONE)

    assert _problem(tree, "was altered: what it holds has another hash")
    assert _problem(gone, "is not in the graph")
    assert _problem(statement, "itself was altered")
    assert _problem(statement, "5 are stated, 4 come out")


def _problem(found: Verification, sentence: str) -> bool:
    return not found.is_verified and any(sentence in problem for problem in found.problems)


async def lines(graph: Graph, utcs: Utcs = ONE) -> bytes:
    return b"".join([part async for part in export_baseline(graph, utcs)])


async def test_things_can_be_listed_one_by_one(graph: Graph) -> None:
    await aircraft(graph)

    made = await freeze(graph, rule=BaselineRule.LISTED, root=None, things=(LEG, BRAKE))

    assert made.baseline is not None
    assert (made.baseline.root, made.baseline.said.members) == (None, 2)
    assert (await verify_baseline(graph, ONE)).is_verified
    assert (await compare_baselines(graph, ONE)).changes == ()
    again = await create_baseline(graph, EDITOR, listing(BRAKE, LEG))
    assert again.outcome is None


async def test_each_rule_leads_to_what_its_sentence_says(graph: Graph) -> None:
    await tell(
        graph,
        event(
            *map(thing, ("part-1", "part-2", "design-1", "requirement-1", "requirement-2", "document-1")),
            unit("serial-1"),
            link("part-1", "HAS_COMPONENT", "part-2", "010", quantity="2"),
            link("part-2", "REALISES", "design-1"),
            link("design-1", "SATISFIES", "requirement-2"),
            link("requirement-2", "DERIVES_FROM", "requirement-1"),
            link("requirement-1", "SPECIFIED_IN", "document-1"),
            link("serial-1", "INSTANCE_OF", "part-2"),
        ),
    )  # fmt: skip
    cases = {
        ("design", "part-1"): {"part-1", "part-2", "design-1"},
        ("requirements", "document-1"): {"document-1", "requirement-1", "requirement-2"},
        ("trace", "serial-1"): {"serial-1", "part-2", "design-1", "requirement-2", "requirement-1"},
    }
    for number, ((rule, root), wanted) in enumerate(cases.items()):
        utcs = Utcs("TEST", "baseline", f"R-{number}")
        await freeze(graph, utcs, rule=BaselineRule(rule), root=id_of(root))

        found = (await lines(graph, utcs)).decode().splitlines()[1:]

        assert {name for name in wanted if any(f':{name}"' in one for one in found)} == wanted
        assert len(found) == len(wanted)


def test_the_rules_of_this_release_are_those_of_every_release() -> None:
    """A rule that changed would lead from old roots to other members: add a new one instead."""
    assert {
        rule.rule.value: (sorted(rule.roots), rule.follows, rule.against, rule.ends, rule.holds)
        for rule in RULES.values()
    } == {
        "configuration": (["serial"], ("CONTAINS",), False, ("LOADED_WITH",), ("INSTANCE_OF",)),
        "design": (["part"], ("HAS_COMPONENT",), False, ("REALISES",), ()),
        "requirements": (
            ["document", "requirement"], ("DERIVES_FROM", "PLACED_UNDER", "SPECIFIED_IN"), True, (), (),
        ),
        "trace": (
            ["design", "document", "modelversion", "part", "requirement", "serial", "software"],
            ("INSTANCE_OF", "BUILT_TO", "REALISES", "REFINES", "SATISFIES", "DERIVES_FROM"),
            False, (), (),
        ),
        "listed": ([], (), False, (), ()),
    }  # fmt: skip


async def test_equal_parts_of_two_baselines_are_kept_once(graph: Graph) -> None:
    await many(graph, 300)
    first = await freeze(graph, ONE)
    await tell(graph, event(unit("serial-7", condition="serviceable"), on=1))

    second = await freeze(graph, TWO)
    third = await freeze(graph, Utcs("TEST", "baseline", "B-3"))

    assert first.nodes > 10
    assert second.nodes == 2
    assert third.nodes == 0


async def many(graph: Graph, size: int) -> None:
    names = [f"serial-{number}" for number in range(size)]
    held = [link("serial-0", "CONTAINS", name, name) for name in names[1:]]
    await tell(graph, event(*map(unit, names), *held), event(unit("serial-ac"), on=0))
    await tell(graph, event(link("serial-ac", "CONTAINS", "serial-0", "ALL")))


@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
async def test_comparing_two_days_tells_what_a_reference_in_memory_tells(
    graph: Graph, data: st.DataObject
) -> None:
    """A reference that knows slots only: which unit is in the aircraft, and what was said of it last."""
    await empty(graph)
    units = [f"serial-{number}" for number in range(6)]
    await tell(graph, event(unit("serial-ac"), *map(unit, units)))
    inside: dict[str, str] = {}
    said = dict.fromkeys(units, "")
    states = [({**inside}, {**said})]
    for on in range(1, data.draw(st.integers(1, 6)) + 1):
        name = data.draw(st.sampled_from(units))
        if data.draw(st.booleans()):
            said[name] = str(on)
            facts = [unit(name, mod_status=str(on))]
        elif name in inside:
            facts = [unlink("serial-ac", "CONTAINS", name, inside.pop(name))]
        else:
            inside[name] = f"S{on}"
            facts = [link("serial-ac", "CONTAINS", name, inside[name])]
        await tell(graph, event(*facts, on=on))
        states.append(({**inside}, {**said}))
    one, other = sorted(
        data.draw(st.lists(st.integers(0, len(states) - 1), min_size=2, max_size=2))
    )
    await freeze(graph, ONE, one + 0.5)
    await freeze(graph, TWO, other + 0.5)

    answer = await compare_baselines(graph, ONE, TWO)

    (before, said_before), (after, said_after) = states[one], states[other]
    wanted = {("added", name) for name in after.keys() - before.keys()}
    wanted |= {("removed", name) for name in before.keys() - after.keys()}
    both = before.keys() & after.keys()
    wanted |= {("changed", name) for name in both if said_before[name] != said_after[name]}
    wanted |= {("changed", "serial-ac")} if before != after else set()
    assert told(answer) == wanted
    for utcs in (ONE, TWO):
        assert (await verify_baseline(graph, utcs)).is_verified


async def test_a_baseline_is_there_from_the_day_it_shows(graph: Graph) -> None:
    await aircraft(graph)
    await freeze(graph)

    shown = await get_baseline(graph, ONE, at=as_of(6))

    assert shown.is_sealed
    with pytest.raises(NotFoundError):
        await get_baseline(graph, ONE, at=as_of(4))
    before = Coordinates(known_at=shown.node.recorded_at - timedelta(microseconds=1))
    with pytest.raises(NotFoundError):
        await get_baseline(graph, ONE, at=before)
    with pytest.raises(BadQuestionError, match="is no baseline"):
        await get_baseline(graph, LEG)
