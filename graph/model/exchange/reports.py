"""What is reported to the passports, and what condition monitoring (CAOS) predicts."""

from __future__ import annotations

from typing import Final

from pydantic import ConfigDict, Field, JsonValue, model_validator

from graph.model.engineering import AtaChapter, Verdict
from graph.model.exchange.message import Message, Named, Passport, Report
from graph.model.kind import (
    Amount,
    Code,
    Day,
    Days,
    FlightCycles,
    FlightHours,
    Line,
    Number,
    Percent,
    Sha256,
    Text,
)
from graph.model.learning import ModelCategory
from graph.model.maintenance import FindingCategory, FindingSeverity, Millimetres
from graph.model.operation import AlertSeverity
from graph.model.product import UnitOfMeasure
from graph.model.resources import QualificationCategory, QualificationStatus

# ruff: noqa: N815 - members are named as they are written in messages

Example = dict[str, JsonValue]

COMPLETE: Final[Example] = {
    "workOrderId": "WO-54321",
    "completionDate": "2025-11-05",
    "findings": "No issues",
    "partsUsed": ["DPP-PART-123"],
    "returnToService": True,
}
"""The report as the integration guide prints it."""


class WorkOrderComplete(Message):
    """A work order that was completed."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [COMPLETE]})

    workOrderId: Named = Field(description="The work order, by its number or any other id.")
    completionDate: str = Field(
        max_length=100,
        description="The day in UTC, which is taken for its end, or for now where it is today; or the "
        "moment, as an RFC 3339 time with its offset.",
        json_schema_extra={
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
        },
    )
    findings: str = Field(
        default="",
        max_length=10_000,
        description="What was found. `No issues`, `No findings`, `No defects`, `None`, `Nil` or nothing: "
        "nothing was. Anything else is recorded as an open finding, unless a finding of the same words is on "
        "record under the work order.",
    )
    partsUsed: list[Named] = Field(
        default=[],
        max_length=200,
        description="What was used: a part number, a batch or a stock lot, once for each piece, or a "
        "serialised unit that is installed. Each by any of its ids.",
    )
    returnToService: bool = Field(
        description="Whether the asset is to be returned to service: granted if the sign-offs that are "
        "on the work order allow it. If it is not to be, the work is recorded as performed."
    )


PARTS: Final[Example] = {
    "reportId": "PU-2025-0815",
    "at": "2025-11-03T05:00:00Z",
    "workOrderId": "WO-54321",
    "parts": [{"part": "DPP-PART-123", "quantity": 2, "unit": "each"}],
}


class PartUsed(Message):
    """Something that was used up."""

    part: Named = Field(description="A part number, a batch or a stock lot, by any of its ids.")
    quantity: Amount = Field(
        description="How much, besides what was used before; more than nothing, at most a million."
    )
    unit: UnitOfMeasure = Field(description="In what it is counted; the unit of the stock.")

    @model_validator(mode="after")
    def _is_some(self) -> PartUsed:
        if not 0 < self.quantity <= 1_000_000:
            raise ValueError(f"quantity: {self.quantity} is not more than nothing, or too much")
        return self


class PartsUsage(Report):
    """Parts that were used under a work order: they are drawn from stock by the rules of a completion."""

    model_config = ConfigDict(json_schema_extra={"examples": [PARTS]})

    workOrderId: Named = Field(description="The work order, by its number or any other id.")
    parts: list[PartUsed] = Field(min_length=1, max_length=200, description="What was used.")


FINDINGS: Final[Example] = {
    "reportId": "FR-2025-0042",
    "at": "2025-11-03T05:00:00Z",
    "workOrderId": "WO-54321",
    "reportedBy": "utcs:AMPEL360:person:P-0474",
    "findings": [
        {
            "text": "Scratch on the vaporiser cover",
            "severity": "minor",
            "category": "damage",
            "ataChapter": "28-31",
            "lengthMm": 12,
        }
    ],
}


class FoundThing(Message):
    """Something that was found and is not as it should be."""

    text: Line = Field(description="What was found, on one line.")
    description: Text | None = Field(default=None, description="The same at length.")
    about: Named | None = Field(
        default=None, description="The unit that it is about; the asset unless given."
    )
    severity: FindingSeverity | None = Field(default=None, description="How bad it is.")
    category: FindingCategory | None = Field(default=None, description="What sort it is.")
    ataChapter: AtaChapter | None = Field(default=None, description="The system it was found on.")
    zone: Code | None = Field(default=None, description="The aircraft zone it is in.")
    location: Line | None = Field(default=None, description="Where exactly it is.")
    lengthMm: Millimetres | None = Field(default=None, description="Its length in mm.")
    widthMm: Millimetres | None = Field(default=None, description="Its width in mm.")
    depthMm: Millimetres | None = Field(default=None, description="Its depth in mm.")
    measured: Text | None = Field(default=None, description="What else was measured.")


class Findings(Report):
    """What was found under a work order, by somebody whose right to report it is checked."""

    model_config = ConfigDict(json_schema_extra={"examples": [FINDINGS]})

    workOrderId: Named = Field(description="The work order, by its number or any other id.")
    reportedBy: Named = Field(description="Who found it, by any of their ids.")
    findings: list[FoundThing] = Field(min_length=1, max_length=100, description="What was found.")


CERTIFICATIONS: Final[Example] = {
    "reportId": "TC-2025-0007",
    "at": "2025-11-03T05:00:00Z",
    "technician": "utcs:AMPEL360:person:P-0474",
    "certifications": [
        {
            "number": "DE.66.LH2.0474",
            "category": "special_process",
            "scope": "Work on liquid hydrogen systems",
            "issuer": "Training organisation DE.147.0101",
            "issuedOn": "2025-10-31",
            "expiresOn": "2027-10-31",
        }
    ],
}


class Certification(Message):
    """A licence, rating or authorisation of a technician."""

    number: Number = Field(description="The number of the licence or authorisation.")
    category: QualificationCategory = Field(description="What right it gives.")
    grade: Code | None = Field(default=None, description="The category or level, such as B1.")
    scope: Text | None = Field(default=None, description="What it covers.")
    limitations: Text | None = Field(default=None, description="What it does not cover.")
    issuer: Line = Field(description="Who gave it.")
    status: QualificationStatus = Field(
        default=QualificationStatus.VALID, description="Whether it holds."
    )
    issuedOn: Day = Field(description="The day it was given.")
    expiresOn: Day | None = Field(default=None, description="The last day it holds.")

    @model_validator(mode="after")
    def _holds_for_a_while(self) -> Certification:
        if self.expiresOn is not None and self.expiresOn < self.issuedOn:
            raise ValueError(
                f"expiresOn: {self.expiresOn} is before issuedOn, {self.issuedOn}; correct one of them"
            )
        return self


class TechnicianCertifications(Report):
    """What a technician who works on the asset may do. An admin's token is needed: it gives rights."""

    model_config = ConfigDict(json_schema_extra={"examples": [CERTIFICATIONS]})

    technician: Named = Field(description="Who, by any of their ids.")
    certifications: list[Certification] = Field(
        min_length=1, max_length=100, description="What they hold; of one number the later holds."
    )


TESTS: Final[Example] = {
    "reportId": "TR-2025-0100",
    "at": "2025-11-03T05:00:00Z",
    "results": [
        {
            "number": "TR-LEAK-0100",
            "testCase": "utcs:AMPEL360:testcase:TC-AC-SC-H2-05",
            "verdict": "passed",
            "measured": "No leak above 1e-6 mbar l/s",
        }
    ],
}


class TestedThing(Message):
    """What was seen when a test case was run once."""

    __test__ = False  # pytest: this is a message, not a class of tests

    number: Number = Field(description="The number of the run or report; no two have the same.")
    testCase: Named = Field(description="The test case, by any of its ids.")
    unit: Named | None = Field(
        default=None, description="What was on test; the asset unless given."
    )
    verdict: Verdict = Field(description="The outcome.")
    measured: Text | None = Field(default=None, description="What was measured or seen.")
    conditions: Text | None = Field(default=None, description="The conditions of the run.")
    deviation: Text | None = Field(default=None, description="Where the run left the procedure.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the evidence, in hex.")
    location: Line | None = Field(default=None, description="Where the evidence is, as a URI.")


class TestResults(Report):
    """Tests that were run on the asset or its units."""

    __test__ = False  # pytest: this is a message, not a class of tests

    model_config = ConfigDict(json_schema_extra={"examples": [TESTS]})

    results: list[TestedThing] = Field(min_length=1, max_length=200, description="What was seen.")


PREDICTIONS: Final[Example] = {
    "reportId": "CAOS-2025-11-03-0600",
    "at": "2025-11-03T05:00:00Z",
    "dppId": "DPP-H2-001",
    "predictions": [
        {
            "number": "PR-VAPOR-20251103",
            "model": "utcs:AMPEL360:modelversion:MV-STACK-RUL-3",
            "category": "remaining_life",
            "remainingFh": "350 FH",
            "probabilityPercent": 80,
            "horizonDays": 60,
            "confidencePercent": 90,
            "explanation": "Voltage of cell group 4 falls by 0.3 percent a week",
            "severity": "advisory",
        }
    ],
}


class PredictedThing(Message):
    """What a model says about one unit."""

    number: Number = Field(description="The number of the prediction; no two have the same.")
    unit: Named | None = Field(
        default=None, description="What it is about; the asset unless given."
    )
    model: Named = Field(description="The version of the model that computed it.")
    category: ModelCategory = Field(description="What was computed.")
    remainingFh: FlightHours | None = Field(default=None, description="Flight hours left.")
    remainingFc: FlightCycles | None = Field(default=None, description="Flight cycles left.")
    remainingDays: Days | None = Field(default=None, description="Days left.")
    probabilityPercent: Percent | None = Field(
        default=None, description="How likely the event is within the horizon."
    )
    horizonDays: Days | None = Field(default=None, description="How far ahead it looks.")
    confidencePercent: Percent | None = Field(default=None, description="How sure the model is.")
    explanation: Text | None = Field(default=None, description="What it rests on.")
    severity: AlertSeverity | None = Field(
        default=None, description="How it would be shown; with it, an alert is raised, too."
    )

    @model_validator(mode="after")
    def _says_something(self) -> PredictedThing:
        said = (self.remainingFh, self.remainingFc, self.remainingDays, self.probabilityPercent)
        if all(one is None for one in said):
            raise ValueError(
                "remainingFh: missing, and so are remainingFc, remainingDays and probabilityPercent; "
                "say what is predicted"
            )
        return self


class CaosPredictions(Report):
    """What condition monitoring (CAOS) predicts of the asset or its units."""

    model_config = ConfigDict(json_schema_extra={"examples": [PREDICTIONS]})

    dppId: Passport
    predictions: list[PredictedThing] = Field(
        min_length=1, max_length=200, description="What is predicted."
    )
