"""Learning: the models that predict, the data they learnt from, and how right they were."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from graph.model.engineering import Verdict
from graph.model.kind import (
    Amount,
    Code,
    Count,
    Day,
    Days,
    FlightCycles,
    FlightHours,
    Kind,
    Line,
    Number,
    Percent,
    Sha256,
    Text,
    quantity,
)
from graph.model.time import UtcDatetime


class ModelCategory(StrEnum):
    """What a model computes."""

    REMAINING_LIFE = "remaining_life"
    ANOMALY = "anomaly"
    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    FORECAST = "forecast"
    DETECTION = "detection"


class ModelStatus(StrEnum):
    """Whether a model is worked on or used."""

    EXPERIMENTAL = "experimental"
    ACTIVE = "active"
    RETIRED = "retired"


class Model(Kind):
    """A machine-learning model with its purpose, over all its versions (ISO/IEC 22989)."""

    number: Number | None = Field(default=None, description="The number of the model.")
    category: ModelCategory | None = Field(default=None, description="What it computes.")
    purpose: Text | None = Field(default=None, description="What it is meant for.")
    limitations: Text | None = Field(default=None, description="What it must not be used for.")
    ai_level: Code | None = Field(default=None, description="The EASA level of AI: 1A, 1B, 2A, 2B.")
    owner: Line | None = Field(default=None, description="The team that answers for it.")
    status: ModelStatus | None = Field(default=None, description="Whether it is used.")


class ModelVersionStatus(StrEnum):
    """How far a model version has come."""

    CANDIDATE = "candidate"
    VALIDATED = "validated"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETIRED = "retired"


class Precision(StrEnum):
    """The number format of a model's weights."""

    FP32 = "fp32"
    FP16 = "fp16"
    BF16 = "bf16"
    INT8 = "int8"
    INT4 = "int4"


class ModelVersion(Kind):
    """One trained and fixed state of a model: the artefact that is signed and deployed (ISO/IEC 5338)."""

    number: Number | None = Field(
        default=None, description="The number of the version, such as 1.4.0."
    )
    format: Code | None = Field(
        default=None, description="The format of the artefact: ONNX, TFLite."
    )
    precision: Precision | None = Field(
        default=None, description="The number format of its weights."
    )
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the artefact, in hex.")
    location: Line | None = Field(default=None, description="Where the artefact is kept, as a URI.")
    signature: Line | None = Field(
        default=None, description="Where its signature is kept, as a URI."
    )
    parameters: Count | None = Field(default=None, description="How many weights it has.")
    metric: Line | None = Field(default=None, description="What it was judged by, such as RMSE.")
    metric_value: Amount | None = Field(default=None, description="What it reached.")
    latency_us: Annotated[Decimal, quantity("us", ge=0)] | None = Field(
        default=None, description="The median time of one inference on its target."
    )
    licence: Line | None = Field(default=None, description="The licence, as an SPDX expression.")
    status: ModelVersionStatus | None = Field(default=None, description="How far it has come.")
    issued_on: Day | None = Field(default=None, description="The day it was released.")


class DatasetCategory(StrEnum):
    """What a dataset is for."""

    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"
    MIXED = "mixed"
    REFERENCE = "reference"


class Dataset(Kind):
    """A fixed collection of data that a model is trained, validated or tested on (ISO/IEC 5259, ED-324)."""

    number: Number | None = Field(default=None, description="The number of the dataset.")
    revision: Code | None = Field(default=None, description="The revision of the dataset.")
    category: DatasetCategory | None = Field(default=None, description="What it is for.")
    format: Code | None = Field(default=None, description="The format of the files: Parquet, CSV.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of its manifest, in hex.")
    location: Line | None = Field(default=None, description="Where it is kept, as a URI.")
    rows: Count | None = Field(default=None, description="How many samples it has.")
    starts_at: UtcDatetime | None = Field(default=None, description="The time of its first sample.")
    ends_at: UtcDatetime | None = Field(default=None, description="The time of its last sample.")
    licence: Line | None = Field(default=None, description="The licence, as an SPDX expression.")
    has_personal_data: bool | None = Field(
        default=None, description="Whether it holds data about persons."
    )


class RunStatus(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TrainingRun(Kind):
    """One run that trained a model, with everything needed to repeat it (ISO/IEC 5338)."""

    number: Number | None = Field(default=None, description="The number of the run.")
    framework: Line | None = Field(default=None, description="The library and version it used.")
    code_revision: Code | None = Field(default=None, description="The commit of the training code.")
    seed: Count | None = Field(default=None, description="The seed of its random numbers.")
    hyperparameters: Text | None = Field(default=None, description="Its settings, as JSON.")
    hardware: Line | None = Field(default=None, description="What it ran on.")
    metric: Line | None = Field(default=None, description="What it was judged by, such as RMSE.")
    metric_value: Amount | None = Field(default=None, description="What it reached.")
    energy_kwh: Annotated[Decimal, quantity("kWh", ge=0)] | None = Field(
        default=None, description="The energy it used."
    )
    status: RunStatus | None = Field(default=None, description="Where it stands.")
    started_at: UtcDatetime | None = Field(default=None, description="When it began.")
    ended_at: UtcDatetime | None = Field(default=None, description="When it ended.")


class DeploymentStatus(StrEnum):
    """Whether a deployment is in use."""

    PLANNED = "planned"
    SHADOW = "shadow"
    ACTIVE = "active"
    ROLLED_BACK = "rolled_back"
    RETIRED = "retired"


class Deployment(Kind):
    """One model version or software load put to work on one device or aircraft (ISO/IEC 5338)."""

    number: Number | None = Field(default=None, description="The number of the deployment.")
    environment: Line | None = Field(default=None, description="Where it runs: edge, cloud, bench.")
    runtime: Line | None = Field(default=None, description="What runs it, with its version.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of what was installed.")
    status: DeploymentStatus | None = Field(default=None, description="Whether it is in use.")
    started_at: UtcDatetime | None = Field(default=None, description="When it went live.")
    ended_at: UtcDatetime | None = Field(default=None, description="When it was taken down.")


class Prediction(Kind):
    """One statement of a model about one unit, with its doubt (ISO 13381-1)."""

    number: Number | None = Field(default=None, description="The number of the prediction.")
    category: ModelCategory | None = Field(default=None, description="What was computed.")
    remaining_fh: FlightHours | None = Field(
        default=None, description="Flight hours left, at the median."
    )
    remaining_fc: FlightCycles | None = Field(
        default=None, description="Flight cycles left, at the median."
    )
    remaining_days: Days | None = Field(default=None, description="Days left, at the median.")
    probability_percent: Percent | None = Field(
        default=None, description="How likely the event is within the horizon."
    )
    horizon_days: Days | None = Field(default=None, description="How far ahead it looks.")
    value: Amount | None = Field(default=None, description="What else was computed.")
    lower_limit: Amount | None = Field(default=None, description="The lower bound of that value.")
    upper_limit: Amount | None = Field(default=None, description="The upper bound of that value.")
    unit_of_measurement: Code | None = Field(
        default=None, description="The unit of the three values above, after UCUM."
    )
    confidence_percent: Percent | None = Field(
        default=None, description="How likely the truth lies between the bounds."
    )
    explanation: Text | None = Field(default=None, description="What it rests on.")
    sha256: Sha256 | None = Field(
        default=None, description="The SHA-256 of the telemetry window it was computed from."
    )
    location: Line | None = Field(default=None, description="Where that window is kept, as a URI.")
    predicted_at: UtcDatetime | None = Field(default=None, description="When it was computed.")


class Feedback(Kind):
    """What reality or a person said about a prediction or recommendation (ISO/IEC 5338)."""

    verdict: Verdict | None = Field(default=None, description="Whether it held.")
    text: Text | None = Field(default=None, description="What was said about it.")
    value: Amount | None = Field(default=None, description="The value that came true.")
    unit_of_measurement: Code | None = Field(default=None, description="Its unit, after UCUM.")
    given_at: UtcDatetime | None = Field(default=None, description="When it was given.")
