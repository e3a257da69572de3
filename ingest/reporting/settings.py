"""Which report goes to whom, when and where to, as it is written in TOML: one `[[report]]` for each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.model.time import UtcDatetime
from ingest.drop.schedule import Cron
from ingest.drop.settings import CronText
from ingest.files.toml import read_toml
from ingest.places.settings import Authority, Name, PlaceSettings


class ReportSettings(PlaceSettings):
    """One report that one recipient gets, again and again."""

    name: Name
    report: Annotated[str, Field(min_length=1, max_length=100)]
    about: str | None = Field(
        default=None, max_length=500, description="What it is about, by any of its ids."
    )
    form: Annotated[str, Field(min_length=1, max_length=20)] = "pdf"
    recipient: Annotated[str, Field(min_length=1, max_length=200)]
    authority: Authority = Field(description="Who issues the identifiers of what is recorded.")
    since: UtcDatetime = Field(description="What was due by then is not sent.")
    cron: CronText

    def due_after(self, moment: datetime) -> datetime:
        """Returns when it is due next."""
        return Cron.parse(self.cron).next_after(moment)


class ReportingSettings(BaseModel):
    """All reports that are sent; see docs/operator.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    report: tuple[ReportSettings, ...] = Field(default=(), max_length=1000)

    @model_validator(mode="after")
    def _named_apart(self) -> ReportingSettings:
        names = [one.name for one in self.report]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"name: {min(twice)!r} stands there twice; names tell them apart")
        return self


def read_reporting(path: Path) -> ReportingSettings:
    """Returns what a TOML file says of reports.

    Raises:
        FileError: It is not there, not TOML, or says what cannot be meant.
    """
    return read_toml(path, ReportingSettings, "a list of reports")
