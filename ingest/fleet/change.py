"""What altered the type after certification: NCRs, change requests, bulletins, directives, STCs."""

# ruff: noqa: E501 — one row of a table is one line

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from graph.model.change import (
    ApprovalStatus,
    Bulletin,
    BulletinCategory,
    BulletinStatus,
    ChangeClass,
    Directive,
    DirectiveStatus,
    Eco,
    EcoStatus,
    Ecr,
    EcrStatus,
    Effectivity,
    Modification,
    ModificationCategory,
    Stc,
    StockDisposition,
)
from graph.model.engineering import Priority, ReleaseStatus
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.maintenance import Task, TaskCategory, TaskSource
from graph.model.quality import (
    Capa,
    CapaCategory,
    CapaStatus,
    Disposition,
    Ncr,
    NcrCategory,
    NcrSeverity,
    NcrStatus,
)
from ingest.fleet import faults
from ingest.fleet.catalogue import item
from ingest.fleet.people import person_id
from ingest.fleet.product import AIRCRAFT_PART, MODIFIED, part_id, supplier_id
from ingest.fleet.requirement import capital
from ingest.fleet.statement import AUTHORITY_FEED, CERTIFIED, PLM, QMS, days, link, put, utcs
from ingest.fleet.tasks import publication_id
from ingest.fleet.words import TYPE

RETROFITTED: Final = MODIFIED[1:9]
"""Items whose second part number also reaches aircraft already delivered, by bulletin."""


class Notice(NamedTuple):
    """A directive of the authority, as the fleet has to comply with it."""

    number: str
    key: str
    effective: datetime
    threshold_days: int
    interval_fh: int | None
    unsafe: str
    action: str

    @property
    def utcs(self) -> Utcs:
        """Its identifier."""
        return utcs("directive", f"AD-{self.number}")


DIRECTIVES: Final = (
    Notice("2022-0188", "PRV", CERTIFIED + days(210), 60, None, "relief valves that stay shut after a cold soak", "Test both relief valves of every tank and replace those that open late."),
    Notice("2023-0041", "COMPR", CERTIFIED + days(345), 120, 900, "compressor rotors that touch their casing", "Measure the rotor clearance, and again at intervals."),
    Notice("2023-0166", "BATT", CERTIFIED + days(500), 30, None, "thermal propagation between battery modules", "Fit the additional barrier between modules."),
    Notice("2024-0029", "COUPL", CERTIFIED + days(700), 90, 1200, "refuel couplings that let air in when disconnected warm", "Inspect the coupling seals, and again at intervals."),
    Notice("2024-0211", "FCC", CERTIFIED + days(910), 180, None, "a software state that delays fin deflection", "Load the corrected software."),
    Notice(faults.OPEN_DIRECTIVE.removeprefix("AD-"), "H2DET", CERTIFIED + days(1200), 90, None, "hydrogen leak detectors that read low after exposure to de-icing fluid", "Test every hydrogen leak detector and replace those that read low."),
)  # fmt: skip


def bulletin_id(key: str) -> Utcs:
    """Names the bulletin that brings the second part number of an item to the fleet."""
    return utcs("bulletin", f"SB-{item(key).chapter}-{key}")


def modification_id(key: str) -> Utcs:
    """Names the modification of an item."""
    return utcs("modification", f"MOD-{item(key).chapter}-{key}")


def bulletin_date(key: str) -> datetime:
    """Returns when the bulletin of an item was issued."""
    return CERTIFIED + days(320 + 20 * RETROFITTED.index(key))


def change() -> Iterator[Event]:
    """Yields every change to the type and every demand on the fleet."""
    for number, key in enumerate(MODIFIED):
        yield from _changed(key, number)
    for key in RETROFITTED:
        yield _bulletin(key)
    for notice in DIRECTIVES:
        yield _directive(notice)
    for number, name in enumerate(("cabin connectivity antenna", "cargo loading camera"), 1):
        yield _stc(number, name)
    yield _refused()


def _changed(key: str, number: int) -> Iterator[Event]:
    """Yields the way from a nonconformance to the second part number of an item."""
    at = CERTIFIED + days(100 + 8 * number)
    ncr, capa = utcs("ncr", f"NCR-{key}"), utcs("capa", f"CAPA-{key}")
    ecr, eco = utcs("ecr", f"ECR-{key}"), utcs("eco", f"ECO-{key}")
    noun = item(key).noun
    facts = [
        put(ncr, _ncr(ncr, noun, at)),
        link(ncr, "ABOUT", part_id(key)),
        link(ncr, "ABOUT", supplier_id(item(key).maker)),
        link(ncr, "SIGNED_BY", person_id("FACT", 1), "raised", signed_at=at),
    ]
    yield QMS.event(f"ncr-{key}", at, facts)
    facts = [
        put(ecr, _ecr(ecr, noun, at)),
        link(ecr, "CAUSED_BY", ncr),
        link(ecr, "ABOUT", part_id(key)),
    ]
    yield PLM.event(f"ecr-{key}", at + days(15), facts)
    facts = [put(eco, _eco(eco, noun, at)), link(eco, "IMPLEMENTS", ecr)]
    yield PLM.event(f"eco-{key}", at + days(45), facts)
    facts = [
        put(capa, _capa(capa, noun, at)),
        link(capa, "CAUSED_BY", ncr),
        link(capa, "IMPLEMENTS", eco),
        link(capa, "RESOLVES", ncr),
    ]
    yield QMS.event(f"capa-{key}", at + days(60), facts)
    yield _modification(key, number, eco)


def _ncr(thing: Utcs, noun: str, at: datetime) -> Ncr:
    return Ncr(
        name=f"{capital(noun)} out of drawing at incoming inspection",
        number=thing.local,
        category=NcrCategory.SUPPLIER,
        severity=NcrSeverity.MAJOR,
        quantity=2,
        containment="Lot held; units in stock inspected.",
        cause="Tool wear at the supplier.",
        disposition=Disposition.RETURN_TO_SUPPLIER,
        cost_eur=12_400,
        status=NcrStatus.CLOSED,
        opened_on=at.date(),
        closed_on=(at + days(70)).date(),
    )


def _ecr(thing: Utcs, noun: str, at: datetime) -> Ecr:
    return Ecr(
        name=f"More margin for the {noun}",
        number=thing.local,
        change_class=ChangeClass.MINOR,
        priority=Priority.MEDIUM,
        reason=f"The {noun} leaves production too little tolerance.",
        proposal="Second part number with a relaxed interface and a stronger seal.",
        decision="Approved by the change board.",
        status=EcrStatus.APPROVED,
        opened_on=(at + days(15)).date(),
        decided_on=(at + days(40)).date(),
        estimated_cost_eur=180_000,
    )


def _eco(thing: Utcs, noun: str, at: datetime) -> Eco:
    return Eco(
        name=f"Second part number of the {noun}",
        number=thing.local,
        revision="A",
        change_class=ChangeClass.MINOR,
        instructions="Release drawings and models at the next revision; introduce at MSN 10006.",
        disposition=StockDisposition.USE_AS_IS,
        status=EcoStatus.VERIFIED,
        issued_on=(at + days(45)).date(),
        implemented_on=(at + days(200)).date(),
        verified_on=(at + days(230)).date(),
        cost_eur=171_000,
    )


def _capa(thing: Utcs, noun: str, at: datetime) -> Capa:
    return Capa(
        name=f"Keep the {noun} in drawing",
        number=thing.local,
        category=CapaCategory.CORRECTIVE,
        method="8D",
        cause="No wear limit on the forming tool.",
        action="Wear limit set; tool life recorded; drawing tolerance changed by the order.",
        owner="Supplier quality",
        status=CapaStatus.CLOSED,
        opened_on=(at + days(60)).date(),
        closed_on=(at + days(300)).date(),
    )


def _modification(key: str, number: int, eco: Utcs) -> Event:
    modification = modification_id(key)
    at = CERTIFIED + days(310 + number)
    properties = Modification(
        name=f"Improved {item(key).noun}",
        number=modification.local,
        revision="A",
        category=ModificationCategory.RETROFIT
        if key in RETROFITTED
        else ModificationCategory.PRODUCTION,
        change_class=ChangeClass.MINOR,
        ata_chapter=item(key).ata,
        approval_reference=f"EASA.21J.0360-{number + 1:03d}",
        instructions=f"Replace {part_id(key).local} by {part_id(key, '02').local}.",
        mass_change_kg="0.1",
        estimated_h="3.5",
        status=ApprovalStatus.APPROVED,
        issued_on=at.date(),
    )
    facts = [
        put(modification, properties),
        link(modification, "IMPLEMENTS", eco),
        link(part_id(key, "02"), "ALTERED_BY", modification),
    ]
    return PLM.event(f"modification-{key}", at, facts)


def _bulletin(key: str) -> Event:
    bulletin, at = bulletin_id(key), bulletin_date(key)
    properties = Bulletin(
        name=f"Retrofit of the improved {item(key).noun}",
        number=bulletin.local,
        revision="1",
        issuer="AMPEL360 Aircraft",
        category=BulletinCategory.RECOMMENDED,
        ata_chapter=item(key).ata,
        reason=f"Fewer removals of the {item(key).noun}.",
        instructions=f"Embody {modification_id(key).local} at the next access.",
        applicability="MSN delivered before the modification.",
        threshold_days=720,
        estimated_h="3.5",
        status=BulletinStatus.ISSUED,
        issued_on=at.date(),
    )
    rule = utcs("effectivity", f"EFF-{bulletin.local}")
    selected = Effectivity(
        name=f"Effectivity of {bulletin.local}",
        expression=f"installed {part_id(key).local} and pre {modification_id(key).local}",
        explanation=f"Every aircraft with a {item(key).noun} of the first part number.",
        effective_on=at.date(),
    )
    facts = [
        put(bulletin, properties),
        link(bulletin, "IMPLEMENTS", modification_id(key)),
        put(rule, selected),
        link(rule, "SELECTS", part_id(key)),
        link(bulletin, "LIMITED_BY", rule),
        link(bulletin, "REFERS_TO", publication_id(item(key), "520A")),
        link(part_id(key), "SUBJECT_TO", bulletin),
    ]
    return PLM.event(f"bulletin-{bulletin.local}", at, facts)


def _directive(notice: Notice) -> Event:
    properties = Directive(
        name=f"EASA AD {notice.number}: {item(notice.key).noun}",
        number=notice.number,
        authority="EASA",
        ata_chapter=item(notice.key).ata,
        unsafe_condition=f"Reports of {notice.unsafe}.",
        required_action=notice.action,
        applicability=f"{TYPE}, all serial numbers",
        threshold_days=notice.threshold_days,
        interval_fh=notice.interval_fh,
        is_emergency=notice.threshold_days <= 30,
        is_recurring=notice.interval_fh is not None,
        status=DirectiveStatus.IN_FORCE,
        issued_on=(notice.effective - days(14)).date(),
        effective_on=notice.effective.date(),
    )
    rule = utcs("effectivity", f"EFF-{notice.utcs.local}")
    selected = Effectivity(
        name=f"Effectivity of AD {notice.number}",
        expression="MSN 10001-99999",
        explanation="All serial numbers of the type.",
        effective_on=notice.effective.date(),
    )
    facts = [
        put(notice.utcs, properties),
        put(rule, selected),
        link(rule, "SELECTS", AIRCRAFT_PART),
        link(notice.utcs, "LIMITED_BY", rule),
        link(part_id(notice.key), "SUBJECT_TO", notice.utcs),
    ]
    if notice.interval_fh:
        facts += _repeated(notice)
    return AUTHORITY_FEED.event(f"directive-{notice.number}", notice.effective - days(14), facts)


def directive_task(notice: Notice) -> Utcs:
    """Names the task that repeats the action of a recurring directive."""
    return utcs("task", f"TASK-{notice.utcs.local}")


def _repeated(notice: Notice) -> list[Fact]:
    task = directive_task(notice)
    properties = Task(
        name=f"Repeat action of AD {notice.number}",
        number=f"{item(notice.key).ata}-AD{notice.number[2:4]}",
        revision="1",
        task_source=TaskSource.DIRECTIVE,
        category=TaskCategory.DETAILED_INSPECTION,
        ata_chapter=item(notice.key).ata,
        procedure=notice.action,
        applicability="All",
        interval_fh=notice.interval_fh,
        skill="B1-H2",
        crew=1,
        estimated_h=2,
        is_critical=True,
        status=ReleaseStatus.RELEASED,
    )
    return [
        put(task, properties),
        link(task, "MEETS", notice.utcs),
        link(task, "PERFORMED_ON", part_id(notice.key)),
    ]


def stc_id(number: int) -> Utcs:
    """Names a supplemental type certificate."""
    return utcs("stc", f"STC-{number:03d}")


def _stc(number: int, name: str) -> Event:
    thing, at = stc_id(number), CERTIFIED + days(400 * number)
    properties = Stc(
        name=f"Installation of a {name}",
        number=f"EASA.STC.1007{number:03d}",
        revision="1",
        authority="EASA",
        holder="Sky Retrofit",
        ata_chapter="23" if number == 1 else "52",
        limitations="Not together with an unapproved repair of the crown panel.",
        status=ApprovalStatus.APPROVED,
        issued_on=at.date(),
    )
    facts = [put(thing, properties), link(AIRCRAFT_PART, "SUBJECT_TO", thing)]
    return AUTHORITY_FEED.event(f"stc-{number}", at, facts)


def _refused() -> Event:
    """States a change request that the board refused."""
    ecr, at = utcs("ecr", "ECR-TANK-PAINT"), CERTIFIED + days(640)
    properties = Ecr(
        name="Paint the tank fairing white",
        number=ecr.local,
        change_class=ChangeClass.MINOR,
        priority=Priority.LOW,
        reason="Less heat on the tank while parked.",
        decision="Rejected: no measurable effect on boil-off.",
        status=EcrStatus.REJECTED,
        opened_on=at.date(),
        decided_on=(at + days(20)).date(),
    )
    return PLM.event(
        "ecr-TANK-PAINT", at + days(20), [put(ecr, properties), link(ecr, "ABOUT", part_id("TANK"))]
    )
