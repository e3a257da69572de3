"""What condition monitoring (CAOS) predicts: predictions, and the alerts that go with some of them."""

from __future__ import annotations

from graph.flows.exchange.aboard import id_for, require_aboard
from graph.flows.exchange.fresh import require_fresh
from graph.flows.exchange.take import Case, Decided, Given, Taken, require_kind, take
from graph.flows.submit import Principal
from graph.model.exchange.reports import CaosPredictions, PredictedThing
from graph.model.exchange.table import BY_NAME
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.identifier import Utcs
from graph.model.learning import Prediction
from graph.model.operation import Alert, AlertCategory, AlertStatus
from graph.store.database import Graph

_NAME = "cmms.caos-predictions"


async def report_predictions(graph: Graph, principal: Principal, report: CaosPredictions) -> Taken:
    """Takes what is predicted of an asset and its units.

    Raises:
        BadQuestionError: A field is wrong.
        ForbiddenError: The principal may not write.
        LifecycleError: A number is on record already; nothing was written.
        NotFoundError: Something that is named is not there.
    """
    models = {f"predictions.{n}.model": one.model for n, one in enumerate(report.predictions)}
    units = {
        f"predictions.{n}.unit": one.unit for n, one in enumerate(report.predictions) if one.unit
    }

    async def decide(case: Case) -> Decided:
        await require_aboard(graph, case, units)
        ids = [id_for(case, "prediction", one.number) for one in report.predictions]
        fields = {f"predictions.{n}.number": utcs for n, utcs in enumerate(ids)}
        await require_fresh(graph, _NAME, fields)
        facts: list[Fact] = []
        for n, (one, utcs) in enumerate(zip(report.predictions, ids, strict=True)):
            field = f"predictions.{n}.model"
            model = require_kind(case.things[field], field, "modelversion", "deployment")
            unit = case.things.get(f"predictions.{n}.unit", case.asset)
            facts += _predicted(case, one, utcs, model, unit)
        return Decided(case.asset, facts)

    given = Given(BY_NAME[_NAME], report.dppId, report)
    return await take(graph, principal, given, models | units, decide)


def _predicted(case: Case, one: PredictedThing, utcs: Utcs, model: Utcs, unit: Utcs) -> list[Fact]:
    about = dict.fromkeys((unit, case.asset))
    said = Prediction(
        name=f"{one.category.value.replace('_', ' ').capitalize()} of {unit.local}",
        number=one.number,
        category=one.category,
        remaining_fh=one.remainingFh,
        remaining_fc=one.remainingFc,
        remaining_days=one.remainingDays,
        probability_percent=one.probabilityPercent,
        horizon_days=one.horizonDays,
        confidence_percent=one.confidencePercent,
        explanation=one.explanation,
        predicted_at=case.at,
    )
    facts: list[Fact] = [
        PutNode(utcs=utcs, properties=said, replaces=0),
        PutLink(source=utcs, link="MADE_BY", target=model),
        *(PutLink(source=utcs, link="ABOUT", target=thing) for thing in about),
    ]
    return facts if one.severity is None else facts + _alert(case, one, utcs, model, about)


def _alert(
    case: Case, one: PredictedThing, prediction: Utcs, model: Utcs, about: dict[Utcs, None]
) -> list[Fact]:
    """Returns the alert that goes with a prediction as facts."""
    utcs = Utcs(prediction.authority, "alert", f"ALT-{prediction.local}"[:64])
    said = Alert(
        name=f"Predicted: {', '.join(thing.local for thing in about)}",
        description=one.explanation,
        number=utcs.local,
        category=AlertCategory.PREDICTION,
        severity=one.severity,
        confidence_percent=one.confidencePercent,
        status=AlertStatus.OPEN,
        detected_at=case.at,
    )
    raised = (
        [PutLink(source=utcs, link="RAISED_BY", target=model)] if model.kind != "deployment" else []
    )
    return [
        PutNode(utcs=utcs, properties=said, replaces=0),
        PutLink(source=utcs, link="CAUSED_BY", target=prediction),
        *raised,
        *(PutLink(source=utcs, link="ABOUT", target=thing) for thing in about),
    ]
