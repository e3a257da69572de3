"""Governance: frozen states, where knowledge comes from, and what is planned and run."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from graph.model.engineering import Priority
from graph.model.kind import (
    Amount,
    Code,
    Count,
    Hours,
    Kind,
    Line,
    Number,
    Percent,
    Sha256,
    Text,
    quantity,
)
from graph.model.learning import RunStatus
from graph.model.time import UtcDatetime


class BaselineCategory(StrEnum):
    """What a baseline fixes, after EIA-649C and ISO 10007."""

    FUNCTIONAL = "functional"
    ALLOCATED = "allocated"
    PRODUCT = "product"
    AS_DESIGNED = "as_designed"
    AS_PLANNED = "as_planned"
    AS_BUILT = "as_built"
    AS_MAINTAINED = "as_maintained"


class BaselineRule(StrEnum):
    """What belongs to a baseline, seen from the root of its scope."""

    CONFIGURATION = "configuration"
    DESIGN = "design"
    REQUIREMENTS = "requirements"
    TRACE = "trace"
    LISTED = "listed"


class Baseline(Kind):
    """A configuration frozen under a name: scope, two times and Merkle root (ISO 10007, EIA-649C)."""

    number: Number | None = Field(default=None, description="The number of the baseline.")
    category: BaselineCategory | None = Field(default=None, description="What it fixes.")
    scope: Text | None = Field(default=None, description="What belongs to it, in words.")
    rule: BaselineRule | None = Field(
        default=None, description="The rule by which its members are found from its root."
    )
    as_of: UtcDatetime | None = Field(default=None, description="The moment in the world it shows.")
    known_at: UtcDatetime | None = Field(
        default=None, description="The state of knowledge it shows."
    )
    merkle_root: Sha256 | None = Field(
        default=None,
        description="The root of the prefix tree of its members; once stated it stays.",
    )
    members: Count | None = Field(default=None, description="How many things belong to it.")


class SourceCategory(StrEnum):
    """What sort of system a source is."""

    PLM = "plm"
    ERP = "erp"
    MES = "mes"
    CMMS = "cmms"
    QMS = "qms"
    FLIGHT_OPERATIONS = "flight_operations"
    HEALTH_MONITORING = "health_monitoring"
    AUTHORITY = "authority"
    SUPPLIER = "supplier"
    FILE = "file"
    PERSON = "person"


class SourceStatus(StrEnum):
    """Whether a source may send."""

    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


class Source(Kind):
    """A system, file or person that tells the thread something, and how far to trust it (W3C PROV agent)."""

    uri: Line | None = Field(default=None, description="The `source` its events carry.")
    category: SourceCategory | None = Field(default=None, description="What sort of system it is.")
    owner: Line | None = Field(default=None, description="Who answers for it.")
    protocol: Code | None = Field(
        default=None, description="How it is spoken to: REST, Kafka, SFTP, …"
    )
    rank: Annotated[int, Field(ge=0, le=99, strict=True)] | None = Field(
        default=None, description="Who wins when two say different things of one instant."
    )
    interval_h: Hours | None = Field(default=None, description="How often it is expected to speak.")
    quality_percent: Percent | None = Field(default=None, description="Its score for data quality.")
    status: SourceStatus | None = Field(default=None, description="Whether it may send.")


class PlanStatus(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


class Plan(Kind):
    """A computed schedule of work with what it costs and how far it may be from the best."""

    number: Number | None = Field(default=None, description="The number of the plan.")
    starts_at: UtcDatetime | None = Field(default=None, description="The start of its horizon.")
    ends_at: UtcDatetime | None = Field(default=None, description="The end of its horizon.")
    objective_value: Amount | None = Field(
        default=None, description="The cost it reaches; less is better."
    )
    bound: Amount | None = Field(default=None, description="No plan can cost less than this.")
    gap_percent: Annotated[Decimal, quantity("percent", ge=0)] | None = Field(
        default=None, description="How far the cost is above that bound."
    )
    solver: Line | None = Field(default=None, description="What computed it, with its version.")
    seed: Count | None = Field(default=None, description="The seed of its random numbers.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the problem it solves.")
    explanation: Text | None = Field(default=None, description="Why it looks as it does.")
    status: PlanStatus | None = Field(default=None, description="Where it stands.")
    computed_at: UtcDatetime | None = Field(default=None, description="When it was computed.")


class Job(Kind):
    """A piece of work that the system itself runs: an import, export or report (W3C PROV activity)."""

    number: Number | None = Field(default=None, description="The number of the job.")
    category: Line | None = Field(default=None, description="What sort of work it is.")
    priority: Priority | None = Field(default=None, description="How soon it should run.")
    schedule: Line | None = Field(
        default=None, description="When it repeats, as a cron expression."
    )
    progress_percent: Percent | None = Field(default=None, description="How far it has come.")
    attempts: Count | None = Field(default=None, description="How often it was tried.")
    message: Text | None = Field(default=None, description="What it last said.")
    status: RunStatus | None = Field(default=None, description="Where it stands.")
    due_at: UtcDatetime | None = Field(default=None, description="When it should have ended.")
    started_at: UtcDatetime | None = Field(default=None, description="When it began.")
    ended_at: UtcDatetime | None = Field(default=None, description="When it ended.")
    report: Code | None = Field(default=None, description="The report that it made and sent.")
    about: Line | None = Field(default=None, description="What that is about, by identifier.")
    as_of: UtcDatetime | None = Field(default=None, description="The moment the report shows.")
    known_at: UtcDatetime | None = Field(
        default=None, description="The state of knowledge the report shows."
    )
    recipient: Line | None = Field(
        default=None, description="The authority or organisation that it was sent to."
    )
    location: Line | None = Field(default=None, description="Where the file was put, as a URI.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the file, in hex.")
    receipt: Code | None = Field(
        default=None, description="The number under which the recipient acknowledged it."
    )
    received_at: UtcDatetime | None = Field(
        default=None, description="When the recipient acknowledged it."
    )
    received_by: Line | None = Field(
        default=None, description="Who acknowledged it for the recipient."
    )
