"""Cleansing: proposed first, done when an editor says so, undone by `correct`, and never in the way."""

from __future__ import annotations

import pytest

from graph.flows.cleanse import SOURCE, cleanse
from graph.flows.merge import merge
from graph.flows.submit import ForbiddenError, Principal
from graph.model.outcome import Status
from graph.store.apply import apply
from graph.store.changes import changes
from graph.store.database import Graph
from graph.store.show import show
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import event

READER, EDITOR = Principal.of("rita", "reader"), Principal.of("emma", "editor")


async def number(graph: Graph, day: float | None = None) -> object:
    at = as_of(day) if day is not None else as_of(5000)
    return (await show(graph, id_of("part-1"), at=at)).node.properties.model_dump()["number"]


async def test_a_proposal_changes_nothing_and_says_all(graph: Graph) -> None:
    await tell(graph, event(thing("part-1", number="P\u2013100"), thing("part-2")))

    page = await cleanse(graph, READER, "part")

    (proposal,) = page.proposals
    (change,) = proposal.changes
    assert (change.field, change.old, change.new, change.rule) == (
        "number", "P\u2013100", "P-100", "plain-code",
    )  # fmt: skip
    assert (proposal.utcs, proposal.outcome, page.examined) == (id_of("part-1"), None, 2)
    assert await number(graph) == "P\u2013100"


async def test_an_editor_applies_it_and_the_log_has_the_reason(graph: Graph) -> None:
    await tell(graph, event(thing("part-1", number="P\u2013100", mass_kg=2), on=3))
    with pytest.raises(ForbiddenError, match="editor"):
        await cleanse(graph, READER, "part", dry_run=False)

    page = await cleanse(graph, EDITOR, "part", dry_run=False)

    (entry,) = await changes(graph, after=1)
    assert [p.outcome.status for p in page.proposals if p.outcome] == [Status.APPLIED]
    assert await number(graph) == "P-100"
    assert await number(graph, 3) == "P\u2013100", "what was said stays where it was said"
    assert (entry.source, entry.actor, entry.id) == (SOURCE, "emma", page.proposals[0].event)
    assert '"reason":"plain-code: number:' in entry.event
    assert (await cleanse(graph, EDITOR, "part")).proposals == ()


async def test_a_cleansed_record_is_trusted_in_a_merge_as_before(graph: Graph) -> None:
    clean, dirty = thing("part-2", number="P-9", material="B"), thing("part-1", material="A  1")
    await tell(graph, event(dirty, sourcerank=60), event(clean, on=1, sourcerank=55))
    await cleanse(graph, EDITOR, "part", dry_run=False)

    plan = await merge(graph, EDITOR, id_of("part-1"), id_of("part-2"), reason="one part")

    assert {choice.field: choice.value for choice in plan.choices}["material"] == "A 1"


async def test_correct_undoes_it_and_it_is_not_proposed_again(graph: Graph) -> None:
    await tell(graph, event(thing("part-1", number="P\u2013100")))
    (proposal,) = (await cleanse(graph, EDITOR, "part", dry_run=False)).proposals
    undo = {"fact": "correct", "source": SOURCE, "id": proposal.event, "reason": "it is so"}

    await tell(graph, event(undo, on=1))

    assert await number(graph) == "P\u2013100"
    assert (await cleanse(graph, EDITOR, "part")).proposals == ()


async def test_what_is_said_meanwhile_or_comes_late_is_not_overridden(graph: Graph) -> None:
    await tell(graph, event(thing("part-1", number="P\u2013100"), on=1))
    await cleanse(graph, EDITOR, "part", dry_run=False)

    (outcome,) = await apply(graph, [event(thing("part-1", number="P-200"), on=2)])

    assert (outcome.status, outcome.code) == (Status.APPLIED, None)
    assert await number(graph) == "P-200"
    assert await number(graph, 1.5) == "P-100"


async def test_several_rules_make_one_statement_and_chosen_things_only(graph: Graph) -> None:
    await tell(
        graph,
        event(
            thing("part-1", number="P\u2013100", name="a  b"), thing("part-2", number="P\u2013200"),
            thing("design-1", ata_chapter="28"), link("part-1", "REALISES", "design-1"),
        ),
    )  # fmt: skip

    page = await cleanse(graph, EDITOR, "part", things=[id_of("part-1")], dry_run=False)

    node = (await show(graph, id_of("part-1"))).node
    assert len(page.proposals) == 1
    assert node.version == 2
    assert node.properties.model_dump(include={"name", "number", "ata_chapter"}) == {
        "name": "a b", "number": "P-100", "ata_chapter": "28",
    }  # fmt: skip
    assert len((await cleanse(graph, READER, "part")).proposals) == 1


async def test_proposals_page(graph: Graph) -> None:
    await tell(graph, event(*(thing(f"part-{n}", number=f"P\u2013{n}") for n in range(5))))

    first = await cleanse(graph, READER, "part", first=3)
    second = await cleanse(graph, READER, "part", first=3, after=first.next)

    utcs = [p.utcs.local for page in (first, second) for p in page.proposals]
    assert utcs == [f"part-{n}" for n in range(5)]
    assert second.next is None
