"""To what a change applies, at any two times, each time with the reason; and how a rule is made."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graph.flows.effectivity import Definition, define
from graph.flows.submit import ForbiddenError, Principal
from graph.model.applicability import ExpressionError
from graph.model.change import Effectivity as Rule
from graph.model.identifier import Utcs
from graph.model.time import Coordinates, from_micros
from graph.store.database import Graph
from graph.store.effectivity import Basis, Effectivity, effectivity, selected, what_if
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.show import show
from tests.store.linking import as_of, id_of, link, retire, tell, thing, unlink
from tests.store.saying import correct, day, event

SB, AD = id_of("bulletin-1"), id_of("directive-1")
EDITOR = Principal.of("erik", "editor")


def rule(expression: str | None, **days: Any) -> dict[str, Any]:
    return thing("effectivity-1", expression=expression, **days)


@pytest.fixture
async def fleet(graph: Graph) -> Graph:
    """Two aircraft; valves of one part number in the tank of the first, and one lying in stock.

    On day 10 a valve of the first aircraft is modified, on day 20 it moves to the second aircraft.
    """
    serials = ("serial-tank", "serial-1", "serial-2", "serial-3")
    await tell(
        graph,
        event(
            thing("aircraft-1", msn="1001", delivered_on="2025-01-05", type_designation="BWB"),
            thing("aircraft-2", msn="1002"),
            *(thing(name, serial_number=f"V-{name[-1]}") for name in serials),
            thing("part-V", number="VALVE-01"),
            thing("position-1", number="TANK.A"),
            thing("modification-1", number="MOD-1"),
            thing("bulletin-1", number="SB-1"),
            thing("directive-1", number="AD-1"),
            thing("software-1", number="SW-1"),
            *(link(f"serial-{n}", "INSTANCE_OF", "part-V") for n in (1, 2, 3)),
            link("aircraft-1", "CONTAINS", "serial-tank", "TANK"),
            link("serial-tank", "CONTAINS", "serial-1", "A"),
            link("serial-tank", "CONTAINS", "serial-2", "B"),
            link("serial-2", "LOADED_WITH", "software-1"),
            rule("installed VALVE-01 and pre MOD-1"),
            link("bulletin-1", "LIMITED_BY", "effectivity-1"),
        ),
        event(link("serial-1", "EMBODIES", "modification-1"), on=10),
        event(
            unlink("serial-tank", "CONTAINS", "serial-1", "A"),
            link("aircraft-2", "CONTAINS", "serial-1", "X"),
            on=20,
        ),
    )
    return graph


def told(answer: Effectivity) -> dict[str, bool | None]:
    return {one.utcs.local: one.applies for one in answer.judged}


async def tried(
    graph: Graph, expression: str, at: Coordinates | None = None
) -> dict[str, bool | None]:
    return told(await what_if(graph, expression, at=at or Coordinates()))


async def test_a_change_applies_to_what_its_rule_selects_with_the_reason(fleet: Graph) -> None:
    answer = await effectivity(fleet, SB)

    assert (answer.basis, answer.applying, answer.excluded, answer.undecided) == (
        Basis.RULE,
        1,
        1,
        0,
    )
    assert [(one.utcs.local, one.why) for one in answer.judged] == [
        (
            "aircraft-1",
            "applies because serial-2 of VALVE-01 is installed at TANK.B and MOD-1 is not embodied",
        ),
        (
            "aircraft-2",
            "not applicable because serial-1 of VALVE-01 is installed at X and MOD-1 is embodied",
        ),
    ]


@pytest.mark.parametrize(
    ("expression", "first", "second"),
    [
        ("MSN 1001", True, False),
        ("installed VALVE-01 serial V-2 to", True, False),
        ("installed VALVE-01 at TANK.B", True, False),
        ("installed utcs:TEST:part:part-V", True, True),
        ("loaded SW-1", True, False),
        ("post MOD-1", False, None),
        ("delivered before 2025-01-06", True, None),
        ("type BWB", True, None),
        ("all and not MSN 1001", False, True),
    ],
)
async def test_each_term_is_held_against_the_record(
    fleet: Graph, expression: str, first: bool | None, second: bool | None
) -> None:
    assert await tried(fleet, expression) == {"aircraft-1": first, "aircraft-2": second}


async def test_units_are_asked_about_wherever_they_are(fleet: Graph) -> None:
    answer = await what_if(fleet, "part VALVE-01 pre MOD-1")

    assert told(answer) == {
        "aircraft-1": True, "serial-2": True, "serial-3": True, "aircraft-2": False, "serial-1": False,
    }  # fmt: skip
    assert {one.utcs.local: one.aircraft and one.aircraft.local for one in answer.judged} == {
        "aircraft-1": "aircraft-1", "serial-2": "aircraft-1", "serial-3": None,
        "aircraft-2": "aircraft-2", "serial-1": "aircraft-2",
    }  # fmt: skip


async def test_the_answer_of_a_past_day_is_that_of_the_configuration_of_that_day(
    fleet: Graph,
) -> None:
    expression = "installed VALVE-01 serial V-1 pre MOD-1"

    days = [await tried(fleet, expression, as_of(on)) for on in (1, 11, 21)]

    assert days == [
        {"aircraft-1": True, "aircraft-2": False},
        {"aircraft-1": False, "aircraft-2": False},
        {"aircraft-1": False, "aircraft-2": False},
    ]
    assert await tried(fleet, "installed VALVE-01 serial V-1 post MOD-1", as_of(11)) == {
        "aircraft-1": True, "aircraft-2": False,
    }  # fmt: skip


async def test_what_was_believed_to_apply_stays_answerable_after_a_correction(fleet: Graph) -> None:
    (*_, wrong) = await tell(
        fleet, event(link("serial-2", "EMBODIES", "modification-1"), id="wrong", on=30)
    )
    await tell(fleet, event(correct("wrong"), on=31), event(rule("MSN 1002"), on=40))

    now, then = as_of(50), Coordinates(as_of=as_of(50).as_of, known_at=from_micros(wrong))

    assert told(await effectivity(fleet, SB, at=now)) == {"aircraft-2": True, "aircraft-1": False}
    assert told(await effectivity(fleet, SB, at=then)) == {"aircraft-1": False, "aircraft-2": False}
    assert (await effectivity(fleet, SB, at=as_of(35))).applying == 1


async def test_the_fast_path_of_now_answers_as_the_general_one(fleet: Graph) -> None:
    for expression in (
        "installed VALVE-01 pre MOD-1",
        "part VALVE-01 or loaded SW-1",
        "post MOD-1",
    ):
        moment = from_micros(fleet.clock())
        now = await what_if(fleet, expression)
        general = await what_if(fleet, expression, at=Coordinates(moment, moment))

        assert now.judged == general.judged


async def test_many_changes_are_asked_at_once_and_those_without_a_rule_are_left_out(
    fleet: Graph,
) -> None:
    verdicts = await selected(fleet, [SB, AD])

    assert {change: {a.local: v.applies for a, v in found.items()} for change, found in verdicts.items()} == {
        SB: {"aircraft-1": True, "aircraft-2": False}
    }  # fmt: skip


async def test_of_several_rules_one_suffices_and_days_limit_each(fleet: Graph) -> None:
    await tell(
        fleet,
        event(
            thing("effectivity-2", expression="MSN 1002", effective_on=day(50)[:10], expires_on=day(60)[:10]),
            link("bulletin-1", "LIMITED_BY", "effectivity-2"),
        ),
    )  # fmt: skip

    applying = [(await effectivity(fleet, SB, at=as_of(on))).applying for on in (45, 50, 60.9, 61)]

    assert applying == [1, 2, 2, 1]


async def test_a_rule_that_cannot_be_read_leaves_all_undecided(fleet: Graph) -> None:
    await tell(fleet, event(rule("everything of the first batch"), on=30))

    answer = await effectivity(fleet, SB)

    assert (answer.applying, answer.undecided) == (0, 2)
    assert (
        "of effectivity-1, its expression cannot be read: column 1: expected"
        in answer.judged[0].why
    )


async def test_without_a_rule_links_say_what_is_subject_and_the_answer_says_so(
    fleet: Graph,
) -> None:
    nothing = await effectivity(fleet, AD)
    await tell(
        fleet,
        event(
            link("part-V", "SUBJECT_TO", "directive-1"),
            link("aircraft-2", "SUBJECT_TO", "directive-1"),
        ),
    )

    answer = await effectivity(fleet, AD)

    assert (nothing.basis, nothing.undecided) == (Basis.NOTHING, 2)
    assert answer.basis is Basis.SUBJECT
    assert [one.why for one in answer.judged] == [
        "applies because part-V, which it is or has in it, is subject to directive-1",
        "applies because a link says that it is subject to directive-1",
    ]


async def test_names_that_are_not_recorded_are_told(fleet: Graph) -> None:
    answer = await what_if(
        fleet, "installed VALVE-09 or post MOD-1 or installed utcs:TEST:part:none"
    )

    assert answer.unknown == ("VALVE-09", "utcs:TEST:part:none")


async def test_an_answer_is_paged_and_a_cursor_of_another_question_is_refused(fleet: Graph) -> None:
    first = await what_if(fleet, "part VALVE-01", first=2)
    second = await what_if(fleet, "part VALVE-01", first=2, after=first.next)
    third = await what_if(fleet, "part VALVE-01", first=2, after=second.next)

    listed = [one.utcs.local for page in (first, second, third) for one in page.judged]
    assert listed == ["aircraft-1", "aircraft-2", "serial-1", "serial-2", "serial-3"]
    assert third.next is None
    with pytest.raises(BadQuestionError, match="is not a cursor of what_if asked so"):
        await what_if(fleet, "part VALVE-02", after=first.next)


async def test_what_applies_to_nothing_or_is_not_there_is_refused(fleet: Graph) -> None:
    with pytest.raises(BadQuestionError, match="supplier:X applies to nothing; give one of"):
        await effectivity(fleet, Utcs("TEST", "supplier", "X"))
    with pytest.raises(NotFoundError, match="did you mean utcs:TEST:bulletin:bulletin-1"):
        await effectivity(fleet, id_of("bulletin-11"))
    with pytest.raises(BadQuestionError, match="first: 0 is out of bounds"):
        await what_if(fleet, "all", first=0)


# Defining


async def defined(graph: Graph, change: Utcs, expression: str, **more: Any) -> Definition:
    return await define(graph, EDITOR, change, expression, **({"dry_run": False} | more))


async def test_a_plan_says_what_comes_in_and_goes_out_and_writes_nothing(fleet: Graph) -> None:
    before = await fleet.read("MATCH (c:Change) RETURN count(c)")

    plan = await define(fleet, EDITOR, SB, "MSN 1002")

    assert (plan.rule, plan.was) == (id_of("effectivity-1"), "installed VALVE-01 and pre MOD-1")
    assert (plan.joining, plan.leaving) == ((id_of("aircraft-2"),), (id_of("aircraft-1"),))
    assert (plan.conflicts, plan.outcome) == ((), None)
    assert await fleet.read("MATCH (c:Change) RETURN count(c)") == before


async def test_a_rule_is_revised_by_one_event_and_linked_to_what_it_names(fleet: Graph) -> None:
    done = await defined(fleet, SB, "installed VALVE-01 at TANK.A pre MOD-1 or loaded SW-1")

    assert done.outcome is not None
    assert done.outcome.status == "applied"
    assert [one.local for one in done.selects] == [
        "modification-1",
        "part-V",
        "position-1",
        "software-1",
    ]
    links = {(one.reads, one.count) for one in (await show(fleet, done.rule)).links}
    assert links == {("SELECTS", 4), ("LIMITS", 1)}

    again = await defined(fleet, SB, "MSN 1001")

    assert again.was == "installed VALVE-01 at TANK.A pre MOD-1 or loaded SW-1"
    assert {(one.reads, one.count) for one in (await show(fleet, done.rule)).links} == {
        ("LIMITS", 1)
    }
    assert told(await effectivity(fleet, SB)) == {"aircraft-1": True, "aircraft-2": False}


async def test_a_change_without_a_rule_gets_one(fleet: Graph) -> None:
    done = await defined(fleet, AD, "msn 1001", explanation="The first.")

    said = (await show(fleet, Utcs("TEST", "effectivity", "EFF-directive-1"))).node.properties
    assert isinstance(said, Rule)
    assert (done.was, said.expression, said.explanation) == (None, "MSN 1001", "The first.")
    assert (await effectivity(fleet, AD)).basis is Basis.RULE


async def test_correcting_the_event_takes_a_definition_back(fleet: Graph) -> None:
    done = await defined(fleet, SB, "MSN 1002")
    fact = {
        "fact": "correct",
        "source": "urn:utcs:effectivity",
        "id": done.event,
        "reason": "typing",
    }
    await tell(fleet, event(fact))

    assert told(await effectivity(fleet, SB)) == {"aircraft-1": True, "aircraft-2": False}


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("MSN 9999", "it selects nothing of 2; accept that if it is meant"),
        ("post MOD-1 and MSN 1002", "it selects nothing of 2 for certain, and 1 are undecided"),
        ("MSN 1-9999", "it selects everything, 2 of 2; accept that if it is meant"),
    ],
)
async def test_what_selects_nothing_or_everything_is_refused_unless_it_is_accepted(
    fleet: Graph, expression: str, problem: str
) -> None:
    refused = await defined(fleet, SB, expression)
    accepted = await defined(fleet, SB, expression, accept=True)

    assert [one for one in refused.conflicts if problem in one]
    assert (refused.outcome, accepted.conflicts) == (None, ())
    assert accepted.outcome is not None


async def test_names_that_do_not_exist_are_refused_even_if_the_rest_is_accepted(
    fleet: Graph,
) -> None:
    expression = "installed VALVE-09 at TANK.Z pre MOD-9 or MSN 1001 and loaded SW-9"

    refused = await defined(fleet, SB, expression, accept=True)

    assert [one.partition(" is not recorded")[0] for one in refused.conflicts] == [
        "expression: part number VALVE-09", "expression: position TANK.Z",
        "expression: modification MOD-9", "expression: software SW-9",
    ]  # fmt: skip


async def test_a_rule_that_others_share_or_that_says_so_already_is_refused(fleet: Graph) -> None:
    await tell(fleet, event(link("directive-1", "LIMITED_BY", "effectivity-1")))
    await defined(fleet, SB, "MSN 1002", accept=True)

    refused = await defined(fleet, SB, "MSN 1002")

    assert refused.conflicts == (
        "rule: utcs:TEST:effectivity:effectivity-1 also limits utcs:TEST:directive:directive-1; accept that "
        "if it is meant, or name another rule",
        "expression: utcs:TEST:effectivity:effectivity-1 says just that already",
    )  # fmt: skip


async def test_who_may_not_and_what_cannot_be_are_refused(fleet: Graph) -> None:
    await tell(
        fleet, event(thing("effectivity-2"), link("bulletin-1", "LIMITED_BY", "effectivity-2"))
    )

    with pytest.raises(ForbiddenError):
        await define(fleet, Principal.of("rita", "reader"), SB, "all")
    with pytest.raises(ExpressionError, match="column 1"):
        await defined(fleet, SB, "oops")
    with pytest.raises(BadQuestionError, match="part:P has no effectivity; give one of"):
        await defined(fleet, Utcs("TEST", "part", "P"), "all")
    with pytest.raises(NotFoundError):
        await defined(fleet, id_of("bulletin-9"), "all")
    with pytest.raises(
        BadQuestionError, match=r"is limited by .*effectivity-1, .*-2; name the one"
    ):
        await defined(fleet, SB, "all")
    with pytest.raises(BadQuestionError, match="is no rule of effectivity"):
        await defined(fleet, SB, "all", rule=SB)


async def test_days_in_the_wrong_order_are_refused(fleet: Graph) -> None:
    first, last = date(2025, 3, 2), date(2025, 3, 1)

    with pytest.raises(BadQuestionError, match="2025-03-01 is before effective_on, 2025-03-02"):
        await defined(fleet, AD, "MSN 1001", effective_on=first, expires_on=last)


async def test_an_aircraft_that_is_no_more_is_not_judged(fleet: Graph) -> None:
    await tell(
        fleet,
        event(unlink("aircraft-2", "CONTAINS", "serial-1", "X"), on=30),
        event(retire("aircraft-2"), on=31),
    )

    assert await tried(fleet, "all") == {"aircraft-1": True}
    assert await tried(fleet, "all", as_of(29)) == {"aircraft-1": True, "aircraft-2": True}
