"""Notices of maintenance: each says one thing that is believed, and is a CloudEvent on the wire.

It is told once it is believed, and withdrawn once it is no more; so whoever keeps what was told and drops
what was withdrawn has what is believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from graph.model.canonical import canonical_json, sha256_hex
from graph.model.identifier import Utcs
from graph.model.kind import Sha256
from graph.model.schemas import DIALECT
from graph.model.time import UtcDatetime, format_utc
from graph.store.changes import Entry
from ingest.messages.cloudevent import Message, structured
from ingest.messages.maintenance import (
    FINDING,
    OUTCOME,
    SCHEDULED,
    UNSCHEDULED,
    WITHDRAWN,
    Action,
    Aog,
    Damage,
    Deferred,
    Done,
    Fault,
    Labour,
    Measurement,
    Parts,
    Released,
    Removal,
    Said,
    Withdrawn,
)

SOURCE: Final = "urn:utcs:maintenance"
"""Who says it: the thread, of what others said."""


@dataclass(frozen=True)
class Notice:
    """One thing that is told.

    Attributes:
        time: When it became true.
        said: What is told.
        subject: The thing that it is mainly about, and the key of its messages.
    """

    time: datetime
    said: Said
    subject: Utcs

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of what is told: of canonical JSON with `type`, `subject`, `time` and `data`."""
        told = {
            "type": self.said.type,
            "subject": str(self.subject),
            "time": format_utc(self.time),
            "data": data_json(self.said),
        }
        return sha256_hex(canonical_json(told))


def data_json(said: Said) -> dict[str, Any]:
    """Returns what is said as JSON types; what is not known is left out."""
    return said.model_dump(mode="json", exclude_none=True)


class Told(BaseModel):
    """What all notices have: who says what about which thing, and since when it is true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    specversion: Literal["1.0"] = "1.0"
    id: Sha256 = Field(description="The same whenever this message is sent again, and no other's.")
    source: Literal["urn:utcs:maintenance"] = SOURCE
    type: str
    subject: Utcs = Field(
        description="The aircraft or other unit; if none is known, the record itself. The key."
    )
    time: UtcDatetime = Field(description="When it became true.")
    datacontenttype: Literal["application/json"] = "application/json"
    actor: str = Field(description="Who said what it comes from.")
    utcsseq: str = Field(
        pattern="^[0-9]+$", description="The number, in the change log, of the event it comes from."
    )
    utcsrecordedat: UtcDatetime = Field(description="When that event was recorded.")
    utcsnotice: Sha256 = Field(
        description="The same for all messages that tell the very same: what a withdrawal names."
    )
    data: Said


class ScheduledTold(Told):
    """Scheduled maintenance: done, or deferred."""

    type: Literal["org.utcs.maintenance.scheduled.v1"] = SCHEDULED
    data: Annotated[Done | Deferred, Field(discriminator="what")]


class UnscheduledTold(Told):
    """Unscheduled maintenance: a fault, a removal, or an aircraft on the ground."""

    type: Literal["org.utcs.maintenance.unscheduled.v1"] = UNSCHEDULED
    data: Annotated[Fault | Removal | Aog, Field(discriminator="what")]


class FindingTold(Told):
    """A finding: damage, or what was measured."""

    type: Literal["org.utcs.maintenance.finding.v1"] = FINDING
    data: Annotated[Damage | Measurement, Field(discriminator="what")]


class OutcomeTold(Told):
    """What came of work: the action, parts, labour, and the release."""

    type: Literal["org.utcs.maintenance.outcome.v1"] = OUTCOME
    data: Annotated[Action | Parts | Labour | Released, Field(discriminator="what")]


class WithdrawnTold(Told):
    """Something that was told holds no longer."""

    type: Literal["org.utcs.maintenance.withdrawn.v1"] = WITHDRAWN
    data: Withdrawn


NOTICES: Final[dict[str, type[Told]]] = {
    "scheduled": ScheduledTold,
    "unscheduled": UnscheduledTold,
    "finding": FindingTold,
    "outcome": OutcomeTold,
    "withdrawn": WithdrawnTold,
}
"""The types of notices, by the verb in their type."""


def notice_schema(verb: str) -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of notices of a type."""
    schema = NOTICES[verb].model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": f"urn:utcs:schema:hub:maintenance:{verb}"} | schema


def withdrawal(notice: Notice, time: datetime, reason: str | None) -> Notice:
    """Returns what takes a notice back; it has its key, so it comes after it."""
    said = Withdrawn(
        units=notice.said.units, withdraws=notice.digest, told=notice.said.type, reason=reason
    )
    return Notice(time, said, notice.subject)


def notice_message(entry: Entry, notice: Notice) -> Message:
    """Returns a notice as a structured CloudEvent.

    Its id comes from the event that it comes from and from what it says: sent again, it has the same.
    """
    identity = f"{entry.source}\x1f{entry.id}\x1f{notice.digest}"
    event = {
        "specversion": "1.0",
        "id": sha256_hex(identity.encode()),
        "source": SOURCE,
        "type": notice.said.type,
        "subject": str(notice.subject),
        "time": format_utc(notice.time),
        "datacontenttype": "application/json",
        "actor": entry.actor,
        "utcsseq": str(entry.seq),
        "utcsrecordedat": format_utc(entry.recorded_at),
        "utcsnotice": notice.digest,
        "data": data_json(notice.said),
    }
    return structured(orjson.dumps(event, option=orjson.OPT_SORT_KEYS), str(notice.subject))
