"""Environment on the wire: what a place or an aircraft was exposed to."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from ingest.messages.report import Content, Report
from ingest.messages.series import Series

ENVIRONMENT_REPORTED: Final = "org.utcs.environment.reported.v1"


class EnvironmentData(Content):
    """Temperature, humidity, contamination and corrosion at the thing that is the subject."""

    series: Annotated[tuple[Series, ...], Field(min_length=1, max_length=1000)]


class EnvironmentReported(Report):
    """A report of surroundings."""

    type: Literal["org.utcs.environment.reported.v1"] = ENVIRONMENT_REPORTED
    data: EnvironmentData
