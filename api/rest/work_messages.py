"""What the two calls between a maintenance system and the passports take and answer, for their clients."""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from graph.model.exchange.message import Message, Passport, Words
from graph.model.maintenance import WorkOrderStatus
from graph.model.work_request import DURATION

DUE: Final[dict[str, JsonValue]] = {
    "dppId": "DPP-H2-001",
    "maintenanceType": "Scheduled Inspection",
    "dueDate": "2026-01-15",
    "priority": "Medium",
    "estimatedDuration": "4 hours",
}
"""The request as the integration guide prints it."""


class _Message(Message):
    model_config = ConfigDict(strict=True)


class MaintenanceDue(_Message):
    """Maintenance of an asset that is due."""

    model_config = ConfigDict(json_schema_extra={"examples": [DUE]})

    dppId: Passport  # noqa: N815 - as it is written there, here and below
    maintenanceType: Words = Field(description="What sort, in your words; one line.")  # noqa: N815
    dueDate: str = Field(  # noqa: N815
        max_length=100,
        description="The last day on which it should be done. One that is over is accepted: the work is "
        "overdue.",
        json_schema_extra={"format": "date"},
    )
    priority: str = Field(
        default="Medium",
        max_length=100,
        description="How soon it is needed; the word in any case.",
        json_schema_extra={"enum": ["Low", "Medium", "High", "Critical"]},
    )
    estimatedDuration: str | None = Field(  # noqa: N815
        default=None,
        max_length=100,
        description="How long it is thought to take: a number with at most two decimals, one space, and "
        "`minutes`, `hours` or `days` (of 24 hours); more than nothing, at most 365 days.",
        json_schema_extra={"pattern": DURATION},
    )


class WorkLinks(_Message):
    """Where to go on."""

    workOrder: str = Field(description="The work order.")  # noqa: N815
    asset: str = Field(description="The asset.")
    complete: str = Field(description="Where its completion is reported.")
    release: str | None = Field(default=None, description="The certificate, if there is one.")


class DueAnswer(_Message):
    """The work order that stands for a request."""

    workOrderId: str = Field(description="The number of the work order.")  # noqa: N815
    utcs: str = Field(description="Its identifier.")
    dppId: str = Field(description="The passport id, as it was given.")  # noqa: N815
    status: WorkOrderStatus = Field(description="Where it stands.")
    maintenanceType: str = Field(description="What sort of maintenance, as it was given.")  # noqa: N815
    dueDate: str = Field(description="The last day.", json_schema_extra={"format": "date"})  # noqa: N815
    isOverdue: bool = Field(description="Whether that day is over, in UTC.")  # noqa: N815
    priority: str | None = Field(description="How soon it is needed.")
    estimatedDuration: str | None = Field(description="How long it is thought to take.")  # noqa: N815
    notes: list[str] = Field(
        description="In what the order differs from the request, where it was asked for before."
    )
    links: WorkLinks


class Drawn(_Message):
    """A lot of stock that was drawn from."""

    stock: str = Field(description="The lot.")
    quantity: str = Field(description="How much of it the work order has used in all.")


class CompleteAnswer(_Message):
    """What a completion did: the same bytes for the same report, however often it is sent."""

    workOrderId: str = Field(description="The number of the work order.")  # noqa: N815
    utcs: str = Field(description="Its identifier.")
    dppId: str = Field(description="The passport id, as it was given.")  # noqa: N815
    status: WorkOrderStatus = Field(description="Where the order stood by it.")
    completedAt: str = Field(  # noqa: N815
        description="When the work ended.", json_schema_extra={"format": "date-time"}
    )
    effectiveAt: str = Field(  # noqa: N815
        description="Since when the order stands so: when the work ended and the last sign-off was given.",
        json_schema_extra={"format": "date-time"},
    )
    returnedToService: bool = Field(description="Whether the asset is.")  # noqa: N815
    release: str | None = Field(description="The certificate of release to service.")
    certifiedBy: str | None = Field(description="Who certified it, by pseudonym.")  # noqa: N815
    finding: str | None = Field(description="The finding that was recorded, if one was.")
    partsUsed: list[Drawn] = Field(description="What was drawn from stock.")  # noqa: N815
    unitsInstalled: list[str] = Field(description="The units that were put in.")  # noqa: N815
    event: str = Field(description="The id of the event, of the source `urn:utcs:work`.")
    seq: int = Field(description="Its number in the change log.")
    links: WorkLinks


class Missing(_Message):
    """A rule that is not met."""

    rule: str = Field(description="Which, such as `workorder.release/signature`.")
    problem: str = Field(description="What is missing, and what to do.")


class FieldFault(_Message):
    """A field that is wrong."""

    field: str = Field(description="Which field.")
    value: Any = Field(default=None, description="As it was given.")
    fix: str = Field(description="What is wrong, and what to do.")


class WorkProblem(BaseModel):
    """Why nothing was done: problem details as RFC 9457 has them."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="A URI for programs.")
    title: str = Field(description="The code in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="One sentence: the field, the value and the fix.")
    code: str = Field(description="One word for programs.")
    errors: list[FieldFault] | None = Field(default=None, description="Field by field.")
    missing: list[Missing] | None = Field(
        default=None, description="Rule by rule, where the record does not allow it (409)."
    )
