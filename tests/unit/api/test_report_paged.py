"""All pages of an answer become one list, which says where it was cut."""

from dataclasses import dataclass

import pytest

from api.report.asked import Options
from api.report.catalogue import REPORTS, get_report, reports_on
from api.report.paged import Gathered, gather
from graph.model import ontology
from graph.store.errors import BadQuestionError


@dataclass(frozen=True)
class Numbers:
    listed: tuple[int, ...]
    next: str | None


async def numbers(total: int, most: int) -> tuple[Gathered[Numbers, int], list[str]]:
    """Asks for so many numbers, ten to a page."""
    told: list[str] = []

    async def page(after: str | None) -> Numbers:
        start = int(after or 0)
        end = min(start + 10, total)
        return Numbers(tuple(range(start, end)), str(end) if end < total else None)

    return await gather(page, lambda one: one.listed, told.append, "numbers", most), told


async def test_all_pages_are_read_and_progress_is_told() -> None:
    found, told = await numbers(25, 100)

    assert (found.items, found.is_whole, found.cut) == (tuple(range(25)), True, None)
    assert told == ["10 numbers", "20 numbers"]


@pytest.mark.parametrize(("total", "most", "listed"), [(25, 20, 20), (25, 12, 12), (20, 20, 20)])
async def test_what_is_more_than_a_report_holds_is_cut_and_said(
    total: int, most: int, listed: int
) -> None:
    found, _ = await numbers(total, most)

    assert len(found.items) == listed
    assert found.is_whole is (total <= most)
    assert found.cut == (None if total <= most else f"the first {listed} are listed")


def test_an_empty_answer_is_whole() -> None:
    assert Gathered((Numbers((), None),), (), True).cut is None


def test_every_kind_has_reports_and_every_report_a_sentence() -> None:
    assert all(reports_on(kind) for kind in ontology.kinds())
    assert {"status", "configuration", "directives"} <= {one.name for one in reports_on("aircraft")}
    assert "status" not in {one.name for one in reports_on("requirement")}
    assert all(one.doc.endswith(".") and len(one.doc) <= 100 for one in REPORTS.values())
    options = set(Options.__dataclass_fields__)
    assert all(one.takes <= options for one in REPORTS.values())


def test_an_unknown_report_is_named_with_the_nearest() -> None:
    with pytest.raises(BadQuestionError, match="'statsu' is no report; did you mean status"):
        get_report("statsu")
    with pytest.raises(BadQuestionError, match="use one of status, configuration"):
        get_report("\x1b[31m")
