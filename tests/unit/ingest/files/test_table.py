"""Tables of any kind, with links of any type, as CSV and as Parquet."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pytest
from pyarrow import parquet

from ingest.files import table_parquet
from ingest.files.mapping import read_mapping
from ingest.files.rejected import FileError
from tests.store.saying import event, serial

BOM = """name = "bill of material"
kind = "part"
things = false
[id]
column = "parent"
[[links]]
column = "child"
link = "HAS_COMPONENT"
kind = "part"
slot = "find"
properties = { "qty" = "quantity" }
"""


def packed(columns: dict[str, Any], **options: Any) -> bytes:
    written = io.BytesIO()
    parquet.write_table(pa.table(columns), written, **options)
    return written.getvalue()


@pytest.fixture
def declared(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (path := tmp_path / "m.toml").write_text(text)
        return path

    return write


def test_columns_become_links_of_any_type_in_either_direction(samples: Path, read: Any) -> None:
    loaded = read(samples / "parts.csv", mapping=samples / "parts.toml")

    assert loaded.rejected == []
    assert set(loaded.things) == {"LH2-PUMP-1", "LH2-SEAL-7", "LH2-BEARING-3"}
    assert loaded.links == {
        ("LH2-PUMP-1", "HAS_COMPONENT", "LH2-SEAL-7"),
        ("LH2-PUMP-1", "HAS_COMPONENT", "LH2-BEARING-3"),
        ("LH2-PUMP-1", "SUPPLIED_BY", "0AB12"),
        ("LH2-SEAL-7", "SUPPLIED_BY", "0AB12"),
        ("LH2-BEARING-3", "SUPPLIED_BY", "9G32L"),
    }
    puts = [fact for fact in loaded.facts if fact.fact == "put_link"]
    told = {(f.slot, str(f.target), f.properties.get("quantity")) for f in puts}
    assert ("10", "utcs:ACME:part:LH2-SEAL-7", "2") in told
    assert (None, "utcs:CAGE:supplier:0AB12", None) in told


def test_rows_may_be_links_alone(read_text: Any, declared: Any) -> None:
    table = "parent,child,find,qty\nA,B,10,2\nA,C,20,1\n,C,20,1\nA,D,,1\n"

    loaded = read_text("bom.csv", table, mapping=declared(BOM))

    assert loaded.things == {}
    assert loaded.links == {("A", "HAS_COMPONENT", "B"), ("A", "HAS_COMPONENT", "C")}
    assert loaded.reasons == [
        "line 4: column 'parent': the id is empty; give one",
        "line 5: column 'child': event: slot: HAS_COMPONENT needs slot",
    ]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("HAS_COMPONENT", "NOPE", "'NOPE' is not in the ontology"),
        ('kind = "part"\nslot', 'kind = "prat"\nslot', "'prat' is not in the ontology"),
        ("HAS_COMPONENT", "FITS", "FITS does not join a part to a part; it goes from part"),
        ('slot = "find"\n', "", "HAS_COMPONENT needs the column of its slot"),
        ('"quantity"', '"colour"', "HAS_COMPONENT carries no 'colour'; use one of quantity"),
        ("things = false\n", "", "columns: is missing"),
        ("things = false", "things = false\n[columns]\nx = 'name'", "need `links`, and no `col"),
    ],
)
def test_links_that_cannot_be_are_refused_with_the_mapping(
    declared: Any, old: str, new: str, problem: str
) -> None:
    with pytest.raises(FileError, match=problem):
        read_mapping(declared(BOM.replace(old, new)))


def test_parquet_is_read_by_the_same_mappings_as_csv(read_text: Any, declared: Any) -> None:
    rows = {"parent": ["A", "A"], "child": ["B", "C"], "find": [10, 20], "qty": [2.5, 1]}
    text = "parent,child,find,qty\nA,B,10,2.5\nA,C,20,1\n"
    mapping = declared(BOM)

    loaded = read_text("bom.parquet", packed(rows), mapping=mapping, source="urn:x")
    as_text = read_text("bom.csv", text, mapping=mapping, source="urn:x")

    assert loaded.ids == as_text.ids


def test_parquet_needs_no_name_and_takes_a_built_in_mapping(read_text: Any) -> None:
    loaded = read_text("rows", packed({"id": ["R1"], "name": ["one"], "parent": [None]}))

    assert loaded.things["R1"].name == "one"


def test_rows_of_parquet_may_be_events(read_text: Any) -> None:
    said = [event(serial("a"), id="1"), event(serial("b"), id="2"), event(serial("c", x=1), id="3")]
    when = datetime(2026, 1, 1, tzinfo=UTC)
    rows = {
        "id": [one["id"] for one in said],
        "source": ["urn:test"] * 3,
        "time": [when] * 3,
        "data": [orjson.dumps(one["data"]).decode() for one in said],
    }

    loaded = read_text("a.parquet", packed(rows))

    assert loaded.ids == ["1", "2"]
    assert loaded.events[0].time == when
    assert loaded.events[0].actor == "tester"
    assert len(loaded.reasons) == 1
    assert loaded.reasons[0].startswith("row 3: data.facts.0.put_node.x: ")


@pytest.mark.parametrize("cut", [4, 10, 200, -1, -8])
def test_truncated_parquet_is_refused(read_text: Any, cut: int) -> None:
    whole = packed({"id": ["R1"] * 100, "name": ["one"] * 100})

    with pytest.raises(FileError, match=r"a\.parquet: is no whole Parquet file: .*; write it anew"):
        read_text("a.parquet", whole[:cut])


def test_parquet_with_a_damaged_middle_is_refused(read_text: Any) -> None:
    whole = bytearray(packed({"id": [f"R{n}" for n in range(999)], "name": ["x"] * 999}))
    whole[20:200] = b"\xff" * 180

    with pytest.raises(FileError, match="is no whole Parquet file"):
        read_text("a.parquet", bytes(whole))


@pytest.mark.slow
def test_bomb_of_one_long_value_in_many_rows_takes_no_memory(read_text: Any) -> None:
    rows = 3000
    words = pa.DictionaryArray.from_arrays(
        pa.array([0] * rows, pa.int32()), pa.array(["x" * 8_000_000])
    )
    bomb = packed({"id": [f"R{n}" for n in range(rows)], "name": words})  # 24 GB, if unpacked

    loaded = read_text("bomb.parquet", bomb)

    assert len(loaded.rejected) == rows
    assert loaded.reasons[0] == "row 1: column 'name': over 1,048,576 characters"


@pytest.mark.parametrize(
    ("limit", "problem"),
    [
        ("MAX_ROWS", "has 2 rows, at most 1 are read"),
        ("MAX_COLUMNS", "has 2 columns, at most 1 are read"),
        ("MAX_GROUP", r"row group 1 unpacks to .* bytes, at most 1 are read"),
    ],
)
def test_parquet_beyond_the_limits_is_refused(
    read_text: Any, monkeypatch: pytest.MonkeyPatch, limit: str, problem: str
) -> None:
    monkeypatch.setattr(table_parquet, limit, 1)

    with pytest.raises(FileError, match=problem):
        read_text("a.parquet", packed({"id": ["R1", "R2"], "name": ["a", "b"]}))
