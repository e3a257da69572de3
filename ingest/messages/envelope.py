"""Reads Debezium's envelopes: what happened to a row, where in the log of its database, and its values.

With Kafka Connect's schema around it (`schemas.enable=true`) or without. With it, values whose JSON does not
say what they are (decimals, days, times) are read as what the schema calls them.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import orjson

from graph.model.event import EventError
from graph.model.time import TimeError, format_micros, from_micros

UNAVAILABLE: Final = "__debezium_unavailable_value"
"""What stands for a long value that PostgreSQL did not log, as it had not changed."""

_OPERATIONS: Final = "crud"

_POSITION: Final = (
    "commit_lsn", "change_lsn", "event_serial_no",  # SQL Server, Db2
    "commit_scn", "scn", "ssn",  # Oracle
    "file", "pos", "row",  # MySQL, MariaDB
    "lsn", "txId",  # PostgreSQL
    "gtid",
)  # fmt: skip
"""What says where in the log of the database a change stands, so that the greater one is the later one."""

_DIGITS: Final = 20
"""Numbers get so many, that they sort as text."""

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One change of one row.

    Attributes:
        operation: `c` created, `r` read in a snapshot, `u` updated, `d` deleted.
        table: `schema.table`, or `database.table`.
        position: Where it stands in the log of the database; sorts in the order of the log.
        time: When it was made.
        before: The row as it was; None if the database did not say.
        after: The row as it is; None if it is gone.
    """

    operation: str
    table: str
    position: str
    time: datetime
    before: Row | None
    after: Row | None


def read_envelope(body: bytes) -> Envelope:
    """Returns the change in a message.

    Raises:
        EventError: It is no envelope, or of a change of something else than a row.
    """
    document = _parsed(body)
    schema, payload = None, document
    if isinstance(document, dict) and document.keys() >= {"schema", "payload"}:
        schema, payload = document["schema"], document["payload"]
    if not isinstance(payload, dict) or not isinstance(payload.get("source"), dict):
        raise EventError(
            "envelope: source: missing; send Debezium's whole envelope, not only the row (no unwrap)"
        )
    operation, origin = payload.get("op"), payload["source"]
    table = f"{origin.get('schema') or origin.get('db')}.{origin.get('table')}"
    if operation not in tuple(_OPERATIONS):
        raise EventError(_no_row(operation, table))
    try:
        types = _types(schema)
        before, after = (
            _row(payload.get(side), types.get(side, {})) for side in ("before", "after")
        )
        return Envelope(
            operation,
            table,
            _position(origin),
            _time(payload, origin),
            before,
            _whole(before, after),
        )
    except (TimeError, OverflowError, ValueError, TypeError, ArithmeticError) as error:
        raise EventError(f"envelope: {error}") from error


def _parsed(body: bytes) -> Any:
    """Returns JSON with numbers as they are written: nanoseconds outgrow what readers of JSON agree on."""
    try:
        return json.loads(body.decode(), parse_float=str, parse_constant=str)
    except UnicodeDecodeError as error:
        raise EventError(f"envelope: byte {error.start} is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise EventError(f"envelope: not JSON: {error}") from error


def _no_row(operation: object, table: str) -> str:
    if operation == "t":
        return (
            f"op: 't': {table} was emptied, and the rows that are gone are not named; delete rows one by "
            "one, or retire the things yourself"
        )
    return f"op: {operation!r:.40} is no change of a row; c, r, u and d are"


def _position(origin: Mapping[str, Any]) -> str:
    told = [_sortable(origin[name]) for name in _POSITION if origin.get(name) is not None]
    if not told:
        raise EventError(
            f"source: holds no position; one of {', '.join(_POSITION)} is needed to tell a repeat"
        )
    return "/".join(told)


def _sortable(value: object) -> str:
    text = str(value)
    return text.zfill(_DIGITS) if text.isdigit() else text


def _time(payload: Mapping[str, Any], origin: Mapping[str, Any]) -> datetime:
    told = [(origin.get("ts_us"), 1), (origin.get("ts_ms"), 1000), (payload.get("ts_ms"), 1000)]
    for number, unit_us in told:
        if isinstance(number, int) and number > 0:
            return from_micros(number * unit_us)
    raise EventError("source.ts_ms: missing; it says when the change was made")


def _whole(before: Row | None, after: Row | None) -> Row | None:
    """Returns a row with the values that the database did not log again taken from what was before."""
    if after is None:
        return None
    lacking = [column for column, value in after.items() if value == UNAVAILABLE]
    old = {column: (before or {}).get(column, UNAVAILABLE) for column in lacking}
    if missing := [column for column, value in old.items() if value == UNAVAILABLE]:
        raise EventError(
            f"after.{missing[0]}: the database did not log this long value again; "
            "ALTER TABLE … REPLICA IDENTITY FULL lets it"
        )
    return after | old


def _row(values: Any, types: Mapping[str, Mapping[str, Any]]) -> Row | None:
    """Returns the values of a row as text; empty where there is none, as in a table in a file."""
    if not isinstance(values, dict):
        return None
    return {
        column: _text(_decoded(value, types.get(column, {}))) for column, value in values.items()
    }


def _types(schema: Any) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Returns what Connect's schema says of the columns, for `before` and `after`."""
    fields = schema.get("fields", ()) if isinstance(schema, dict) else ()
    return {
        side["field"]: {column["field"]: column for column in side.get("fields") or ()}
        for side in fields
        if side.get("field") in ("before", "after")
    }


def _decoded(value: Any, column: Mapping[str, Any]) -> Any:
    decode = _LOGICAL.get(column.get("name") or "")
    if value is None or decode is None or value == UNAVAILABLE:
        return value
    return decode(value, column.get("parameters") or {})


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else str(value)


def _unscaled(text: str) -> int:
    try:
        return int.from_bytes(base64.b64decode(text, validate=True), "big", signed=True)
    except binascii.Error as error:
        raise ValueError(f"{text!r:.40} is no decimal of Kafka Connect: {error}") from error


def _decimal(value: Any, parameters: Mapping[str, Any]) -> str:
    return format(Decimal(_unscaled(value)).scaleb(-int(parameters.get("scale", 0))), "f")


def _scaled_decimal(value: Any, _: Mapping[str, Any]) -> str:
    return format(Decimal(_unscaled(value["value"])).scaleb(-int(value["scale"])), "f")


def _day(value: Any, _: Mapping[str, Any]) -> str:
    return (date(1970, 1, 1) + timedelta(days=value)).isoformat()


def _moment(*, per_us: int = 1, us: int = 1) -> Callable[[Any, Mapping[str, Any]], str]:
    return lambda value, _: format_micros(value * us // per_us)


_LOGICAL: Final[dict[str, Callable[[Any, Mapping[str, Any]], str]]] = {
    "org.apache.kafka.connect.data.Decimal": _decimal,
    "io.debezium.data.VariableScaleDecimal": _scaled_decimal,
    "org.apache.kafka.connect.data.Date": _day,
    "io.debezium.time.Date": _day,
    "org.apache.kafka.connect.data.Timestamp": _moment(us=1000),
    "io.debezium.time.Timestamp": _moment(us=1000),
    "io.debezium.time.MicroTimestamp": _moment(),
    "io.debezium.time.NanoTimestamp": _moment(per_us=1000),
}
"""Debezium documentation, "Data type mappings": semantic types whose JSON is a bare number or bytes."""
