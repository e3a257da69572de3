"""What the messages between a maintenance system and the passports have in common, and their schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

PASSPORT: Final = r"^DPP(-[0-9A-Z]{1,20}){1,6}$"

Passport = Annotated[
    str,
    Field(pattern=PASSPORT, max_length=130, description="The passport id of an aircraft or unit."),
]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Named = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
"""A thing by any of its ids."""


class Message(BaseModel):
    """The base of messages: nothing more is in one than its schema says."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Report(Message):
    """The base of what is reported: all of it is one event, or nothing."""

    reportId: str = Field(  # noqa: N815 - as it is written there, here and in what extends it
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$",
        description="Your number of this report. Sent again unchanged it is answered alike; another one "
        "needs another number.",
    )
    at: str = Field(
        max_length=40,
        description="Since when it is so: an RFC 3339 time with its offset, which is not to come.",
        json_schema_extra={"format": "date-time"},
    )


class Reported(Message):
    """What a report did: the same bytes for the same report, however often it is sent."""

    exchange: str = Field(description="Which exchange it was.")
    reportId: str = Field(description="Your number of it.")  # noqa: N815
    dppId: str = Field(description="The passport id, as it was given.")  # noqa: N815
    at: str = Field(description="Since when it is so.", json_schema_extra={"format": "date-time"})
    recorded: list[str] = Field(
        description="The things that were stated, in the order of the report."
    )
    event: str = Field(description="The id of the event, of the source `urn:utcs:exchange`.")
    seq: int = Field(description="Its number in the change log.")


def schema_of(message: type[BaseModel]) -> dict[str, Any]:
    """Returns the JSON Schema of a message, without references: it stands in a document or alone."""
    schema = message.model_json_schema()
    named = schema.pop("$defs", {})
    whole: dict[str, Any] = _inlined(schema, named)
    return whole


def _inlined(value: Any, named: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_inlined(item, named) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        meant = named[value["$ref"].rpartition("/")[2]]
        return _inlined(meant | {n: v for n, v in value.items() if n != "$ref"}, named)
    return {name: _inlined(item, named) for name, item in value.items()}
