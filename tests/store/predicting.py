"""An aircraft, the flights that bring it to its base, and what is predicted of its pump."""

from __future__ import annotations

from typing import Any, Final

from graph.model.exchange.reports import CaosPredictions
from graph.store.database import Graph
from tests.store.linking import link, tell, thing
from tests.store.saying import day, event
from tests.store.working import station

WAYS: Final = [("EDDM", "EDDF"), ("EDDF", "EDDM")]


async def fleet(graph: Graph) -> None:
    """States an aircraft with a pump, a base with people and a spare, and three stops there."""
    flights = [
        fact
        for number, (on, (origin, to)) in enumerate(
            zip((4.2, 4.8, 5.5, 7.8, 9), [*WAYS, *WAYS, WAYS[0]], strict=True)
        )
        for fact in (
            thing(
                f"flight-{number}", origin=origin, destination=to, status="planned",
                planned_start_at=day(on), planned_end_at=day(on + 0.1),
            ),
            link(f"flight-{number}", "FLOWN_BY", "aircraft-1"),
        )
    ]  # fmt: skip
    await station(graph)
    await tell(graph, event(
        thing("serial-1"), thing("part-2"), thing("modelversion-1"), thing("task-1"),
        link("serial-1", "INSTANCE_OF", "part-2"),
        link("aircraft-1", "CONTAINS", "serial-1", slot="1"),
        thing("facility-1", category="line_station", icao_location="EDDM", bays=2),
        *(link(f"person-{name}", "LOCATED_IN", "facility-1") for name in ("tess", "tom")),
        thing("workorder-1", number="WO-1", status="cancelled"),
        *flights,
        on=3,
    ))  # fmt: skip


def predicted(**said: Any) -> CaosPredictions:
    """Predicts that the pump has four days left, as a caution."""
    one = {
        "number": "CAOS-1", "unit": "utcs:TEST:serial:serial-1", "category": "remaining_life",
        "model": "utcs:TEST:modelversion:modelversion-1", "remainingDays": 4, "severity": "caution",
        "confidencePercent": 80, "explanation": "Bearing wear.",
    }  # fmt: skip
    return CaosPredictions.model_validate({
        "reportId": "R-1", "at": day(4), "dppId": "DPP-T-1", "predictions": [one | said],
    })  # fmt: skip
