"""What became of one event."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Status(StrEnum):
    """The four things that can become of an event."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    PARKED = "parked"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why an event was parked or refused, or has no effect though it was applied; for programs."""

    INVALID = "invalid"
    REUSED = "identity_reused"
    UNKNOWN = "unknown_thing"
    NOT_THERE = "not_there_then"
    NO_LINK = "no_such_link"
    NO_EVENT = "no_such_event"
    DANGLING = "would_dangle"
    CARDINALITY = "too_many"
    CYCLE = "cycle"
    ALIAS = "alias_taken"
    TWICE = "said_twice"
    GROUP = "group_failed"
    CORRECTION = "cannot_correct"
    EXPIRED = "expired"
    FORBIDDEN = "forbidden"
    OUTDATED = "outdated"
    OVERTAKEN = "overtaken"
    MERGED = "merged"
    FROZEN = "frozen"
    BACKWARDS = "runs_backwards"
    FAILED = "failed"
    UNDELIVERED = "undelivered"


class Outcome(BaseModel):
    """What became of one event, in the order in which the events were given."""

    model_config = ConfigDict(frozen=True)

    status: Status
    source: str | None = Field(description="The event's source; None if the document had none.")
    id: str | None = Field(description="The event's id; None if the document had none.")
    seq: int | None = Field(default=None, description="Its number in the change log, once applied.")
    code: Reason | None = Field(
        default=None,
        description="Why it was parked or refused, or has no effect; for programs.",
    )
    reason: str | None = Field(
        default=None, description="Why, for people: the field, the value and the fix."
    )
