"""Envelopes as the documentation of Debezium's connectors shows them, and what they say of things.

They are written by hand in the form of 3.x (PostgreSQL, MySQL, SQL Server); a real one runs in tests/e2e.
"""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from graph.model.event import Event, EventError
from graph.model.fact import EndLink, PutLink, PutNode, RetireNode
from ingest.files.rejected import FileError
from ingest.files.tables import read_tables
from ingest.messages.cloudevent import Message
from ingest.messages.debezium import read_change
from ingest.messages.envelope import UNAVAILABLE, read_envelope

MAPPING = Path(__file__).parents[3] / "samples" / "debezium" / "mapping.toml"
TABLES = read_tables(MAPPING)

UNIT = {"serial": "S-1", "label": "valve", "part": "P-1", "assembly": None, "place": None}


def envelope(
    op: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    table: str = "units",
    **source: Any,
) -> dict[str, Any]:
    """What the PostgreSQL connector sends, without the schema."""
    origin = {
        "version": "3.0.0.Final", "connector": "postgresql", "name": "shop", "snapshot": "false",
        "ts_ms": 1559033904863, "ts_us": 1559033904863123, "ts_ns": 1559033904863123000,
        "db": "shop", "sequence": '["24023119","24023128"]', "schema": "public", "table": table,
        "txId": 555, "lsn": 24023128, "xmin": None,
    }  # fmt: skip
    return {
        "before": before, "after": after, "source": origin | source, "transaction": None,
        "op": op, "ts_ms": 1559033904900, "ts_us": 1559033904900111, "ts_ns": 1559033904900111222,
    }  # fmt: skip


def read(document: Any) -> Event:
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    (event,) = read_change(Message(body), TABLES)
    return event


@pytest.mark.parametrize("op", ["c", "r"])
def test_a_row_becomes_a_thing_and_its_foreign_keys_links(op: str) -> None:
    event = read(envelope(op, None, UNIT | {"assembly": "A-1", "place": "L", "spare": 7}))

    put, made_to, installed = event.facts
    assert isinstance(put, PutNode)
    assert str(put.utcs) == "utcs:TEST:serial:S-1"
    assert (put.properties.name, put.properties.extra) == ("valve", {"spare": "7"})
    assert isinstance(made_to, PutLink)
    assert (made_to.link, str(made_to.target)) == ("INSTANCE_OF", "utcs:TEST:part:P-1")
    assert isinstance(installed, PutLink)
    assert (str(installed.source), installed.link, str(installed.target), installed.slot) == (
        "utcs:TEST:serial:A-1", "CONTAINS", "utcs:TEST:serial:S-1", "L",
    )  # fmt: skip
    assert (event.source, event.actor) == ("urn:test:shop", "debezium")
    assert event.time == datetime(2019, 5, 28, 8, 58, 24, 863123, tzinfo=UTC)


def test_an_update_says_only_of_links_that_changed() -> None:
    installed = UNIT | {"assembly": "A-1", "place": "L"}
    moved = read(envelope("u", installed, UNIT | {"assembly": "A-2", "place": "R"}))
    renamed = read(envelope("u", installed, installed | {"label": "pump"}))

    put, ended, begun = moved.facts
    assert isinstance(put, PutNode)
    assert isinstance(ended, EndLink)
    assert (str(ended.source), ended.slot) == ("utcs:TEST:serial:A-1", "L")
    assert isinstance(begun, PutLink)
    assert (str(begun.source), begun.slot) == ("utcs:TEST:serial:A-2", "R")
    assert [type(fact) for fact in renamed.facts] == [PutNode]


def test_a_deletion_ends_the_links_and_then_the_thing() -> None:
    facts = read(envelope("d", UNIT, None)).facts

    assert [type(fact) for fact in facts] == [EndLink, RetireNode]


def test_a_tombstone_says_nothing() -> None:
    assert read_change(Message(b"", key=b'{"serial":"S-1"}'), TABLES) == []


def test_with_a_schema_decimals_days_and_times_are_read_as_what_they_are() -> None:
    def column(name: str, type: str, logical: str | None = None, **parameters: str) -> Any:
        return {"field": name, "type": type, "name": logical, "parameters": parameters}

    columns = [
        column("number", "string"),
        column("title", "string"),
        column("mass", "bytes", "org.apache.kafka.connect.data.Decimal", scale="3"),
        column("rate", "struct", "io.debezium.data.VariableScaleDecimal"),
        column("since", "int32", "io.debezium.time.Date"),
        column("at", "int64", "io.debezium.time.MicroTimestamp"),
        column("nano", "int64", "io.debezium.time.NanoTimestamp"),
        column("milli", "int64", "io.debezium.time.Timestamp"),
        column("zoned", "string", "io.debezium.time.ZonedTimestamp"),
    ]
    row = {
        "number": "P-1", "title": "tank", "mass": base64.b64encode(b"\xff\x0c").decode(),
        "rate": {"scale": 2, "value": base64.b64encode(b"\x04\xd2").decode()}, "since": -1,
        "at": 1, "nano": 1001, "milli": 1559033904863, "zoned": "2019-05-28T08:58:24Z",
    }  # fmt: skip
    fields = [{"field": side, "type": "struct", "fields": columns} for side in ("before", "after")]
    document = {
        "schema": {"type": "struct", "fields": fields},
        "payload": envelope("c", None, row, table="parts"),
    }

    change = read_envelope(orjson.dumps(document))

    assert change.after == {
        "number": "P-1", "title": "tank", "mass": "-0.244", "rate": "12.34", "since": "1969-12-31",
        "at": "1970-01-01T00:00:00.000001Z", "nano": "1970-01-01T00:00:00.000001Z",
        "milli": "2019-05-28T08:58:24.863000Z", "zoned": "2019-05-28T08:58:24Z",
    }  # fmt: skip
    row["mass"] = base64.b64encode((12500).to_bytes(2, "big")).decode()
    put = read(document).facts[0]
    assert isinstance(put, PutNode)
    assert put.properties.model_dump()["mass_kg"] == Decimal("12.5")


def test_values_without_a_schema_are_taken_as_they_are_written() -> None:
    put = read(envelope("c", None, UNIT | {"made_on": "2026-01-02", "ok": True, "n": 1.5})).facts[0]

    assert isinstance(put, PutNode)
    told = put.properties.model_dump()
    assert told["manufactured_on"] == date(2026, 1, 2)
    assert told["extra"] == {"ok": "true", "n": "1.5"}


POSITIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "postgresql": ({"lsn": 9}, {"lsn": 10}),
    "mysql": (
        {"lsn": None, "txId": None, "file": "mysql-bin.000003", "pos": 484, "row": 0},
        {"lsn": None, "txId": None, "file": "mysql-bin.000003", "pos": 484, "row": 12},
    ),
    "sqlserver": (
        {"lsn": None, "txId": None, "commit_lsn": "00000027:00000758:0005",
         "change_lsn": "00000027:00000758:0003", "event_serial_no": 1},
        {"lsn": None, "txId": None, "commit_lsn": "00000027:00000758:0005",
         "change_lsn": "00000027:00000758:0003", "event_serial_no": 2},
    ),
    "oracle": (
        {"lsn": None, "txId": None, "commit_scn": "999", "scn": "998"},
        {"lsn": None, "txId": None, "commit_scn": "1000", "scn": "998"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("connector", POSITIONS)
def test_ids_follow_the_log_of_the_database_and_a_repeat_has_the_same(connector: str) -> None:
    first, second = POSITIONS[connector]
    before = envelope("u", UNIT, UNIT | {"label": "z"}, **first)
    after = envelope("u", UNIT, UNIT | {"label": "a"}, **second)

    assert read(before).id < read(after).id, "of one instant, the later change is the greater"
    assert read(before) == read(before | {"ts_ms": 1, "ts_us": 1000})


def test_a_database_without_schemas_names_its_tables_itself() -> None:
    source = {"connector": "mysql", "schema": None, "db": "inventory", "file": "b.1", "pos": 4}
    event = read(envelope("c", None, {"id": 1004, "name": "ACME"}, "vendors", **source))

    assert str(event.subject) == "utcs:TEST:supplier:1004"


def test_a_long_value_that_was_not_logged_again_is_taken_from_before_or_refused() -> None:
    after = UNIT | {"label": UNAVAILABLE}
    put = read(envelope("u", UNIT, after)).facts[0]

    assert isinstance(put, PutNode)
    assert put.properties.name == "valve"
    with pytest.raises(EventError, match=r"after\.label: .* REPLICA IDENTITY FULL"):
        read(envelope("u", {"serial": "S-1"}, after))


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"\xff", "not UTF-8"),
        (b'{"a": ', "not JSON"),
        (
            orjson.dumps(envelope("c", None, UNIT)).replace(b"valve", b"\\ud800"),
            "label|name|surrogate",
        ),
        (b"[1]", "source: missing; send Debezium's whole envelope"),
        ({"serial": "S-1"}, "source: missing"),
        (envelope("t", None, None), "op: 't': public.units was emptied"),
        (envelope("m", None, None), "op: 'm' is no change of a row"),
        (envelope("c", None, {"x": 1}, table="users"), "public.users is not mapped; public.parts"),
        (envelope("c", None, None), "after: missing"),
        (envelope("u", None, UNIT), "before: missing, so the links that ended"),
        (envelope("d", None, None), "before: missing, so the row that is gone"),
        (envelope("c", None, {"label": "x"}), "column 'serial': the id is empty"),
        (envelope("c", None, UNIT, lsn=None, txId=None), "source: holds no position"),
        (envelope("c", None, UNIT | {"label": ""}), "name"),
        (envelope("c", None, UNIT, ts_us=10**18), "envelope: time"),
        (envelope("c", None, UNIT | {"assembly": "A-1"}), "slot: CONTAINS needs slot"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(document: Any, said: str) -> None:
    with pytest.raises(EventError, match=said):
        read(document)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "part"\nid', 'kind = "prat"\nid', "'prat' is not in the ontology"),
        ('link = "INSTANCE_OF"', 'link = "INSTANCE"', "'INSTANCE' is not in the ontology"),
        ('mass = "mass_kg"', 'mass = "weight"', "a part has no property 'weight'"),
        ("[[tables]]", "[[tables", "is not TOML"),
        (
            'id.column = "number"',
            'id.column = "number"\nparent.column = "x"',
            "parent: is for files",
        ),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(MAPPING.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(FileError, match=said):
        read_tables(file)
