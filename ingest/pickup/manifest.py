"""Manifests: what a sender says of files, so that whoever takes them can tell whether they are whole.

`<name>.manifest.json` speaks of one file, or of many: `{"files": [{"name", "size", "sha256"}, …]}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.model.event import explain
from graph.model.strict import JsonError, read_json
from ingest.pickup.names import MANIFEST

MAX_BYTES: Final = 8 * 1024 * 1024


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    size: Annotated[int, Field(ge=0, strict=True)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True)

    files: Annotated[tuple[_Line, ...], Field(min_length=1, max_length=10_000)]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a manifest says of one file.

    Attributes:
        manifest: The name of the manifest.
        mark: Its mark; a later manifest of the same name is another one.
        name: The name of the file.
        size: How long it is, in bytes.
        sha256: Its hash, in hex.
        alone: Whether the manifest speaks of no other file.
        trouble: Why the manifest cannot be believed, if it cannot; then the file is not taken.
    """

    manifest: str
    mark: str
    name: str
    size: int = -1
    sha256: str = ""
    alone: bool = True
    trouble: str | None = None


@dataclass(slots=True)
class Manifests:
    """All manifests in a folder.

    Attributes:
        expected: What they say of each file, by its name.
        lists: What a manifest that speaks of several files says, by its name.
        unreadable: Why nothing can be done with a manifest, by its name.
    """

    expected: dict[str, Expected] = field(default_factory=dict)
    lists: dict[str, tuple[Expected, ...]] = field(default_factory=dict)
    unreadable: dict[str, Expected] = field(default_factory=dict)

    def add(self, name: str, mark: str, content: bytes) -> None:
        """Takes in what a manifest says; what is wrong with it stands where its file is looked for."""
        try:
            lines = _lines(content)
        except (JsonError, ValidationError) as error:
            said = explain(error) if isinstance(error, ValidationError) else error.message
            self.unreadable[name] = Expected(
                name, mark, "", trouble=f"{name} is no manifest: {said}"
            )
            return
        told = [Expected(name, mark, li.name, li.size, li.sha256, len(lines) == 1) for li in lines]
        for one in told:
            before = self.expected.get(one.name)
            if before is not None and (before.size, before.sha256) != (one.size, one.sha256):
                both = f"{before.manifest} and {name} say different things of it; leave one"
                self.expected[one.name] = replace(before, trouble=both)
            else:
                self.expected[one.name] = one
        if len(lines) > 1:
            self.lists[name] = tuple(told)

    def of(self, name: str) -> Expected | None:
        """Returns what is said of a file, if anything is."""
        return self.unreadable.get(name + MANIFEST) or self.expected.get(name)


def _lines(content: bytes) -> tuple[_Line, ...]:
    if len(content) > MAX_BYTES:
        raise JsonError(f"it is over {MAX_BYTES:,} bytes; split it")
    said = read_json(content)
    is_one = isinstance(said, dict) and "files" not in said
    return _Manifest.model_validate({"files": [said]} if is_one else said).files


def write_manifest(files: Iterable[tuple[str, int, str]]) -> bytes:
    """Returns the manifest of files, given as name, size and hash."""
    lines: list[dict[str, Any]] = [
        {"name": name, "size": size, "sha256": sha256} for name, size, sha256 in files
    ]
    said = lines[0] if len(lines) == 1 else {"files": lines}
    return json.dumps(said, indent=2).encode() + b"\n"
