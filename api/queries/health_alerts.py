"""What is not healthy: `healthAlerts` of an aircraft or unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import strawberry

from api.queries.asked import AsOf, Id, Info, KnownAt, as_float, find
from graph.model.learning import Prediction
from graph.model.operation import Alert
from graph.model.risk import Risk
from graph.model.time import Coordinates
from graph.store import health_alerts as store


@strawberry.type(description="A risk by its three factors, and what follows from it.")
class RatedRisk:
    """A risk by its three factors, and what follows from it."""

    severity: int = strawberry.field(description="How bad it would be, 1 to 5.")
    likelihood: int = strawberry.field(description="How likely it is, 1 to 5.")
    exposure: int = strawberry.field(description="How often it could happen, 1 to 5.")
    index: int = strawberry.field(description="Their product, 1 to 125.")
    tolerability: str = strawberry.field(
        description="`acceptable`, `tolerable` or `intolerable` (ICAO Doc 9859)."
    )
    may_fly: bool = strawberry.field(description="Whether the aircraft may fly on until it is due.")
    words: str = strawberry.field(description="All that as a sentence.")


@strawberry.type(description="A work order that carries out a recommendation.")
class HealthOrder:
    """A work order that carries out a recommendation."""

    utcs: str = strawberry.field(description="The work order.")
    status: str | None = strawberry.field(description="Where it stands.")
    due_on: date | None = strawberry.field(description="The day it must be done by.")
    planned_start_at: datetime | None = strawberry.field(description="When it is to begin.")
    effectiveness: str | None = strawberry.field(description="Whether it cured, once judged.")


@strawberry.type(description="A recommendation upon an alert, and what came of it.")
class HealthRecommendation:
    """A recommendation upon an alert, and what came of it."""

    utcs: str = strawberry.field(description="The recommendation.")
    action: str | None = strawberry.field(description="What should be done.")
    status: str | None = strawberry.field(description="What has become of it.")
    priority: str | None = strawberry.field(description="How soon it should be done.")
    due_on: date | None = strawberry.field(description="The day it should be done by.")
    risk: RatedRisk | None = strawberry.field(description="The risk that it answers, if rated.")
    orders: list[HealthOrder] = strawberry.field(description="The work orders that carry it out.")


@strawberry.type(description="A prediction that an alert rests on.")
class HealthPrediction:
    """A prediction that an alert rests on."""

    utcs: str = strawberry.field(description="The prediction.")
    remaining_fh: float | None = strawberry.field(description="Flight hours left.")
    remaining_fc: float | None = strawberry.field(description="Flight cycles left.")
    remaining_days: float | None = strawberry.field(description="Days left.")
    probability_percent: float | None = strawberry.field(description="How likely the event is.")
    predicted_at: datetime | None = strawberry.field(description="When it was computed.")


@strawberry.type(description="An open alert, or a prediction that was acted upon without one.")
class HealthAlert:
    """An open alert, or a prediction that was acted upon without one."""

    utcs: str = strawberry.field(description="The alert or prediction.")
    name: str = strawberry.field(description="What it is called.")
    severity: str | None = strawberry.field(description="How it would be shown to the crew.")
    status: str | None = strawberry.field(description="What has become of it.")
    detected_at: datetime | None = strawberry.field(description="When it was raised, or computed.")
    about: list[str] = strawberry.field(description="The units that it is about.")
    predictions: list[HealthPrediction] = strawberry.field(description="What it rests on.")
    recommendations: list[HealthRecommendation] = strawberry.field(
        description="What was recommended upon it, also what was rejected."
    )


@strawberry.type(
    description="The health of a unit and all that is in it, as far as alerts tell it."
)
class HealthAlerts:
    """The health of a unit, as far as alerts tell it."""

    utcs: str = strawberry.field(description="The aircraft or unit.")
    alerts: list[HealthAlert] = strawberry.field(description="What is open, the latest first.")
    grounded_by: list[str] = strawberry.field(
        description="The recommendations whose risk lets the aircraft not fly, until work is released."
    )
    cut: str | None = strawberry.field(description="What was left out, if anything was.")


async def health_alerts(
    info: Info, id: Id, as_of: AsOf = None, known_at: KnownAt = None
) -> HealthAlerts | None:
    """The open alerts of a unit."""
    at = Coordinates(as_of, known_at)
    found = await store.health_alerts(info.context.graph, await find(info, id, at), at=at)
    return HealthAlerts(
        utcs=str(found.unit), alerts=[_alert(one) for one in found.alerts],
        grounded_by=[str(one) for one in found.grounded_by], cut=found.cut,
    )  # fmt: skip


def rated(risk: Risk) -> RatedRisk:
    """Returns a risk as it is answered."""
    return RatedRisk(
        severity=risk.severity, likelihood=risk.likelihood, exposure=risk.exposure,
        index=risk.index, tolerability=risk.band.tolerability, may_fly=risk.band.may_fly,
        words=risk.words,
    )  # fmt: skip


def _alert(one: store.HealthAlert) -> HealthAlert:
    sign = one.sign
    of_alert = (sign.severity, sign.status, sign.detected_at) if isinstance(sign, Alert) else None
    severity, status, at = of_alert or (None, None, getattr(sign, "predicted_at", None))
    return HealthAlert(
        utcs=str(one.utcs), name=sign.name,
        severity=severity, status=status, detected_at=at,
        about=[str(unit) for unit in one.about],
        predictions=[_prediction(str(utcs), said) for utcs, said in one.predictions],
        recommendations=[_recommendation(advised) for advised in one.recommendations],
    )  # fmt: skip


def _prediction(utcs: str, said: Prediction) -> HealthPrediction:
    return HealthPrediction(
        utcs=utcs, remaining_fh=as_float(said.remaining_fh), remaining_fc=as_float(said.remaining_fc),
        remaining_days=as_float(said.remaining_days),
        probability_percent=as_float(said.probability_percent), predicted_at=said.predicted_at,
    )  # fmt: skip


def _recommendation(one: store.Recommended) -> HealthRecommendation:
    said = one.recommendation
    return HealthRecommendation(
        utcs=str(one.utcs), action=said.action, status=said.status, priority=said.priority,
        due_on=said.due_on, risk=None if one.risk is None else rated(one.risk),
        orders=[
            HealthOrder(
                utcs=str(utcs), status=order.status, due_on=order.due_on,
                planned_start_at=order.planned_start_at, effectiveness=order.effectiveness,
            )
            for utcs, order in one.orders
        ],
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        health_alerts,
        description="The open alerts about an aircraft or unit and all that is in it, with the predictions "
        "they rest on, what was recommended upon them with its risk, and the work that came of it.",
    ),
]
