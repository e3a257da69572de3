"""The published schema of passports, and the JSON-LD context that says what their terms mean.

`python -m api.rest.passport_schemas` writes them anew.
"""

from __future__ import annotations

import orjson

from api.passport import context_document, passport_schema
from api.rest.work_schemas import FOLDER
from graph.model.schemas import DIALECT


def passport_files() -> dict[str, bytes]:
    """Returns the schema and the context as they are published, by the names of their files."""
    schema = {"$schema": DIALECT} | passport_schema()
    written = orjson.dumps(schema, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return {"dpp.passport.v1.json": written, "dpp.context.v1.jsonld": context_document()}


if __name__ == "__main__":
    for name, content in passport_files().items():
        (FOLDER / name).write_bytes(content)
