import os
from pathlib import Path
from typing import Any

import pytest

from graph.errors import TraceError
from ingest.files.open import Format, sniff
from ingest.files.rejected import FileError, Rejected

SAMPLES = [
    "requirements.csv",
    "h2_tank.reqif",
    "h2_tank.reqifz",
    "receiving.jsonld",
    "events.jsonl",
    "flight_computer.cdx.json",
    "rul_training.openlineage.jsonl",
]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.csv", b"id,name\n", Format.TABLE),
        ("a.CSV", b"id,name\n", Format.TABLE),
        ("a.tsv", b"id\tname\n", Format.TABLE),
        ("a.reqif", b"<REQ-IF/>", Format.REQIF),
        ("a", b"\xef\xbb\xbf<?xml version='1.0'?><REQ-IF/>", Format.REQIF),
        ("a.xml", "<REQ-IF/>".encode("utf-16"), Format.REQIF),
        ("a.jsonl", b'{"specversion":"1.0","note":"EPCISDocument"}', Format.EVENTS),
        ("a.jsonl", b'{"x": "\\"ObjectEvent\\""}', Format.EVENTS),
        ("a.ndjson", b"garbage", Format.EVENTS),
        ("a", b'\n {"type": "EPCISDocument"', Format.EPCIS),
        ("a.json", b'{"specversion":"1.0"}', Format.EVENTS),
        ("a.dat", b'{"type" : "ObjectEvent"}', Format.EPCIS),
        ("a.csv", b"PAR1....PAR1", Format.PARQUET),
        ("a.json", b'{"bomFormat" : "CycloneDX"}', Format.CYCLONEDX),
        ("a.jsonl", b'{"eventTime":1,"run":{"runId":1},"job":{}}', Format.OPENLINEAGE),
        ("a.json", b'[{"eventTime":1,"run":{"runId":1},"job":{}}]', Format.OPENLINEAGE),
        ("a.xml", b"<?xml version='1.0'?><!DOCTYPE dmodule><dmodule xmlns:x='y'>", Format.S1000D),
        ("a.xml", "<dmodule/> <dmodule >".encode("utf-16"), Format.S1000D),
    ],
)
def test_format_follows_from_content_then_name(
    tmp_path: Path, name: Any, content: Any, found: Any
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert sniff(path) is found


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_loads_whole(samples: Path, read: Any, sample: Any) -> None:
    loaded = read(samples / sample)

    assert loaded.events
    assert loaded.rejected == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_prerequisites_come_first(samples: Path, read: Any, sample: Any) -> None:
    there = set()

    for fact in read(samples / sample).facts:
        if fact.fact == "put_node":
            there.add(fact.utcs)
        else:
            assert {fact.source, fact.target} <= there


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.csv", b"", "a.csv: is empty"),
        ("a.csv", b" \n\n", "is empty"),
        ("a.bin", b"\x7fELF", "is of no known format"),
    ],
)
def test_file_of_no_format_is_refused(
    read_text: Any, name: Any, content: Any, problem: Any
) -> None:
    with pytest.raises(FileError, match=problem):
        read_text(name, content)


def test_missing_file_and_folder_are_refused(tmp_path: Path, read: Any) -> None:
    with pytest.raises(FileError, match=r"none\.csv: cannot be opened: No such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(FileError, match="cannot be opened: Is a directory"):
        read(tmp_path)


def test_wrong_authority_is_refused_before_anything_is_read(samples: Path, read: Any) -> None:
    """It was answered about an identifier that nobody had written, 'utcs:acme:source:x'."""
    with pytest.raises(TraceError, match=r"authority: 'acme' .*give 2 to 16 of A–Z 0–9 \(--auth"):
        read(samples / "requirements.csv", authority="acme")


def test_name_of_a_file_may_be_any_bytes(tmp_path: Path, read: Any) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    path.write_text("id,name\nA,one\n")

    assert read(path).events[0].source == "file:caf%E9.csv"


def test_mapping_for_what_is_no_table_is_refused(samples: Path, read: Any) -> None:
    with pytest.raises(FileError, match="is ReqIF, which takes no column mapping"):
        read(samples / "h2_tank.reqif", mapping=samples / "x.toml")


def test_source_is_the_file_unless_given(read_text: Any) -> None:
    content = "id,name\nA,one\n"

    assert read_text("my file.csv", content).events[0].source == "file:my%20file.csv"
    assert read_text("a.csv", content, source="urn:x").events[0].source == "urn:x"


def test_raw_of_a_rejection_is_cut() -> None:
    assert Rejected("line 1", "bad", "x" * 5000).raw == "x" * 2000 + "…"


def test_error_carries_its_place(read_text: Any) -> None:
    with pytest.raises(FileError) as caught:
        read_text("a.csv", "a,b\n1,2\n")

    assert (caught.value.where, caught.value.path[-5:]) == ("line 1", "a.csv")
