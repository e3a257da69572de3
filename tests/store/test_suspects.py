"""Which links are in doubt: what they lead to is no longer what it was when somebody last looked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.flows.submit import ForbiddenError, Principal
from graph.flows.suspect import SOURCE, clear_suspect
from graph.model.outcome import Status
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.history import history
from graph.store.reviews import reviews
from graph.store.suspects import Suspect, Suspects, suspects
from tests.store.conftest import empty
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import correct, day, event

JOE = Principal.of("joe", "editor")
LINKED = event(
    thing("requirement-1", text="It shall hold 1 bar.", owner="A", status="proposed"),
    thing("requirement-2"),
    thing("design-1", text="A tank."),
    thing("testcase-1"),
    link("design-1", "SATISFIES", "requirement-1", rationale="by size"),
    link("testcase-1", "VERIFIES", "requirement-1"),
    link("requirement-2", "DERIVES_FROM", "requirement-1"),
    id="linked",
)


def requirement(text: str = "It shall hold 1 bar.", on: float = 10, **more: Any) -> dict[str, Any]:
    """The requirement, stated anew."""
    envelope = {"id": more.pop("id")} if "id" in more else {}
    return event(thing("requirement-1", text=text, **more), on=on, **envelope)


def names(found: Suspects) -> list[tuple[str, str, str]]:
    return [(one.source.local, one.link, one.target.local) for one in found.links]


ALL = [
    ("requirement-2", "DERIVES_FROM", "requirement-1"),
    ("design-1", "SATISFIES", "requirement-1"),
    ("testcase-1", "VERIFIES", "requirement-1"),
]


@pytest.fixture
async def linked(graph: Graph) -> Graph:
    """A requirement, and what satisfies, verifies and refines it."""
    await tell(graph, LINKED)
    return graph


async def cleared(graph: Graph, reason: str = "Same size.", **meant: Any) -> Any:
    return await clear_suspect(graph, JOE, reason=reason, **({"thing": id_of("design-1")} | meant))


async def test_a_change_of_what_matters_puts_all_that_depends_on_it_in_doubt(linked: Graph) -> None:
    assert (await suspects(linked)).total == 0

    await tell(linked, requirement("It shall hold 2 bar.", id="raised"))

    found = await suspects(linked)
    assert names(found) == ALL
    assert (found.total, found.counts) == (3, {"DERIVES_FROM": 1, "SATISFIES": 1, "VERIFIES": 1})
    one = found.links[1]
    (change,) = one.changes
    assert (change.utcs, change.field) == (id_of("requirement-1"), "text")
    assert (change.old, change.new) == ("It shall hold 1 bar.", "It shall hold 2 bar.")
    assert (change.since, change.cause.id, change.cause.actor) == (
        parse_utc(day(10)),
        "raised",
        "tester",
    )
    assert (one.looked_at, one.reviewed) == (parse_utc(day(0)), None)
    assert one.properties == {"rationale": "by size"}


async def test_a_change_of_owner_or_status_does_not_matter(linked: Graph) -> None:
    await tell(linked, requirement(owner="B", status="approved"))

    assert (await suspects(linked)).total == 0


async def test_what_answers_a_demand_puts_its_own_link_in_doubt_when_it_changes(
    linked: Graph,
) -> None:
    await tell(linked, event(thing("design-1", text="A bag."), on=10))

    assert names(await suspects(linked)) == [("design-1", "SATISFIES", "requirement-1")]


async def test_a_link_is_told_once_though_both_its_ends_have_changed(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."), event(thing("design-1", text="A bag."), on=11))

    found = await suspects(linked, links=["SATISFIES"])

    assert found.total == 1
    assert [change.utcs.local for change in found.links[0].changes] == ["design-1", "requirement-1"]


async def test_what_is_put_back_or_withdrawn_is_in_doubt_no_longer(linked: Graph) -> None:
    await tell(linked, requirement("2 bar.", on=10), requirement(on=20))
    assert (await suspects(linked)).total == 0
    assert names(await suspects(linked, at=as_of(15))) == ALL

    await tell(linked, requirement("3 bar.", on=30, id="wrong"))
    assert (await suspects(linked)).total == 3
    (known,) = await tell(linked, event(correct("wrong"), on=40))

    assert (await suspects(linked)).total == 0
    before = Coordinates(known_at=from_micros(known - 1))
    assert names(await suspects(linked, at=before)) == ALL


async def test_the_change_that_is_told_is_the_one_since_which_it_is_so(linked: Graph) -> None:
    await tell(
        linked,
        requirement("2 bar.", on=10),
        requirement("3 bar.", on=20, id="third"),
        requirement("3 bar.", on=30, owner="B"),
    )

    (change,) = (await suspects(linked, links=["SATISFIES"])).links[0].changes

    assert (change.old, change.new) == ("It shall hold 1 bar.", "3 bar.")
    assert (change.since, change.cause.id) == (parse_utc(day(20)), "third")


async def test_a_link_that_is_stated_after_the_change_is_not_in_doubt(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."))

    await tell(
        linked,
        event(thing("design-2"), link("design-2", "SATISFIES", "requirement-1"), on=10),
        event(unlink("design-1", "SATISFIES", "requirement-1"), on=20),
        event(link("design-1", "SATISFIES", "requirement-1"), on=30),
    )

    assert names(await suspects(linked, links=["SATISFIES"])) == []
    assert names(await suspects(linked, links=["SATISFIES"], at=as_of(15))) == [
        ("design-1", "SATISFIES", "requirement-1")
    ]


async def test_a_link_that_is_merely_sent_again_stays_in_doubt(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."))

    await tell(
        linked,
        event(link("design-1", "SATISFIES", "requirement-1", rationale="by size"), on=20),
        event(link("design-1", "SATISFIES", "requirement-1", rationale="by weight"), on=30),
    )

    found = await suspects(linked, links=["SATISFIES"])
    assert found.links[0].looked_at == parse_utc(day(0))
    assert found.links[0].properties == {"rationale": "by weight"}


async def test_who_looks_and_says_why_clears_a_link_and_can_take_it_back(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."))

    done = await cleared(linked, "The tank holds 5 bar.")

    assert [one.link for one in done.links] == ["SATISFIES"]
    assert done.outcome.status is Status.APPLIED
    assert names(await suspects(linked)) == [ALL[0], ALL[2]]
    rows = (await history(linked, id_of("design-1"))).rows
    assert [
        (row.link.reviewed, row.link.properties, row.cause.actor)
        for row in rows
        if row.link and row.link.reviewed
    ] == [("The tank holds 5 bar.", {"rationale": "by size"}, "joe")]

    await apply(linked, [event(correct(done.event) | {"source": SOURCE}, on=1)])
    assert names(await suspects(linked)) == ALL


async def test_a_cleared_link_is_in_doubt_again_after_the_next_change_and_tells_only_that(
    linked: Graph,
) -> None:
    await tell(linked, requirement("2 bar."))
    await cleared(linked)
    later = (from_micros(linked.clock()) - parse_utc(day(0))).total_seconds() / 86400 + 1

    await tell(linked, requirement("3 bar.", on=later))

    found = await suspects(linked, links=["SATISFIES"], at=as_of(later))
    (change,) = found.links[0].changes
    assert (change.old, change.new) == ("2 bar.", "3 bar.")
    assert found.links[0].reviewed == "Same size."


async def test_what_nobody_could_have_seen_yet_is_not_cleared(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."))
    await cleared(linked)

    await tell(linked, requirement("9 bar.", on=5), requirement("9 bar.", on=10.5))

    found = await suspects(linked, links=["SATISFIES"])
    assert [(c.old, c.new) for c in found.links[0].changes] == [("2 bar.", "9 bar.")]


async def test_what_was_learnt_after_the_list_was_read_stays_in_doubt(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."))
    read_at = from_micros(linked.clock())
    await tell(linked, requirement("3 bar.", on=11))

    done = await cleared(linked, read_at=read_at)

    assert (done.links, done.event) == ((), None)
    assert [one.link for one in done.changed_since] == ["SATISFIES"]
    assert (await suspects(linked)).total == 3


async def test_many_links_are_cleared_by_one_event_if_so_many_are_allowed(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."))
    meant: dict[str, Any] = {"thing": None, "kinds": ["requirement"]}

    with pytest.raises(BadQuestionError, match=r"3 links in doubt are meant, and 2 may be cleared"):
        await cleared(linked, most=2, **meant)
    planned = await cleared(linked, most=3, dry_run=True, **meant)
    assert (len(planned.links), planned.outcome) == (3, None)
    assert (await suspects(linked)).total == 3

    done = await cleared(linked, most=3, **meant)

    assert len(done.links) == 3
    assert (await suspects(linked)).total == 0
    assert (await linked.read("MATCH (c:Change {actor: 'joe'}) RETURN count(c)")) == [[1]]


async def test_clearing_is_refused_without_a_reason_a_right_or_a_choice(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."))

    with pytest.raises(BadQuestionError, match="reason"):
        await cleared(linked, " ")
    with pytest.raises(BadQuestionError, match="most: 251 is out of bounds"):
        await cleared(linked, most=251)
    with pytest.raises(BadQuestionError, match="nothing says which links are meant"):
        await clear_suspect(linked, JOE, reason="All is well.")
    with pytest.raises(ForbiddenError, match="lacks the role 'editor'"):
        await clear_suspect(
            linked, Principal.of("eve", "reader"), reason="a", thing=id_of("design-1")
        )
    assert (await cleared(linked, thing=id_of("requirement-2"), links=["VERIFIES"])).event is None
    assert (await suspects(linked)).total == 3


async def test_pages_of_any_size_tell_the_same_and_filters_narrow(linked: Graph) -> None:
    await tell(linked, requirement("2 bar."), event(thing("design-1", text="A bag."), on=11))
    whole = await suspects(linked)
    paged: list[Suspect] = []
    after = None
    while True:
        page = await suspects(linked, first=1, after=after)
        assert (page.total, page.counts) == (whole.total, whole.counts)
        paged += page.links
        if (after := page.next) is None:
            break

    assert paged == list(whole.links)
    assert names(await suspects(linked, thing=id_of("requirement-1"))) == ALL
    assert names(
        await suspects(linked, thing=id_of("requirement-1"), other=id_of("testcase-1"))
    ) == [ALL[2]]
    assert names(await suspects(linked, kinds=["design"])) == [ALL[1]]
    assert names(await suspects(linked, links=["VERIFIES", "MEETS"])) == [ALL[2]]
    assert names(await suspects(linked, prefix="utcs:OTHER:")) == []


async def test_what_was_cleared_is_told_with_reason_and_name_until_it_is_withdrawn(
    linked: Graph,
) -> None:
    await tell(linked, requirement("2 bar."))
    first = await cleared(linked, "By size.")
    second = await cleared(linked, "By test.", thing=id_of("testcase-1"))

    found = await reviews(linked)

    assert found.total == 2
    assert [(one.link, one.reason, one.actor) for one in found.reviews] == [
        ("VERIFIES", "By test.", "joe"), ("SATISFIES", "By size.", "joe"),
    ]  # fmt: skip
    assert [one.event for one in found.reviews] == [second.event, first.event]
    page = await reviews(linked, first=1)
    rest = await reviews(linked, first=1, after=page.next)
    assert page.reviews + rest.reviews == found.reviews
    assert (await reviews(linked, thing=id_of("design-1"))).reviews == found.reviews[1:]
    assert (await reviews(linked, at=as_of(20))).total == 0
    before = Coordinates(known_at=found.reviews[1].recorded_at - timedelta(microseconds=1))
    assert (await reviews(linked, at=before)).total == 0
    assert names(await suspects(linked, at=before)) == ALL

    await tell(linked, event(link("design-1", "SATISFIES", "requirement-1"), on=20))
    await apply(linked, [event(correct(second.event) | {"source": SOURCE}, on=1)])
    assert [one.reason for one in (await reviews(linked)).reviews] == ["By size."]


async def test_bad_questions_say_what_is_wrong(linked: Graph) -> None:
    with pytest.raises(BadQuestionError, match="'CONTAINS' is not a link that can be suspect"):
        await suspects(linked, links=["CONTAINS"])
    with pytest.raises(NotFoundError, match="did you mean utcs:TEST:design:design-1"):
        await suspects(linked, thing=id_of("design-12"))
    with pytest.raises(BadQuestionError, match="not a cursor of suspects asked so"):
        await suspects(linked, after="x")
    with pytest.raises(BadQuestionError, match="other: stands alone"):
        await suspects(linked, other=id_of("design-1"))


# The law: a link is in doubt if and only if a plain reading of the log says so, at any two times.

LINK = ("design-1", "SATISFIES", "requirement-1")
TEXTS = st.sampled_from(["a", "b"])
DAYS = st.integers(1, 12)
SAYINGS = st.lists(
    st.one_of(
        st.tuples(st.just("requirement-1"), DAYS, TEXTS, st.sampled_from(["x", "y"])),
        st.tuples(st.just("design-1"), DAYS, TEXTS, st.none()),
        st.tuples(st.just("link"), DAYS, st.sampled_from([None, None, "looked"]), st.none()),
        st.tuples(st.just("end"), DAYS, st.none(), st.none()),
        st.tuples(st.just("correct"), st.integers(0, 6), st.none(), st.none()),
    ),
    max_size=8,
)


def told(number: int, saying: Any) -> dict[str, Any]:
    what, on, said, owner = saying
    if what == "correct":
        return event(correct(f"law {on}"), on=20, id=f"law {number}")
    if what in ("link", "end"):
        fact = link(*LINK, fact="put_link" if what == "link" else "end_link")
        return event(fact | ({"reason": said} if said else {}), on=on, id=f"law {number}")
    more = {"owner": owner} if owner else {}
    return event(thing(what, text=said, **more), on=on, id=f"law {number}")


def statements(log: list[dict[str, Any]], of: str) -> Iterator[tuple[str, str, int, Any]]:
    """What is said of a thing or of the link, by time: (time, id, place in the log, fact)."""
    wrong = {f["id"] for said in log for f in said["data"]["facts"] if f["fact"] == "correct"}
    facts = [
        (said["time"], said["id"], place, fact)
        for place, said in enumerate(log)
        if said["id"] not in wrong
        for fact in said["data"]["facts"]
        if str(fact.get("utcs", fact.get("link"))).endswith(of)
    ]
    facts.sort(key=lambda found: found[:2])
    last = {time: (time, id, place, fact) for time, id, place, fact in facts}
    return iter(last.values())


def text_at(log: list[dict[str, Any]], of: str, at: str) -> str:
    (*_, (_, _, _, fact)) = (one for one in statements(log, of) if one[0] <= at)
    return str(fact["properties"]["text"])


def is_in_doubt(log: list[dict[str, Any]], at: str) -> bool | None:
    """Whether the link is in doubt; None if it does not hold then."""
    rows = [one for one in statements(log, "SATISFIES") if one[0] <= at]
    if not rows or rows[-1][3]["fact"] == "end_link":
        return None
    while not rows[-1][3].get("reason") and len(rows) > 1 and rows[-2][3]["fact"] == "put_link":
        rows.pop()
    since, _, place, fact = rows[-1]
    seen = log[: place + 1] if fact.get("reason") else log
    return any(text_at(log, of, at) != text_at(seen, of, since) for of in (LINK[0], LINK[2]))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(SAYINGS, st.integers(0, 13))
@pytest.mark.slow
async def test_at_any_two_times_a_plain_reading_of_the_log_says_the_same(
    graph: Graph, sayings: Any, on: int
) -> None:
    await empty(graph)
    begin = [thing(LINK[0], text="a"), thing(LINK[2], text="a"), link(*LINK)]
    for number, saying in enumerate([None, *sayings]):
        said = event(*begin, on=0, id="begin") if saying is None else told(number, saying)
        await apply(graph, [said])
    rows = await graph.read("MATCH (c:Change) RETURN c.event, c.recorded_at ORDER BY c.seq")
    log = [json.loads(row[0]) for row in rows]

    for world in (on + 0.5, 20):
        for number in range(1, len(log) + 1):
            at = parse_utc(day(world))
            known = None if number == len(log) else from_micros(rows[number - 1][1])
            found = await suspects(graph, links=["SATISFIES"], at=Coordinates(at, known))

            assert found.total == (is_in_doubt(log[:number], day(world)) or 0)
