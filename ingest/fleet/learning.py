"""Machine-learned models of the fleet: data, runs, versions, and where they run."""

# ruff: noqa: E501 — one row of a table is one line

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Final, NamedTuple

from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.learning import (
    Dataset,
    DatasetCategory,
    Deployment,
    DeploymentStatus,
    Model,
    ModelCategory,
    ModelStatus,
    ModelVersion,
    ModelVersionStatus,
    Precision,
    RunStatus,
    TrainingRun,
)
from ingest.fleet import faults
from ingest.fleet.catalogue import item
from ingest.fleet.design import fingerprint
from ingest.fleet.people import person_id
from ingest.fleet.requirement import requirement_id
from ingest.fleet.sources import DATASET_JOB, device_id, source_id
from ingest.fleet.statement import CERTIFIED, MLOPS, days, link, put, stream, utcs

VERSIONS: Final = 3

QUANTISED: Final = 2
"""The version that is the one before it, quantised for the edge."""


class Learnt(NamedTuple):
    """A model: what it looks at and what it computes."""

    key: str
    item: str
    category: ModelCategory
    purpose: str
    metric: str


MODELS: Final = (
    Learnt("STACK-RUL", "STACK", ModelCategory.REMAINING_LIFE, "remaining life of fuel cell stacks from cell voltages", "RMSE/FH"),
    Learnt("PUMP-ANOM", "PUMP", ModelCategory.ANOMALY, "anomalies of LH2 boost pumps from vibration and motor current", "F1"),
    Learnt("COMPR-RUL", "COMPR", ModelCategory.REMAINING_LIFE, "remaining life of cathode compressors from speed and flow", "RMSE/FH"),
    Learnt("BRAKE-WEAR", "BRAKE", ModelCategory.FORECAST, "brake wear from landing energy", "MAE/mm"),
)  # fmt: skip


def version_id(learnt: Learnt, at: datetime) -> Utcs | None:
    """Names the version of a model that was in use at a moment; None before the first."""
    current = [n for n in range(1, VERSIONS + 1) if _issued(learnt, n) <= at]
    return utcs("modelversion", f"MV-{learnt.key}-{current[-1]}") if current else None


def _issued(learnt: Learnt, number: int) -> datetime:
    return CERTIFIED + days(150 + 380 * (number - 1) + 11 * MODELS.index(learnt))


def learning(seed: int) -> Iterator[Event]:
    """Yields every model with its versions, their data, and where they run."""
    for learnt in MODELS:
        random = stream(seed, "learning", learnt.key)
        yield from _model(learnt)
        for number in range(1, VERSIONS + 1):
            yield from _version(learnt, number, random)


def _model(learnt: Learnt) -> Iterator[Event]:
    model, at = utcs("model", f"ML-{learnt.key}"), CERTIFIED + days(60)
    properties = Model(
        name=f"{learnt.key}: {learnt.purpose}",
        number=model.local,
        category=learnt.category,
        purpose=f"Estimates {learnt.purpose}.",
        limitations="Not for units repaired outside the maker's shop.",
        ai_level="1B",
        owner="Fleet health",
        status=ModelStatus.ACTIVE,
    )
    facts: list[Fact] = [
        put(model, properties),
        link(model, "SATISFIES", requirement_id(item(learnt.item).chapter, "ANNUN")),
    ]
    yield MLOPS.event(f"model-{learnt.key}", at, facts)


def _version(learnt: Learnt, number: int, random: Random) -> Iterator[Event]:
    version = utcs("modelversion", f"MV-{learnt.key}-{number}")
    at = _issued(learnt, number)
    train = utcs("dataset", f"DS-{learnt.key}-{number}-TRAIN")
    check = utcs("dataset", f"DS-{learnt.key}-{number}-VAL")
    is_validated = version.local != faults.UNVALIDATED_MODEL_VERSION
    yield _dataset(train, DatasetCategory.TRAINING, at - days(40), random)
    if is_validated:
        yield _dataset(check, DatasetCategory.VALIDATION, at - days(40), random)
    score = round(random.uniform(0.8, 0.97), 3)
    yield _run(version, train, at - days(20), score, random)
    facts = [
        put(version, _artefact(version, learnt, number, at, score)),
        link(version, "VERSION_OF", utcs("model", f"ML-{learnt.key}")),
        link(version, "TRAINED_ON", train),
        link(version, "TRAINED_IN", utcs("trainingrun", f"RUN-{version.local[3:]}")),
        link(version, "SIGNED_BY", person_id("LAB", 0), "approved", signed_at=at),
    ]
    if is_validated:
        facts.append(link(version, "VALIDATED_ON", check))
    earlier = utcs("modelversion", f"MV-{learnt.key}-{number - 1}")
    if number > 1:
        facts.append(link(version, "SUPERSEDES", earlier))
    if number == QUANTISED:
        facts.append(link(version, "CONVERTED_FROM", earlier))
    yield MLOPS.event(f"version-{version.local}", at, facts)
    for station in ("MUC", "CPH", "LIS"):
        yield _deployment(version, station, at + days(3))


def _dataset(thing: Utcs, category: DatasetCategory, at: datetime, random: Random) -> Event:
    properties = Dataset(
        name=f"{category.capitalize()} data {thing.local}",
        number=thing.local,
        revision="1",
        category=category,
        format="Parquet",
        sha256=fingerprint("dataset", thing.local),
        location=f"s3://health/{thing.local}/",
        rows=random.randrange(40_000, 2_000_000),
        starts_at=CERTIFIED,
        ends_at=at,
        licence="LicenseRef-AMPEL360-internal",
        has_personal_data=False,
    )
    facts = [
        put(thing, properties),
        link(thing, "DRAWN_FROM", source_id("caos")),
        link(thing, "OUTPUT_OF", DATASET_JOB),
    ]
    return MLOPS.event(f"dataset-{thing.local}", at, facts)


def _run(version: Utcs, train: Utcs, at: datetime, score: float, random: Random) -> Event:
    thing = utcs("trainingrun", f"RUN-{version.local[3:]}")
    properties = TrainingRun(
        name=f"Training of {version.local}",
        number=thing.local,
        framework="scikit-learn 1.5",
        code_revision=fingerprint("code", version.local)[:12],
        seed=random.randrange(1_000),
        hyperparameters='{"depth": 6, "rounds": 400}',
        hardware="16 cores",
        metric="score",
        metric_value=score,
        energy_kwh=round(random.uniform(0.4, 6), 2),
        status=RunStatus.SUCCEEDED,
        started_at=at - days(0.2),
        ended_at=at,
    )
    facts = [put(thing, properties), link(thing, "TRAINED_ON", train)]
    return MLOPS.event(f"run-{thing.local}", at, facts)


def _artefact(
    version: Utcs, learnt: Learnt, number: int, at: datetime, score: float
) -> ModelVersion:
    return ModelVersion(
        name=f"{learnt.key} {number}.0.0",
        number=f"{number}.0.0",
        format="ONNX",
        precision=Precision.FP32 if number < QUANTISED else Precision.INT8,
        sha256=fingerprint("artefact", version.local),
        location=f"s3://models/{version.local}.onnx",
        signature=f"s3://models/{version.local}.sig",
        parameters=27_000,
        metric=learnt.metric,
        metric_value=score,
        latency_us=14,
        licence="Apache-2.0",
        status=ModelVersionStatus.APPROVED,
        issued_on=at.date(),
    )


def _deployment(version: Utcs, station: str, at: datetime) -> Event:
    thing = utcs("deployment", f"DEP-{version.local[3:]}-{station}")
    properties = Deployment(
        name=f"{version.local} at {station}",
        number=thing.local,
        environment="edge",
        runtime="onnxruntime 1.19",
        sha256=fingerprint("artefact", version.local),
        status=DeploymentStatus.ACTIVE,
        started_at=at,
    )
    facts = [
        put(thing, properties),
        link(thing, "DEPLOYS", version),
        link(thing, "DEPLOYED_TO", device_id(station)),
    ]
    return MLOPS.event(f"deployment-{thing.local}", at, facts)
