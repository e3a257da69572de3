"""The digital product passport: what it says of an asset, and who is shown which field of it.

Each field names who may see it, the term it stands for, and what it means. What is shown to somebody, the
JSON-LD context, the JSON Schema and the page all derive from this one table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from graph.model.kind import plain
from graph.model.time import UtcDatetime

SCHEME: Final = "dpp"
"""The scheme of aliases that passport ids are of."""


class Audience(StrEnum):
    """Who is shown a passport, from least to most; each is shown what those before it are."""

    PUBLIC = "public"
    OPERATOR = "operator"
    AUTHORITY = "authority"

    def sees(self, other: Audience) -> bool:
        """Whether what is for others is for this one, too."""
        return _RANK.index(self) >= _RANK.index(other)


_RANK: Final = [*Audience]
PUBLIC, OPERATOR, AUTHORITY = _RANK

Numeral = Annotated[
    Decimal,
    PlainSerializer(lambda value: f"{value:f}", when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
]
"""A decimal as it is written: no exponent, and no number of JSON, which readers round."""

PREFIXES: Final = {
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "term": "urn:utcs:term:",
}
"""The vocabularies that terms are of; `term` holds what the others have no term for."""


def seen(by: Audience, term: str, doc: str, default: Any = None, *, is_id: bool = False) -> Any:
    """Returns a field of a passport.

    Args:
        by: The least audience that sees it.
        term: The term that it stands for.
        doc: What it is.
        default: What it says unless something is said.
        is_id: Whether it names a thing by its identifier, so that machines may follow it.
    """
    marks: dict[str, JsonValue] = {"x-audience": by.value, "x-term": term}
    if is_id:
        marks["format"] = "iri"
    alias = term if term == "@context" else None
    return Field(default, alias=alias, description=doc, json_schema_extra=marks)


class Passage(BaseModel):
    """A part of a passport; a field that says nothing is left out."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True
    )

    @classmethod
    def audience_of(cls, name: str) -> Audience:
        """Returns the least audience that sees a field."""
        return Audience(cls._marks(name)["x-audience"])

    @classmethod
    def term_of(cls, name: str) -> str:
        """Returns the term that a field stands for."""
        return str(cls._marks(name)["x-term"])

    @classmethod
    def is_id(cls, name: str) -> bool:
        """Whether a field names a thing by its identifier."""
        return "format" in cls._marks(name)

    @classmethod
    def _marks(cls, name: str) -> dict[str, Any]:
        marks = cls.model_fields[name].json_schema_extra
        if not isinstance(marks, dict):
            raise TypeError(f"{cls.__name__}.{name}: declare it with `seen`")
        return marks

    def shown_to(self, audience: Audience) -> Self:
        """Returns what an audience is shown of it; every other field is as if nobody knew it."""
        return self.model_copy(
            update={
                name: _shown(getattr(self, name), audience)
                if audience.sees(self.audience_of(name))
                else None
                for name in type(self).model_fields
            }
        )


def _shown(value: Any, audience: Audience) -> Any:
    if isinstance(value, Passage):
        return value.shown_to(audience)
    if isinstance(value, tuple):
        return tuple(_shown(one, audience) for one in value)
    return value


class Measure(Passage):
    """A quantity with its unit."""

    type: Literal["QuantitativeValue"] = seen(
        PUBLIC, "@type", "What it is.", default="QuantitativeValue"
    )
    value: Numeral | None = seen(PUBLIC, "schema:value", "How much, as a numeral.")
    unit_code: str | None = seen(PUBLIC, "schema:unitCode", "The unit, as UN/CEFACT codes it.")
    unit_text: str | None = seen(PUBLIC, "schema:unitText", "The unit, as people write it.")

    CODES: ClassVar[dict[str, str]] = {
        "kg": "KGM", "FH": "HUR", "h": "HUR", "FC": "C62", "1": "C62", "days": "DAY",
    }  # fmt: skip
    """UN/CEFACT Recommendation 20; what is only counted is C62, one."""

    @classmethod
    def of(cls, value: Decimal | None, unit: str) -> Measure | None:
        """Returns a quantity in one of the units; None of nothing."""
        if value is None:
            return None
        return cls(value=value, unit_code=cls.CODES[unit], unit_text=unit)

    def __str__(self) -> str:
        unit = "" if self.unit_text == "1" else f" {self.unit_text}"
        return f"{plain(self.value or Decimal(0))}{unit}"


class Product(Passage):
    """The asset itself."""

    type: Literal["Product"] = seen(PUBLIC, "@type", "What it is.", default="Product")
    id: str | None = seen(PUBLIC, "@id", "Its identifier.")
    name: str | None = seen(PUBLIC, "schema:name", "What people call it.")
    kind: str | None = seen(PUBLIC, "schema:category", "What kind of thing it is.")
    serial_number: str | None = seen(PUBLIC, "schema:serialNumber", "Its serial number, as marked.")
    batch_number: str | None = seen(PUBLIC, "term:batchNumber", "Its batch, lot or heat number.")
    msn: str | None = seen(PUBLIC, "term:msn", "The manufacturer's serial number of an aircraft.")
    registration: str | None = seen(
        PUBLIC, "term:registration", "The nationality and registration mark."
    )
    manufacturer: str | None = seen(PUBLIC, "schema:manufacturer", "Who made it.")
    cage: str | None = seen(PUBLIC, "term:cage", "The CAGE code of who gave its number.")
    production_date: date | None = seen(
        PUBLIC, "schema:productionDate", "The day on which it was made."
    )
    status: str | None = seen(PUBLIC, "term:status", "What is being done with it.")
    condition: str | None = seen(OPERATOR, "schema:itemCondition", "What state it is in.")
    mod_status: str | None = seen(
        OPERATOR, "term:modStatus", "The modification status on its plate."
    )
    expires_on: date | None = seen(
        OPERATOR, "schema:expires", "The last day of its calendar or shelf life."
    )
    delivered_on: date | None = seen(
        OPERATOR, "term:deliveredOn", "The day on which it was handed over."
    )
    owner: str | None = seen(OPERATOR, "term:owner", "Who owns it.")
    operator: str | None = seen(OPERATOR, "term:operator", "Who operates it.")
    home_base: str | None = seen(OPERATOR, "term:homeBase", "Where it is based.")
    description: str | None = seen(OPERATOR, "schema:description", "What it is, in prose.")
    identifiers: tuple[str, ...] | None = seen(
        OPERATOR, "schema:identifier", "Its ids in other systems."
    )


class Specification(Passage):
    """What it is made to be."""

    part_number: str | None = seen(PUBLIC, "schema:mpn", "The part number.")
    part_name: str | None = seen(PUBLIC, "schema:model", "What the part number is called.")
    revision: str | None = seen(PUBLIC, "schema:version", "The revision of its definition.")
    cage: str | None = seen(PUBLIC, "term:designOwner", "The CAGE code of its design owner.")
    type_designation: str | None = seen(
        PUBLIC, "term:typeDesignation", "The type on the type certificate."
    )
    model_designation: str | None = seen(
        PUBLIC, "term:modelDesignation", "The model or variant of the type."
    )
    ata_chapter: str | None = seen(PUBLIC, "term:ataChapter", "The system it belongs to.")
    category: str | None = seen(PUBLIC, "term:partCategory", "What sort of part it is.")
    spec: str | None = seen(PUBLIC, "term:specification", "What it is bought or made to.")
    maximum_takeoff_mass: Measure | None = seen(
        PUBLIC, "term:maximumTakeoffMass", "The certified maximum take-off mass."
    )
    hydrogen_capacity: Measure | None = seen(
        PUBLIC, "term:hydrogenCapacity", "How much liquid hydrogen its tanks hold."
    )
    life_limits: tuple[Measure, ...] | None = seen(
        PUBLIC, "term:lifeLimit", "Its life, whichever comes first."
    )
    overhaul_limits: tuple[Measure, ...] | None = seen(
        PUBLIC, "term:overhaulLimit", "What is allowed between overhauls."
    )
    shelf_life: Measure | None = seen(PUBLIC, "term:shelfLife", "How long it may be stored.")
    criticality: str | None = seen(OPERATOR, "term:criticality", "What its failure can do.")


class Sustainability(Passage):
    """What it is made of, and what of it can be used again."""

    mass: Measure | None = seen(PUBLIC, "schema:weight", "The mass of one unit.")
    material: str | None = seen(PUBLIC, "schema:material", "What it is made of.")
    hazard: str | None = seen(PUBLIC, "term:hazard", "Its dangerous-goods class.")
    is_repairable: bool | None = seen(PUBLIC, "term:isRepairable", "Whether it may be repaired.")
    not_stated: tuple[str, ...] | None = seen(
        PUBLIC, "term:notStated", "What a passport may have to say, and the record does not."
    )


class Signature(Passage):
    """Who signed, in what role, by what paper."""

    type: Literal["Attribution"] = seen(OPERATOR, "@type", "What it is.", default="Attribution")
    role: str | None = seen(OPERATOR, "prov:hadRole", "The role that was signed in.")
    signed_at: UtcDatetime | None = seen(OPERATOR, "dcterms:dateAccepted", "When.")
    signed_by: str | None = seen(AUTHORITY, "prov:agent", "Who, by pseudonym.", is_id=True)
    authorisation: str | None = seen(
        AUTHORITY, "term:authorisation", "The licence or authorisation it rests on."
    )


class Certificate(Passage):
    """A certificate of the asset, or of work on it."""

    type: Literal["Certification"] = seen(PUBLIC, "@type", "What it is.", default="Certification")
    form: str | None = seen(PUBLIC, "term:form", "Which form it is.")
    status: str | None = seen(PUBLIC, "schema:certificationStatus", "Whether it holds.")
    organisation: str | None = seen(PUBLIC, "schema:issuedBy", "The organisation that issued it.")
    approval_number: str | None = seen(
        PUBLIC, "term:approvalNumber", "The approval of that organisation."
    )
    authority: str | None = seen(PUBLIC, "term:authority", "The authority that it acts under.")
    work: str | None = seen(PUBLIC, "term:work", "The status or work: block 11.")
    issued_at: UtcDatetime | None = seen(PUBLIC, "schema:datePublished", "When it was issued.")
    id: str | None = seen(OPERATOR, "@id", "Its identifier.")
    number: str | None = seen(OPERATOR, "schema:certificationIdentification", "Its number.")
    work_order: str | None = seen(
        OPERATOR, "schema:about", "The work order that it releases.", is_id=True
    )
    limitations: str | None = seen(OPERATOR, "term:limitations", "Under what limits it releases.")
    remarks: str | None = seen(AUTHORITY, "term:remarks", "What it remarks.")
    signatures: tuple[Signature, ...] | None = seen(
        OPERATOR, "prov:qualifiedAttribution", "How it was signed."
    )


class Demand(Passage):
    """How it stands towards a directive or bulletin."""

    demand: str | None = seen(OPERATOR, "schema:identifier", "The number of what is demanded.")
    name: str | None = seen(OPERATOR, "schema:name", "What it is called.")
    unit: str | None = seen(OPERATOR, "schema:about", "The unit.", is_id=True)
    standing: str | None = seen(OPERATOR, "term:standing", "How the unit stands towards it.")
    why: str | None = seen(OPERATOR, "schema:description", "What the standing rests on.")
    due_on: date | None = seen(OPERATOR, "term:dueOn", "The day on which it is due.")


class Limit(Passage):
    """How much of a life is used up."""

    unit: str | None = seen(OPERATOR, "schema:about", "The unit.", is_id=True)
    position: str | None = seen(OPERATOR, "schema:position", "Where it is installed.")
    limit: Measure | None = seen(OPERATOR, "schema:maxValue", "What is allowed.")
    of: str | None = seen(OPERATOR, "schema:name", "Its life, or the time between overhauls.")
    used: Measure | None = seen(OPERATOR, "schema:value", "What is used up.")
    standing: str | None = seen(OPERATOR, "term:standing", "How it stands towards it.")
    why: str | None = seen(OPERATOR, "schema:description", "What that rests on.")


class Certification(Passage):
    """Certificates, directives and limits."""

    certificates: tuple[Certificate, ...] | None = seen(
        PUBLIC, "schema:hasCertification", "The certificates of the asset, the newest first."
    )
    certificates_in_all: int | None = seen(
        PUBLIC, "term:certificatesInAll", "How many there are, listed or not."
    )
    releases: tuple[Certificate, ...] | None = seen(
        OPERATOR, "term:release", "The certificates that released work on it, the newest first."
    )
    releases_in_all: int | None = seen(
        OPERATOR, "term:releasesInAll", "How many there are, listed or not."
    )
    demands: tuple[Demand, ...] | None = seen(
        OPERATOR, "term:demand", "Directives and bulletins that apply, or that nobody can judge."
    )
    limits: tuple[Limit, ...] | None = seen(
        OPERATOR, "term:limit", "The limit that decides, of each unit with one."
    )
    cut: str | None = seen(OPERATOR, "term:cut", "Where that was cut; none if it is whole.")


class Component(Passage):
    """A unit that is installed."""

    position: str | None = seen(OPERATOR, "schema:position", "Where.")
    id: str | None = seen(OPERATOR, "@id", "The unit.")
    name: str | None = seen(OPERATOR, "schema:name", "What it is called.")
    part_number: str | None = seen(OPERATOR, "schema:mpn", "The part number that it is made to.")
    serial_number: str | None = seen(OPERATOR, "schema:serialNumber", "Its serial number.")
    since: UtcDatetime | None = seen(OPERATOR, "prov:startedAtTime", "Since when it is there.")
    under: str | None = seen(
        OPERATOR, "prov:wasInformedBy", "The work order under which it was put in.", is_id=True
    )


class Composition(Passage):
    """What is installed at any depth."""

    components: tuple[Component, ...] | None = seen(
        OPERATOR, "schema:hasPart", "The units, by position."
    )
    components_in_all: int | None = seen(OPERATOR, "term:componentsInAll", "How many there are.")
    cut: str | None = seen(OPERATOR, "term:cut", "Where the list was cut; none if it is whole.")


class Stay(Passage):
    """A time that a unit spent in one place."""

    where: str | None = seen(OPERATOR, "prov:atLocation", "Where it was, up to the aircraft.")
    since: UtcDatetime | None = seen(OPERATOR, "prov:startedAtTime", "From when.")
    until: UtcDatetime | None = seen(OPERATOR, "prov:endedAtTime", "Until when.")
    under: str | None = seen(
        OPERATOR, "prov:wasInformedBy", "The work order under which it began.", is_id=True
    )


class Genealogy(Passage):
    """Where a unit has been since birth."""

    is_complete: bool | None = seen(
        OPERATOR, "term:isComplete", "Whether that is all, without a gap or contradiction."
    )
    stays: tuple[Stay, ...] | None = seen(OPERATOR, "term:stay", "Its stays, in order.")
    stays_in_all: int | None = seen(OPERATOR, "term:staysInAll", "How many there are.")
    gaps: tuple[Stay, ...] | None = seen(
        OPERATOR, "term:gap", "When nothing says where it was; or, it was said to be in two places."
    )


class Happening(Passage):
    """Something that happened to the asset."""

    type: Literal["Activity"] = seen(OPERATOR, "@type", "What it is.", default="Activity")
    at: UtcDatetime | None = seen(OPERATOR, "prov:endedAtTime", "When.")
    event: str | None = seen(OPERATOR, "schema:additionalType", "What sort of thing happened.")
    name: str | None = seen(OPERATOR, "schema:name", "What the record is called.")
    record: str | None = seen(OPERATOR, "prov:wasInformedBy", "The record.", is_id=True)
    slot: str | None = seen(OPERATOR, "prov:hadRole", "The position, or the role signed in.")
    other: str | None = seen(
        OPERATOR, "term:other", "What was installed, or is released.", is_id=True
    )
    status: str | None = seen(OPERATOR, "term:status", "What the record says has become of it.")
    signed_by: str | None = seen(
        AUTHORITY, "prov:wasAssociatedWith", "Who signed, by pseudonym.", is_id=True
    )
    authorisation: str | None = seen(
        AUTHORITY, "term:authorisation", "The licence or authorisation it rests on."
    )


class Lifecycle(Passage):
    """What happened to the asset: maintenance with its releases, findings, alerts, moves."""

    events: tuple[Happening, ...] | None = seen(
        OPERATOR, "term:event", "What happened, earliest first."
    )
    events_in_all: int | None = seen(OPERATOR, "term:eventsInAll", "How many events there are.")
    next: str | None = seen(OPERATOR, "term:next", "`after` of the next page; none on the last.")


class Counter(Passage):
    """How much it has been used."""

    counter: str | None = seen(OPERATOR, "schema:name", "What is counted.")
    total: Measure | None = seen(OPERATOR, "schema:value", "Since new.")
    declared_at: UtcDatetime | None = seen(
        OPERATOR, "dcterms:date", "When it was declared last; flights since are counted to it."
    )
    flights: int | None = seen(OPERATOR, "term:flights", "How many flights that are.")
    silent: int | None = seen(
        OPERATOR, "term:silentFlights", "How many of them do not say: the total is too low."
    )


class Advice(Passage):
    """What was recommended upon an alert, and what came of it."""

    id: str | None = seen(OPERATOR, "@id", "The recommendation.")
    action: str | None = seen(OPERATOR, "schema:name", "What should be done.")
    risk: str | None = seen(OPERATOR, "schema:description", "The risk that it answers, in words.")
    may_fly: bool | None = seen(
        OPERATOR, "term:mayFly", "Whether that risk lets the aircraft fly on until the work is due."
    )
    priority: str | None = seen(OPERATOR, "term:priority", "How soon it should be done.")
    due_on: date | None = seen(OPERATOR, "term:dueOn", "The day it should be done by.")
    status: str | None = seen(OPERATOR, "term:status", "What has become of it.")
    work_orders: tuple[str, ...] | None = seen(
        OPERATOR, "term:workOrder", "The work orders that carry it out.", is_id=True
    )


class Sign(Passage):
    """A health alert that is open, or a prediction that was acted upon without one."""

    id: str | None = seen(OPERATOR, "@id", "The alert or prediction.")
    name: str | None = seen(OPERATOR, "schema:name", "What it is called.")
    severity: str | None = seen(OPERATOR, "term:severity", "How it would be shown to the crew.")
    status: str | None = seen(OPERATOR, "term:status", "What has become of it.")
    detected_at: UtcDatetime | None = seen(
        OPERATOR, "dcterms:date", "When it was raised, or computed."
    )
    units: tuple[str, ...] | None = seen(
        OPERATOR, "schema:about", "The units that it is about.", is_id=True
    )
    recommendations: tuple[Advice, ...] | None = seen(
        OPERATOR, "term:recommendation", "What was recommended upon it, also what was rejected."
    )


class Health(Passage):
    """The health of a unit and what is in it, as far as alerts tell it."""

    alerts: tuple[Sign, ...] | None = seen(
        OPERATOR, "term:alert", "The health alerts that are open, the latest first."
    )
    grounded_by: tuple[str, ...] | None = seen(
        OPERATOR,
        "term:groundedBy",
        "The recommendations whose risk keeps it on the ground until work is released.",
        is_id=True,
    )
    cut: str | None = seen(OPERATOR, "term:cut", "Where that was cut; none if it is whole.")


class Verification(Passage):
    """How what is said can be verified."""

    status: Literal["not_yet_anchored"] | None = seen(
        PUBLIC, "term:verificationStatus", "Whether a ledger holds the record."
    )
    statement: str | None = seen(PUBLIC, "schema:description", "What that means.")
    sha256: str | None = seen(
        OPERATOR, "term:sha256", "The hash of what was stated of the asset, in canonical form."
    )
    change: int | None = seen(
        OPERATOR, "term:change", "The number of that statement in the change log."
    )


NOT_ANCHORED: Final = (
    "Not yet anchored: no ledger holds this record, so nothing outside this system bears it out. "
    "It says what was recorded, and proves nothing."
)


class Passport(Passage):
    """The passport of an asset, as one audience is shown it."""

    context: str | None = seen(PUBLIC, "@context", "What the terms mean.")
    type: Literal["DigitalProductPassport"] = seen(
        PUBLIC, "@type", "What it is.", default="DigitalProductPassport"
    )
    id: str | None = seen(PUBLIC, "@id", "The identification link of the asset (IEC 61406-1).")
    is_link_stable: bool | None = seen(
        PUBLIC, "term:isLinkStable", "Whether that link was set up to last."
    )
    dpp_id: str | None = seen(PUBLIC, "schema:identifier", "The passport id.")
    also_known_as: tuple[str, ...] | None = seen(
        PUBLIC, "schema:alternateName", "Other passport ids of the asset."
    )
    granularity_level: Literal["item", "batch", "model"] | None = seen(
        PUBLIC, "term:granularityLevel", "Of one unit, of a batch, or of all units of a model."
    )
    audience: Audience | None = seen(PUBLIC, "term:audience", "Who is shown this much of it.")
    as_of: UtcDatetime | None = seen(PUBLIC, "term:asOf", "When what it says was true.")
    known_at: UtcDatetime | None = seen(PUBLIC, "term:knownAt", "What was known by then is in it.")
    product: Product | None = seen(PUBLIC, "schema:about", "The asset.")
    specification: Specification | None = seen(
        PUBLIC, "term:specificationOf", "What it is made to be."
    )
    sustainability: Sustainability | None = seen(
        PUBLIC, "term:sustainability", "What it is made of, and what of it can be used again."
    )
    certification: Certification | None = seen(
        PUBLIC, "term:certification", "Certificates, directives and limits."
    )
    usage: tuple[Counter, ...] | None = seen(
        OPERATOR, "term:usage", "Hours, cycles and starts since new."
    )
    composition: Composition | None = seen(
        OPERATOR, "term:composition", "What is installed, by position."
    )
    health: Health | None = seen(
        OPERATOR, "term:health", "What is open of health alerts, and what is done about it."
    )
    genealogy: Genealogy | None = seen(
        OPERATOR, "term:genealogy", "Where the unit has been since birth."
    )
    lifecycle: Lifecycle | None = seen(
        OPERATOR, "term:lifecycle", "What happened to it, with maintenance and its releases."
    )
    verification: Verification | None = seen(
        PUBLIC, "term:verification", "How what it says can be verified."
    )
    withheld: tuple[str, ...] | None = seen(
        PUBLIC, "term:withheld", "The fields that this audience is not shown, known or not."
    )

    def shown_to(self, audience: Audience) -> Self:
        """Returns what an audience is shown of it, and says which fields it is not."""
        shown = super().shown_to(audience)
        withheld = tuple(sorted(dict(withheld_from(audience))))
        return shown.model_copy(update={"audience": audience, "withheld": withheld})


def withheld_from(
    audience: Audience, passage: type[Passage] = Passport, path: str = ""
) -> Iterator[tuple[str, Audience]]:
    """Yields each field that an audience is not shown, and who is; of what is whole, its name alone."""
    for name, where, inner in fields_of(passage, path):
        least = passage.audience_of(name)
        if not audience.sees(least):
            yield where, least
        elif inner is not None:
            yield from withheld_from(audience, inner, f"{where}.")


def fields_of(
    passage: type[Passage], path: str = ""
) -> Iterator[tuple[str, str, type[Passage] | None]]:
    """Yields each field of a passage: its name, its path as written, and the passage that it holds."""
    for name, field in passage.model_fields.items():
        yield name, f"{path}{field.alias or name}", passage_in(field.annotation)


def passage_in(annotation: Any) -> type[Passage] | None:
    """Returns the passage that a field holds, one or several; None if it holds none."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, Passage) else None
    found = (passage_in(one) for one in get_args(annotation))
    return next((one for one in found if one is not None), None)
