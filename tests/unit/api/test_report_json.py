"""The JSON form of a report: it carries all, and its hash holds it to what it said."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from api.report.document import (
    Column,
    Draft,
    Figure,
    Place,
    Report,
    ReportError,
    Section,
    Table,
    Type,
)
from api.report.json import FORM, MismatchError, read, render, seal
from graph.model.identifier import Utcs
from tests.unit.api.drafts import COLUMNS, WHEN, hostile, make_sealed, row

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MOMENTS = st.datetimes(timezones=st.just(UTC)).filter(lambda when: when.year < 9999)
IDS = st.builds(
    Utcs, st.just("TEST"), st.just("serial"), st.from_regex(r"[A-Za-z0-9._-]{1,9}", fullmatch=True)
)
NUMBERS = st.integers(-(10**30), 10**30) | st.decimals(
    allow_nan=False, allow_infinity=False, places=3
)
CELLS = {
    Type.TEXT: TEXT, Type.ID: IDS, Type.NUMBER: NUMBERS, Type.DAY: st.dates(), Type.MOMENT: MOMENTS,
    Type.FLAG: st.booleans(),
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.lists(st.builds(Column, TEXT, st.sampled_from(Type), TEXT), max_size=4))
    rows = st.tuples(*(st.none() | CELLS[column.type] for column in columns))
    return Table(tuple(columns), tuple(draw(st.lists(rows, max_size=3))))


SECTIONS = st.builds(
    Section,
    TEXT,
    st.lists(TEXT, max_size=2).map(tuple),
    st.none() | tables(),
    st.none() | TEXT.filter(bool),
)
DRAFTS = st.builds(
    Draft, TEXT, st.lists(SECTIONS, max_size=3).map(tuple),
    st.lists(st.builds(Figure, TEXT, NUMBERS, TEXT), max_size=2).map(tuple),
    st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip
OPTIONS = st.dictionaries(TEXT, TEXT, max_size=2).map(lambda said: tuple(sorted(said.items())))
REPORTS = st.builds(
    Report, TEXT, st.none() | IDS, OPTIONS,
    st.builds(Place, MOMENTS, MOMENTS, st.integers(0, 2**53 - 1)), DRAFTS,
)  # fmt: skip


def altered(change: Any) -> bytes:
    whole = json.loads(render(make_sealed(row())))
    change(whole)
    return json.dumps(whole).encode()


@given(REPORTS, TEXT)
def test_what_is_written_is_read_back(report: Report, asker: str) -> None:
    sealed = seal(report, asker)

    again = read(render(sealed))

    assert (again.sha256, again.asked_by) == (sealed.sha256, asker)
    assert render(again) == render(sealed)


def test_a_stranger_computes_the_hash_with_any_json_library() -> None:
    sealed = hostile()

    whole = json.loads(render(sealed))
    canonical = json.dumps(
        whole["report"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )

    assert hashlib.sha256(canonical.encode()).hexdigest() == whole["sha256"] == sealed.sha256
    assert rfc8785.dumps(whole["report"]) == canonical.encode()


def test_the_hash_is_of_what_is_said_not_of_who_asked() -> None:
    sealed = make_sealed(row())

    assert seal(sealed.report, "bert").sha256 == sealed.sha256
    assert make_sealed(row(number=2)).sha256 != sealed.sha256


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole["report"].update(title="Another"),
        lambda whole: whole["report"]["sections"][0]["table"]["rows"][0].__setitem__(0, "forged"),
        lambda whole: whole["report"]["sections"][1].update(cut=None),
        lambda whole: whole["report"]["coordinates"].update(seq=9),
        lambda whole: whole["report"].update(more="said"),
        lambda whole: whole.update(sha256="0" * 64),
    ],
)
def test_one_change_is_found(change: Any) -> None:
    with pytest.raises(MismatchError, match="it was altered after it was made"):
        read(altered(change))


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"{", b"null", b'{"form": "other"}', b'{"form": "%s"}' % FORM.encode(), b"\xff" * 9,
        altered(lambda whole: whole["report"].update(title=7)),
        altered(lambda whole: whole["report"].update(sections=None)),
        altered(lambda whole: whole["report"].update(subject="utcs:TEST:aircraft:A-1~x")),
        altered(lambda whole: whole["report"]["coordinates"].update(as_of="yesterday")),
        altered(lambda whole: whole["report"]["sections"][0]["table"]["rows"].append(["short"])),
        altered(lambda whole: whole["report"]["sections"][0]["table"]["rows"][0].__setitem__(2, "NaN")),
        altered(lambda whole: whole["report"]["sections"][0]["table"]["rows"][0].__setitem__(6, "yes")),
        altered(lambda whole: whole["report"]["sections"][0]["table"]["columns"][0].update(type="code")),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused_in_one_sentence(text: bytes) -> None:
    with pytest.raises(ReportError, match="file: no report"):
        read(text)


@pytest.mark.parametrize(
    ("place", "cell"),
    [(0, 5), (1, "utcs:TEST:serial:S-1"), (2, 0.5), (3, True), (4, WHEN), (5, WHEN.date()), (6, 1)],
)
def test_a_cell_of_another_type_than_its_column_is_refused(place: int, cell: Any) -> None:
    cells: list[Any] = list(row())
    cells[place] = cell

    with pytest.raises(ReportError, match=f"row 1: {COLUMNS[place].name} holds"):
        Table(COLUMNS, (tuple(cells),))


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ReportError, match="row 2: 1 cells for 7 columns"):
        Table(COLUMNS, (row(), ("alone",)))


def test_numbers_keep_their_kind_and_digits() -> None:
    cells = (*row()[:2], Decimal("1234567890.125"), 2**60, date(2024, 2, 29), WHEN, False)

    (again,) = read(render(make_sealed(cells))).report.draft.sections[0].table.rows  # type: ignore[union-attr]

    assert again == cells
    assert type(again[3]) is int
