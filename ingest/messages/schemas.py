"""The published JSON Schemas of the hub: `python -m ingest.messages.schemas` writes them anew."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson

from ingest.messages.hub import STREAMS, report_schema

FOLDER: Final = Path(__file__).parents[2] / "docs" / "schemas"


def schema_name(stream: str) -> str:
    """Returns the name of the file in which the schema of a stream is published."""
    return f"hub.{stream}.v1.json"


def schema_files() -> dict[str, bytes]:
    """Returns the schema of each stream as it is published, by the name of its file."""
    return {
        schema_name(stream): orjson.dumps(
            report_schema(stream), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        for stream in STREAMS
    }


if __name__ == "__main__":
    for name, content in schema_files().items():
        (FOLDER / name).write_bytes(content)
