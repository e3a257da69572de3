"""What becomes of events: one by one, together, again, at the same time, and when they are wrong."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from graph.errors import TraceError
from graph.model.outcome import Outcome, Reason, Status
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError
from graph.store.expire import expire
from graph.store.refresh import refresh
from graph.store.write import KEPT_BYTES
from tests.conftest import GraphServer
from tests.store.saying import contains, correct, event, put, removed, retire, serial


def told(outcomes: list[Outcome]) -> list[tuple[str, str | None]]:
    return [(o.status.value, o.code.value if o.code else None) for o in outcomes]


async def one(graph: Graph, *facts: dict[str, Any], **attributes: Any) -> Outcome:
    (outcome,) = await apply(graph, [event(*facts, **attributes)])
    return outcome


async def count(graph: Graph, label: str) -> int:
    return int((await graph.read(f"MATCH (n:{label}) RETURN count(n)"))[0][0])


async def test_each_event_is_answered_in_its_place_and_a_bad_one_takes_none_along(
    graph: Graph,
) -> None:
    batch: list[Any] = [
        event(serial("a")),
        b"\xff\xfe",
        event(put("utcs:TEST:prat:x")),
        event(serial("b", colour="red")),
        {"specversion": "1.0"},
        event(serial("c")),
    ]

    outcomes = await apply(graph, batch)

    assert told(outcomes) == [
        ("applied", None), ("refused", "invalid"), ("refused", "invalid"),
        ("refused", "invalid"), ("refused", "invalid"), ("applied", None),
    ]  # fmt: skip
    assert [o.seq for o in outcomes] == [1, None, None, None, None, 2]
    assert "UTF-8" in (outcomes[1].reason or "")
    assert "prat" in (outcomes[2].reason or "")
    assert "part" in (outcomes[2].reason or "")
    assert "colour" in (outcomes[3].reason or "")
    assert await count(graph, "Refusal") == 4


async def test_an_event_of_fifty_megabytes_is_refused_with_its_size(graph: Graph) -> None:
    huge = orjson.dumps(event(serial("a", description="x" * 50_000_000)))

    (outcome,) = await apply(graph, [huge])

    assert told([outcome]) == [("refused", "invalid")]
    assert "over the limit" in (outcome.reason or "")
    ((kept, size),) = await graph.read("MATCH (r:Refusal) RETURN size(r.document), r.size")
    assert kept == KEPT_BYTES < size
    assert size == len(huge)


async def test_the_same_event_is_a_duplicate_and_another_by_its_id_is_refused(graph: Graph) -> None:
    first = event(serial("a"), id="e-1")
    other = event(serial("b"), id="e-1")
    reordered = orjson.dumps(dict(reversed(first.items())))

    outcomes = await apply(graph, [first, first, other])
    later = await apply(graph, [reordered, other])

    assert told(outcomes) == [
        ("applied", None), ("duplicate", None), ("refused", "identity_reused"),
    ]  # fmt: skip
    assert told(later) == [("duplicate", None), ("refused", "identity_reused")]
    assert {o.seq for o in (*outcomes[:2], later[0])} == {1}
    assert await count(graph, "Change") == 1
    assert [
        attempts for (attempts,) in await graph.read("MATCH (r:Refusal) RETURN r.attempts")
    ] == [2]


async def test_a_second_parent_is_refused_by_name_unless_the_first_is_left_before(
    graph: Graph,
) -> None:
    await one(graph, serial("a"), serial("b"), serial("c"))
    await one(graph, contains("a", "c"), on=1)

    second = await one(graph, contains("b", "c"), on=2)
    moved = await one(graph, removed("a", "c"), contains("b", "c"), on=3)
    same_slot = await one(graph, contains("b", "a"), on=4)

    assert (second.status, second.code) == (Status.REFUSED, Reason.CARDINALITY)
    assert "utcs:TEST:serial:a" in (second.reason or "")
    assert moved.status == Status.APPLIED
    assert same_slot.code == Reason.CARDINALITY
    assert "slot '1'" in (same_slot.reason or "")


async def test_a_late_installation_may_not_overlap_one_that_is_over_today(graph: Graph) -> None:
    await one(graph, serial("a"), serial("b"), serial("c"))
    await one(graph, contains("a", "c"), on=2)
    await one(graph, removed("a", "c"), on=8)

    overlapping = await one(graph, contains("b", "c"), on=5)
    before = await apply(
        graph,
        [event(contains("b", "c"), on=1, group="g"), event(removed("b", "c"), on=2, group="g")],
    )

    assert overlapping.code == Reason.CARDINALITY
    assert told(before) == [("applied", None)] * 2


@pytest.mark.parametrize("order", [(1, 2, 0), (2, 1, 0)])
async def test_a_late_installation_is_taken_with_its_removal_that_waits_for_it(
    graph: Graph, order: tuple[int, ...]
) -> None:
    """Each was kept out by the lack of the other: it overlaps what came next, and the removal needs it."""
    await one(graph, serial("a"), serial("b"), serial("c"))
    story = [
        event(contains("a", "c"), on=1),
        event(removed("a", "c"), on=2),
        event(contains("b", "c"), on=3),
    ]

    outcomes = [(await apply(graph, [story[number]]))[0] for number in order]

    assert outcomes[-1].status == Status.APPLIED, outcomes[-1].reason
    assert await count(graph, "Parked") == 0


async def test_a_cycle_is_refused_even_when_it_closes_within_one_batch(graph: Graph) -> None:
    await one(graph, *(serial(name) for name in "abcd"))
    await one(graph, contains("a", "b"), contains("c", "d"), on=1)

    outcomes = await apply(
        graph, [event(contains("b", "c"), on=2), event(contains("d", "a"), on=2)]
    )
    itself = await one(graph, contains("a", "a", "9"), on=3)
    earlier = await one(graph, contains("d", "a"), removed("d", "a"), on=0)

    assert told(outcomes) == [("applied", None), ("refused", "cycle")]
    assert itself.code == Reason.CYCLE
    assert earlier.code == Reason.TWICE


async def test_a_cycle_over_time_is_none_at_any_instant(graph: Graph) -> None:
    await one(graph, serial("a"), serial("b"))
    await one(graph, contains("a", "b"), on=1)
    await one(graph, removed("a", "b"), on=2)

    turned = await one(graph, contains("b", "a"), on=2)

    assert turned.status == Status.APPLIED


async def test_a_dangling_link_waits_and_is_applied_when_its_end_arrives(graph: Graph) -> None:
    await one(graph, serial("a"))
    waiting = event(contains("a", "b"), on=1)

    first, again = [(await apply(graph, [waiting]))[0] for _ in range(2)]
    arrived = await one(graph, serial("b"))
    after = (await apply(graph, [waiting]))[0]

    assert (first.status, first.code) == (Status.PARKED, Reason.UNKNOWN)
    assert "target: utcs:TEST:serial:b" in (first.reason or "")
    assert again.status == Status.PARKED
    assert (arrived.status, arrived.seq) == (Status.APPLIED, 2)
    assert (after.status, after.seq) == (Status.DUPLICATE, 3)
    assert await count(graph, "Parked") == 0
    assert await count(graph, "Missing") == 0


async def test_what_waits_too_long_becomes_a_dead_letter_with_its_reason(
    graph: Graph,
) -> None:
    await one(graph, contains("a", "b"), on=1)

    assert await expire(graph) == 0
    graph.clock = lambda: 4_000_000_000_000_000
    assert await expire(graph) == 1

    ((code, reason),) = await graph.read("MATCH (r:Refusal) RETURN r.code, r.reason")
    assert code == "expired"
    assert "utcs:TEST:serial:a" in reason
    assert await count(graph, "Parked") == 0
    assert await count(graph, "Missing") == 0


async def test_what_waited_and_contradicts_in_the_end_becomes_a_dead_letter_as_it_was_sent(
    graph: Graph,
) -> None:
    await one(graph, serial("a"))
    waiting = orjson.dumps(event(retire("b"), on=3), option=orjson.OPT_INDENT_2)
    await apply(graph, [event(contains("a", "b"), on=2), waiting])

    await one(graph, serial("b"), on=1)

    letters = await graph.read("MATCH (r:Refusal) RETURN r.code, r.document")
    assert [(code, bytes(document)) for code, document in letters] == [("would_dangle", waiting)]
    assert await count(graph, "Parked") == 0


async def test_a_waiting_correction_learns_what_it_is_about_when_its_event_comes(
    graph: Graph,
) -> None:
    await one(graph, serial("a"), serial("b"))
    wrong = event(retire("b"), on=2, id="wrong")
    await apply(graph, [event(correct("wrong"), serial("c"), contains("d", "c"), on=3)])
    await apply(graph, [wrong])
    late = event(contains("a", "b"), on=1)

    (waits,) = await apply(graph, [late])
    await one(graph, serial("d"))

    assert waits.code == Reason.NOT_THERE
    assert await count(graph, "Parked") == 0
    assert (await apply(graph, [late]))[0].status == Status.DUPLICATE


async def test_a_correction_may_not_leave_only_the_end_of_a_link(graph: Graph) -> None:
    await one(graph, serial("a"), serial("b"))
    await one(graph, contains("a", "b"), on=1, id="in")
    await one(graph, removed("a", "b"), on=2, id="out")

    one_alone = await one(graph, correct("in"), on=3)
    both = await one(graph, correct("in"), correct("out"), on=3)

    assert (one_alone.code, both.status) == (Reason.DANGLING, Status.APPLIED)
    assert "event 'out'" in (one_alone.reason or "")


async def test_a_group_stands_or_falls_together(graph: Graph) -> None:
    await one(graph, serial("a"), serial("b"), serial("c"))
    await one(graph, contains("a", "c"), on=1)

    outcomes = await apply(
        graph,
        [
            event(serial("d"), group="g"),
            event(serial("e")),
            event(contains("b", "c"), on=2, group="g"),
        ],
    )

    assert told(outcomes) == [
        ("refused", "group_failed"),
        ("applied", None),
        ("refused", "too_many"),
    ]
    assert await graph.read("MATCH (a:Anchor {utcs: 'utcs:TEST:serial:d'}) RETURN a") == []


async def test_a_group_falls_with_a_member_that_is_no_event(graph: Graph) -> None:
    broken = event(put("utcs:TEST:prat:x"), group="g")

    outcomes = await apply(graph, [event(serial("a"), group="g"), orjson.dumps(broken)])

    assert told(outcomes) == [("refused", "group_failed"), ("refused", "invalid")]
    assert outcomes[1].id == broken["id"]
    assert await count(graph, "Anchor") == 0


async def test_what_still_has_links_cannot_retire_until_they_end(graph: Graph) -> None:
    await one(graph, serial("a"), serial("b"))
    await one(graph, contains("a", "b"), on=1)

    refused = await one(graph, retire("b"), on=5)
    done = await one(graph, removed("a", "b"), retire("b"), on=5)
    late = await one(graph, contains("a", "b", "2"), on=6)

    assert refused.code == Reason.DANGLING
    assert "CONTAINS" in (refused.reason or "")
    assert done.status == Status.APPLIED
    assert (late.status, late.code) == (Status.PARKED, Reason.NOT_THERE)


async def test_a_correction_supersedes_and_keeps_what_was_believed(graph: Graph) -> None:
    await one(graph, serial("a", name="right"), on=0)
    await one(graph, serial("a", name="wrong"), on=2, id="slip")

    fixed = await one(graph, correct("slip"), serial("a", name="better"), on=3)
    again = await one(graph, correct("slip"), on=4)
    nothing = await one(graph, correct("never"), on=4)

    assert fixed.status == Status.APPLIED
    assert again.code == Reason.CORRECTION
    assert (nothing.status, nothing.code) == (Status.PARKED, Reason.NO_EVENT)
    names = await graph.read(
        "MATCH (v:Version) RETURN v.name, v.superseded_at > $now ORDER BY v.valid_from, v.recorded_at",
        {"now": graph.clock()},
    )
    assert ["wrong", False] in names
    assert ["wrong", True] not in names
    assert ["right", True] in names
    assert ["better", True] in names


async def test_a_statement_that_another_of_the_same_instant_beats_is_said_to_have_no_effect(
    graph: Graph,
) -> None:
    stands = await one(graph, serial("a", name="stands"), id="t-9")
    beaten = await one(graph, serial("a", name="beaten"), id="t-10")
    later = await one(graph, serial("a", name="later"), on=1)

    assert (stands.code, later.code) == (None, None)
    assert (beaten.status, beaten.code) == (Status.APPLIED, Reason.OVERTAKEN)
    assert "what event 't-9' of source" in (beaten.reason or "")


async def test_a_correction_may_not_leave_a_link_without_its_end(graph: Graph) -> None:
    await one(graph, serial("a"), id="birth")
    await one(graph, serial("b"))
    await one(graph, contains("a", "b"), on=1)

    outcome = await one(graph, correct("birth"), on=2)

    assert outcome.code == Reason.DANGLING


async def test_an_alias_names_one_thing_at_a_time(graph: Graph) -> None:
    await one(graph, serial("a", aliases=["msn:0001"]), serial("b"), on=0)

    taken = await one(graph, serial("c", aliases=["msn:0001"]), on=1)
    given_up = await one(graph, serial("a"), on=2)
    passed_on = await one(graph, serial("b", aliases=["msn:0001"]), on=2)

    assert taken.code == Reason.ALIAS
    assert "serial:a" in (taken.reason or "")
    assert (given_up.status, passed_on.status) == (Status.APPLIED, Status.APPLIED)


async def test_the_later_source_rank_wins_an_instant_whichever_comes_first(graph: Graph) -> None:
    await one(graph, serial("a", name="trusted"), on=1, sourcerank=80)

    await one(graph, serial("a", name="hearsay"), on=1, sourcerank=20)

    assert await graph.read("MATCH (a:Anchor) RETURN a.name, a.n, a.version") == [["trusted", 2, 1]]


async def test_what_begins_tomorrow_is_not_true_today_but_is_once_the_clock_says_so(
    graph: Graph,
) -> None:
    start = graph.clock()
    await one(graph, serial("a", name="old"), on=0)
    await one(graph, serial("a", name="new"), serial("b"), on=4000)

    before = await graph.read("MATCH (a:Serial) RETURN a.name, a.stale_at IS NULL")
    graph.clock = lambda: start + 4000 * 86_400_000_000
    renewed = await refresh(graph)
    after = await graph.read("MATCH (a:Serial) RETURN a.name, a.stale_at IS NULL ORDER BY a.name")

    assert before == [["old", False]]
    assert renewed == 2
    assert after == [["b", True], ["new", True]]


async def test_many_writers_leave_no_gap_and_no_double_in_the_log(
    graph: Graph, neo4j_server: GraphServer
) -> None:
    events = [event(serial(f"s{n % 7}", name=f"n{n}"), on=n / 10) for n in range(60)]

    async def writer(share: list[dict[str, Any]]) -> list[Outcome]:
        async with await Graph.open(*neo4j_server) as own:
            return [outcome for e in share for outcome in await apply(own, [e])]

    everyone = await asyncio.gather(*(writer(events[start::3]) for start in (0, 1, 2, 0)))

    statuses = [o.status for outcomes in everyone for o in outcomes]
    assert statuses.count(Status.APPLIED) == 60
    assert statuses.count(Status.DUPLICATE) == 20
    seqs = await graph.read("MATCH (c:Change) RETURN c.seq, c.recorded_at ORDER BY c.seq")
    assert [seq for seq, _ in seqs] == list(range(1, 61))
    times = [at for _, at in seqs]
    assert times == sorted(set(times)), "recorded_at grows strictly"
    live = await graph.read(
        "MATCH (v:Version) WHERE v.superseded_at > $now RETURN v.utcs, count(DISTINCT v.n), count(*)",
        {"now": graph.clock() + 10**12},
    )
    assert all(n == rows for _, n, rows in live)
    assert sum(n for _, n, _ in live) == 60


async def test_recorded_at_never_steps_back_with_the_clock(graph: Graph) -> None:
    await one(graph, serial("a"))
    graph.clock = lambda: 0

    await one(graph, serial("b"))

    times = [
        at for (at,) in await graph.read("MATCH (c:Change) RETURN c.recorded_at ORDER BY c.seq")
    ]
    assert times[1] == times[0] + 1


async def test_a_graph_that_is_not_there_is_said_to_be_so() -> None:
    with pytest.raises(GraphUnreachableError, match="is it up"):
        await Graph.open("bolt://127.0.0.1:1", "neo4j", "nobody")


async def test_a_wrong_password_is_said_to_be_so(neo4j_server: GraphServer) -> None:
    with pytest.raises(TraceError, match="password"):
        await Graph.open(neo4j_server.uri, "neo4j", "not the password")
