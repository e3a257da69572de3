"""The table of steps is whole: every state is one of the kind's, can be reached, and can be signed for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import ontology
from graph.model.approval import Case, Signer, breaches, holds_right
from graph.model.identifier import Utcs
from graph.model.lifecycle import MACHINES, Machine, Right, Step
from graph.model.resources import (
    Person,
    PersonStatus,
    Qualification,
    QualificationCategory,
    QualificationStatus,
)

DAY = date(2026, 5, 1)
STEPS = [(kind, step) for kind, machine in MACHINES.items() for step in machine.steps]


def states(kind: str) -> set[str]:
    annotation = ontology.get_kind(kind).model_fields["status"].annotation
    (of,) = (
        one for one in get_args(annotation) if isinstance(one, type) and issubclass(one, StrEnum)
    )
    return {str(one) for one in of}


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_every_state_of_a_kind_can_be_reached_and_no_other_is_named(machine: Machine) -> None:
    reached = {machine.begin.target}
    for _ in machine.steps:
        reached |= {step.target for step in machine.steps if step.sources & reached}

    assert reached == states(machine.kind)
    assert all(step.sources <= reached for step in machine.steps)


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_between_two_states_there_is_one_step_and_a_name_means_one(machine: Machine) -> None:
    ways = [(source, step.target) for step in machine.steps for source in step.sources]

    assert len(ways) == len(set(ways))
    assert len({step.name for step in machine.steps}) == len(machine.steps)
    assert [step for step in machine.steps if not step.sources] == [machine.begin]


@pytest.mark.parametrize(("kind", "step"), STEPS, ids=[f"{k}.{s.name}" for k, s in STEPS])
def test_a_step_asks_for_what_the_kind_has(kind: str, step: Step) -> None:
    fields = ontology.get_kind(kind).model_fields
    links = ontology.link_types().values()
    ends = {one.name: one.targets for one in links if kind in one.sources}
    ends |= {one.inverse: one.sources for one in links if kind in one.targets}
    named = {*step.needs, *(name for name, _ in step.sets)}
    named |= {a.needs for a in step.approvals if a.needs}
    conditions = [*(a.when for a in step.approvals), *(basis.when for basis in step.bases)]
    named |= {when.field for when in conditions if when}

    assert named <= fields.keys()
    assert (step.slot is not None) == ("person" in ends.get("SIGNED_BY", ()))
    for basis in step.bases:
        assert basis.reads <= ends.keys()
        reachable = frozenset().union(*(ends[one] for one in basis.reads))
        assert all(ontology.fits(one, reachable) for one in basis.kinds)
        assert all(basis.states <= states(one) for one in basis.kinds if basis.states)


def test_each_right_has_a_grade_of_its_own() -> None:
    assert len({right.grade for right in Right}) == len(Right)


@given(st.sampled_from(STEPS), st.data())
def test_a_step_breaks_the_rule_of_states_just_where_it_does_not_leave(
    one: tuple[str, Step], data: st.DataObject
) -> None:
    kind, step = one
    state = data.draw(st.sampled_from([*sorted(states(kind)), None]))
    needed = {"number": "1"} if kind in ("bulletin", "directive") else {}
    thing = ontology.get_kind(kind).model_validate({"name": "x", "status": state} | needed)
    case = Case(Utcs("TEST", kind, "1"), state, None, thing, (), (), DAY)

    rules = {one.rule for one in breaches(case, step, None, None)}

    legal = state in step.sources or (state is None and not step.sources)
    assert (f"{kind}.{step.name}/state" in rules) == (not legal)


def signer(**changes: Any) -> Signer:
    said = {
        "name": "A", "category": QualificationCategory.AUTHORISATION, "grade": "CCB",
        "status": QualificationStatus.VALID, "issued_on": date(2026, 1, 1), "expires_on": DAY,
    }  # fmt: skip
    person = Person(name="p", pseudonym="p", roles=("change board",), status=PersonStatus.ACTIVE)
    utcs = Utcs("TEST", "person", "p")
    return Signer(utcs, person, (Qualification.model_validate(said | changes),))


@given(
    st.sampled_from([None, *QualificationStatus]),
    st.none() | st.dates(date(2026, 4, 28), date(2026, 5, 4)),
    st.none() | st.dates(date(2026, 4, 28), date(2026, 5, 4)),
    st.sampled_from(list(Right)),
)
def test_an_authorisation_gives_one_right_while_it_is_valid_up_to_its_last_day(
    status: QualificationStatus | None, issued: date | None, expires: date | None, right: Right
) -> None:
    person = signer(status=status, issued_on=issued, expires_on=expires)

    lack = holds_right(person, right, DAY)

    holds = status == "valid" and (issued or DAY) <= DAY <= (expires or DAY)
    assert (lack is None) == (holds and right == "change board")


def test_of_two_authorisations_one_that_is_valid_is_enough() -> None:
    old, new = signer(expires_on=date(2026, 4, 1)), signer()
    both = Signer(old.utcs, old.person, (*old.qualifications, *new.qualifications))

    assert holds_right(both, Right.CHANGE_BOARD, DAY) is None
    assert "expired on 2026-04-01" in str(holds_right(old, Right.CHANGE_BOARD, DAY))


@pytest.mark.parametrize(
    ("kind", "step"),
    [(kind, step) for kind, step in STEPS if MACHINES[kind].is_signed],
    ids=[f"{k}.{s.name}" for k, s in STEPS if MACHINES[k].is_signed],
)
def test_each_step_is_in_the_page_for_configuration_managers(kind: str, step: Step) -> None:
    page = (Path(__file__).parents[4] / "docs" / "change-control.md").read_text(encoding="utf-8")
    _, _, section = page.partition(f"({kind.upper()})\n")

    sources = ", ".join(f"`{one}`" for one in sorted(step.sources)) or "—"
    who = step.right or "any active person"
    row = f"| `{step.name}` | {sources} | `{step.target}` | `{step.slot}` | {who} |"
    assert row in section.partition("\n### ")[0]
