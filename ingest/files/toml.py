"""Declarations in TOML files: mappings, tables, places."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from graph.model.event import explain
from ingest.files.rejected import file_error

Declared = TypeVar("Declared", bound=BaseModel)


def read_toml(path: Path, declared: type[Declared], what: str) -> Declared:
    """Returns what a TOML file declares.

    Args:
        path: The file.
        declared: What it must be.
        what: The same for people, as in `a mapping`.

    Raises:
        FileError: The file is not there, not TOML, or declares something else.
    """
    try:
        return declared.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise file_error(path, f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise file_error(path, f"is not TOML: {error}") from error
    except ValidationError as error:
        raise file_error(path, f"is not {what}: {explain(error)}") from error
