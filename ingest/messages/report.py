"""A report of the operational data hub on the wire: a CloudEvents 1.0 envelope around the data of one stream.

A report says what was seen, not what to believe: `ingest.hub` turns it into facts and samples. So its types
are not among those of `graph.model.event`, and its `subject` may be an alias, as aircraft know no UTCS.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.errors import TraceError
from graph.model.canonical import sha256_hex
from graph.model.event import MAX_ACTOR
from graph.model.nesting import write_json
from graph.model.time import UtcDatetime, format_utc
from ingest.messages.series import Series

EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""No clock of an aircraft that reports is before this; one that says so has lost its date."""

AHEAD: Final = timedelta(days=1)
"""How far a clock may be ahead of ours."""

Named = Annotated[
    str,
    Field(
        min_length=1,
        max_length=500,
        pattern=r"\S",
        description="A UTCS identifier, the key of an alias (`dpp:DPP-H2-001`), or another system's id "
        "as printed: a registration, an MSN.",
    ),
]


class ReportError(TraceError):
    """A report cannot be taken; the sentence names the field, the value and the fix."""


class Wire(BaseModel):
    """The base of what reports are made of: nothing is coerced that would hide a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Content(Wire):
    """The base of the data of a report."""

    series: Annotated[tuple[Series, ...], Field(max_length=1000)] = ()

    def names(self) -> set[str]:
        """Returns what names things in the data, besides the subject."""
        return {series.about for series in self.series if series.about}

    def moments(self) -> dict[str, datetime]:
        """Returns when things happened, by the field that says so."""
        found = {}
        for number, series in enumerate(self.series):
            found[f"data.series.{number}.start"] = series.start
            found[f"data.series.{number}, its last sample"] = series.end
        return found


class Report(BaseModel):
    """What all reports have: who says what about which thing, and as of when."""

    model_config = ConfigDict(frozen=True, extra="allow")

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(min_length=1, max_length=200)]
    source: Annotated[
        str, Field(min_length=1, max_length=300, description="A URI reference: who reports.")
    ]
    type: str
    subject: Named
    time: UtcDatetime = Field(
        description="As of when this is said; of two reports the later holds."
    )
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str | None = None
    actor: Annotated[str, Field(min_length=1, max_length=MAX_ACTOR)] | None = None
    sourcerank: int = Field(default=50, ge=0, le=99)
    data: Content

    @property
    def identity(self) -> tuple[str, str]:
        """What makes the report the same report: (source, id)."""
        return self.source, self.id

    def names(self) -> set[str]:
        """Returns all that names a thing in it."""
        return {self.subject} | self.data.names()

    def fingerprint(self) -> str:
        """Returns the SHA-256 of what is said, the same however it was written."""
        document: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        return sha256_hex(write_json(document))

    def check_clock(self, now: datetime) -> None:
        """Returns if no moment in it is years off.

        Raises:
            ReportError: One is.
        """
        for field, moment in ({"time": self.time} | self.data.moments()).items():
            if not EARLIEST <= moment <= now + AHEAD:
                raise ReportError(
                    f"{field}: {format_utc(moment)} cannot be, as it is {format_utc(now)} now; "
                    "set the clock, and report again"
                )
