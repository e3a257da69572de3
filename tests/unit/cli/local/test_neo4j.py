"""What the managed Neo4j is told, so that it reads what was meant."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.local.neo4j import escaped
from cli.local.neo4j_logs import write_log_settings


def as_java_reads(line: str) -> str:
    """Returns the value of a line, as `java.util.Properties.load` is documented to read it."""
    value = re.sub(r"^[ \t\f]*", "", line)
    value = re.sub(
        r"\\(u([0-9a-fA-F]{4})|.)", lambda f: chr(int(f[2], 16)) if f[2] else f[1], value
    )
    return value.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


@given(st.text())
def test_java_reads_what_was_meant(value: str) -> None:
    line = escaped(value)

    assert line.isascii()
    assert "\n" not in line
    assert as_java_reads(line) == value


@pytest.mark.parametrize("value", ["256m size", "127.0.0.1:7687", "/home/anna/.local/share/utcs"])
def test_plain_values_stay_readable(value: str) -> None:
    assert escaped(value) == value


def test_every_log_has_its_place(tmp_path: Path) -> None:
    write_log_settings(tmp_path, "../logs")

    files = {
        str(appender.get("fileName"))
        for name in ("user-logs.xml", "server-logs.xml")
        for appender in ET.parse(tmp_path / name).iter("RollingRandomAccessFile")  # noqa: S314
    }
    assert files == {
        f"../logs/{name}.log" for name in (["neo4j", "debug", "http", "query", "security"])
    }
