"""Health on the wire: samples of monitors, faults of built-in tests, limits exceeded, reports of crews."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from graph.model.engineering import AtaChapter
from graph.model.kind import Code, Line
from graph.model.operation import AlertSeverity
from graph.model.parameter import ParameterError, check_values
from graph.model.time import UtcDatetime, format_utc
from ingest.messages.report import Content, Named, Report, Wire
from ingest.messages.series import Value

HEALTH_REPORTED: Final = "org.utcs.health.reported.v1"


class Noticed(Wire):
    """Something that was noticed about a unit. What has the same unit, moment and code is the same."""

    about: Named | None = Field(default=None, description="The unit, if it is not the subject.")
    at: UtcDatetime = Field(description="When it was noticed first; it stays so in later reports.")
    severity: AlertSeverity | None = None
    ata_chapter: AtaChapter | None = None


class Fault(Noticed):
    """A message of a built-in test."""

    code: Code = Field(description="The fault code, as the equipment gives it.")
    text: Line | None = Field(default=None, description="What it says.")
    cleared_at: UtcDatetime | None = Field(
        default=None, description="When it was gone again; the alert is closed then."
    )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Fault:
        if self.cleared_at is not None and self.cleared_at < self.at:
            raise ValueError(
                f"cleared_at: {format_utc(self.cleared_at)} is before at; swap or mend them"
            )
        return self


class Exceedance(Noticed):
    """A value beyond its limit, and how many seconds of samples before it show why."""

    parameter: str
    unit: str
    value: Value
    threshold: Value
    window_s: Annotated[int, Field(ge=1, le=86_400, strict=True)] = Field(
        default=60, description="The samples of so many seconds, up to it, are fingerprinted."
    )

    @model_validator(mode="after")
    def _can_be(self) -> Exceedance:
        try:
            check_values(self.parameter, self.unit, [self.value])
        except ParameterError as error:
            raise ValueError(error.message.replace("values.0", "value")) from error
        return self


class CrewReport(Noticed):
    """What a crew wrote into the technical log."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]


class HealthData(Content):
    """What was noticed on the aircraft or unit that is the subject."""

    faults: Annotated[tuple[Fault, ...], Field(max_length=1000)] = ()
    exceedances: Annotated[tuple[Exceedance, ...], Field(max_length=1000)] = ()
    crew_reports: Annotated[tuple[CrewReport, ...], Field(max_length=1000)] = ()

    @model_validator(mode="after")
    def _says_something(self) -> HealthData:
        if not (self.series or self.noticed):
            raise ValueError("series: missing, and so is all else; a report says something")
        return self

    @property
    def noticed(self) -> tuple[Fault | Exceedance | CrewReport, ...]:
        """All that is more than samples."""
        return (*self.faults, *self.exceedances, *self.crew_reports)

    def names(self) -> set[str]:
        """Returns what names things in the data."""
        return super().names() | {item.about for item in self.noticed if item.about}

    def moments(self) -> dict[str, datetime]:
        """Returns when things happened, by the field that says so."""
        found = super().moments()
        for field in ("faults", "exceedances", "crew_reports"):
            for number, item in enumerate(getattr(self, field)):
                found[f"data.{field}.{number}.at"] = item.at
        for number, fault in enumerate(self.faults):
            if fault.cleared_at is not None:
                found[f"data.faults.{number}.cleared_at"] = fault.cleared_at
        return found


class HealthReported(Report):
    """A health report."""

    type: Literal["org.utcs.health.reported.v1"] = HEALTH_REPORTED
    data: HealthData
