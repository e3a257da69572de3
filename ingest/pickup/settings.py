"""What is picked up where, as it is written in TOML: one `[[pickup]]` for each place."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import Field

from graph.model.event import MAX_ACTOR
from ingest.places.settings import Authority, Name, PlaceSettings

MAX_BYTES: Final = 512 * 1024 * 1024


class PickupSettings(PlaceSettings):
    """One place that is looked into, and how its files are read."""

    name: Name
    authority: Authority
    actor: str | None = Field(default=None, min_length=1, max_length=MAX_ACTOR)
    source: str | None = Field(default=None, min_length=1, max_length=300)
    mapping: Path | None = None
    needs_manifest: bool = Field(default=False, description="Whether a file without one waits.")
    settle_s: float = Field(
        default=10, ge=0, description="How long a file without manifest must have stood unchanged."
    )
    every_s: float = Field(default=5, gt=0, description="How often it is looked into.")
    lease_s: float = Field(
        default=60, gt=0, description="How long a worker may show no life before others go on."
    )
    most_bytes: int = Field(default=MAX_BYTES, ge=1, description="The largest file that is taken.")
