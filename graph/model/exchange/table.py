"""The exchanges with maintenance systems (CMMS), passports (DPP) and flight planning, each declared once.

Its name gives an exchange its address, its event type and its schema.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model.exchange.answers import (
    AssetSpecification,
    CertificationRequirements,
    ComponentStatus,
    MaintenanceSchedule,
)
from graph.model.exchange.fleet import FlightAvailability, FlightWindows
from graph.model.exchange.message import Message
from graph.model.exchange.reports import (
    CERTIFICATIONS,
    COMPLETE,
    FINDINGS,
    PARTS,
    PREDICTIONS,
    TESTS,
    CaosPredictions,
    Example,
    Findings,
    PartsUsage,
    TechnicianCertifications,
    TestResults,
    WorkOrderComplete,
)

COMPLETION: Final = "dpp.work-order-complete"

SAID, EXCHANGE, ASSET = "said", "exchange", "asset"
"""The attributes of an event that tell what was reported, in which exchange, and of what asset."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing that one side tells the other.

    Attributes:
        name: To whom, and what: `dpp.parts-usage`.
        says: What is told, in words.
        message: The body that is posted or answered, and the data of the event.
        example: A body that is posted; none where it is asked for.
        moved_by: The kinds and link types whose change may change the answer; empty for what is reported.
        is_of_aircraft: Whether it is told of aircraft alone, and not of other units with a passport.
    """

    name: str
    says: str
    message: type[Message]
    example: Example | None = None
    moved_by: frozenset[str] = frozenset()
    is_of_aircraft: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether it is asked for by GET; else it is reported by POST."""
        return bool(self.moved_by)

    @property
    def path(self) -> str:
        """Where it is asked for or reported."""
        to, what = self.name.split(".")
        if self.is_answer:
            return f"/api/v1/{to}/assets/{{dppId}}/{what}"
        return f"/api/v1/{to}/{{dppId}}/{what}" if to == "dpp" else f"/api/v1/{to}/{what}"

    @property
    def type(self) -> str:
        """The type of the event that tells it."""
        return f"org.utcs.{self.name}.v1"

    @property
    def schema(self) -> str:
        """The name of the file in docs/schemas that describes the message."""
        return f"{self.name}.v1.json"


def _moved(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LIFE: Final = "aircraft part usage flight CONTAINS INSTANCE_OF COUNTS FLOWN_BY "

EXCHANGES: Final = (
    Exchange(COMPLETION, "A work order is completed.", WorkOrderComplete, COMPLETE),
    Exchange("dpp.parts-usage", "Parts were used under a work order.", PartsUsage, PARTS),
    Exchange("dpp.findings", "Something was found under a work order.", Findings, FINDINGS),
    Exchange("dpp.technician-certifications", "What a technician may do.",
             TechnicianCertifications, CERTIFICATIONS),
    Exchange("dpp.test-results", "Tests were run.", TestResults, TESTS),
    Exchange("cmms.specification", "What an asset is, and to what it was made.", AssetSpecification,
             moved_by=_moved("serial aircraft part baseline modification bulletin stc eco "
                             "INSTANCE_OF BUILT_TO FREEZES EMBODIES LOADED_WITH")),
    Exchange("cmms.maintenance-schedule", "What is due on an asset.", MaintenanceSchedule,
             moved_by=_moved(_LIFE + "task directive bulletin effectivity workorder deferral WORKS_ON "
                             "EXECUTES COMPLIES_WITH SUBJECT_TO PERFORMED_ON LIMITED_BY EMBODIES")),
    Exchange("cmms.component-status", "What is in an asset, its life, and what is open.", ComponentStatus,
             moved_by=_moved(_LIFE + "serial finding deferral discrepancy alert ABOUT")),
    Exchange("cmms.caos-predictions", "What condition monitoring predicts.", CaosPredictions, PREDICTIONS),
    Exchange("cmms.certification-requirements", "What directives and bulletins demand of an asset.",
             CertificationRequirements,
             moved_by=_moved(_LIFE + "serial directive bulletin effectivity modification COMPLIES_WITH "
                             "SUBJECT_TO LIMITED_BY EMBODIES")),
    Exchange("fleet.availability", "Whether an aircraft can fly, why not, and under what limits.",
             FlightAvailability, is_of_aircraft=True,
             moved_by=_moved(_LIFE + "serial task directive bulletin effectivity workorder deferral finding "
                             "WORKS_ON EXECUTES COMPLIES_WITH SUBJECT_TO ABOUT DEFERS")),
    Exchange("fleet.aircraft-windows", "When an aircraft can be maintained.", FlightWindows,
             is_of_aircraft=True, moved_by=_moved("aircraft flight facility FLOWN_BY")),
)  # fmt: skip
"""To the passports first, then to the maintenance system, then to the planning of flights."""

BY_NAME: Final = {one.name: one for one in EXCHANGES}
REPORTED: Final = tuple(one for one in EXCHANGES if not one.is_answer and one.name != COMPLETION)
"""What is reported under a number of its sender."""

ANSWERED: Final = tuple(one for one in EXCHANGES if one.is_answer)
