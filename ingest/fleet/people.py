"""Stations, people and what they are qualified for, tools and their calibrations, training."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from random import Random
from typing import Final

from graph.model.change import Training, TrainingStatus
from graph.model.engineering import Verdict
from graph.model.event import Event
from graph.model.identifier import Utcs
from graph.model.lifecycle import Right
from graph.model.resources import (
    Calibration,
    Facility,
    FacilityCategory,
    Person,
    PersonStatus,
    Qualification,
    QualificationCategory,
    QualificationStatus,
    Tool,
    ToolStatus,
)
from ingest.fleet.design import design_id
from ingest.fleet.statement import AMOS, CERTIFIED, NOW, PLM, days, link, put, stream, utcs
from ingest.fleet.words import BASES, TOOLS, TYPE, Base

STAFF: Final = 8
"""People known by pseudonym at each base."""

OFFICES: Final = (
    "design engineer", "configuration management", "change board", "design assurance",
    "airworthiness office", "material review board", "quality assurance",
)  # fmt: skip
"""What the people of the design organisation do, one each."""

_CATEGORY: Final = {
    "FAL": FacilityCategory.PLANT,
    "FACT": FacilityCategory.PLANT,
    "LAB": FacilityCategory.LABORATORY,
    "SHOP": FacilityCategory.SHOP,
}
_ROLES: Final = (
    "certifying staff", "inspector", "technician", "technician", "technician", "technician",
    "planner", "stores",
)  # fmt: skip
_GRADES: Final = ("B1", "B1", "B1", "B2", "A", "B1", "none", "none")


def facility_id(base: str) -> Utcs:
    """Names a base."""
    return utcs("facility", f"FAC-{base}")


@cache
def person_id(base: str, number: int) -> Utcs:
    """Names one of the people of a base: 0 certifies, 1 inspects, 2–5 work, 6 plans, 7 stores."""
    first = 100 * (1 + [known.code for known in BASES].index(base))
    return utcs("person", f"P-{first + 37 * number % 100:04d}")


def office_id(role: str) -> Utcs:
    """Names the person of the design organisation who has a role of `OFFICES`."""
    return utcs("person", f"P-90{OFFICES.index(role) + 1:02d}")


def licence_id(base: str, number: int) -> Utcs:
    """Names the licence of a person."""
    return utcs("qualification", f"LIC-{person_id(base, number).local[2:]}")


def tool_id(base: str, number: int) -> Utcs:
    """Names a tool of a base."""
    return utcs("tool", f"TOOL-{base}-{number + 1:02d}")


def people(seed: int) -> Iterator[Event]:
    """Yields the bases with their people, qualifications, tools and calibrations."""
    yield from _training()
    yield from (_facility(base) for base in BASES)
    yield from (_officer(role) for role in OFFICES)
    for base in BASES:
        random = stream(seed, "people", base.code)
        for number in range(STAFF):
            yield from _person(base, number, random)
        for number in range(len(TOOLS)):
            yield from _tool(base, number, random)


def _facility(base: Base) -> Event:
    thing = facility_id(base.code)
    properties = Facility(
        name=f"{base.town}, {base.role}",
        number=base.code,
        category=_CATEGORY.get(base.code, FacilityCategory.HANGAR),
        country=base.country,
        city=base.town,
        icao_location=base.icao,
        latitude_deg=base.latitude,
        longitude_deg=base.longitude,
        time_zone=base.time_zone,
        approvals=(
            ("ISO 17025",) if base.code == "LAB" else (f"EASA Part-145 DE.145.{base.code}",)
        ),
        bays=3,
    )
    return AMOS.event(f"facility-{base.code}", CERTIFIED - days(1000), [put(thing, properties)])


def _officer(role: str) -> Event:
    """States a person of the design organisation, with the authorisation that the role rests on."""
    thing, at = office_id(role), CERTIFIED - days(900)
    properties = Person(
        name=thing.local,
        pseudonym=thing.local,
        employer="AMPEL360 Aircraft, design organisation",
        roles=(role,),
        status=PersonStatus.ACTIVE,
    )
    facts = [put(thing, properties), link(thing, "LOCATED_IN", facility_id("FAL"))]
    right = next((one for one in Right if one == role), None)
    if right is not None:
        authorisation = utcs("qualification", f"AUTH-{thing.local[2:]}")
        said = Qualification(
            name=f"Authorisation of {thing.local}: {role}",
            number=f"EASA.21J.0360-{right.grade}-{thing.local[2:]}",
            category=QualificationCategory.AUTHORISATION,
            grade=right.grade,
            scope=f"To sign for: {role}",
            issuer="Head of the design organisation",
            status=QualificationStatus.VALID,
            issued_on=at.date(),
            expires_on=(NOW + days(1100)).date(),
        )
        facts += [put(authorisation, said), link(thing, "QUALIFIED_BY", authorisation)]
    return AMOS.event(f"person-{thing.local}", at, facts)


def _person(base: Base, number: int, random: Random) -> Iterator[Event]:
    thing = person_id(base.code, number)
    hired = CERTIFIED - days(random.uniform(450, 900))
    properties = Person(
        name=thing.local,
        pseudonym=thing.local,
        employer=f"AMPEL360 Services {base.town}",
        roles=(_ROLES[number],),
        status=PersonStatus.ACTIVE,
    )
    facts = [put(thing, properties), link(thing, "LOCATED_IN", facility_id(base.code))]
    yield AMOS.event(f"person-{thing.local}", hired, facts)
    if _GRADES[number] == "none":
        return
    yield _qualified(thing, "LIC", QualificationCategory.LICENCE, _GRADES[number], hired, "Part-66")
    rated = CERTIFIED - days(random.uniform(10, 80))
    yield _qualified(thing, "TYPE", QualificationCategory.TYPE_RATING, _GRADES[number], rated, TYPE)
    if number < 4:
        scope = "Work on liquid hydrogen systems"
        yield _qualified(
            thing, "LH2", QualificationCategory.SPECIAL_PROCESS, "H2", rated + days(2), scope
        )


def _qualified(
    person: Utcs,
    prefix: str,
    category: QualificationCategory,
    grade: str,
    at: datetime,
    scope: str,
) -> Event:
    thing = utcs("qualification", f"{prefix}-{person.local[2:]}")
    properties = Qualification(
        name=f"{category.replace('_', ' ').capitalize()} {grade} of {person.local}",
        number=f"DE.66.{person.local[2:]}.{prefix}",
        category=category,
        grade=grade,
        scope=f"{scope}, category {grade}",
        issuer="Licensing authority" if prefix == "LIC" else "AMPEL360 Training",
        status=QualificationStatus.VALID,
        issued_on=at.date(),
        expires_on=(NOW + days(1100 + int(person.local[2:]) % 300)).date(),
    )
    facts = [put(thing, properties), link(person, "QUALIFIED_BY", thing)]
    if prefix != "LIC":
        facts.append(link(thing, "COMPLETED", utcs("training", f"TRG-{prefix}")))
    return AMOS.event(f"qualification-{thing.local}", at, facts)


def _training() -> Iterator[Event]:
    for key, name, hours in (
        ("TYPE", f"{TYPE} type training, theory and practice", 120),
        ("LH2", "Safe work on liquid hydrogen systems", 24),
        ("HV", "Work on high-voltage systems up to 1,000 V", 16),
    ):
        thing = utcs("training", f"TRG-{key}")
        properties = Training(
            name=name,
            number=thing.local,
            audience="Part-66 staff",
            reason="New technology of the type.",
            syllabus=name,
            duration_h=hours,
            interval_days=730,
            status=TrainingStatus.REQUIRED,
        )
        design = design_id({"TYPE": "BWB-H2", "LH2": "28", "HV": "24"}[key])
        facts = [put(thing, properties), link(thing, "TEACHES", design)]
        yield PLM.event(f"training-{key}", CERTIFIED - days(1050), facts)


def _tool(base: Base, number: int, random: Random) -> Iterator[Event]:
    """Yields a tool, and a calibration of it each year."""
    thing = tool_id(base.code, number)
    bought = CERTIFIED - days(random.uniform(60, 400))
    serial = f"{random.randrange(10_000, 99_999)}"
    facts = [
        put(thing, _controlled(thing, base, number, serial, bought)),
        link(thing, "LOCATED_IN", facility_id(base.code)),
    ]
    yield AMOS.event(f"tool-{thing.local}", bought, facts)
    done, count = bought + days(350), 1
    while done < NOW:
        calibration = utcs("calibration", f"CAL-{base.code}-{number + 1:02d}-{count}")
        drift = random.uniform(-0.4, 0.4)
        facts = [
            put(calibration, _calibration(calibration, number, drift, done)),
            link(thing, "CALIBRATED_BY", calibration),
            link(calibration, "TAKES_PLACE_AT", facility_id("LAB")),
            put(thing, _controlled(thing, base, number, serial, done)),
        ]
        yield AMOS.event(f"calibration-{calibration.local}", done, facts)
        done, count = done + days(350), count + 1


def _controlled(thing: Utcs, base: Base, number: int, serial: str, calibrated: datetime) -> Tool:
    kind = TOOLS[number]
    return Tool(
        name=f"{kind.noun} {thing.local}",
        number=thing.local,
        serial_number=serial,
        manufacturer="Messwerk Ostalb",
        category=kind.noun,
        measuring_range=f"{kind.reach} {kind.unit}",
        interval_days=365,
        due_on=(calibrated + days(365)).date(),
        location=base.town,
        status=ToolStatus.AVAILABLE,
    )


def _calibration(thing: Utcs, number: int, drift: float, done: datetime) -> Calibration:
    return Calibration(
        name=f"Calibration {thing.local}",
        number=thing.local,
        laboratory="Calibration laboratory, Braunschweig",
        accreditation="D-K-99999-01-00",
        standard=TOOLS[number].standard,
        as_found=f"{drift:+.2f} % of reading",
        as_left=f"{drift / 8:+.2f} % of reading",
        uncertainty=f"0.1 % (k = 2) in {TOOLS[number].unit}",
        verdict=Verdict.PASSED,
        temperature_degc="20.1",
        humidity_percent=45,
        performed_on=done.date(),
        due_on=(done + days(365)).date(),
    )
