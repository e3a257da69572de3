"""Events: CloudEvents 1.0 documents, the only thing that comes in."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from graph.errors import TraceError
from graph.model.canonical import canonical_json, sha256_hex
from graph.model.fact import Correct, Fact, Facts
from graph.model.identifier import Utcs
from graph.model.nesting import MAX_NESTING, is_deeper
from graph.model.strict import JsonError, read_json
from graph.model.time import UtcDatetime
from graph.model.wording import fault, given

MAX_BYTES: Final = 1024 * 1024
"""The largest event that is taken; a document or picture is sent by hash and location instead."""

MAX_ACTOR: Final = 200
"""The longest name of somebody who acts, in characters."""

FACTS_PUT: Final = "org.utcs.facts.put.v1"

DATA_TYPES: Final[dict[str, type[Facts]]] = {FACTS_PUT: Facts}
"""Event types and the model of their data."""

_EXTENSION = re.compile(r"[a-z0-9]{1,20}\Z")


class EventError(TraceError):
    """A document is not an event that the thread can take."""


class Event(BaseModel):
    """One CloudEvents 1.0 event, identified by (`source`, `id`)."""

    model_config = ConfigDict(frozen=True, extra="allow")

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(min_length=1, max_length=200)]
    source: Annotated[
        str, Field(min_length=1, max_length=300, description="A URI reference: who says it.")
    ]
    type: Annotated[str, Field(description="`org.utcs.<noun>.<verb>.v<N>`.")] = FACTS_PUT
    subject: Utcs | None = Field(
        default=None, description="The thing that the event is mainly about."
    )
    time: UtcDatetime = Field(description="When it became true.")
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str | None = None
    actor: Annotated[str, Field(min_length=1, max_length=MAX_ACTOR, description="Who did it.")]
    group: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="Events of one batch with the same group stand or fall together."
    )
    sourcerank: int = Field(
        default=50,
        ge=0,
        le=99,
        description="Who wins when two say different things of one instant.",
    )
    data: Facts

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any) -> Any:
        """Reads `data` as the model of its event type."""
        if not isinstance(data, dict):
            return data
        kind = data.get("type", FACTS_PUT)
        if not isinstance(kind, str) or kind not in DATA_TYPES:
            raise ValueError(f"type: {kind!r} is not known; use one of {', '.join(DATA_TYPES)}")
        if "data_base64" in data:
            raise ValueError(
                "data_base64: binary data is not taken; give the facts as JSON in data"
            )
        for name in data.keys() - cls.model_fields.keys():
            if not _EXTENSION.match(str(name)) or not _is_attribute(data[name]):
                raise ValueError(
                    f"{name}: extension attributes are 1–20 of a–z 0–9 and hold a string, a boolean"
                    " or an integer of 32 bits"
                )
        return data

    @model_validator(mode="after")
    def _corrects_others(self) -> Event:
        """Refuses what could never be applied: a correction waits for the event that it names."""
        for number, fact in enumerate(self.facts):
            if isinstance(fact, Correct) and (fact.source, fact.id) == self.identity:
                raise ValueError(
                    f"data.facts.{number}.correct: an event cannot correct itself; name the "
                    "earlier event that was wrong, and give this one an id of its own"
                )
        return self

    @property
    def identity(self) -> tuple[str, str]:
        """What makes the event the same event: (source, id)."""
        return self.source, self.id

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the event asserts."""
        return self.data.facts

    def canonical(self) -> bytes:
        """Returns the event in canonical form (RFC 8785): what is logged, hashed and compared."""
        return canonical_json(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """Returns the event as JSON types, with all numbers and times in their canonical form."""
        return self.model_dump(mode="json", exclude_none=True)


def _is_attribute(value: object) -> bool:
    """Whether CloudEvents 1.0 (§3.1, type system) lets an extension attribute hold the value."""
    if isinstance(value, int):
        return -(2**31) <= value < 2**31
    return isinstance(value, str)


def read_event(document: bytes | str | dict[str, Any]) -> Event:
    """Returns the event in a document, or says which field is wrong and how to mend it.

    Raises:
        EventError: The document is too large, not UTF-8, not JSON, or not a valid event.
    """
    if isinstance(document, str):
        document = document.encode(errors="surrogatepass")  # half a pair is then no UTF-8 below
    if isinstance(document, bytes):
        document = _parsed(document)
    if is_deeper(document):
        raise EventError(f"event: is nested deeper than {MAX_NESTING} levels; flatten it")
    try:
        return Event.model_validate(document)
    except ValidationError as error:
        raise EventError(explain(error)) from error


def _parsed(document: bytes) -> dict[str, Any]:
    if len(document) > MAX_BYTES:
        raise EventError(
            f"event: over the limit of {MAX_BYTES:,} bytes; send large content by hash and location"
        )
    try:
        value = read_json(document)
    except JsonError as error:
        raise EventError(f"event: {error}") from error
    if not isinstance(value, dict):
        raise EventError("event: a JSON object is expected")
    return value


def explain(error: ValidationError) -> str:
    """Returns a validation error as sentences that name the field, the value and the fix."""
    return "; ".join(
        _sentence(detail)
        for detail in error.errors(include_url=False)
        if not (detail["type"] == "too_short" and detail["input"])  # its items say why themselves
    )


def _sentence(detail: ErrorDetails) -> str:
    place = ".".join(str(part) for part in detail["loc"]) or "event"
    told = detail["type"] in ("value_error", "missing", "union_tag_not_found")
    return f"{place}: {fault(detail)}" + ("" if told else f" (given {given(detail['input'])})")


def event_hash(canonical: bytes) -> str:
    """Returns the SHA-256 of a canonical event, in hex."""
    return sha256_hex(canonical)
