"""The certification basis and the requirements that answer it, from the aircraft to the item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from graph.model.alias import Alias
from graph.model.engineering import (
    AssuranceLevel,
    CertBasis,
    CertBasisCategory,
    CertBasisStatus,
    ProductLevel,
    Requirement,
    RequirementStatus,
    VerificationMethod,
)
from graph.model.event import Event
from graph.model.identifier import Utcs
from ingest.fleet import faults
from ingest.fleet.catalogue import Item, System, system
from ingest.fleet.regulation import PARAGRAPHS, Paragraph
from ingest.fleet.statement import LAUNCHED, PLM, days, end, link, put, retire, utcs
from ingest.fleet.words import LIFE_MEASURE, MEASURES, SYSTEM_SENTENCES, Measure

_UNITS: Final = {"FH": "flight hours", "FC": "flight cycles", "D": "days since manufacture"}


@dataclass(frozen=True, slots=True)
class Demand:
    """A requirement on its way from where it is worded to where it is met."""

    utcs: Utcs
    name: str
    text: str
    rationale: str
    level: ProductLevel
    category: str
    method: VerificationMethod
    dal: str
    parents: tuple[Utcs, ...]
    heading: Utcs | None = None
    """The requirement that it stands under in its specification."""


def paragraph_id(number: str) -> Utcs:
    """Names a paragraph of the certification basis."""
    return utcs("certbasis", number.replace(" ", "-"))


def requirement_id(*parts: str) -> Utcs:
    """Names a requirement: `REQ-TANK-MASS`."""
    return utcs("requirement", "-".join(("REQ", *parts)).replace(" ", "-"))


def basis() -> Iterator[Event]:
    """Yields every paragraph of the certification basis."""
    for number, paragraph in enumerate(PARAGRAPHS):
        thing = paragraph_id(paragraph.number)
        agreed = LAUNCHED + days(number / 10)
        yield PLM.event(f"basis-{thing.local}", agreed, [put(thing, _certbasis(paragraph))])


def _certbasis(paragraph: Paragraph) -> CertBasis:
    special = paragraph.number.startswith("SC-")
    category = (
        CertBasisCategory.SPECIAL_CONDITION if special else CertBasisCategory.AIRWORTHINESS_CODE
    )
    return CertBasis(
        name=f"{paragraph.number} {paragraph.title}",
        regulation="Special condition" if special else "CS-25",
        paragraph=paragraph.number.removeprefix("CS "),
        amendment="Issue 2" if special else "Amendment 27",
        text=paragraph.summary,
        authority="EASA",
        category=category,
        means_of_compliance=("MC1", "MC4", "MC9") if special else ("MC2", "MC5"),
        status=CertBasisStatus.ACCEPTED,
    )


def aircraft_demand(paragraph: Paragraph, random: Random) -> Demand:
    """Words the requirement that answers a paragraph for the whole aircraft."""
    return Demand(
        utcs=requirement_id("AC", paragraph.number),
        name=paragraph.title,
        text=paragraph.summary.replace(" must ", " shall ").replace(" may ", " shall "),
        rationale=f"Shows compliance with {paragraph.number}.",
        level=ProductLevel.AIRCRAFT,
        category="certification",
        method=random.choice((VerificationMethod.TEST, VerificationMethod.ANALYSIS)),
        dal=system(paragraph.chapter).dal if paragraph.chapter else "A",
        parents=(paragraph_id(paragraph.number),),
    )


def system_demands(system: System) -> Iterator[Demand]:
    """Words what a system has to do, from what the aircraft has to."""
    mine = [found.number for found in PARAGRAPHS if found.chapter == system.chapter]
    for number, (key, category, sentence, method) in enumerate(SYSTEM_SENTENCES):
        above = sorted({system.special, mine[number % len(mine)]} if mine else {system.special})
        yield Demand(
            utcs=requirement_id(system.chapter, key),
            name=f"{capital(system.noun)}: {category}",
            text=sentence.format(noun=system.noun, function=system.function, dal=system.dal),
            rationale=f"Flows down from {' and '.join(above)}.",
            level=ProductLevel.SYSTEM,
            category=category,
            method=VerificationMethod(method),
            dal=system.dal,
            parents=tuple(requirement_id("AC", paragraph) for paragraph in above),
            heading=requirement_id(system.chapter, "FUNC") if number else None,
        )


def item_demands(item: Item) -> Iterator[Demand]:
    """Words what an item has to be, from what its system has to do."""
    for measure in MEASURES + ((LIFE_MEASURE,) if item.limit else ()):
        if measure.key == "REL" and not item.mtbur_fh:
            continue
        above = "AVAIL" if measure.key in ("REL", "LIFE") else "FUNC"
        yield Demand(
            utcs=requirement_id(item.key, measure.key),
            name=f"{capital(item.noun)}: {measure.category}",
            text=_worded(measure, measure.sentence, item),
            rationale=_worded(measure, measure.why, item),
            level=ProductLevel.ITEM,
            category="constraint" if measure.category == "life" else measure.category,
            method=VerificationMethod(measure.method),
            dal=system(item.chapter).dal,
            parents=(requirement_id(item.chapter, above),),
        )


def _worded(measure: Measure, sentence: str, item: Item) -> str:
    number, unit = item.limit or (0, "FH")
    return sentence.format(
        noun=item.noun,
        mass=item.mass_kg,
        mtbur=f"{item.mtbur_fh:,}",
        life=f"{number:,} {_UNITS[unit]}",
        zone=100 + int(item.chapter),
        chapter=item.chapter,
        system=system(item.chapter).noun,
        function=system(item.chapter).function,
    )


def capital(noun: str) -> str:
    """Returns a noun as the start of a title, abbreviations kept as they are."""
    return noun[0].upper() + noun[1:]


def required(demand: Demand, at: datetime) -> Event:
    """States a requirement and what it comes from."""
    facts = [
        put(demand.utcs, _requirement(demand, "A", RequirementStatus.VERIFIED)),
        *(link(demand.utcs, "DERIVES_FROM", parent) for parent in demand.parents),
    ]
    if demand.heading:
        facts.append(link(demand.utcs, "PLACED_UNDER", demand.heading))
    engineer = f"eng-req-{demand.dal.lower()}"
    return PLM.event(f"requirement-{demand.utcs.local}", at, facts, actor=engineer)


def revised(demand: Demand, at: datetime) -> Event:
    """States the second revision of a requirement, which is what now holds."""
    properties = _requirement(demand, "B", RequirementStatus.VERIFIED)
    return PLM.event(f"requirement-{demand.utcs.local}-B", at, [put(demand.utcs, properties)])


def _requirement(demand: Demand, revision: str, status: RequirementStatus) -> Requirement:
    clarified = " This holds for every approved configuration." if revision == "B" else ""
    return Requirement(
        name=demand.name,
        number=demand.utcs.local,
        revision=revision,
        text=demand.text + clarified,
        rationale=demand.rationale,
        level=demand.level,
        category=demand.category,
        verification_method=demand.method,
        status=status,
        assurance_level=AssuranceLevel(demand.dal.lower()),
        is_safety_related=demand.dal in "AB",
        owner=f"Chief engineer {demand.level}",
        aliases=(Alias("reqif", demand.utcs.local),),
    )


def orphan() -> Iterator[Event]:
    """Yields the requirement that nobody designed or tests: see `faults.ORPHAN_REQUIREMENT`."""
    demand = _extra(
        faults.ORPHAN_REQUIREMENT,
        "Defuelling while another tank feeds",
        "The LH2 fuel system shall allow one tank to be drained while another tank feeds the power units.",
        "Asked for by two launch operators after the first design review.",
    )
    yield required(demand, LAUNCHED + days(620))


def withdrawn() -> Iterator[Event]:
    """Yields a requirement that was there for a year and then withdrawn."""
    demand = _extra(
        requirement_id("28", "GLYCOL").local,
        "Glycol trace heating",
        "The LH2 fuel system shall keep its vent mast free of ice by glycol trace heating.",
        "First concept of the vent mast.",
    )
    yield required(demand, LAUNCHED + days(200))
    facts = [end(demand.utcs, "DERIVES_FROM", parent) for parent in demand.parents]
    reason = "Electric heating was chosen at the preliminary design review."
    withdrawal = [*facts, retire(demand.utcs, reason)]
    yield PLM.event(f"withdrawal-{demand.utcs.local}", LAUNCHED + days(560), withdrawal)


def _extra(local: str, name: str, text: str, rationale: str) -> Demand:
    return Demand(
        utcs=utcs("requirement", local),
        name=name,
        text=text,
        rationale=rationale,
        level=ProductLevel.SYSTEM,
        category="operational",
        method=VerificationMethod.DEMONSTRATION,
        dal="C",
        parents=(requirement_id("AC", "SC-H2-08"),),
    )
