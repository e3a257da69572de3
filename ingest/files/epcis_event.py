"""EPCIS 2.0 events as the standard writes them in JSON-LD (GS1 EPCIS 2.0 §7.4, §9.5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from graph.model.event import EventError, explain
from graph.model.time import UtcDatetime
from ingest.files.rejected import file_error
from ingest.files.statement import content_hash

MAX_DOCUMENT: Final = 128 * 1024 * 1024
_NOT_HASHED: Final = frozenset({"eventID", "recordTime", "errorDeclaration", "@context"})


class EventType(StrEnum):
    """The five types of event."""

    OBJECT = "ObjectEvent"
    AGGREGATION = "AggregationEvent"
    ASSOCIATION = "AssociationEvent"
    TRANSFORMATION = "TransformationEvent"
    TRANSACTION = "TransactionEvent"


class Action(StrEnum):
    """What an event does to what it is about."""

    ADD = "ADD"
    OBSERVE = "OBSERVE"
    DELETE = "DELETE"


class Place(BaseModel):
    """A read point or business location; extensions are kept in the event."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str = Field(min_length=1)


class Quantity(BaseModel):
    """So much of a class of things; without a quantity, an unknown number of them."""

    model_config = ConfigDict(frozen=True, extra="allow")

    epc_class: str = Field(alias="epcClass", min_length=1)
    quantity: str | int | None = None
    uom: str | None = None


class EpcisEvent(BaseModel):
    """What the thread reads of an event; all of it, extensions too, stays in `document`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: EventType
    time: UtcDatetime = Field(alias="eventTime")
    id: str | None = Field(default=None, alias="eventID", min_length=1)
    action: Action | None = None
    parent: str | None = Field(default=None, alias="parentID", min_length=1)
    epcs: tuple[str, ...] = Field(default=(), alias="epcList")
    children: tuple[str, ...] = Field(default=(), alias="childEPCs")
    inputs: tuple[str, ...] = Field(default=(), alias="inputEPCList")
    outputs: tuple[str, ...] = Field(default=(), alias="outputEPCList")
    quantities: tuple[Quantity, ...] = Field(default=(), alias="quantityList")
    child_quantities: tuple[Quantity, ...] = Field(default=(), alias="childQuantityList")
    input_quantities: tuple[Quantity, ...] = Field(default=(), alias="inputQuantityList")
    output_quantities: tuple[Quantity, ...] = Field(default=(), alias="outputQuantityList")
    step: str | None = Field(default=None, alias="bizStep")
    disposition: str | None = None
    read_point: Place | None = Field(default=None, alias="readPoint")
    location: Place | None = Field(default=None, alias="bizLocation")

    @model_validator(mode="after")
    def _complete(self) -> EpcisEvent:
        """Holds the event against the rules of its type (EPCIS 2.0 §7.4.2 to §7.4.6)."""
        transformation = self.type is EventType.TRANSFORMATION
        if transformation == (self.action is not None):
            raise ValueError(
                f"action: {self.type} {'takes none' if transformation else 'needs one'}"
            )
        grouping = self.type in (EventType.AGGREGATION, EventType.ASSOCIATION)
        if grouping and self.parent is None and self.action is not Action.OBSERVE:
            raise ValueError(f"parentID: {self.type} with action {self.action} needs one")
        return self


def read_event_list(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields each event of a document with its place in it; numbers that are not whole stay text.

    Raises:
        FileError: The file is too large, not UTF-8, not JSON, or not an EPCIS document.
    """
    with path.open("rb") as file:
        content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        raise file_error(path, f"is over {MAX_DOCUMENT:,} bytes; split it")
    try:
        document = json.loads(
            content.decode("utf-8-sig"), parse_float=str, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError as error:
        raise file_error(path, f"byte {error.start + 1} is not UTF-8; write it as UTF-8") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise file_error(path, f"not JSON: {error.msg}", where) from error
    except (ValueError, RecursionError) as error:
        raise file_error(path, f"not JSON that EPCIS allows: {error}") from error
    for number, event in enumerate(_events(path, document), start=1):
        yield f"event {number}", event


def read_epcis_event(document: Any) -> EpcisEvent:
    """Returns one event.

    Raises:
        EventError: A field is missing or wrong; the sentence names it.
    """
    if not isinstance(document, dict):
        raise EventError("event: a JSON object is expected")
    try:
        return EpcisEvent.model_validate(document)
    except ValidationError as error:
        raise EventError(explain(error)) from error


def event_id(event: EpcisEvent, document: dict[str, Any]) -> str:
    """Returns the id of an event, or one made from what it says.

    The hash of CBV 2.0 §8.9 is not used: it rests on JSON-LD contexts from the network, and the
    ids in GS1's own examples cannot be reproduced with the reference implementation (1.9.3).
    """
    if event.id:
        return event.id
    said = {name: value for name, value in document.items() if name not in _NOT_HASHED}
    return f"urn:utcs:epcis:{content_hash(said)}"


def _events(path: Path, document: Any) -> list[Any]:
    if not isinstance(document, dict):
        raise file_error(path, "is not an EPCIS document: a JSON object is expected")
    if document.get("type") in set(EventType):
        return [document]
    body = document.get("epcisBody")
    if isinstance(body, dict):
        results = body.get("queryResults")
        holder = results.get("resultsBody") if isinstance(results, dict) else body
        if isinstance(holder, dict) and isinstance(holder.get("eventList"), list):
            return list(holder["eventList"])
        if isinstance(holder, dict) and isinstance(holder.get("event"), dict):
            return [holder["event"]]
    raise file_error(path, "is not an EPCIS 2.0 document: epcisBody.eventList is missing")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
