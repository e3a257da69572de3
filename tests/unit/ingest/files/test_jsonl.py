import json
from pathlib import Path
from typing import Any

import pytest

from graph.model.event import MAX_BYTES


def line(id: Any = "1", **changes: Any) -> Any:
    fact = {
        "fact": "put_node",
        "utcs": "utcs:ACME:part:P",
        "properties": {"name": "p", "number": "P"},
    }
    event = {"specversion": "1.0", "id": id, "source": "urn:x", "time": "2026-01-01T00:00:00Z"}
    return json.dumps(event | {"actor": "mes", "data": {"facts": [fact]}} | changes)


def test_sample_events_load(samples: Path, read: Any) -> None:
    loaded = read(samples / "events.jsonl")

    assert loaded.rejected == []
    assert loaded.ids == ["press-0001", "press-0002"]
    assert loaded.links == {("LH2-PUMP-1.0001", "INSTANCE_OF", "LH2-PUMP-1")}


def test_actor_is_filled_in_only_where_it_is_missing(read_text: Any) -> None:
    said, silent = json.loads(line("1")), json.loads(line("2"))
    del silent["actor"]

    loaded = read_text("a.jsonl", f"{json.dumps(said)}\n{json.dumps(silent)}\n")

    assert [event.actor for event in loaded.events] == ["mes", "tester"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"{", "not JSON"),
        (b"[]", "a JSON object is expected"),
        (b'"x"', "a JSON object is expected"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", "id"),
        (line(type="org.utcs.nope.v1").encode(), "is not known"),
        (line(time="2026-01-01T00:00:00").encode(), "has no offset"),
        (line(id="").encode(), "id"),
        (line(note="x" * 50_000_000).encode(), "over the limit of 1,048,576"),
        (b" " * (3 * MAX_BYTES) + b"x", "over the limit"),
    ],
    ids=str.split(
        "json list text utf8 surrogate nan depth empty type naive blank-id 50-megabytes spaces"
    ),
)
def test_bad_line_is_rejected_by_number_and_the_others_load(
    read_text: Any, bad: Any, reason: Any
) -> None:
    content = b"\n".join([line("1").encode(), b"", bad, line("2").encode()]) + b"\n"

    loaded = read_text("a.jsonl", content)

    assert loaded.ids == ["1", "2"]
    assert len(loaded.rejected) == 1
    assert loaded.rejected[0].where == "line 3"
    assert reason in loaded.rejected[0].reason
    assert len(loaded.rejected[0].raw) <= 2001


def test_byte_order_mark_windows_lines_and_no_last_newline(read_text: Any) -> None:
    content = b"\xef\xbb\xbf" + line("1").encode() + b"\r\n" + line("2").encode()

    assert read_text("a.jsonl", content).ids == ["1", "2"]


def test_largest_line_that_is_allowed_loads(read_text: Any) -> None:
    room = MAX_BYTES - len(line("1", note=""))

    loaded = read_text("a.jsonl", line("1", note="x" * room) + "\n")

    assert loaded.ids == ["1"]
