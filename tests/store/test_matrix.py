"""What answers what: rows, cells with the links that make them, coverage, orphans, filters and pages."""

from __future__ import annotations

from typing import Any

import pytest

from graph.model.time import Coordinates, from_micros
from graph.model.trace_aspect import Aspect
from graph.store import matrix as question
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.matrix import Matrix, Row, trace_matrix
from tests.store.linking import as_of, id_of, link, tell, thing, unlink
from tests.store.saying import day, event

Told = dict[str, dict[str, list[str]]]


@pytest.fixture
async def tank(graph: Graph) -> Graph:
    """Four requirements: answered in full, but for a task, by a design alone, not at all; and orphans."""
    result = {"verdict": "failed", "performed_at": day(5)}
    await tell(
        graph,
        event(
            thing("requirement-1", assurance_level="a", level="system", number="R1"),
            thing("requirement-2", assurance_level="b"),
            thing("requirement-3"),
            thing("requirement-4"),
            thing("requirement-5", status="withdrawn"),
            thing("design-1", ata_chapter="28-41"),
            thing("design-2", ata_chapter="32"),
            thing("design-3"),
            thing("part-1"),
            *(thing(f"testcase-{n}") for n in (1, 2, 3)),
            thing("inspection-1", verdict="passed", performed_at=day(3)),
            thing("testresult-1", **result),
            thing("testresult-2", verdict="passed", performed_at=day(6)),
            thing("testresult-3", **result),
            thing("task-1", ata_chapter="28"),
            thing("task-2"),
            thing("document-1"),
            link("design-1", "SATISFIES", "requirement-1"),
            link("design-1", "SATISFIES", "requirement-2"),
            link("design-2", "SATISFIES", "requirement-3"),
            link("testcase-1", "VERIFIES", "requirement-1"),
            link("inspection-1", "VERIFIES", "requirement-1"),
            link("testcase-2", "VERIFIES", "requirement-2"),
            link("testresult-1", "RESULT_OF", "testcase-1"),
            link("testresult-2", "RESULT_OF", "testcase-1"),
            link("testresult-3", "RESULT_OF", "testcase-2"),
            link("task-1", "MEETS", "requirement-1"),
            link("part-1", "REALISES", "design-2"),
            link("task-2", "PERFORMED_ON", "part-1"),
            link("requirement-1", "SPECIFIED_IN", "document-1"),
        ),
    )
    return graph


def told(found: Matrix) -> Told:
    return {
        row.utcs.local: {a.value: [c.utcs.local for c in cells] for a, cells in row.cells.items()}
        for row in found.rows
    }


async def rows(graph: Graph, of: str = "requirement", **more: Any) -> list[str]:
    return [row.utcs.local for row in (await trace_matrix(graph, of, **more)).rows]


async def test_a_requirement_has_in_its_cells_what_answers_it(tank: Graph) -> None:
    found = await trace_matrix(tank)

    assert told(found) == {
        "requirement-1": {
            "design": ["design-1"], "test": ["inspection-1", "testcase-1"], "maintenance": ["task-1"],
        },
        "requirement-2": {"design": ["design-1"], "test": ["testcase-2"], "maintenance": []},
        "requirement-3": {"design": ["design-2"], "test": [], "maintenance": []},
        "requirement-4": {"design": [], "test": [], "maintenance": []},
    }  # fmt: skip
    (design,) = found.rows[0].cells[Aspect.DESIGN]
    assert [(tie.link, tie.source, tie.target) for tie in design.links] == [
        ("SATISFIES", id_of("design-1"), id_of("requirement-1"))
    ]
    inspection, testcase = found.rows[0].cells[Aspect.TEST]
    assert testcase.result is not None
    assert (testcase.result.utcs, testcase.result.verdict) == (id_of("testresult-2"), "passed")
    assert inspection.result is not None
    assert (inspection.result.utcs, inspection.result.verdict) == (inspection.utcs, "passed")


async def test_totals_count_all_rows_and_the_orphans_of_every_side(tank: Graph) -> None:
    found = await trace_matrix(tank, first=1)

    totals = found.totals
    assert totals is not None
    assert (totals.rows, totals.full, totals.score) == (4, 1, 25.0)
    assert [(c.aspect.value, c.covered, c.orphans) for c in totals.coverage] == [
        ("design", 3, 1), ("test", 2, 1), ("maintenance", 1, 1),
    ]  # fmt: skip
    assert (totals.passed, totals.failed, totals.open) == (1, 1, 0)


async def test_any_two_aspects_make_a_matrix_and_the_orphans_are_its_rows_without(
    tank: Graph,
) -> None:
    assert told(await trace_matrix(tank, "design", ["maintenance", "test"])) == {
        "design-1": {"test": ["inspection-1", "testcase-1", "testcase-2"], "maintenance": ["task-1"]},
        "design-2": {"test": [], "maintenance": ["task-2"]},
        "design-3": {"test": [], "maintenance": []},
    }  # fmt: skip
    assert told(await trace_matrix(tank, "maintenance", ["design"])) == {
        "task-1": {"design": ["design-1"]},
        "task-2": {"design": ["design-2"]},
    }
    assert told(await trace_matrix(tank, "test", ["requirement", "maintenance"]))["testcase-1"] == {
        "requirement": ["requirement-1"], "maintenance": ["task-1"],
    }  # fmt: skip
    assert await rows(tank, "design", uncovered="requirement") == ["design-3"]
    assert await rows(tank, "test", uncovered="requirement") == ["testcase-3"]
    assert await rows(tank, uncovered="test") == ["requirement-3", "requirement-4"]


@pytest.mark.parametrize("rows", Aspect)
async def test_a_matrix_turned_about_says_the_same(tank: Graph, rows: Aspect) -> None:
    def pairs(found: Matrix) -> set[tuple[str, str]]:
        kinds = {rows.kind, found.columns[0].kind, found.of.kind}
        return {
            (row.utcs.local, cell.utcs.local)
            for row in found.rows
            for cells in row.cells.values()
            for cell in cells
            if cell.kind in kinds
        }

    for column in Aspect:
        if column is not rows:
            there = pairs(await trace_matrix(tank, rows, [column], counted=False))
            back = pairs(await trace_matrix(tank, column, [rows], counted=False))

            assert there == {(one, other) for other, one in back}


async def test_rows_are_chosen_by_chapter_level_document_and_id(tank: Graph) -> None:
    assert await rows(tank, ata_chapter="28") == ["requirement-1", "requirement-2"]
    assert await rows(tank, ata_chapter="32") == ["requirement-3"]
    assert await rows(tank, assurance_level="b") == ["requirement-2"]
    assert await rows(tank, level="system") == ["requirement-1"]
    assert await rows(tank, document=id_of("document-1")) == ["requirement-1"]
    assert await rows(tank, prefix="utcs:TEST:requirement:requirement-3") == ["requirement-3"]
    assert await rows(tank, "maintenance", ata_chapter="28", assurance_level="a") == ["task-1"]
    assert await rows(tank, "test", ata_chapter="28-41") == ["testcase-1", "testcase-2"]
    totals = (await trace_matrix(tank, ata_chapter="28")).totals
    assert totals is not None
    assert (totals.rows, totals.score) == (2, 50.0)
    empty = (await trace_matrix(tank, ata_chapter="99")).totals
    assert empty is not None
    assert (empty.rows, empty.score) == (0, None)


async def test_a_link_in_doubt_is_marked_in_its_cell_and_in_no_other(tank: Graph) -> None:
    await tell(tank, event(thing("requirement-1", text="Anew.", number="R1"), on=10))

    found = await trace_matrix(tank)

    doubtful = {
        (row.utcs.local, cell.utcs.local)
        for row in found.rows
        for cells in row.cells.values()
        for cell in cells
        if cell.is_suspect
    }
    assert doubtful == {
        ("requirement-1", other) for other in ("design-1", "inspection-1", "testcase-1", "task-1")
    }


async def test_a_matrix_is_as_it_was_true_and_known(tank: Graph) -> None:
    (known, _) = await tell(
        tank,
        event(unlink("design-1", "SATISFIES", "requirement-2"), on=10),
        event(thing("requirement-6"), link("design-3", "SATISFIES", "requirement-6"), on=20),
    )

    async def designs(at: Coordinates) -> dict[str, list[str]]:
        found = await trace_matrix(tank, columns=["design"], at=at)
        assert found.totals is not None
        assert found.totals.rows == len(found.rows)
        assert found.totals.coverage[0].covered == sum(
            bool(row.cells[Aspect.DESIGN]) for row in found.rows
        )
        return {row: cells["design"] for row, cells in told(found).items()}

    one = {"requirement-1": ["design-1"], "requirement-3": ["design-2"], "requirement-4": []}
    assert await designs(as_of(5)) == one | {"requirement-2": ["design-1"]}
    assert await designs(as_of(15)) == one | {"requirement-2": []}
    assert await designs(Coordinates()) == one | {
        "requirement-2": [],
        "requirement-6": ["design-3"],
    }
    assert await designs(as_of(9000)) == await designs(Coordinates())
    assert await designs(Coordinates(known_at=from_micros(known - 1))) == await designs(as_of(5))
    assert (await trace_matrix(tank, at=as_of(9000))).rows == (await trace_matrix(tank)).rows


async def test_pages_of_any_size_tell_the_same(tank: Graph) -> None:
    whole = await trace_matrix(tank)
    found: list[Row] = []
    after = None
    while True:
        page = await trace_matrix(tank, first=3, after=after, counted=False)
        assert page.totals is None
        found += page.rows
        if (after := page.next) is None:
            break

    assert found == list(whole.rows)


async def test_a_cell_with_too_much_in_it_says_so(
    tank: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "MOST", 1)

    (row, *_) = (await trace_matrix(tank)).rows

    assert [cell.utcs.local for cell in row.cells[Aspect.TEST]] == ["testcase-1"]
    assert row.cut == {Aspect.TEST}


async def test_bad_questions_say_what_is_wrong(graph: Graph) -> None:
    for wrong, problem in (
        ({"of": "part"}, "of: 'part' is not an aspect; use one of requirement, design"),
        ({"columns": ["tests"]}, "columns: 'tests' is not an aspect; did you mean 'test'"),
        ({"columns": []}, "columns: empty"),
        ({"columns": ["requirement"]}, "'requirement' is not a column of a requirement matrix"),
        ({"uncovered": "requirement"}, "uncovered: 'requirement' is not a column"),
        ({"level": "deep"}, "level: 'deep' is not a level; use one of aircraft"),
        ({"assurance_level": "A"}, "assurance_level: 'A' is not a level"),
        ({"first": 1001}, "first: 1001 is out of bounds"),
        ({"after": "x"}, "not a cursor of matrix asked so"),
    ):
        with pytest.raises(BadQuestionError, match=problem):
            await trace_matrix(graph, **wrong)
