"""Engineering: what was demanded, what was designed, and the proof that the one meets the other."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from graph.model.kind import Code, Day, Kind, Line, Lines, Number, Sha256, Text
from graph.model.time import UtcDatetime

AtaChapter = Annotated[str, Field(pattern=r"^[0-9]{2}(-[0-9]{2}){0,3}$")]
"""A chapter, section, subject and unit of ATA iSpec 2200, as deep as known: `28-41-03`."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
"""An ISO 639 language, with the ISO 3166 country where it matters: `en-US`."""


class Priority(StrEnum):
    """How soon something matters, against others of its kind."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class ReleaseStatus(StrEnum):
    """Where a controlled item stands in its own life."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class AssuranceLevel(StrEnum):
    """Development assurance level of ARP4754A, DO-178C and DO-254: A is the most severe."""

    A = "a"
    B = "b"
    C = "c"
    D = "d"
    E = "e"


class ProductLevel(StrEnum):
    """How deep in the product breakdown something applies, after ARP4754A."""

    AIRCRAFT = "aircraft"
    SYSTEM = "system"
    SUBSYSTEM = "subsystem"
    ITEM = "item"
    SOFTWARE = "software"
    HARDWARE = "hardware"


class VerificationMethod(StrEnum):
    """How it is shown that a requirement is met, after ARP4754A §5.5."""

    TEST = "test"
    ANALYSIS = "analysis"
    INSPECTION = "inspection"
    DEMONSTRATION = "demonstration"
    REVIEW = "review"
    SIMILARITY = "similarity"


class RequirementCategory(StrEnum):
    """What a requirement is about."""

    FUNCTIONAL = "functional"
    PERFORMANCE = "performance"
    SAFETY = "safety"
    INTERFACE = "interface"
    ENVIRONMENTAL = "environmental"
    MAINTAINABILITY = "maintainability"
    RELIABILITY = "reliability"
    SECURITY = "security"
    PHYSICAL = "physical"
    OPERATIONAL = "operational"
    CERTIFICATION = "certification"
    CONSTRAINT = "constraint"


class RequirementStatus(StrEnum):
    """Where a requirement stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    IMPLEMENTED = "implemented"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Requirement(Kind):
    """A verifiable statement of what the product must do or be (ISO/IEC/IEEE 29148)."""

    number: Number | None = Field(
        default=None, description="The number printed in the specification."
    )
    revision: Code | None = Field(default=None, description="The revision of the requirement.")
    text: Text | None = Field(default=None, description="The statement itself, usually a `shall`.")
    rationale: Text | None = Field(default=None, description="Why the requirement exists.")
    level: ProductLevel | None = Field(
        default=None, description="Where in the breakdown it applies."
    )
    category: RequirementCategory | None = Field(default=None, description="What it is about.")
    verification_method: VerificationMethod | None = Field(
        default=None, description="How it is to be shown that it is met."
    )
    acceptance_criteria: Text | None = Field(
        default=None, description="What has to be seen for it to count as met."
    )
    status: RequirementStatus | None = Field(default=None, description="Where it stands.")
    priority: Priority | None = Field(default=None, description="How much it matters.")
    assurance_level: AssuranceLevel | None = Field(
        default=None, description="The development assurance level it carries."
    )
    is_safety_related: bool | None = Field(
        default=None, description="Whether a safety assessment relies on it."
    )
    is_derived: bool | None = Field(
        default=None, description="Whether it came from a design decision, not from a parent."
    )
    owner: Line | None = Field(default=None, description="The team that answers for it.")


class CertBasisCategory(StrEnum):
    """What sort of rule a certification paragraph is."""

    AIRWORTHINESS_CODE = "airworthiness_code"
    SPECIAL_CONDITION = "special_condition"
    EQUIVALENT_SAFETY_FINDING = "equivalent_safety_finding"
    DEVIATION = "deviation"
    EXEMPTION = "exemption"
    ENVIRONMENTAL = "environmental"


class CertBasisStatus(StrEnum):
    """How far the showing of compliance has come."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    SHOWN = "shown"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class CertBasis(Kind):
    """One paragraph of the type certification basis, at its amendment (EASA Part 21.A.17A)."""

    regulation: Code | None = Field(default=None, description="The code it is from, such as CS-25.")
    paragraph: Number | None = Field(default=None, description="The paragraph, such as 25.571(b).")
    amendment: Code | None = Field(default=None, description="The amendment that applies.")
    text: Text | None = Field(default=None, description="What the paragraph demands.")
    authority: Code | None = Field(default=None, description="Whose rule it is: EASA, FAA, …")
    category: CertBasisCategory | None = Field(default=None, description="What sort of rule it is.")
    means_of_compliance: Lines = Field(
        default=(), description="How compliance is shown: MC0 to MC9 of AMC 21.A.15(b)."
    )
    status: CertBasisStatus | None = Field(default=None, description="How far the showing is.")
    effective_on: Day | None = Field(default=None, description="The day the amendment took effect.")


class Design(Kind):
    """A design item: a function, system or item that answers requirements (ARP4754A)."""

    number: Number | None = Field(default=None, description="The number of the design item.")
    revision: Code | None = Field(default=None, description="The revision of the design.")
    level: ProductLevel | None = Field(default=None, description="Its depth in the breakdown.")
    ata_chapter: AtaChapter | None = Field(default=None, description="Where it belongs by ATA.")
    zone: Code | None = Field(default=None, description="The aircraft zone it sits in.")
    status: ReleaseStatus | None = Field(default=None, description="Where the design stands.")
    assurance_level: AssuranceLevel | None = Field(
        default=None, description="The development assurance level it is built to."
    )
    text: Text | None = Field(default=None, description="What it does and how.")
    issued_on: Day | None = Field(default=None, description="The day this revision was released.")
    owner: Line | None = Field(default=None, description="The team that answers for it.")


class Cad(Kind):
    """A CAD model or drawing that shows the geometry of a design (ISO 10303-242, ISO 16792)."""

    number: Number | None = Field(default=None, description="The number of the model or drawing.")
    revision: Code | None = Field(default=None, description="The revision of the model.")
    format: Code | None = Field(default=None, description="The file format, such as STEP AP242.")
    authoring_tool: Line | None = Field(default=None, description="The program that made it.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the file, in hex.")
    location: Line | None = Field(default=None, description="Where the file is kept, as a URI.")
    has_pmi: bool | None = Field(
        default=None, description="Whether dimensions and tolerances are in the model itself."
    )
    status: ReleaseStatus | None = Field(default=None, description="Where the model stands.")
    issued_on: Day | None = Field(default=None, description="The day this revision was released.")


class DocumentCategory(StrEnum):
    """What a document is for."""

    SPECIFICATION = "specification"
    DRAWING = "drawing"
    PROCEDURE = "procedure"
    REPORT = "report"
    MANUAL = "manual"
    CERTIFICATE = "certificate"
    STANDARD = "standard"
    CONTRACT = "contract"
    RECORD = "record"
    OTHER = "other"


class Document(Kind):
    """A controlled document other than a technical publication: specification, report (ISO 10007)."""

    number: Number | None = Field(default=None, description="The document number.")
    revision: Code | None = Field(default=None, description="The revision of the document.")
    category: DocumentCategory | None = Field(default=None, description="What it is for.")
    issuer: Line | None = Field(default=None, description="The organisation that issued it.")
    language: Language | None = Field(default=None, description="The language it is written in.")
    media_type: Code | None = Field(
        default=None, description="The media type of the file (RFC 6838)."
    )
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the file, in hex.")
    location: Line | None = Field(default=None, description="Where the file is kept, as a URI.")
    status: ReleaseStatus | None = Field(default=None, description="Where the document stands.")
    issued_on: Day | None = Field(default=None, description="The day this revision was released.")


class IssueType(StrEnum):
    """Why an issue of a data module was made, after S1000D `issueType`."""

    NEW = "new"
    CHANGED = "changed"
    REVISED = "revised"
    STATUS = "status"
    REINSTATED = "reinstated"
    DELETED = "deleted"


class Publication(Kind):
    """One data module of the technical publications, identified by its data module code (S1000D)."""

    number: Number | None = Field(
        default=None, description="The data module code, such as DMC-H2-A-28-…."
    )
    issue: Code | None = Field(
        default=None, description="Issue and in-work number, such as 003-00."
    )
    issue_type: IssueType | None = Field(default=None, description="Why this issue was made.")
    info_code: Code | None = Field(default=None, description="What it tells: 520 is a removal.")
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it belongs to.")
    language: Language | None = Field(default=None, description="The language it is written in.")
    applicability: Text | None = Field(default=None, description="What it applies to, as printed.")
    text: Text | None = Field(default=None, description="Its content as plain text.")
    originator: Line | None = Field(default=None, description="The company that wrote it.")
    classification: Code | None = Field(default=None, description="The security classification.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the file, in hex.")
    location: Line | None = Field(default=None, description="Where the file is kept, as a URI.")
    status: ReleaseStatus | None = Field(default=None, description="Where the data module stands.")
    issued_on: Day | None = Field(default=None, description="The day this issue was released.")


class TestCase(Kind):
    """A repeatable procedure with an expected outcome that verifies requirements (ISO/IEC/IEEE 29119)."""

    __test__ = False  # pytest: this is a kind, not a class of tests

    number: Number | None = Field(default=None, description="The number of the test case.")
    revision: Code | None = Field(default=None, description="The revision of the test case.")
    verification_method: VerificationMethod | None = Field(
        default=None, description="Which method of verification it is."
    )
    level: ProductLevel | None = Field(default=None, description="The depth at which it tests.")
    objective: Text | None = Field(default=None, description="What it is meant to show.")
    procedure: Text | None = Field(default=None, description="What is done, step by step.")
    expected_result: Text | None = Field(default=None, description="What must be seen to pass.")
    status: ReleaseStatus | None = Field(default=None, description="Where the test case stands.")


class Verdict(StrEnum):
    """The outcome of a test, inspection or check."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    NOT_RUN = "not_run"


class TestResult(Kind):
    """What was seen when a test case was run once, and the verdict on it (ISO/IEC/IEEE 29119-3)."""

    __test__ = False  # pytest: this is a kind, not a class of tests

    number: Number | None = Field(default=None, description="The number of the run or report.")
    verdict: Verdict | None = Field(default=None, description="The outcome.")
    performed_at: UtcDatetime | None = Field(default=None, description="When the run ended.")
    measured: Text | None = Field(default=None, description="What was measured or seen.")
    conditions: Text | None = Field(default=None, description="The conditions of the run.")
    deviation: Text | None = Field(default=None, description="Where the run left the procedure.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the evidence, in hex.")
    location: Line | None = Field(default=None, description="Where the evidence is kept, as a URI.")


class SoftwareCategory(StrEnum):
    """How software gets onto the aircraft or the ground system."""

    FIELD_LOADABLE = "field_loadable"
    FIRMWARE = "firmware"
    DATABASE = "database"
    COMPLEX_HARDWARE = "complex_hardware"
    GROUND = "ground"


class Software(Kind):
    """A software or complex-hardware item with its own part number (RTCA DO-178C, DO-254)."""

    number: Number | None = Field(default=None, description="The software part number (ARINC 665).")
    revision: Code | None = Field(default=None, description="The revision, such as 2.3.1.")
    category: SoftwareCategory | None = Field(default=None, description="How it is loaded.")
    assurance_level: AssuranceLevel | None = Field(
        default=None, description="The level it was developed to."
    )
    ata_chapter: AtaChapter | None = Field(default=None, description="The system it belongs to.")
    manufacturer: Line | None = Field(default=None, description="Who wrote it.")
    licence: Line | None = Field(default=None, description="The licence, as an SPDX expression.")
    sha256: Sha256 | None = Field(default=None, description="The SHA-256 of the load, in hex.")
    location: Line | None = Field(default=None, description="Where the load is kept, as a URI.")
    status: ReleaseStatus | None = Field(default=None, description="Where the software stands.")
    issued_on: Day | None = Field(default=None, description="The day this revision was released.")
