"""What is dropped where and when, as it is written in TOML: one `[[drop]]` for each."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from graph.model.identifier import Utcs
from ingest.drop.schedule import Cron
from ingest.places.settings import Name, PlaceSettings


def _is_cron(text: str) -> str:
    Cron.parse(text)
    return text


CronText = Annotated[str, AfterValidator(_is_cron)]
"""A cron expression, as it is written in settings."""


class DropSettings(PlaceSettings):
    """One thing that is left in one place for others."""

    name: Name
    journal: Path = Field(description="Where this machine keeps what was dropped; only added to.")
    document: Utcs | None = Field(
        default=None, description="The document to write; the change log unless given."
    )
    form: Literal["reqif", "reqifz"] = "reqif"
    files: Path | None = Field(default=None, description="For reqifz: where the pictures are.")
    every_s: float | None = Field(default=None, ge=1)
    cron: CronText | None = None
    most_changes: int = Field(default=10_000, ge=1, le=1_000_000, description="In one file.")

    @model_validator(mode="after")
    def _due(self) -> DropSettings:
        if (self.every_s is None) == (self.cron is None):
            raise ValueError("every_s, cron: one of them must say when it is due")
        if self.document is not None and self.document.kind != "document":
            raise ValueError(
                f"document: {self.document} is a {self.document.kind}; name a document"
            )
        if self.form == "reqifz" and self.files is None:
            raise ValueError("files: is missing; say where the pictures of a reqifz are")
        return self

    def due_after(self, moment: datetime) -> datetime:
        """Returns when it is due next."""
        if self.cron is not None:
            return Cron.parse(self.cron).next_after(moment)
        return moment + timedelta(seconds=self.every_s or 0)
