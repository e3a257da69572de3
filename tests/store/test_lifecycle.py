"""Steps of changes: legal ones pass, all others are refused with the rule, and nothing is written."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.flows.lifecycle import LifecycleError, advance, sign
from graph.flows.submit import ForbiddenError, Principal
from graph.model.outcome import Reason, Status
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.lifecycle_audit import audit_kind, audit_lifecycle
from graph.store.neighbours import neighbours
from graph.store.show import show
from tests.store.changing import (
    ADMIN,
    approved,
    authorised,
    decided,
    ordered,
    person,
    requested,
    staff,
    stated,
    step,
)
from tests.store.linking import id_of, link, tell, thing
from tests.store.saying import event


async def state_of(graph: Graph, name: str) -> str:
    shown = await show(graph, id_of(name))
    return str(shown.node.properties.model_dump()["status"])


async def head(graph: Graph) -> int:
    return int((await graph.read("MATCH (l:Log {name: 'changes'}) RETURN l.seq"))[0][0])


async def signers(graph: Graph, name: str) -> dict[str | None, str]:
    near = await neighbours(graph, id_of(name), links=["SIGNED_BY"])
    return {one.slot: one.utcs.local.removeprefix("person-") for one in near.links}


async def test_a_minor_change_goes_from_request_to_verified_order(graph: Graph) -> None:
    await staff(graph)
    await decided(graph, "ecr-1")
    await ordered(graph, "eco-1", "ecr-1")

    await approved(graph, "eco-1", "approved", "dora")
    await step(graph, "eco-1", "release", "cleo")
    await step(graph, "eco-1", "start", "ann")
    await step(graph, "eco-1", "implement", "ann")
    await step(graph, "eco-1", "verify", "dora")

    assert (await state_of(graph, "ecr-1"), await state_of(graph, "eco-1")) == (
        "approved", "verified",
    )  # fmt: skip
    assert await signers(graph, "ecr-1") == {
        "raised": "ann", "submitted": "ann", "reviewed": "cleo", "board": "bo",
    }  # fmt: skip
    assert await signers(graph, "eco-1") == {
        "raised": "ann", "approved": "dora", "released": "cleo", "started": "ann",
        "implemented": "ann", "verified": "dora",
    }  # fmt: skip
    order = (await show(graph, id_of("eco-1"))).node.properties.model_dump()
    assert order["change_class"] == "minor"
    assert order["issued_on"] == order["verified_on"] is not None


async def refusal(graph: Graph, *args: Any, **more: Any) -> tuple[str, ...]:
    """The rules that refuse a step; it writes nothing."""
    before = await head(graph)
    with pytest.raises(LifecycleError) as caught:
        await step(graph, *args, **more)
    assert await head(graph) == before
    return caught.value.rules


async def test_a_step_from_the_wrong_state_is_refused_with_what_is_allowed(graph: Graph) -> None:
    await staff(graph)
    await requested(graph, "ecr-1")

    rules = await refusal(graph, "ecr-1", "approve", "bo", decision="Yes.")

    assert rules == ("ecr.approve/state",)
    with pytest.raises(
        LifecycleError, match=r"approve leaves in_review .from draft: submit, withdraw"
    ):
        await step(graph, "ecr-1", "approve", "bo", decision="Yes.")


async def test_a_decision_without_its_reason_is_refused(graph: Graph) -> None:
    await staff(graph)
    await requested(graph, "ecr-1")
    await step(graph, "ecr-1", "submit", "ann")
    await step(graph, "ecr-1", "review", "cleo")

    assert await refusal(graph, "ecr-1", "approve", "bo") == ("ecr.approve/needs",)
    assert await refusal(graph, "ecr-1", "withdraw", "cleo") == ("ecr.withdraw/reason",)
    with pytest.raises(LifecycleError, match="2999-01-01 is still to come"):
        await step(graph, "ecr-1", "approve", "bo", decision="Yes.", decided_on="2999-01-01")


async def test_the_wrong_role_the_wrong_paper_and_the_absent_cannot_decide(graph: Graph) -> None:
    await staff(graph)
    await tell(
        graph,
        event(
            stated("late", "change board"), *authorised("late", "CCB", expires_on="2024-12-31"),
            stated("out", "change board"), *authorised("out", "CCB", status="revoked"),
            stated("early", "change board"), *authorised("early", "CCB", issued_on="2999-01-01"),
            stated("bare", "change board"), *authorised("bare", "DA"),
            stated("rated", "change board"), *authorised("rated", "CCB", category="licence"),
            stated("gone", "change board", status="left"), *authorised("gone", "CCB"),
            stated("paper", "design engineer"), *authorised("paper", "CCB"),
        ),
    )  # fmt: skip
    await requested(graph, "ecr-1")
    await step(graph, "ecr-1", "submit", "ann")
    await step(graph, "ecr-1", "review", "cleo")

    for name, why in {
        "late": "expired on 2024-12-31", "out": "is revoked", "early": "holds from 2999-01-01",
        "bare": "no authorisation of grade CCB", "rated": "no authorisation of grade CCB",
        "gone": "is left, not active", "paper": "has not the role 'change board'",
        "dora": "has not the role 'change board'",
    }.items():  # fmt: skip
        with pytest.raises(LifecycleError, match=why) as caught:
            await step(graph, "ecr-1", "approve", name, decision="Yes.")
        assert caught.value.rules == ("ecr.approve/right",)
    assert await state_of(graph, "ecr-1") == "in_review"


async def test_a_signer_who_is_not_known_is_not_found(graph: Graph) -> None:
    await staff(graph)
    await requested(graph, "ecr-1")

    with pytest.raises(NotFoundError, match="person-nobody"):
        await step(graph, "ecr-1", "submit", "nobody")
    with pytest.raises(BadQuestionError, match="name a person"):
        await advance(graph, ADMIN, id_of("ecr-1"), "submit", signer=id_of("ecr-1"))


async def test_one_signs_for_oneself_unless_an_admin_passes_it_on(graph: Graph) -> None:
    await staff(graph)
    await requested(graph, "ecr-1")
    ann, ben = (Principal.of(f"person-{name}", "editor") for name in ("ann", "ben"))
    reader = Principal.of("person-ann", "reader")

    with pytest.raises(ForbiddenError, match="one signs for oneself"):
        await advance(graph, ben, id_of("ecr-1"), "submit", signer=person("ann"))
    with pytest.raises(ForbiddenError, match="lacks the role 'editor'"):
        await advance(graph, reader, id_of("ecr-1"), "submit", signer=person("ann"))
    moved = await advance(graph, ann, id_of("ecr-1"), "submit", signer=person("ann"))

    rows = await graph.read(
        "MATCH (c:Change {seq: $seq}) RETURN c.actor", {"seq": moved.outcome.seq}
    )
    assert rows == [["person-ann"]]


async def test_who_proposes_does_not_approve(graph: Graph) -> None:
    await staff(graph)
    await tell(graph, event(stated("ann", "change board", "design assurance"),
                            *authorised("ann", "CCB"), *authorised("ann", "DA"), on=1))  # fmt: skip
    await requested(graph, "ecr-1")
    await step(graph, "ecr-1", "submit", "ben")
    await step(graph, "ecr-1", "review", "cleo")

    assert await refusal(graph, "ecr-1", "approve", "ann", decision="Mine.") == (
        "ecr.approve/apart",
    )
    await step(graph, "ecr-1", "approve", "bo", decision="Yes.")
    await ordered(graph, "eco-1", "ecr-1")
    with pytest.raises(LifecycleError, match="signed as 'raised'; another person"):
        await approved(graph, "eco-1", "approved", "ann")


async def test_a_major_change_needs_board_airworthiness_and_the_approval_of_the_authority(
    graph: Graph,
) -> None:
    await staff(graph)
    await tell(graph, event(stated("otto", "airworthiness office", "change board"),
                            *authorised("otto", "CCB"), on=1))  # fmt: skip
    await decided(graph, "ecr-1", "major")
    await ordered(graph, "eco-1", "ecr-1")

    assert await refusal(graph, "eco-1", "release", "cleo") == (
        "eco.release/needs", "eco.release/approval",
    )  # fmt: skip
    with pytest.raises(LifecycleError, match="'approved' is not asked for"):
        await approved(graph, "eco-1", "approved", "dora")
    await approved(graph, "eco-1", "airworthiness", "otto")
    with pytest.raises(LifecycleError, match="two people have to approve"):
        await approved(graph, "eco-1", "board", "otto")
    with pytest.raises(LifecycleError, match="has signed as 'airworthiness' already"):
        await approved(graph, "eco-1", "airworthiness", "otto")
    await approved(graph, "eco-1", "board", "bo")
    assert await refusal(graph, "eco-1", "release", "cleo") == ("eco.release/needs",)
    await step(graph, "eco-1", "release", "cleo", approval_reference="EASA 10087654")

    assert await state_of(graph, "eco-1") == "released"


async def test_an_approval_of_what_was_changed_since_does_not_count(graph: Graph) -> None:
    await staff(graph)
    await decided(graph, "ecr-1")
    await ordered(graph, "eco-1", "ecr-1")
    await approved(graph, "eco-1", "approved", "dora")
    said = (await show(graph, id_of("eco-1"))).node.properties.model_dump(
        mode="json", exclude_none=True
    )
    now = (await show(graph, id_of("eco-1"))).node.valid_from
    changed = {"fact": "put_node", "utcs": str(id_of("eco-1")),
               "properties": said | {"instructions": "Change another drawing."}}  # fmt: skip
    await tell(graph, event(changed, time=now.isoformat().replace("+00:00", "Z"), sourcerank=90))

    with pytest.raises(LifecycleError, match="changed since; sign anew"):
        await step(graph, "eco-1", "release", "cleo")
    await approved(graph, "eco-1", "approved", "dora")
    await step(graph, "eco-1", "release", "cleo")

    assert await state_of(graph, "eco-1") == "released"


async def test_an_order_needs_an_approved_request_of_its_class(graph: Graph) -> None:
    await staff(graph)
    await requested(graph, "ecr-1")
    await decided(graph, "ecr-2", "major")
    await decided(graph, "ecr-3")

    with pytest.raises(LifecycleError, match="ecr-1 is draft, not approved"):
        await ordered(graph, "eco-1", "ecr-1")
    with pytest.raises(LifecycleError, match=r"change_class: major, but .*ecr-3 is minor"):
        await ordered(graph, "eco-1", "ecr-2", "ecr-3")
    with pytest.raises(LifecycleError) as caught:
        await ordered(graph, "eco-1")
    assert set(caught.value.rules) == {"eco.raise/needs"}
    with pytest.raises(NotFoundError, match="ecr-9"):
        await ordered(graph, "eco-1", "ecr-9")
    await ordered(graph, "eco-1", "ecr-3")
    with pytest.raises(LifecycleError, match="is there already"):
        await ordered(graph, "eco-1", "ecr-3")


async def test_an_emergency_order_may_run_ahead_of_the_board_but_is_not_verified_before_it(
    graph: Graph,
) -> None:
    await staff(graph)
    await requested(graph, "ecr-1", "emergency")
    with pytest.raises(LifecycleError, match="draft, not approved or in_review or submitted"):
        await ordered(graph, "eco-1", "ecr-1")
    await step(graph, "ecr-1", "submit", "ann")
    await ordered(graph, "eco-1", "ecr-1")
    await approved(graph, "eco-1", "airworthiness", "otto")
    await step(graph, "eco-1", "release", "cleo")
    await step(graph, "eco-1", "start", "ann")
    await step(graph, "eco-1", "implement", "ann")

    assert await refusal(graph, "eco-1", "verify", "dora") == ("eco.verify/basis",)
    await step(graph, "ecr-1", "review", "cleo")
    await step(graph, "ecr-1", "approve", "bo", decision="Ratified.")
    await step(graph, "eco-1", "verify", "dora")

    assert (await audit_lifecycle(graph, id_of("eco-1"))).steps == ()


async def test_of_two_decisions_at_once_one_wins_and_the_other_writes_nothing(graph: Graph) -> None:
    await staff(graph)
    await tell(graph, event(stated("bea", "change board"), *authorised("bea", "CCB")))
    await requested(graph, "ecr-1")
    await step(graph, "ecr-1", "submit", "ann")
    await step(graph, "ecr-1", "review", "cleo")
    before = await head(graph)

    async def decide(verb: str, by: str) -> tuple[Status, Reason | None] | str:
        try:
            moved = await advance(graph, ADMIN, id_of("ecr-1"), verb, signer=person(by),
                                  given={"decision": verb})  # fmt: skip
        except LifecycleError as error:
            return str(error.rules)
        return moved.outcome.status, moved.outcome.code

    outcomes = await asyncio.gather(
        *(decide(verb, by) for verb, by in [("approve", "bo"), ("reject", "bea")] * 4)
    )

    assert outcomes.count((Status.APPLIED, None)) == 1
    assert await head(graph) == before + 1
    assert (Status.REFUSED, Reason.OUTDATED) in outcomes
    decision = (await show(graph, id_of("ecr-1"))).node.properties.model_dump()
    assert {"approve": "approved", "reject": "rejected"}[decision["decision"]] == decision["status"]
    assert await signers(graph, "ecr-1") == {
        "raised": "ann", "submitted": "ann", "reviewed": "cleo",
        "board": {"approve": "bo", "reject": "bea"}[decision["decision"]],
    }  # fmt: skip


async def test_of_two_who_raise_under_one_id_one_wins(graph: Graph) -> None:
    await staff(graph)

    made = await asyncio.gather(
        *(requested(graph, "ecr-1") for _ in range(4)), return_exceptions=True
    )

    applied = [one for one in made if not isinstance(one, BaseException) and one.outcome.seq]
    assert len(applied) == 1
    assert (await show(graph, id_of("ecr-1"))).node.version == 1


async def test_what_no_operation_moves_and_what_is_no_step_is_told(graph: Graph) -> None:
    await staff(graph)
    await requested(graph, "ecr-1")

    with pytest.raises(
        BadQuestionError, match="no operation moves; give one of ecr, eco, ncr, capa"
    ):
        await advance(graph, ADMIN, id_of("part-1"), "approve", signer=person("bo"))
    with pytest.raises(BadQuestionError, match="'jump' is none of ecr; use submit"):
        await advance(graph, ADMIN, id_of("ecr-1"), "jump", signer=person("bo"))
    with pytest.raises(BadQuestionError, match="mass_kg: submit takes change_class"):
        await step(graph, "ecr-1", "submit", "ann", mass_kg=1)
    with pytest.raises(BadQuestionError, match=r"change_class: .*'huge'"):
        await step(graph, "ecr-1", "submit", "ann", change_class="huge")
    with pytest.raises(BadQuestionError, match="statement"):
        await step(graph, "ecr-1", "withdraw", "cleo", says="x" * 301)
    with pytest.raises(LifecycleError, match="no step from there asks for approvals"):
        await sign(graph, ADMIN, id_of("ecr-1"), "board", signer=person("bo"))
    with pytest.raises(NotFoundError, match="ecr-9"):
        await step(graph, "ecr-9", "submit", "ann")


ECR = {
    ("draft", "submit"): "submitted", ("submitted", "review"): "in_review",
    ("submitted", "return"): "draft", ("in_review", "return"): "draft",
    ("in_review", "approve"): "approved", ("in_review", "reject"): "rejected",
    ("draft", "withdraw"): "withdrawn", ("submitted", "withdraw"): "withdrawn",
    ("in_review", "withdraw"): "withdrawn",
}  # fmt: skip
"""The reference: written here anew, from EIA-649C's course of a request."""
ENTITLED = {
    "submit": {"ann", "ben", "cleo", "bo", "dora"}, "review": {"cleo"}, "return": {"cleo"},
    "approve": {"bo"}, "reject": {"bo"}, "withdraw": {"cleo"},
}  # fmt: skip
_numbers = count(1000)

moves = st.lists(
    st.tuples(st.sampled_from([*ENTITLED] + ["submit", "review"] * 2),
              st.sampled_from(["ann", "cleo", "bo", "dora", None, None, None])),
    min_size=3, max_size=9,
)  # fmt: skip


async def passes(graph: Graph, name: str, verb: str, signer: str, **given: Any) -> bool:
    try:
        await step(graph, name, verb, signer, says="Because.", **given)
    except LifecycleError:
        return False
    return True


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_of_any_sequence_of_steps_the_legal_ones_pass_and_the_others_write_nothing(
    graph: Graph, data: st.DataObject
) -> None:
    name, state = f"ecr-{next(_numbers)}", "draft"
    if name == "ecr-1000" or not await graph.read("MATCH (p:Person) RETURN p LIMIT 1"):
        await staff(graph)
    await requested(graph, name)
    submitted_by = ""
    for verb, by in data.draw(moves):
        signer = by or min(ENTITLED[verb])
        legal = (state, verb) in ECR and signer in ENTITLED[verb]
        legal &= verb not in ("approve", "reject") or signer not in ("ann", submitted_by)
        more = {"decision": "So be it."} if verb in ("approve", "reject") else {}
        before = await head(graph)
        passed = await passes(graph, name, verb, signer, **more)
        assert passed == legal, (state, verb, signer)
        assert (await head(graph) == before) != passed
        if passed:
            state = ECR[state, verb]
            submitted_by = signer if verb == "submit" else submitted_by
        assert await state_of(graph, name) == state

    assert (await audit_lifecycle(graph, id_of(name))).steps == ()


async def test_plain_facts_are_taken_and_the_audit_names_what_they_broke_and_who(
    graph: Graph,
) -> None:
    await staff(graph)
    await tell(
        graph,
        event(thing("ecr-1", status="draft"), on=1),
        event(thing("ecr-1", status="submitted", reason="r", proposal="p", change_class="minor"), on=2),
        event(thing("ecr-1", status="approved", decision="ok", decided_on="2025-01-05"), on=3, actor="plm"),
        event(thing("ecr-2", status="approved"), on=1),
    )  # fmt: skip

    audit = await audit_kind(graph, "ecr")

    assert (audit.examined, audit.made, audit.unwitnessed, audit.next) == (2, 2, 1, None)
    assert [(one.left, one.entered, one.actor, [b.rule for b in one.breaches]) for one in audit.steps] == [
        ("draft", "submitted", "tester", ["ecr.submit/signature"]),
        ("submitted", "approved", "plm", ["ecr/state"]),
    ]  # fmt: skip


async def test_the_audit_judges_a_signature_by_what_was_true_when_it_was_given(
    graph: Graph,
) -> None:
    """The authorisation runs out afterwards; the old signature of a step does not serve a second one."""
    await staff(graph)
    said = {"reason": "r", "proposal": "p", "change_class": "minor"}
    await tell(
        graph,
        event(stated("eve", "change board"), *authorised("eve", "CCB", expires_on="2025-01-20")),
        event(thing("ecr-1", status="in_review", **said), on=1),
        event(thing("ecr-1", status="rejected", decision="no", decided_on="2025-01-03", **said),
              link("ecr-1", "SIGNED_BY", "person-eve", "board"), on=2),
        event(thing("ecr-2", status="in_review", **said), on=1),
        event(thing("ecr-2", status="rejected", decision="no", decided_on="2025-01-03", **said),
              link("ecr-2", "SIGNED_BY", "person-eve", "board"), on=30),
        event(thing("capa-1", status="implemented"), on=1),
        event(thing("capa-1", status="analysed", effectiveness="ineffective", method="m", cause="c"),
              link("capa-1", "SIGNED_BY", "person-quinn", "reopened", statement="Again."), on=2),
        event(thing("capa-1", status="in_work", action="a"),
              link("capa-1", "SIGNED_BY", "person-ann", "started"), on=3),
        event(thing("capa-1", status="implemented", action="a"),
              link("capa-1", "SIGNED_BY", "person-ann", "implemented"), on=4),
        event(thing("capa-1", status="analysed", action="a", effectiveness="ineffective"), on=5),
    )  # fmt: skip

    first = await audit_lifecycle(graph, id_of("ecr-1"))
    second = await audit_lifecycle(graph, id_of("ecr-2"))
    third = await audit_lifecycle(graph, id_of("capa-1"))

    assert first.steps == ()
    assert [b.rule for one in second.steps for b in one.breaches] == ["ecr.reject/right"]
    assert [(one.at.day, [b.rule for b in one.breaches]) for one in third.steps] == [
        (6, ["capa.reopen/signature", "capa.reopen/reason"]),
    ]  # fmt: skip


async def test_an_emergency_that_the_board_never_ratified_is_found_once_the_days_are_over(
    graph: Graph,
) -> None:
    urgent = {"change_class": "emergency", "instructions": "Do it."}
    await tell(
        graph,
        event(thing("ecr-1", status="submitted", change_class="emergency"), on=1),
        event(thing("ecr-2", status="submitted", change_class="emergency"), on=1),
        event(thing("eco-1", status="released", **urgent), link("eco-1", "IMPLEMENTS", "ecr-1"), on=2),
        event(thing("eco-2", status="released", **urgent), link("eco-2", "IMPLEMENTS", "ecr-2"), on=2),
        event(thing("eco-3", status="released", **urgent), link("eco-3", "IMPLEMENTS", "ecr-1"), on=2),
        event(thing("eco-3", status="cancelled", **urgent), on=5),
        event(thing("ecr-2", status="approved", change_class="emergency"), on=8),
    )  # fmt: skip

    audit = await audit_kind(graph, "eco")

    late = [one for one in audit.steps if one.breaches[0].rule == "eco.release/ratified"]
    assert [one.utcs for one in late] == [id_of("eco-1")]


async def test_the_audit_pages_and_refuses_what_has_no_states(graph: Graph) -> None:
    await tell(graph, *(event(thing(f"ncr-{n}", status="open")) for n in range(3)))

    first = await audit_kind(graph, "ncr", first=2)
    rest = await audit_kind(graph, "ncr", first=2, after=first.next)

    assert (first.examined, rest.examined, rest.next) == (2, 1, None)
    with pytest.raises(BadQuestionError, match="follow no rules; name one of ecr"):
        await audit_kind(graph, "part")
    with pytest.raises(BadQuestionError, match="not a cursor"):
        await audit_kind(graph, "eco", after=first.next)
    with pytest.raises(NotFoundError, match="ncr-9"):
        await audit_lifecycle(graph, id_of("ncr-9"))


async def test_a_statement_made_upon_another_one_than_holds_is_refused(graph: Graph) -> None:
    await tell(graph, event(thing("part-1"), on=1), event(thing("part-1", revision="B"), on=3))
    new = thing("part-1", revision="C")

    outcomes = [
        (await apply(graph, [event(new | {"replaces": n}, on=on)]))[0]
        for n, on in [(1, 4), (0, 4), (1, 2), (3, 4), (2, 4), (2, 5), (3, 5)]
    ]

    assert [one.code for one in outcomes] == [Reason.OUTDATED] * 4 + [None, Reason.OUTDATED, None]
    assert "stated by @2 from 2025-01-05" in str(outcomes[0].reason)
    fresh = await apply(
        graph, [event(thing("part-2") | {"replaces": 0}), event(thing("part-3") | {"replaces": 1})]
    )
    assert [one.code for one in fresh] == [None, Reason.OUTDATED]
    (again,) = await apply(graph, [event(thing("part-2") | {"replaces": 0})])
    assert again.code is Reason.OUTDATED


async def test_of_many_writers_upon_one_statement_exactly_one_is_taken_each_round(
    graph: Graph,
) -> None:
    await tell(graph, event(thing("part-1")))

    for version in (1, 2, 3):
        said = thing("part-1", revision=f"R{version}") | {"replaces": version}
        batches = [[event(said, on=version)] for _ in range(6)]
        outcomes = [
            one
            for made in await asyncio.gather(*(apply(graph, b) for b in batches))
            for one in made
        ]

        assert sorted(str(one.code) for one in outcomes) == ["None", *["outdated"] * 5]

    assert (await show(graph, id_of("part-1"))).node.version == 4


async def test_what_a_statement_was_made_upon_is_no_part_of_what_it_says(graph: Graph) -> None:
    await tell(graph, event(thing("part-1") | {"replaces": 0}), event(thing("part-1"), on=1))

    rows = await graph.read("MATCH (:Part)-[:VERSION]->(v) RETURN DISTINCT v.hash")

    assert len(rows) == 1
