"""Pairs that may be one thing are found among all, explained, and left out once people have judged."""

from __future__ import annotations

from typing import Any

import pytest

from graph.flows.distinguish import distinguish
from graph.flows.merge import merge
from graph.flows.submit import ForbiddenError, Principal
from graph.model.distinction import distinction_of
from graph.model.outcome import Status
from graph.model.resemblance import Verdict
from graph.store import duplicates as question
from graph.store.database import Graph
from graph.store.duplicates import Candidates, duplicates, features_text
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.moment import CURRENT, Moment
from tests.store.linking import id_of, link, tell, thing
from tests.store.saying import event
from tests.store.test_cypher_plans import operators, sample

EDITOR = Principal.of("emma", "editor")


def told(page: Candidates) -> list[tuple[str, str, Verdict]]:
    return [(one.first.local, one.second.local, one.verdict) for one in page.pairs]


async def parts(graph: Graph) -> None:
    await tell(
        graph,
        event(
            thing("part-1", number="P-100", cage="0AB12", name="Valve"),
            thing("part-2", number="P100", cage="0AB12", name="Valve"),
            thing("part-3", number="P-1OO", name="Shut-off valve"),
            thing("part-4", number="P-200", cage="0AB12", name="Valve"),
        ),
    )


async def test_pairs_are_told_best_first_with_all_that_speaks_for_them(graph: Graph) -> None:
    await parts(graph)

    page = await duplicates(graph, "part")

    assert told(page)[0] == ("part-1", "part-2", Verdict.LIKELY)
    assert {pair[:2] for pair in told(page)} >= {("part-1", "part-3"), ("part-2", "part-3")}
    best = page.pairs[0]
    assert best.score == round(sum(one.contribution for one in best.comparisons), 2)
    assert {c.feature: (c.first, c.second, c.similarity) for c in best.comparisons} == {
        "number": ("P-100", "P100", 0.95), "cage": ("0AB12", "0AB12", 1.0),
        "name": ("Valve", "Valve", 1.0), "ata_chapter": (None, None, None), "spec": (None, None, None),
    }  # fmt: skip
    assert (page.examined, page.complete, page.next) == (4, True, None)


async def test_units_are_compared_by_the_part_that_they_are_made_to(graph: Graph) -> None:
    await tell(
        graph,
        event(thing("part-1"), thing("part-2"), thing("serial-1", serial_number="7"),
              thing("serial-2", serial_number="7"), thing("serial-3", serial_number="7")),
        event(link("serial-1", "INSTANCE_OF", "part-1"), link("serial-2", "INSTANCE_OF", "part-1"),
              link("serial-3", "INSTANCE_OF", "part-2")),
    )  # fmt: skip

    page = await duplicates(graph, "serial")

    assert told(page) == [
        ("serial-1", "serial-2", Verdict.LIKELY),
        ("serial-1", "serial-3", Verdict.POSSIBLE),
        ("serial-2", "serial-3", Verdict.POSSIBLE),
    ]


async def test_pages_tell_all_pairs_once(graph: Graph) -> None:
    await parts(graph)
    whole = told(await duplicates(graph, "part"))
    found, after = list[Any](), None

    while True:
        page = await duplicates(graph, "part", first=1, after=after)
        found += told(page)
        after = page.next
        if after is None:
            break

    assert found == whole
    assert page.total == len(whole)
    with pytest.raises(BadQuestionError, match="cursor"):
        await duplicates(graph, "serial", after="x")


async def test_what_many_share_brings_nothing_together_and_that_is_told(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "CROWD", 3)
    await tell(graph, event(*(thing(f"serial-{n}", serial_number="UNKNOWN") for n in range(5))))

    page = await duplicates(graph, "serial")

    assert (page.pairs, page.complete) == ((), False)
    assert "1 value that more than 3 things share" in (page.cut or "")


async def test_a_pair_that_was_judged_stays_away_until_the_judgement_is_withdrawn(
    graph: Graph,
) -> None:
    await parts(graph)
    first, second = id_of("part-1"), id_of("part-2")

    outcome = await distinguish(graph, EDITOR, second, first, reason="drawn twice")

    assert outcome.status is Status.APPLIED
    assert ("part-1", "part-2") not in {pair[:2] for pair in told(await duplicates(graph, "part"))}
    plan = await merge(graph, EDITOR, first, second, reason="x")
    assert any(str(distinction_of(first, second)) in conflict for conflict in plan.conflicts)
    undo = {"fact": "correct", "source": outcome.source, "id": outcome.id, "reason": "they are"}
    await tell(graph, event(undo, on=1))
    assert ("part-1", "part-2") in {pair[:2] for pair in told(await duplicates(graph, "part"))}


async def test_only_an_editor_judges_and_only_of_two_that_are_there(graph: Graph) -> None:
    await parts(graph)

    reader = Principal.of("rita", "reader")

    with pytest.raises(ForbiddenError, match="editor"):
        await distinguish(graph, reader, id_of("part-1"), id_of("part-2"), reason="x")
    with pytest.raises(NotFoundError, match="part-9"):
        await distinguish(graph, EDITOR, id_of("part-1"), id_of("part-9"), reason="x")
    with pytest.raises(BadQuestionError, match="name two things of one kind"):
        await distinguish(graph, EDITOR, id_of("part-1"), id_of("part-1"), reason="x")
    outcome = await distinguish(graph, EDITOR, id_of("part-1"), id_of("part-2"), reason="")
    assert outcome.status is Status.REFUSED


@pytest.mark.parametrize("kind", ["part", "serial", "document"])
async def test_what_is_compared_is_read_off_an_index(graph: Graph, kind: str) -> None:
    text = features_text(Moment.of(graph, CURRENT), kind)

    found = await operators(graph, text, sample(text) | {"kind": kind, "start": ""})

    assert not found & {"AllNodesScan", "NodeByLabelScan", "CartesianProduct"}
