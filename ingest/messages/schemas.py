"""The published JSON Schemas of the hub, of what it takes and what it tells.

`python -m ingest.messages.schemas` writes them anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson

from ingest.messages.hub import STREAMS, report_schema
from ingest.messages.notice import NOTICES, notice_schema

FOLDER: Final = Path(__file__).parents[2] / "docs" / "schemas"


def schema_name(stream: str) -> str:
    """Returns the name of the file in which the schema of a stream, or of a notice, is published."""
    return f"hub.{stream}.v1.json"


def schema_files() -> dict[str, bytes]:
    """Returns each schema as it is published, by the name of its file."""
    schemas = {stream: report_schema(stream) for stream in STREAMS}
    schemas |= {f"maintenance.{verb}": notice_schema(verb) for verb in NOTICES}
    return {
        schema_name(name): orjson.dumps(
            schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        for name, schema in schemas.items()
    }


if __name__ == "__main__":
    for name, content in schema_files().items():
        (FOLDER / name).write_bytes(content)
