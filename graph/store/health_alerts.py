"""What is not healthy? The open alerts of a unit, what was recommended upon them, and the work for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.learning import Prediction
from graph.model.maintenance import WorkOrder
from graph.model.operation import Alert, AlertStatus, Recommendation, RecommendationStatus
from graph.model.risk import Risk
from graph.model.time import Coordinates
from graph.model.work import DONE
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import require_unit
from graph.store.text import fill

MOST: Final = 200
"""So many alerts are told, the latest first."""

OPEN: Final = (AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED)
"""How an alert stands that was not dealt with; one of no stated status is open."""

STANDING: Final = (RecommendationStatus.OPEN, RecommendationStatus.ACCEPTED)
"""How a recommendation stands that is to be decided, or is followed."""

_CONTAINS: Final = ("CONTAINS",)
_ABOUT: Final = ("ABOUT",)
_CAUSED: Final = ("CAUSED_BY",)
_EXECUTES: Final = ("EXECUTES",)


@dataclass(frozen=True, slots=True)
class Recommended:
    """A recommendation and the work orders that carry it out.

    Attributes:
        risk: The risk that it answers; None where it is not rated.
    """

    utcs: Utcs
    recommendation: Recommendation
    risk: Risk | None
    orders: tuple[tuple[Utcs, WorkOrder], ...]

    @property
    def grounds(self) -> bool:
        """Whether the aircraft may not fly for it: it stands, is intolerable, no work on it is released."""
        if self.risk is None or self.risk.band.may_fly:
            return False
        status = self.recommendation.status or RecommendationStatus.OPEN
        return status in STANDING and all(order.status not in DONE for _, order in self.orders)


@dataclass(frozen=True, slots=True)
class HealthAlert:
    """An open alert, or a prediction of which none was raised.

    Attributes:
        sign: What is said of it.
        about: The units that it is about.
        predictions: What it rests on.
        recommendations: What was recommended upon it, also what was rejected.
    """

    utcs: Utcs
    sign: Alert | Prediction
    about: tuple[Utcs, ...]
    predictions: tuple[tuple[Utcs, Prediction], ...]
    recommendations: tuple[Recommended, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """The health of a unit, as far as alerts tell it.

    Attributes:
        alerts: What is open, the latest first.
        cut: What was left out, in words; None if nothing was.
    """

    unit: Utcs
    alerts: tuple[HealthAlert, ...]
    cut: str | None

    @property
    def grounded_by(self) -> tuple[Utcs, ...]:
        """The recommendations because of which the aircraft may not fly."""
        every = (one for alert in self.alerts for one in alert.recommendations if one.grounds)
        return tuple(dict.fromkeys(one.utcs for one in every))


async def health_alerts(graph: Graph, unit: Utcs, *, at: Coordinates = CURRENT) -> Health:
    """Returns the open alerts about an aircraft or unit and all that is in it.

    Raises:
        BadQuestionError: It is no aircraft and no unit.
        NotFoundError: It is not there then.
    """
    require_unit(unit, field="id")
    moment = Moment.of(graph, at)
    asked = {"unit": str(unit), "open": list(OPEN), "standing": list(STANDING), "most": MOST + 1}
    row = await moment.ask(graph, health_text(moment), asked)
    is_there, found = row or (False, [])
    if not is_there:
        raise await not_there(graph, unit, moment)
    cut = f"no more than {MOST:,} alerts are told" if len(found) > MOST else None
    return Health(unit, tuple(_alert(*one) for one in found[:MOST]), cut)


def health_text(moment: Moment) -> str:
    """Returns the statement that reads the open alerts of a unit."""
    rows = {f"holds_{name}": moment.holds_row(name) for name in ("row", "advice", "work", "told")}
    caused = {f"{name}_holds": moment.holds(name, _CAUSED) for name in ("rests", "upon", "gave")}
    return fill(
        "health/alerts",
        exists=moment.exists("asked"),
        contains=moment.types(_CONTAINS),
        step_holds=moment.holds("step", _CONTAINS),
        about=moment.types(_ABOUT),
        about_holds=moment.holds("about", _ABOUT),
        caused=moment.types(_CAUSED),
        executes=moment.types(_EXECUTES),
        carries_holds=moment.holds("carries", _EXECUTES),
        stale=fill("thing/stale"),
        **caused,
        **rows,
    )


def risk_of(recommendation: Recommendation) -> Risk | None:
    """Returns the risk that a recommendation answers; None where it is not rated in full."""
    said = (recommendation.severity, recommendation.likelihood, recommendation.exposure)
    rated = [one for one in said if one is not None]
    return Risk(*rated) if len(rated) == len(said) else None


def _alert(
    said: Mapping[str, Any], units: list[str], predictions: list[Any], advice: list[Any]
) -> HealthAlert:
    utcs = Utcs.parse(said["utcs"])
    return HealthAlert(
        utcs,
        read_as(Alert, said) if utcs.kind == "alert" else read_as(Prediction, said),
        tuple(sorted(map(Utcs.parse, units), key=str)),
        tuple((Utcs.parse(one["utcs"]), read_as(Prediction, one)) for one in predictions),
        tuple(_recommended(*one) for one in advice),
    )


def _recommended(said: Mapping[str, Any], orders: list[Any]) -> Recommended:
    recommendation = read_as(Recommendation, said)
    return Recommended(
        Utcs.parse(said["utcs"]),
        recommendation,
        risk_of(recommendation),
        tuple((Utcs.parse(one["utcs"]), read_as(WorkOrder, one)) for one in orders),
    )
