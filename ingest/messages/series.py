"""Samples on the wire: values of one parameter with one unit, at steps or at given moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.model.parameter import ParameterError, check_values
from graph.model.time import UtcDatetime, to_micros

MAX_VALUES: Final = 100_000
"""The most values of one series; 1 MiB, the most of a message, holds hardly more."""

Value = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Series(BaseModel):
    """Values of one parameter, in the order in which they were taken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    parameter: str = Field(description="A name of the table of parameters.")
    unit: str = Field(description="The UCUM code that the table gives it.")
    about: Annotated[str, Field(min_length=1, max_length=500)] | None = Field(
        default=None, description="The unit that was measured, if it is not the subject."
    )
    start: UtcDatetime = Field(description="When the first value was taken.")
    step_s: Annotated[float, Field(gt=0, le=86_400)] | None = Field(
        default=None, description="The time from value to value, in seconds."
    )
    offsets_ms: (
        Annotated[tuple[Annotated[int, Field(ge=0, strict=True)], ...], Field(min_length=1)] | None
    ) = Field(default=None, description="Or when each was taken, in milliseconds after `start`.")
    values: Annotated[list[Value], Field(min_length=1, max_length=MAX_VALUES)]

    @model_validator(mode="after")
    def _told_apart(self) -> Series:
        """Refuses values whose moments are not told, or told twice."""
        given = [name for name in ("step_s", "offsets_ms") if getattr(self, name) is not None]
        if len(given) == 2:
            raise ValueError("offsets_ms: stands beside step_s; leave one of them out")
        if not given and len(self.values) > 1:
            raise ValueError(
                f"step_s: missing for {len(self.values)} values; give it, or offsets_ms"
            )
        if self.offsets_ms is not None:
            if len(self.offsets_ms) != len(self.values):
                raise ValueError(
                    f"offsets_ms: {len(self.offsets_ms)} for {len(self.values)} values; give one each"
                )
            if any(later <= earlier for earlier, later in pairwise(self.offsets_ms)):
                raise ValueError("offsets_ms: are not ascending; sort the samples by time")
        return self

    @model_validator(mode="after")
    def _can_be(self) -> Series:
        try:
            check_values(self.parameter, self.unit, self.values)
        except ParameterError as error:
            raise ValueError(error.message) from error
        return self

    @property
    def end(self) -> datetime:
        """When the last value was taken."""
        if self.offsets_ms is not None:
            return self.start + timedelta(milliseconds=self.offsets_ms[-1])
        return self.start + timedelta(seconds=(self.step_s or 0) * (len(self.values) - 1))

    def taken_at(self) -> list[int]:
        """Returns when each value was taken, in microseconds since 1970."""
        start = to_micros(self.start)
        if self.offsets_ms is not None:
            return [start + offset * 1000 for offset in self.offsets_ms]
        step = (self.step_s or 0) * 1_000_000
        return [start + round(number * step) for number in range(len(self.values))]

    def key(self) -> tuple[Any, ...]:
        """Returns what it is about: of one instant of that there is one value."""
        return self.about, self.parameter
