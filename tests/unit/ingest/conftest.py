"""Files to read: our own samples, public data where it lies, and files made on the spot."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.model.event import Event
from graph.model.fact import EndLink, Fact, PutLink, PutNode
from graph.model.kind import Kind
from ingest.files.open import read_file
from ingest.files.rejected import Rejected

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 7, 1, tzinfo=UTC)
"""When files are loaded, unless a test says otherwise."""


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public data; it is not part of the project, so it must be there."""
    folder = Path(os.environ.get("UTCS_PUBLIC_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.fail(f"public data is not at {folder}; set UTCS_PUBLIC_DATA")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    """Our own small files."""
    return ROOT / "tests" / "samples"


@dataclass(frozen=True)
class Read:
    """What a file said."""

    events: list[Event]
    rejected: list[Rejected]

    @property
    def facts(self) -> list[Fact]:
        return [fact for event in self.events for fact in event.facts]

    @property
    def things(self) -> dict[str, Kind]:
        """The properties of each thing, by the local part of its id."""
        return {f.utcs.local: f.properties for f in self.facts if isinstance(f, PutNode)}

    @property
    def links(self) -> set[tuple[str, str, str]]:
        """Source, type and target of each link that is put."""
        puts = (f for f in self.facts if isinstance(f, PutLink))
        return {(f.source.local, f.link, f.target.local) for f in puts}

    @property
    def ended(self) -> set[tuple[str, str, str]]:
        ends = (f for f in self.facts if isinstance(f, EndLink))
        return {(f.source.local, f.link, f.target.local) for f in ends}

    @property
    def ids(self) -> list[str]:
        return [event.id for event in self.events]

    @property
    def reasons(self) -> list[str]:
        return [f"{r.where}: {r.reason}" for r in self.rejected]


@pytest.fixture(scope="session")
def read() -> Callable[..., Read]:
    """Reads a file into events and rejections."""

    def reading(path: Path, **arguments: Any) -> Read:
        given: dict[str, Any] = {"authority": "ACME", "actor": "tester", "now": NOW}
        found = list(read_file(path, **(given | arguments)))
        events = [item for item in found if isinstance(item, Event)]
        return Read(events, [item for item in found if isinstance(item, Rejected)])

    return reading


@pytest.fixture
def read_text(tmp_path: Path, read: Callable[..., Read]) -> Callable[..., Read]:
    """Writes a file and reads it."""

    def writing(name: str, content: str | bytes, **arguments: Any) -> Read:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (1_767_225_600, 1_767_225_600))  # 2026-01-01T00:00:00Z
        return read(path, **arguments)

    return writing
