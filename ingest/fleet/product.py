"""Suppliers, part numbers, the bill of material, positions and software of the type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from random import Random
from typing import Any, Final

from graph.model.alias import Alias
from graph.model.alias.gs1 import check_digit
from graph.model.distinction import distinction_of
from graph.model.engineering import AssuranceLevel, ReleaseStatus, Software, SoftwareCategory
from graph.model.event import Event
from graph.model.identifier import Utcs
from graph.model.product import (
    Batch,
    BatchStatus,
    Criticality,
    Part,
    PartCategory,
    PartStatus,
    Position,
    Side,
    Supplier,
    SupplierStatus,
    UnitOfMeasure,
)
from graph.model.quality import Distinction
from ingest.fleet import faults
from ingest.fleet.catalogue import ITEMS, SYSTEMS, Item, Place, children, item, places, system
from ingest.fleet.design import design_id, fingerprint, modelled
from ingest.fleet.requirement import capital
from ingest.fleet.statement import (
    CERTIFIED,
    ERP,
    LAUNCHED,
    MES,
    PLM,
    QMS,
    days,
    link,
    put,
    stream,
    utcs,
)
from ingest.fleet.words import DETAIL_MAKERS, DETAILS, MAKER_CAGE, SUPPLIERS, TYPE

AIRCRAFT_PART: Final = utcs("part", "H2-AC-100")

MODIFIED: Final = tuple(found.key for found in ITEMS[::7])
"""Items whose second part number replaced the first by a modification."""

ALTERNATE: Final = tuple(found.key for found in ITEMS[3::9])
"""Items with an approved alternate from another maker."""

SOFTWARE_ITEMS: Final = (
    "CPC", "FMC", "AFCC", "HVBC", "BMS", "H2CTL", "FCC", "ACE", "GAUGE", "FWC", "BSCU", "ADIRU",
    "CMC", "HUMS", "AISS", "APUCTL", "INVERT", "PCU", "FCCTL",
)  # fmt: skip

_OPERATING_SYSTEM: Final = utcs("software", "SW-RTOS")

_CRITICALITY: Final = {
    "A": Criticality.CRITICAL,
    "B": Criticality.PRIMARY,
    "C": Criticality.SECONDARY,
    "D": Criticality.NON_CRITICAL,
}


def part_id(key: str, dash: str = "01") -> Utcs:
    """Names a part number of an item: `H2-TANK-01`."""
    return utcs("part", f"H2-{key}-{dash}")


def position_id(place: Place) -> Utcs:
    """Names a position of the type."""
    return utcs("position", place.code)


def supplier_id(cage: str) -> Utcs:
    """Names a supplier by its CAGE code."""
    return utcs("supplier", cage)


@cache
def gtin(key: str) -> str:
    """Returns the GTIN-14 of an item; prefix 952 is what GS1 keeps for examples."""
    body = f"0952136{ITEMS.index(item(key)):06d}"
    return body + check_digit(body)


def product(seed: int, scale: float) -> Iterator[Event]:
    """Yields what the type is built from; details grow with the scale."""
    for cage in SUPPLIERS:
        yield _supplier(cage, stream(seed, "supplier", cage))
    yield _aircraft_part()
    for found in SYSTEMS:
        yield _installation(found.chapter)
    for found_item in ITEMS:
        yield _first_part(found_item, stream(seed, "part", found_item.key))
    for key in ("", *(found.key for found in ITEMS)):
        yield from _bill(key)
    for place in places():
        yield _position(place)
    for found_item in ITEMS:
        yield from _other_parts(found_item, stream(seed, "part", found_item.key, "others"))
    yield _distinction(ALTERNATE[0])
    yield _operating_system()
    for key in SOFTWARE_ITEMS:
        yield from _software(item(key), stream(seed, "software", key))
    for found_item in ITEMS:
        yield from _details(found_item, seed, max(1, round(4 * scale)))


def _supplier(cage: str, random: Random) -> Event:
    name, city, country = SUPPLIERS[cage]
    thing = utcs("supplier", cage)
    properties = Supplier(
        name=name,
        number=f"V-{10_000 + int.from_bytes(cage.encode()) % 90_000}",
        cage=cage,
        country=country,
        city=city,
        approvals=("EASA Part-21G", "AS9100D"),
        rating_percent=round(random.uniform(82, 99.5), 1),
        expires_on=(CERTIFIED + days(365 * 6)).date(),
        status=SupplierStatus.APPROVED,
    )
    return ERP.event(
        f"supplier-{cage}", LAUNCHED + days(random.uniform(1, 200)), [put(thing, properties)]
    )


def _aircraft_part() -> Event:
    properties = Part(
        name=f"{TYPE}, type design",
        number=AIRCRAFT_PART.local,
        revision="E",
        cage=MAKER_CAGE,
        category=PartCategory.ASSEMBLY,
        unit_of_measure=UnitOfMeasure.EACH,
        mass_kg="46200",
        criticality=Criticality.CRITICAL,
        is_serialised=True,
        status=PartStatus.ACTIVE,
    )
    facts = [put(AIRCRAFT_PART, properties), *_made(AIRCRAFT_PART, design_id("BWB-H2"), MAKER_CAGE)]
    return PLM.event("part-H2-AC-100", LAUNCHED + days(530), facts)


def _installation(chapter: str) -> Event:
    part = utcs("part", f"H2-{chapter}-INST")
    properties = Part(
        name=f"{capital(system(chapter).noun)} installation",
        number=part.local,
        revision="D",
        cage=MAKER_CAGE,
        ata_chapter=chapter,
        category=PartCategory.ASSEMBLY,
        unit_of_measure=UnitOfMeasure.SET,
        is_serialised=False,
        criticality=_CRITICALITY[system(chapter).dal],
        status=PartStatus.ACTIVE,
    )
    facts = [put(part, properties), *_made(part, design_id(chapter), MAKER_CAGE)]
    return PLM.event(f"part-{part.local}", LAUNCHED + days(532), facts)


def _made(part: Utcs, design: Utcs, cage: str) -> Iterator[Any]:
    yield link(part, "REALISES", design)
    yield link(part, "SUPPLIED_BY", supplier_id(cage))


def item_part(found: Item, dash: str, cage: str, random: Random) -> Part:
    """Returns what a part number of an item is."""
    number, unit = found.limit or (None, "")
    return Part(
        name=capital(found.noun),
        number=part_id(found.key, dash).local,
        revision="A" if dash == "01" else "B",
        cage=cage,
        ata_chapter=found.ata,
        category=PartCategory.ASSEMBLY if children(found.key) else PartCategory.COMPONENT,
        unit_of_measure=UnitOfMeasure.EACH,
        mass_kg=found.mass_kg,
        spec=f"SPEC-{found.key}",
        criticality=_CRITICALITY[system(found.chapter).dal],
        is_serialised=True,
        is_life_limited=number is not None,
        is_repairable=found.mtbur_fh > 0,
        life_limit_fh=number if unit == "FH" else None,
        life_limit_fc=number if unit == "FC" else None,
        life_limit_days=number if unit == "D" else None,
        lead_time_days=random.randrange(20, 180),
        unit_cost_eur=round(random.uniform(300, 90_000), -1),
        status=PartStatus.ACTIVE,
        aliases=(Alias("gtin", gtin(found.key)),) if dash == "01" else (),
    )


def _first_part(found: Item, random: Random) -> Event:
    at = LAUNCHED + days(random.uniform(540, 600))
    return _part_event(found, "01", found.maker, at, [], random)


def _other_parts(found: Item, random: Random) -> Iterator[Event]:
    """Yields the part numbers that came later, and what each may do in place of the first."""
    first = part_id(found.key)
    for dash, known, link_name, cage, at in (
        ("02", MODIFIED, "SUPERSEDES", found.maker, CERTIFIED + days(300)),
        ("01X", ALTERNATE, "ALTERNATE_OF", "9S3AL", CERTIFIED - days(400)),
    ):
        if found.key in known:
            part = part_id(found.key, dash)
            allowed = [link(part, "FITS", position) for position in _positions(found.key)]
            facts = [link(part, link_name, first, **_terms(link_name, found.key)), *allowed]
            yield _part_event(found, dash, cage, at, facts, random)
    if found.key == faults.UNAPPROVED_ITEM:
        yield _part_event(found, faults.UNAPPROVED_DASH, "9H4RD", CERTIFIED + days(90), [], random)


def _terms(link_name: str, key: str) -> dict[str, str]:
    """Returns on what approval an alternate rests; a successor needs none of its own."""
    return {"approval": f"EASA.21J.0360/ALT-{key}"} if link_name == "ALTERNATE_OF" else {}


def _distinction(key: str) -> Event:
    """Says that an alternate, which looks like the part that it stands in for, is another part."""
    first, second = part_id(key), part_id(key, "01X")
    thing = distinction_of(first, second)
    properties = Distinction(
        name=f"{first.local} is not {second.local}",
        first=str(first),
        second=str(second),
        reason="The alternate comes from another maker, under an approval of its own.",
    )
    return QMS.event(f"distinction-{key}", CERTIFIED - days(399), [put(thing, properties)])


def _positions(key: str) -> tuple[Utcs, ...]:
    return tuple(position_id(place) for place in places() if place.item.key == key)


def _part_event(
    found: Item, dash: str, cage: str, at: datetime, more: list[Any], random: Random
) -> Event:
    part = part_id(found.key, dash)
    facts = [
        put(part, item_part(found, dash, cage, random)),
        *_made(part, design_id(found.key), cage),
    ]
    return PLM.event(f"part-{part.local}", at, [*facts, *more])


def _bill(key: str) -> Iterator[Event]:
    """Yields the bill of material of one assembly; the airframe's goes by chapter."""
    at = LAUNCHED + days(610)
    if key:
        lines = [
            _line(part_id(key), number, below) for number, below in enumerate(children(key), 1)
        ]
        if lines:
            yield PLM.event(f"bill-{key}", at, lines)
        return
    for found in SYSTEMS:
        inst = utcs("part", f"H2-{found.chapter}-INST")
        top = [below for below in children("") if below.chapter == found.chapter]
        lines = [_line(inst, number, below) for number, below in enumerate(top, 1)]
        whole = link(AIRCRAFT_PART, "HAS_COMPONENT", inst, found.chapter, quantity=1)
        yield PLM.event(f"bill-{found.chapter}", at, [whole, *lines])


def _line(assembly: Utcs, number: int, below: Item) -> Any:
    count = len(below.slots.split())
    return link(assembly, "HAS_COMPONENT", part_id(below.key), f"{number * 10:03d}", quantity=count)


def _position(place: Place) -> Event:
    position = position_id(place)
    side = {"L": Side.LEFT, "R": Side.RIGHT}.get(place.slot.rpartition("-")[2][:1], Side.CENTRE)
    properties = Position(
        name=f"{capital(place.item.noun)} {place.slot.partition('-')[2]}",
        number=place.code,
        ata_chapter=place.item.ata,
        zone=f"{100 + int(place.item.chapter)}",
        side=side,
        capacity=1,
        is_mandatory=place.item.chapter not in ("25", "38", "46"),
    )
    facts = [
        put(position, properties),
        link(position, "DEFINED_BY", design_id(place.item.key)),
        link(part_id(place.item.key), "FITS", position),
    ]
    if place.parent:
        facts.append(link(position, "LOCATED_IN", utcs("position", place.parent)))
    return PLM.event(f"position-{place.code}", LAUNCHED + days(615), facts)


def _operating_system() -> Event:
    """Returns the one that all operational software is built with."""
    at, revision = CERTIFIED - days(450), "6.2.0"
    properties = Software(
        name="Partitioned real-time operating system",
        number=f"SW{MAKER_CAGE[2:]}-RTOS",
        revision=revision,
        category=SoftwareCategory.FIRMWARE,
        assurance_level=AssuranceLevel.A,
        sha256=fingerprint("software", "RTOS", revision),
        status=ReleaseStatus.RELEASED,
        issued_on=at.date(),
    )
    return PLM.event("software-RTOS", at, [put(_OPERATING_SYSTEM, properties)])


def _software(found: Item, random: Random) -> Iterator[Event]:
    thing = utcs("software", f"SW-{found.key}")
    for number, at in enumerate(
        (CERTIFIED - days(400), CERTIFIED + days(random.uniform(200, 700)))
    ):
        revision = f"{1 + number}.{random.randrange(5)}.0"
        properties = Software(
            name=f"{capital(found.noun)} operational software",
            number=f"SW{MAKER_CAGE[2:]}-{found.key}",
            revision=revision,
            category=SoftwareCategory.FIELD_LOADABLE,
            assurance_level=AssuranceLevel(system(found.chapter).dal.lower()),
            ata_chapter=found.ata,
            manufacturer=SUPPLIERS[found.maker][0],
            sha256=fingerprint("software", found.key, revision),
            location=f"vault://loads/{thing.local}-{revision}.lup",
            status=ReleaseStatus.RELEASED,
            issued_on=at.date(),
        )
        facts: list[Any] = [put(thing, properties)]
        if number == 0:
            facts += [
                link(thing, "REALISES", design_id(found.key)),
                link(thing, "RUNS_ON", part_id(found.key)),
                link(thing, "BUILT_WITH", _OPERATING_SYSTEM),
            ]
        yield PLM.event(f"software-{found.key}-{number + 1}", at, facts)


def _details(found: Item, seed: int, count: int) -> Iterator[Event]:
    """Yields detail parts below an item, each with its model and a first batch."""
    for number in range(1, count + 1):
        key = f"{found.key}-D{number:03d}"
        random = stream(seed, "detail", key)
        noun = DETAILS[(number - 1) % len(DETAILS)]
        at = LAUNCHED + days(random.uniform(620, 800))
        part = utcs("part", f"H2-{key}")
        cage = random.choice(DETAIL_MAKERS)
        properties = _detail(found, noun, part, cage, random)
        line = link(
            part_id(found.key),
            "HAS_COMPONENT",
            part,
            f"D{number:03d}",
            quantity=random.randrange(1, 9),
        )
        facts = [put(part, properties), *_made(part, design_id(found.key), cage), line]
        yield PLM.event(f"part-{part.local}", at, facts)
        yield modelled(f"CAD-{key}", properties.name, design_id(found.key), at + days(1))
        yield batch(part, f"B1-{key}", cage, at + days(random.uniform(200, 600)), random)


def _detail(found: Item, noun: str, part: Utcs, cage: str, random: Random) -> Part:
    return Part(
        name=f"{capital(noun)}, {found.noun}",
        number=part.local,
        revision="A",
        cage=cage,
        ata_chapter=found.ata,
        category=PartCategory.STANDARD_PART if "fastener" in noun else PartCategory.COMPONENT,
        unit_of_measure=UnitOfMeasure.SET if "set" in noun or "kit" in noun else UnitOfMeasure.EACH,
        mass_kg=round(random.uniform(0.01, 2.5), 3),
        material=random.choice(("Ti-6Al-4V", "316L", "PTFE", "Al-Li 2195", "PEEK", "Inconel 718")),
        criticality=Criticality.SECONDARY,
        is_serialised=False,
        lead_time_days=random.randrange(5, 60),
        unit_cost_eur=round(random.uniform(2, 900), 2),
        status=PartStatus.ACTIVE,
    )


def batch(part: Utcs, local: str, cage: str, at: datetime, random: Random) -> Event:
    """States a batch of a part, with its certificate of conformity."""
    thing = utcs("batch", local)
    properties = Batch(
        name=f"Batch {local}",
        number=local,
        cage=cage,
        quantity=random.randrange(20, 500),
        unit_of_measure=UnitOfMeasure.EACH,
        certificate=f"CoC-{cage}-{random.randrange(10_000, 99_999)}",
        manufactured_on=at.date(),
        status=BatchStatus.RELEASED,
    )
    return MES.event(
        f"batch-{local}", at, [put(thing, properties), link(thing, "INSTANCE_OF", part)]
    )
