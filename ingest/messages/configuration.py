"""A configuration on the wire: what an aircraft or assembly says is in it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from graph.model.fact import Slot
from graph.model.kind import Code, Line, Number
from ingest.messages.report import Content, Report, Wire

CONFIGURATION_REPORTED: Final = "org.utcs.configuration.reported.v1"


class Load(Wire):
    """A software load, as equipment reports it."""

    number: Number = Field(description="The software part number (ARINC 665).")
    revision: Code | None = None


class Place(Wire):
    """What is reported of one position. What is left out is not said; `null` in `serial` is: empty."""

    position: Annotated[tuple[Slot, ...], Field(max_length=20)] = Field(
        description="Slot by slot from the subject down; empty for the subject itself."
    )
    serial: Annotated[str, Field(min_length=1, max_length=300)] | None = Field(
        default=None,
        description="The unit there: its serial number as marked, an alias or its UTCS; null if empty.",
    )
    mod_status: Line | None = Field(default=None, description="The modification status it shows.")
    software: Annotated[tuple[Load, ...], Field(max_length=200)] | None = Field(
        default=None, description="All software on it."
    )

    @model_validator(mode="after")
    def _of_something(self) -> Place:
        if self.says_serial and not self.position:
            raise ValueError("serial: the subject has no position in itself; leave it out")
        if self.is_empty and (self.mod_status or self.software):
            raise ValueError(
                "serial: null says that nothing is there, and yet something is said of it"
            )
        if not (self.says_serial or self.mod_status or self.software is not None):
            raise ValueError("serial: missing, and so is all else; a place says something")
        return self

    @property
    def says_serial(self) -> bool:
        """Whether it says which unit is there, or that none is."""
        return "serial" in self.model_fields_set

    @property
    def is_empty(self) -> bool:
        """Whether it says that nothing is there."""
        return self.says_serial and self.serial is None


class ConfigurationData(Content):
    """What the subject says of its positions at the time of the report."""

    places: Annotated[tuple[Place, ...], Field(min_length=1, max_length=5000)]
    is_complete: bool = Field(
        default=False,
        description="Whether every filled position directly in the subject is listed, so that one that "
        "is not is empty.",
    )

    @model_validator(mode="after")
    def _once_each(self) -> ConfigurationData:
        seen: set[tuple[str, ...]] = set()
        for number, place in enumerate(self.places):
            if place.position in seen:
                raise ValueError(
                    f"places.{number}.position: {' / '.join(place.position)!r} is there twice; say it once"
                )
            seen.add(place.position)
        return self


class ConfigurationReported(Report):
    """A report of what is installed."""

    type: Literal["org.utcs.configuration.reported.v1"] = CONFIGURATION_REPORTED
    data: ConfigurationData
