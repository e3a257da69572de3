"""Two records become one, by one event, and two again by its correction, as if it had never been."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.flows.merge import Merge, merge
from graph.flows.submit import ForbiddenError, Principal
from graph.model.identifier import Utcs
from graph.model.outcome import Reason, Status
from graph.model.survivorship import Side
from graph.model.time import FAR, Coordinates, format_utc, to_micros
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.findings import findings
from graph.store.history import history
from graph.store.neighbours import neighbours
from graph.store.resolve import resolve
from graph.store.show import Standing, show
from graph.store.trace import trace
from tests.store.conftest import empty
from tests.store.linking import as_of, id_of, link, retire, tell, thing, unlink
from tests.store.saying import event

EDITOR = Principal.of("emma", "editor")
KEPT, GONE = id_of("serial-kept"), id_of("serial-gone")
AHEAD = 3000
"""A day of the test's world that is still to come."""


async def believed(graph: Graph) -> set[tuple[Any, ...]]:
    """All rows of belief that hold at some time: what is answered for every `asOf`."""
    things = await graph.read(
        "MATCH (a:Anchor)-[:VERSION]->(v) WHERE v.superseded_at = $far AND v.valid_from < v.valid_to "
        "RETURN a.utcs, v.hash, v.valid_from, v.valid_to", {"far": FAR},
    )  # fmt: skip
    links = await graph.read(
        "MATCH (a:Anchor)-[r]->(b:Anchor) WHERE r.superseded_at = $far AND r.valid_from < r.valid_to "
        "RETURN a.utcs, split(type(r), '_PAST')[0], b.utcs, r.slot, r.reference, r.valid_from, r.valid_to",
        {"far": FAR},
    )  # fmt: skip
    return {tuple(row) for row in (*things, *links)}


async def present(graph: Graph) -> dict[str, Any]:
    """What the anchors carry, but for the numbers of versions."""
    rows = await graph.read("MATCH (a:Anchor) RETURN a.utcs, labels(a), properties(a)")
    apart = ("n", "version", "recorded_at", "superseded_at", "made", "valid_to", "off")
    return {
        utcs: (sorted(set(labels) - {"Version", "History"}),
               {n: v for n, v in said.items() if n not in apart and n != "hash"})
        for utcs, labels, said in rows
    }  # fmt: skip


async def done(graph: Graph, kept: Utcs = KEPT, gone: Utcs = GONE, **more: Any) -> Merge:
    made = await merge(graph, EDITOR, kept, gone, reason="one unit", dry_run=False, **more)
    assert made.outcome is not None, made.conflicts
    assert made.outcome.status is Status.APPLIED, made.outcome
    return made


def undo(made: Merge) -> dict[str, Any]:
    fact = {
        "fact": "correct",
        "source": "urn:utcs:quality",
        "id": made.event,
        "reason": "two units",
    }
    return event(fact, on=700)


WORLD = (
    event(
        thing("serial-kept", serial_number="1", aliases=["erp:1"]),
        thing("serial-gone", serial_number="1", manufacturer="Cryo", aliases=["erp:2"]),
        *(thing(n) for n in ("serial-inner", "serial-outer", "part-1", "workorder-1")[:3]),
    ),
    event(
        link("serial-gone", "INSTANCE_OF", "part-1"), link("serial-kept", "INSTANCE_OF", "part-1"),
        link("serial-gone", "CONTAINS", "serial-inner", "1", reference="WO 7"),
        link("serial-outer", "CONTAINS", "serial-gone", "A"),
        on=1,
    ),
)  # fmt: skip


async def world(graph: Graph) -> None:
    await tell(graph, event(thing("part-1")), *WORLD)


async def test_the_survivor_has_the_values_links_and_aliases_of_both(graph: Graph) -> None:
    await world(graph)

    made = await done(graph)

    node = (await show(graph, KEPT)).node
    near = await neighbours(graph, KEPT)
    assert node.properties.model_dump()["manufacturer"] == "Cryo"
    assert {(one.reads, one.utcs.local, one.slot) for one in near.links} == {
        ("INSTANCE_OF", "part-1", None), ("CONTAINS", "serial-inner", "1"),
        ("INSTALLED_IN", "serial-outer", "A"),
    }  # fmt: skip
    assert [one.properties for one in near.links if one.reads == "CONTAINS"] == [
        {"reference": "WO 7"}
    ]
    assert {(move.reads, move.kept) for move in made.moves} == {
        ("INSTANCE_OF", False), ("CONTAINS", True), ("INSTALLED_IN", True),
    }  # fmt: skip
    assert [await resolve(graph, alias) for alias in ("erp:1", "erp:2")] == [KEPT, KEPT]


async def test_asking_for_the_duplicate_leads_to_the_survivor_and_before_to_itself(
    graph: Graph,
) -> None:
    await world(graph)
    before = Coordinates(known_at=(await show(graph, KEPT)).node.recorded_at)

    made = await done(graph)

    shown = await show(graph, GONE)
    assert (shown.standing, shown.merged_into, shown.since) == (Standing.ENDED, KEPT, made.at)
    with pytest.raises(NotFoundError, match=f"merged into {KEPT}; ask about that one"):
        await trace(graph, GONE)
    for at in (as_of(5), before):
        then = await show(graph, GONE, at=at)
        assert (then.standing, then.merged_into) == (Standing.THERE, None)
        assert (await show(graph, KEPT, at=at)).node.properties.model_dump()["manufacturer"] is None
    assert await resolve(graph, "erp:2", at=as_of(5)) == GONE
    assert [row.merged_into for row in (await history(graph, GONE)).rows if row.merged_into] == [
        KEPT
    ]


async def test_an_alias_of_the_duplicate_still_leads_to_a_survivor_that_is_stated_without_it(
    graph: Graph,
) -> None:
    await world(graph)
    made = await done(graph)
    later = event(thing("serial-kept", serial_number="1")) | {"time": format_utc(made.at)}

    await tell(graph, later | {"sourcerank": 90})

    assert await resolve(graph, "erp:2") == KEPT


async def test_merges_are_followed_to_the_last_survivor(graph: Graph) -> None:
    await world(graph)
    await tell(graph, event(thing("serial-third")))
    await done(graph)
    await done(graph, kept=id_of("serial-third"), gone=KEPT)

    shown = await show(graph, GONE)

    assert shown.merged_into == id_of("serial-third")
    assert await resolve(graph, "erp:2") == id_of("serial-third")


async def test_planning_changes_nothing_and_tells_every_conflict(graph: Graph) -> None:
    await world(graph)
    await tell(
        graph,
        event(thing("part-2"), thing("serial-other")),
        event(unlink("serial-kept", "INSTANCE_OF", "part-1"), on=2),
        event(
            link("serial-kept", "INSTANCE_OF", "part-2"),
            link("serial-kept", "CONTAINS", "serial-other", "1"),
            on=3,
        ),
    )
    before = await believed(graph)

    plan = await merge(graph, EDITOR, KEPT, GONE, reason="one unit")
    refused = await merge(graph, EDITOR, KEPT, GONE, reason="one unit", dry_run=False)

    assert (plan.outcome, refused.outcome) == (None, None)
    assert any("INSTANCE_OF may hold 1" in conflict for conflict in plan.conflicts)
    assert any("slot '1' may hold 1" in conflict for conflict in plan.conflicts)
    assert await believed(graph) == before
    assert (await graph.read("MATCH (c:Change) RETURN count(c)"))[0][0] == 6


async def test_links_and_statements_still_to_come_are_conflicts_of_the_duplicate(
    graph: Graph,
) -> None:
    await world(graph)
    await tell(
        graph,
        event(thing("serial-gone", name="later"), on=AHEAD),
        event(thing("serial-kept", name="later"), on=AHEAD),
        event(link("serial-gone", "LOCATED_IN", "position-1"), thing("position-1"), on=AHEAD),
    )

    plan = await merge(graph, EDITOR, KEPT, GONE, reason="one unit")

    assert any("is stated anew as of" in conflict for conflict in plan.conflicts)
    assert any("is stated anew as of" in warning for warning in plan.warnings)


async def test_what_cannot_be_one_thing_is_refused_by_name(graph: Graph) -> None:
    await world(graph)

    with pytest.raises(BadQuestionError, match="name two of one kind"):
        await merge(graph, EDITOR, KEPT, id_of("part-1"), reason="x")
    with pytest.raises(BadQuestionError, match="name two of one kind"):
        await merge(graph, EDITOR, KEPT, KEPT, reason="x")
    with pytest.raises(NotFoundError, match="serial-none"):
        await merge(graph, EDITOR, KEPT, id_of("serial-none"), reason="x")
    with pytest.raises(BadQuestionError, match="'colour' is said of neither"):
        await merge(graph, EDITOR, KEPT, GONE, reason="x", prefer={"colour": Side.SURVIVOR})
    with pytest.raises(ForbiddenError, match="editor"):
        await merge(graph, Principal.of("rita", "reader"), KEPT, GONE, reason="x")
    await done(graph)
    with pytest.raises(NotFoundError, match="merged into"):
        await merge(graph, EDITOR, KEPT, GONE, reason="again")


async def test_a_link_between_the_two_ends(graph: Graph) -> None:
    await tell(graph, event(thing("requirement-a"), thing("requirement-b")))
    await tell(graph, event(link("requirement-b", "DERIVES_FROM", "requirement-a"), on=1))

    await done(graph, kept=id_of("requirement-a"), gone=id_of("requirement-b"))

    assert (await neighbours(graph, id_of("requirement-a"))).links == ()


async def test_correcting_the_merge_makes_everything_as_it_was_at_any_time(graph: Graph) -> None:
    await world(graph)
    before, anchors = await believed(graph), await present(graph)
    made = await done(graph)
    assert await believed(graph) != before

    await tell(graph, undo(made))

    assert await believed(graph) == before
    assert await present(graph) == anchors
    assert (await show(graph, GONE)).standing is Standing.THERE
    assert (await done(graph)).event != made.event, "they may be merged again"


MEANWHILE = (
    event(thing("serial-kept", name="restated"), on=AHEAD),
    event(thing("serial-kept", name="late", serial_number="1"), on=0.5),
    event(thing("serial-gone", name="late"), on=0.5),
    event(link("serial-kept", "CONTAINS", "serial-new", "2"), on=AHEAD),
    event(link("serial-kept", "LOCATED_IN", "position-1"), on=2),
    event(thing("serial-inner", name="renamed"), on=AHEAD),
    event(unlink("serial-outer", "CONTAINS", "serial-gone", "A"), on=AHEAD),
    event(thing("serial-gone", name="lives again"), on=AHEAD),
)


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=st.sets(st.sampled_from(range(len(MEANWHILE)))))
async def test_a_merge_that_was_corrected_never_was_whatever_happened_meanwhile(
    graph: Graph, happened: set[int]
) -> None:
    ends = event(thing("serial-new"), thing("position-1"))
    meanwhile = [MEANWHILE[n] for n in sorted(happened)]
    await empty(graph)
    await world(graph)
    await tell(graph, ends, *meanwhile)
    without = await believed(graph)
    await empty(graph)
    await world(graph)
    await tell(graph, ends)

    made = await done(graph)
    await tell(graph, *meanwhile, undo(made))

    assert await believed(graph) == without


async def test_what_is_said_of_the_duplicate_later_is_kept_and_told(graph: Graph) -> None:
    await world(graph)
    made = await done(graph)
    late = event(thing("serial-gone", name="late", serial_number="1"), on=5)
    again = event(thing("serial-gone", name="again", serial_number="1"), on=AHEAD)
    ended = event(unlink("serial-gone", "CONTAINS", "serial-inner", "1"), on=AHEAD)
    linked = event(link("serial-gone", "CONTAINS", "serial-inner", "3"), on=AHEAD - 1)

    outcomes = [(await apply(graph, [said]))[0] for said in (late, ended, linked, again)]

    assert [(o.status, o.code) for o in outcomes] == [
        (Status.APPLIED, None), (Status.APPLIED, Reason.MERGED),
        (Status.PARKED, Reason.NOT_THERE), (Status.APPLIED, Reason.MERGED),
    ]  # fmt: skip
    told = outcomes[1].reason or ""
    assert f"{GONE}: was merged into {KEPT} at {format_utc(made.at)}" in told
    assert "withdraw the merge" in told
    assert f"it was merged into {KEPT}, so say it of that one" in (outcomes[2].reason or "")
    assert (await show(graph, GONE, at=as_of(6))).node.properties.name == "late"
    assert (await show(graph, GONE)).merged_into == KEPT


async def test_a_duplicate_that_is_stated_again_is_a_finding_and_may_be_merged_again(
    graph: Graph,
) -> None:
    await world(graph)
    made = await done(graph)
    again = event(thing("serial-gone", serial_number="1", owner="Nord")) | {
        "time": format_utc(made.at)
    }
    await tell(graph, again | {"sourcerank": 90})
    assert (await show(graph, GONE)).standing is Standing.THERE

    found = (await findings(graph, "serial", rules=["stated-after-merge"])).findings
    await done(graph)

    assert [one.utcs for one in found] == [GONE]
    assert str(KEPT) in found[0].problem
    assert (await show(graph, KEPT)).node.properties.model_dump()["owner"] == "Nord"


async def test_a_thing_is_merged_only_into_one_that_is_known(graph: Graph) -> None:
    await world(graph)
    gone = {"fact": "retire_node", "utcs": str(id_of("serial-inner")), "reason": "x"}
    await tell(graph, event(unlink("serial-gone", "CONTAINS", "serial-inner", "1"), on=2))
    into = str(id_of("serial-later"))

    (waits,) = await apply(graph, [event(gone | {"merged_into": into}, on=9)])
    await tell(graph, event(thing("serial-later")))
    (odd,) = await apply(graph, [event(gone | {"merged_into": str(id_of("part-1"))}, on=9)])

    assert (waits.status, waits.code) == (Status.PARKED, Reason.UNKNOWN)
    assert (await show(graph, id_of("serial-inner"))).merged_into == id_of("serial-later")
    assert (odd.status, odd.code) == (Status.REFUSED, Reason.INVALID)
    assert "name another serial" in (odd.reason or "")


async def test_a_plain_retirement_after_a_merge_hides_it(graph: Graph) -> None:
    await world(graph)
    made = await done(graph)
    await tell(graph, event(thing("serial-gone")) | {"time": format_utc(made.at), "sourcerank": 90})
    await tell(graph, event(retire("serial-gone"), on=AHEAD))

    shown = await show(graph, GONE, at=as_of(AHEAD + 1))

    assert (shown.standing, shown.merged_into) == (Standing.ENDED, None)
    assert to_micros(made.at) < FAR
