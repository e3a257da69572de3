"""Reports over a small world: pinned in time, made again exactly, and refused in plain words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from api.report import make as making
from api.report.asked import Options
from api.report.catalogue import get_report
from api.report.document import Sealed
from api.report.json import read, render
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.changes import head, head_at
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from tests.store.linking import CHAIN, id_of, tell, thing
from tests.store.saying import contains, correct, day, event, put, removed, serial

A1 = "utcs:TEST:serial:A1"


async def make(
    graph: Graph,
    kind: str,
    subject: str | None = None,
    at: Coordinates | None = None,
    **options: Any,
) -> Sealed:
    return await making.make(
        graph, get_report(kind), subject, asked_by="anna", at=at or Coordinates(),
        options=Options(**options),
    )  # fmt: skip


def listed(sealed: Sealed, heading: str) -> list[tuple[Any, ...]]:
    (table,) = (one.table for one in sealed.report.draft.sections if one.heading == heading)
    assert table is not None
    return list(table.rows)


def stated(sealed: Sealed) -> Coordinates:
    return Coordinates(sealed.report.place.as_of, sealed.report.place.known_at)


@pytest.fixture
async def units(graph: Graph) -> Graph:
    """Unit A1 with B1 in it, and B2 in B1."""
    await tell(
        graph,
        event(
            serial("A1"),
            serial("B1"),
            serial("B2"),
            contains("A1", "B1"),
            contains("B1", "B2", "x"),
        ),
    )
    return graph


async def test_a_report_made_again_at_its_times_is_the_same_whatever_came_since(
    units: Graph,
) -> None:
    made = await make(units, "configuration", A1)
    await tell(
        units, event(removed("A1", "B1"), on=20), event(serial("A1", condition="repaired"), on=21)
    )

    again, now = (
        await make(units, "configuration", A1, stated(made)),
        await make(units, "configuration", A1),
    )

    assert render(again) == render(made)
    assert [row[0] for row in listed(made, "Units")] == ["", "1", "1.x"]
    assert [row[0] for row in listed(now, "Units")] == [""]
    assert now.sha256 != made.sha256


async def test_every_report_reads_back_from_its_json(units: Graph) -> None:
    for kind in ("configuration", "history", "hours", "trace", "impact", "maintenance", "status"):
        made = await make(units, kind, A1)

        assert render(read(render(made))) == render(made)


async def test_knowledge_that_is_still_to_come_is_pinned_at_the_last_that_came(
    units: Graph,
) -> None:
    later = Coordinates(known_at=from_micros(units.clock()) + timedelta(days=900))

    place = (await make(units, "configuration", A1, later)).report.place

    last = await head(units)
    assert (place.known_at, place.seq) == (last.recorded_at, last.seq)


async def test_earlier_knowledge_names_the_last_entry_recorded_by_then(units: Graph) -> None:
    recorded = await tell(units, *(event(serial("A1", condition=c)) for c in ("new", "repaired")))
    between = (
        from_micros(recorded[0] + 1) if recorded[1] > recorded[0] + 1 else from_micros(recorded[0])
    )

    made = await make(units, "configuration", A1, Coordinates(known_at=between))

    assert (made.report.place.known_at, made.report.place.seq) == (between, 2)
    assert listed(made, "Units")[0][4] == "new"


async def test_the_place_in_the_log_is_the_last_by_then(graph: Graph) -> None:
    recorded = await tell(graph, *(event(serial(f"S{n}")) for n in range(9)))

    found = [(await head_at(graph, from_micros(at))).seq for at in recorded]
    before = await head_at(graph, from_micros(recorded[0] - 1))

    assert found == list(range(1, 10))
    assert before.seq == 0
    assert (await head_at(graph, from_micros(recorded[-1] + 10**9))).seq == 9


async def test_a_history_is_as_it_was_known_then(graph: Graph) -> None:
    wrong = event(serial("A1", condition="new"), on=1)
    await tell(graph, wrong)
    early = stated(await make(graph, "history", A1))
    await tell(graph, event(correct(wrong["id"]), serial("A1", condition="repaired"), on=1))

    then, now = await make(graph, "history", A1, early), await make(graph, "history", A1)

    assert [row[3] for row in listed(then, "What was said")] == [None]
    assert any(row[3] is not None for row in listed(now, "What was said"))
    assert "condition: new" in listed(then, "What was said")[0][6]


async def test_what_is_reached_is_counted_listed_and_cut_where_it_is(graph: Graph) -> None:
    await tell(graph, *CHAIN)

    whole = await make(graph, "trace", str(id_of("part-1")))
    short = await make(graph, "trace", str(id_of("part-1")), depth=2)

    assert [row[0] for row in listed(whole, "Things")] == [1, 2, 3, 4]
    assert whole.report.notes == ()
    assert short.report.options == (("depth", "2"),)
    assert short.report.notes == ("Things: cut at depth 2: at least 1 more beyond",)


async def test_text_of_the_graph_is_kept_as_it_is(graph: Graph) -> None:
    name = "=1+1 <b>"
    await tell(graph, event(put("utcs:TEST:serial:A1", name=name)))

    made = await make(graph, "configuration", A1)

    assert listed(made, "Units")[0][2] == name


@pytest.mark.parametrize(
    ("kind", "subject", "options", "sentence"),
    [
        ("status", None, {}, "id: the report status needs to know of what"),
        ("gaps", A1, {}, "id: the report gaps is about all there is; leave the id out"),
        ("hours", str(id_of("requirement-1")), {}, "of the kind requirement; the report hours is about"),
        ("hours", A1, {"depth": 3}, "depth: the report hours does not take it; it takes no options"),
        ("trace", A1, {"of": "design"}, "of: the report trace does not take it; it takes depth, kinds"),
        ("trace", A1, {"links": ("CONTANS",)}, "did you mean 'CONTAINS'"),
        ("trace", A1, {"depth": 0}, "depth: 0 is out of bounds"),
        ("matrix", None, {"of": "wheel"}, "wheel"),
        ("matrix", None, {"columns": ("wheel",)}, "wheel"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_so_is_refused(
    units: Graph, kind: str, subject: str | None, options: dict[str, Any], sentence: str
) -> None:
    await tell(units, event(thing("requirement-1")))

    with pytest.raises(BadQuestionError, match=sentence):
        await make(units, kind, subject, **options)


async def test_of_what_is_not_there_then_it_is_said_when_it_is(units: Graph) -> None:
    long_ago = Coordinates(as_of=parse_utc(day(-100)))

    with pytest.raises(NotFoundError, match="is not there"):
        await make(units, "configuration", A1, long_ago)
    with pytest.raises(NotFoundError):
        await make(units, "configuration", "utcs:TEST:serial:NONE")
