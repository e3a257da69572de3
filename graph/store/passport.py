"""What does the passport of an asset say? Its parts, each from the question that answers it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

from graph.model import ontology
from graph.model import passport as says
from graph.model.compliance import Standing as DemandStanding
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.maintenance import Release
from graph.model.operation import Alert
from graph.model.passport import Audience, Measure, Passport
from graph.model.product import Aircraft, Batch, Part, Serial
from graph.model.time import Coordinates, from_micros, parse_utc
from graph.store.absence import not_there
from graph.store.accrual import Accrued, accrued
from graph.store.compare_baselines import fixed
from graph.store.compliance import Compliance, compliance
from graph.store.configuration import Configuration, configuration
from graph.store.database import Graph
from graph.store.genealogy import Genealogy, genealogy
from graph.store.health_alerts import Health, HealthAlert, Recommended, health_alerts
from graph.store.life import LifeLimits, life_limits
from graph.store.maintenance_history import Entry, MaintenanceHistory, maintenance_history
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as
from graph.store.question import MAX_FIRST, bounded
from graph.store.show import Shown, Standing, show
from graph.store.text import fill

MOST_CERTIFICATES: Final = 100
"""So many certificates are told, and so many of work, the newest first."""

ASSETS: Final = frozenset({"serial", "batch", "part"})
"""The kinds that have a passport; an aircraft is a serial."""

_UNIT: Final = frozenset({"serial"})
_IDLE: Final = frozenset({DemandStanding.NOT_APPLICABLE, DemandStanding.CANCELLED})
_NOT_STATED: Final = ("carbonFootprint", "recycledContent", "energyConsumption")
"""What product law asks passports for, and the ontology has no property for."""

_LIFE: Final = {"fh": "FH", "fc": "FC", "days": "days"}

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True)
class _Papers:
    """The part number of an asset, its certificates, and those of work on it; with how many there are."""

    part: Part | None
    certificates: tuple[says.Certificate, ...]
    releases: tuple[says.Certificate, ...]
    totals: tuple[int, int]


async def find_passport(
    graph: Graph,
    utcs: Utcs,
    *,
    audience: Audience = Audience.AUTHORITY,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Passport:
    """Returns the passport of an asset as an audience is shown it, at one moment for all its parts.

    Args:
        graph: Where to ask.
        utcs: An aircraft, unit, batch or part number.
        audience: Who is shown it; parts that they are not shown are not read.
        first: How many events of its life to a page.
        after: The `next` of the page before, with the times that the passport states.
        at: The coordinates of time; an axis that is left open is pinned at now.

    Raises:
        BadQuestionError: A number or the cursor is wrong.
        NotFoundError: It is not there then.
    """
    bounded("first", first, MAX_FIRST)
    at = await fixed(graph, at)
    shown, papers = await asyncio.gather(show(graph, utcs, at=at), _papers(graph, utcs, at))
    if shown.standing is not Standing.THERE:
        raise await not_there(graph, utcs, Moment.of(graph, at))
    is_unit = ontology.fits(utcs.kind, _UNIT)
    parts = _unit_parts(graph, utcs, audience, first, after, at) if is_unit else {}
    told = dict(zip(parts, await asyncio.gather(*parts.values()), strict=True))
    thing = shown.node.properties
    judged = told.pop("judged", {})
    whole = Passport(
        dpp_id=None,
        granularity_level=_level(utcs),
        as_of=at.as_of,
        known_at=at.known_at,
        product=_product(utcs, thing),
        specification=_specification(thing, papers.part),
        sustainability=_sustainability(thing, papers.part),
        certification=says.Certification(
            certificates=papers.certificates,
            certificates_in_all=papers.totals[0],
            releases=papers.releases if is_unit else None,
            releases_in_all=papers.totals[1] if is_unit else None,
            **judged,
        ),
        verification=_verification(shown),
        **told,
    )
    return whole.shown_to(audience)


def _unit_parts(
    graph: Graph, utcs: Utcs, audience: Audience, first: int, after: str | None, at: Coordinates
) -> dict[str, Awaitable[Any]]:
    """Returns the parts that only units have, still to be asked: those that the audience is shown."""
    if not audience.sees(Audience.OPERATOR):
        return {}
    return {
        "usage": _told(_usage, accrued(graph, utcs, at=at)),
        "composition": _told(_composition, configuration(graph, utcs, first=MAX_FIRST, at=at)),
        "genealogy": _told(_genealogy, genealogy(graph, utcs, first=MAX_FIRST, at=at)),
        "lifecycle": _told(
            _lifecycle, maintenance_history(graph, utcs, first=first, after=after, at=at)
        ),
        "health": _told(_health, health_alerts(graph, utcs, at=at)),
        "judged": _judged(graph, utcs, at),
    }


async def _told(tell: Callable[[Asked], Any], asked: Awaitable[Asked]) -> Any:
    return tell(await asked)


async def _judged(graph: Graph, utcs: Utcs, at: Coordinates) -> dict[str, Any]:
    """Returns how a unit and what is in it stand towards directives, bulletins and limits."""
    demands, limits = await asyncio.gather(
        compliance(graph, utcs, at=at), life_limits(graph, utcs, first=MAX_FIRST, at=at)
    )
    cut = f"the first {MAX_FIRST:,} units with a limit are told" if limits.next else None
    return {"demands": _demands(demands), "limits": _limits(limits), "cut": cut}


async def _papers(graph: Graph, utcs: Utcs, at: Coordinates) -> _Papers:
    moment = Moment.of(graph, at)
    asked = {"asset": str(utcs), "most": MOST_CERTIFICATES}
    row = await moment.ask(graph, passport_text(moment), asked)
    part, papers, *totals = row or (None, [], 0, 0)
    told = [
        (is_its_own, _certificate(release, said, order, signed))
        for release, said, order, is_its_own, signed in papers
    ]
    return _Papers(
        None if part is None else read_as(Part, part),
        tuple(one for is_its_own, one in told if is_its_own),
        tuple(one for is_its_own, one in told if not is_its_own),
        (totals[0], totals[1]),
    )


def passport_text(moment: Moment) -> str:
    """Returns the statement that reads what no other question tells of an asset."""
    links = {
        "instance_of": ("made", "INSTANCE_OF"),
        "certified": ("certified", "CERTIFIED_BY"),
        "works_on": ("works", "WORKS_ON"),
        "releases": ("releases", "RELEASES"),
        "signed": ("signed", "SIGNED_BY"),
    }
    holds = {f"{name}_holds": moment.holds(name, [link]) for name, link in links.values()}
    return fill(
        "passport/asset",
        **{gap: moment.types([link]) for gap, (_, link) in links.items()},
        **holds,
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


def _level(utcs: Utcs) -> Literal["item", "batch", "model"]:
    if utcs.kind == "batch":
        return "batch"
    return "model" if utcs.kind == "part" else "item"


def _product(utcs: Utcs, thing: Kind) -> says.Product:
    unit = thing if isinstance(thing, Serial) else None
    craft = thing if isinstance(thing, Aircraft) else None
    batch = thing if isinstance(thing, Batch) else None
    status = getattr(thing, "status", None)
    return says.Product(
        id=str(utcs),
        name=thing.name,
        kind=utcs.kind,
        serial_number=unit and unit.serial_number,
        batch_number=batch and batch.number,
        msn=craft and craft.msn,
        registration=craft and craft.registration,
        manufacturer=unit and unit.manufacturer,
        cage=getattr(thing, "cage", None),
        production_date=getattr(thing, "manufactured_on", None),
        status=_text(status),
        condition=_text(unit and unit.condition),
        mod_status=unit and unit.mod_status,
        expires_on=getattr(thing, "expires_on", None),
        delivered_on=craft and craft.delivered_on,
        owner=unit and unit.owner,
        operator=craft and craft.operator,
        home_base=craft and craft.home_base,
        description=thing.description,
        identifiers=tuple(map(str, thing.aliases)),
    )


def _specification(thing: Kind, made_to: Part | None) -> says.Specification:
    part = thing if isinstance(thing, Part) else made_to
    craft = thing if isinstance(thing, Aircraft) else None
    return says.Specification(
        part_number=part and part.number,
        part_name=part and part.name,
        revision=part and part.revision,
        cage=part and part.cage,
        type_designation=craft and craft.type_designation,
        model_designation=craft and craft.model_designation,
        ata_chapter=part and part.ata_chapter,
        category=_text(part and part.category),
        spec=part and part.spec,
        maximum_takeoff_mass=craft and Measure.of(craft.maximum_takeoff_mass_kg, "kg"),
        hydrogen_capacity=craft and Measure.of(craft.hydrogen_capacity_kg, "kg"),
        life_limits=_allowed(part, "life_limit"),
        overhaul_limits=_allowed(part, "overhaul_limit"),
        shelf_life=part and Measure.of(part.shelf_life_days, "days"),
        criticality=_text(part and part.criticality),
    )


def _allowed(part: Part | None, limit: str) -> tuple[Measure, ...] | None:
    found = (Measure.of(getattr(part, f"{limit}_{of}", None), unit) for of, unit in _LIFE.items())
    return tuple(one for one in found if one is not None) or None


def _sustainability(thing: Kind, made_to: Part | None) -> says.Sustainability:
    part = thing if isinstance(thing, Part) else made_to
    weighed = thing.mass_kg if isinstance(thing, Serial) else None
    mass = part.mass_kg if weighed is None and part is not None else weighed
    return says.Sustainability(
        mass=Measure.of(mass, "kg"),
        material=part and part.material,
        hazard=part and part.hazard,
        is_repairable=part and part.is_repairable,
        not_stated=_NOT_STATED,
    )


def _verification(shown: Shown) -> says.Verification:
    return says.Verification(
        status="not_yet_anchored",
        statement=says.NOT_ANCHORED,
        sha256=shown.node.hash,
        change=shown.node.made,
    )


def _certificate(
    utcs: str, stored: Mapping[str, Any], order: str | None, signed: Sequence[Any]
) -> says.Certificate:
    release = read_as(Release, stored)
    return says.Certificate(
        id=utcs,
        form=_text(release.form),
        status=_text(release.status),
        organisation=release.organisation,
        approval_number=release.approval_number,
        authority=release.authority,
        work=_text(release.work),
        issued_at=release.issued_at,
        number=release.number,
        work_order=order,
        limitations=release.limitations,
        remarks=release.remarks,
        signatures=tuple(_signature(*one) for one in signed),
    )


def _signature(role: str, person: str, carried: Mapping[str, Any], since: int) -> says.Signature:
    written = carried.get("signed_at")
    return says.Signature(
        role=role,
        signed_at=parse_utc(written) if written else from_micros(since),
        signed_by=person,
        authorisation=carried.get("authorisation"),
    )


def _usage(found: Accrued) -> tuple[says.Counter, ...]:
    return tuple(
        says.Counter(
            counter=one.counter,
            total=Measure.of(one.total, one.unit),
            declared_at=one.declared_at,
            flights=one.flights,
            silent=one.silent or None,
        )
        for one in found.counters
        if one.is_known
    )


def _composition(found: Configuration) -> says.Composition:
    more = f"the first {len(found.units):,} are told" if found.next else None
    return says.Composition(
        components=tuple(
            says.Component(
                position=one.position,
                id=str(one.unit),
                name=one.name,
                part_number=one.part_number,
                serial_number=one.serial_number,
                since=one.since,
                under=_text(one.order),
            )
            for one in found.units
        ),
        components_in_all=found.total,
        cut=found.cut or more,
    )


def _genealogy(found: Genealogy) -> says.Genealogy:
    gaps = [says.Stay(where=str(one), since=one.since, until=one.until) for one in found.gaps]
    gaps += [
        says.Stay(where=f"{one.one}; and {one.other}", since=one.since, until=one.until)
        for one in found.overlaps
    ]
    return says.Genealogy(
        is_complete=found.is_complete and found.next is None,
        stays=tuple(
            says.Stay(
                where=str(one), since=one.since, until=one.until, under=_text(one.began_under)
            )
            for one in found.stays
        ),
        stays_in_all=found.total,
        gaps=tuple(gaps),
    )


def _health(found: Health) -> says.Health:
    return says.Health(
        alerts=tuple(map(_sign, found.alerts)),
        grounded_by=tuple(map(str, found.grounded_by)),
        cut=found.cut,
    )


def _sign(one: HealthAlert) -> says.Sign:
    sign = one.sign
    is_alert = isinstance(sign, Alert)
    return says.Sign(
        id=str(one.utcs),
        name=sign.name,
        severity=_text(getattr(sign, "severity", None)),
        status=_text(getattr(sign, "status", None)),
        detected_at=getattr(sign, "detected_at" if is_alert else "predicted_at"),
        units=tuple(map(str, one.about)),
        recommendations=tuple(map(_advice, one.recommendations)),
    )


def _advice(one: Recommended) -> says.Advice:
    said, risk = one.recommendation, one.risk
    return says.Advice(
        id=str(one.utcs),
        action=said.action,
        risk=risk and risk.words,
        may_fly=risk and risk.band.may_fly,
        priority=_text(said.priority),
        due_on=said.due_on,
        status=_text(said.status),
        work_orders=tuple(str(order) for order, _ in one.orders),
    )


def _lifecycle(found: MaintenanceHistory) -> says.Lifecycle:
    return says.Lifecycle(
        events=tuple(map(_happening, found.entries)), events_in_all=found.total, next=found.next
    )


def _happening(one: Entry) -> says.Happening:
    is_signed = one.sort == "signature"
    return says.Happening(
        at=one.at,
        event=one.sort,
        name=one.name,
        record=str(one.record),
        slot=one.slot,
        other=None if is_signed else _text(one.other),
        status=_text(one.properties.get("status")),
        signed_by=_text(one.other) if is_signed else None,
        authorisation=one.properties.get("authorisation"),
    )


def _demands(found: Compliance) -> tuple[says.Demand, ...]:
    return tuple(
        says.Demand(
            demand=one.demand.number,
            name=one.demand.name,
            unit=str(one.unit),
            standing=_text(one.standing),
            why=one.why,
            due_on=one.due and one.due.day,
        )
        for one in found.standpoints
        if one.standing not in _IDLE
    )


def _limits(found: LifeLimits) -> tuple[says.Limit, ...]:
    return tuple(
        says.Limit(
            unit=str(one.utcs),
            position=one.position or None,
            of=_text(one.first.of),
            limit=Measure.of(one.first.allowed, one.first.unit),
            used=Measure.of(one.first.used, one.first.unit),
            standing=_text(one.standing),
            why=one.first.why,
        )
        for one in found.units
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
