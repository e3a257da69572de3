"""What aircraft tell while they fly: counters, flights, alerts and predictions, discrepancies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from graph.model.engineering import Priority, Verdict
from graph.model.event import Event
from graph.model.fact import Correct, Fact
from graph.model.identifier import Utcs
from graph.model.learning import Feedback, Prediction
from graph.model.operation import (
    Alert,
    AlertCategory,
    AlertSeverity,
    AlertStatus,
    Discrepancy,
    DiscrepancyCategory,
    DiscrepancyStatus,
    Flight,
    FlightStatus,
    Incident,
    IncidentSeverity,
    IncidentStatus,
    Recommendation,
    RecommendationStatus,
    Usage,
    UsageCategory,
)
from ingest.fleet.agenda import Agenda
from ingest.fleet.catalogue import item
from ingest.fleet.design import fingerprint
from ingest.fleet.learning import MODELS, Learnt, version_id
from ingest.fleet.people import person_id
from ingest.fleet.product import part_id
from ingest.fleet.rotation import planned
from ingest.fleet.sources import device_id, source_id
from ingest.fleet.statement import CAOS, NOW, OPS, days, link, put, utcs
from ingest.fleet.unit import Airframe, Unit
from ingest.fleet.words import AIRPORTS

MONTH: Final = timedelta(days=30)
FLIGHT_DAYS: Final = 14
"""Flights are told for the last two weeks only; counters tell of the rest."""

_LEARNT: Final = {learnt.item: learnt for learnt in MODELS}


class Health:
    """Tells what is heard from the aircraft of one cohort."""

    def __init__(self, agenda: Agenda, random: Random) -> None:
        """Draws from its own random numbers."""
        self._agenda = agenda
        self._random = random

    def listen(self, airframe: Airframe) -> None:
        """Enters the reports of an aircraft into the calendar."""
        self._agenda.add(airframe.delivered + days(0.2), partial(self._count, airframe))
        first = max(NOW - days(FLIGHT_DAYS + 1), airframe.delivered + days(1))
        self._agenda.add(first, partial(self._fly, airframe))
        if airframe.number % 4 == 1:
            self._agenda.add(airframe.delivered + days(150), partial(self._differ, airframe))
        if airframe.number % 5 == 2:
            self._agenda.add(airframe.delivered + days(190), partial(self._strike, airframe))

    def _count(self, airframe: Airframe, at: datetime) -> Iterator[Event]:
        """Yields the monthly counters; one of them was typed wrong and withdrawn the next day."""
        months = (at - airframe.delivered) // MONTH
        usage = utcs("usage", f"USE-MSN-{airframe.msn}")
        facts: list[Fact] = [put(usage, _counters(airframe, at))]
        if not months:
            facts += [
                link(usage, "COUNTS", airframe.utcs),
                link(usage, "RAISED_BY", source_id("ops")),
                link(device_id(airframe.station), "MONITORS", airframe.utcs),
            ]
        id = f"counters-{airframe.msn}-{months:03d}"
        if airframe.number == 0 and months == 7:
            yield from _withdrawn(usage, airframe, id, at)
            at += days(1)
        yield OPS.event(id, at, facts)
        self._agenda.add(at + MONTH, partial(self._count, airframe))

    def _fly(self, airframe: Airframe, first: datetime) -> Iterator[Event]:
        """Yields the last two weeks of flights, each from where the one before ended, and what is planned."""
        at, origin, earlier = first, self._random.choice(AIRPORTS), None
        number = 0
        while at < NOW - days(0.5):
            number += 1
            flight = utcs("flight", f"FL-{airframe.msn}-{number:03d}")
            destination = self._random.choice([known for known in AIRPORTS if known != origin])
            leg = days(self._random.uniform(1.1, 2.6) / 24)
            properties = self._leg(airframe, number, origin, destination, at, leg)
            facts: list[Fact] = [put(flight, properties), link(flight, "FLOWN_BY", airframe.utcs)]
            if earlier:
                facts.append(link(flight, "CONTINUES", earlier))
            yield OPS.event(f"flight-{flight.local}", at, facts)
            origin, earlier = destination, flight
            airframe.last_flight = flight
            at += leg + days(self._random.uniform(0.25, 0.6))
        yield OPS.event(f"schedule-{airframe.msn}", NOW - days(0.4), planned(airframe, origin))

    def _leg(
        self,
        airframe: Airframe,
        number: int,
        origin: str,
        destination: str,
        at: datetime,
        leg: timedelta,
    ) -> Flight:
        late = days(max(0.0, self._random.gauss(3, 8)) / 1440)
        return Flight(
            name=f"{origin}–{destination} on {at.date()}",
            number=f"{airframe.operator[:2].upper()}{airframe.number % 100:02d}{number:02d}",
            origin=origin,
            destination=destination,
            planned_start_at=at,
            planned_end_at=at + leg,
            off_block_at=at + late,
            on_block_at=at + leg + late,
            duration_fh=round(leg.total_seconds() / 3600, 2),
            cycles_fc=1,
            hydrogen_used_kg=round(leg.total_seconds() / 3600 * 690),
            delay_min=round(late.total_seconds() / 60),
            status=FlightStatus.ARRIVED,
        )

    def forewarn(
        self, airframe: Airframe, unit: Unit, at: datetime
    ) -> Iterator[tuple[Event, Utcs]]:
        """Yields what was noticed before a unit failed, each with the thing that was raised."""
        heard = at - days(self._random.uniform(6, 18))
        earliest = max(airframe.delivered, unit.since or unit.made) + days(1)
        if heard < earliest or self._random.random() > 0.12:
            return
        learnt = _LEARNT.get(unit.item.key)
        version = version_id(learnt, heard) if learnt else None
        key = f"{unit.utcs.local}-{heard:%y%m%d}"
        alert = utcs("alert", f"ALT-{key}")
        yield from ((event, alert) for event in self._alert(airframe, unit, alert, heard, at))
        if learnt and version:
            yield from self._predicted(learnt, version, unit, alert, heard, at)

    def _alert(
        self, airframe: Airframe, unit: Unit, alert: Utcs, heard: datetime, closed: datetime
    ) -> Iterator[Event]:
        opened = Alert(
            name=f"{unit.item.noun} {unit.utcs.local} drifts",
            number=alert.local,
            code=f"{unit.item.ata}-{self._random.randrange(100, 999)}",
            category=AlertCategory.TREND,
            severity=AlertSeverity.ADVISORY,
            ata_chapter=unit.item.ata,
            parameter="health index",
            unit_of_measurement="1",
            value=round(self._random.uniform(0.2, 0.5), 2),
            threshold="0.5",
            confidence_percent=round(self._random.uniform(70, 98)),
            sha256=fingerprint("window", alert.local),
            location=f"s3://health/windows/{alert.local}.parquet",
            status=AlertStatus.OPEN,
            detected_at=heard,
        )
        facts = [
            put(alert, opened),
            link(alert, "ABOUT", unit.utcs),
            link(alert, "RAISED_BY", device_id(airframe.station)),
        ]
        yield CAOS.event(f"alert-{alert.local}", heard, facts)
        resolved = opened.model_copy(update={"status": AlertStatus.RESOLVED, "closed_at": closed})
        yield CAOS.event(f"alert-{alert.local}-resolved", closed, [put(alert, resolved)])

    def _predicted(
        self,
        learnt: Learnt,
        version: Utcs,
        unit: Unit,
        alert: Utcs,
        heard: datetime,
        failed: datetime,
    ) -> Iterator[tuple[Event, Utcs]]:
        """Yields prediction, recommendation and, when it failed, how right that was."""
        key = alert.local.removeprefix("ALT-")
        prediction, advice = utcs("prediction", f"PRE-{key}"), utcs("recommendation", f"REC-{key}")
        left = self._random.uniform(0.5, 1.6) * ((failed - heard) / timedelta(days=1))
        estimate = Prediction(
            name=f"{learnt.key} on {unit.utcs.local}",
            number=prediction.local,
            category=learnt.category,
            remaining_days=round(left, 1),
            horizon_days=30,
            probability_percent=round(self._random.uniform(55, 95)),
            confidence_percent=80,
            sha256=fingerprint("window", alert.local),
            predicted_at=heard + days(0.1),
        )
        facts: list[Fact] = [
            put(prediction, estimate),
            link(prediction, "ABOUT", unit.utcs),
            link(prediction, "MADE_BY", version),
        ]
        yield CAOS.event(f"prediction-{key}", heard + days(0.1), facts), prediction
        advised = heard + days(0.2)
        facts = [
            put(advice, _advice(advice, unit, advised)),
            *(link(advice, "CAUSED_BY", cause) for cause in (alert, prediction)),
            link(advice, "ABOUT", unit.utcs),
            link(advice, "RECOMMENDS", part_id(unit.item.key)),
            link(advice, "RAISED_BY", version),
        ]
        yield CAOS.event(f"recommendation-{key}", advised, facts), advice
        yield _judged(prediction, key, (failed - heard) / timedelta(days=1), failed), prediction

    def _differ(self, airframe: Airframe, at: datetime) -> Iterator[Event]:
        """Yields a difference between what the aircraft reports and the record, and its end."""
        unit = airframe.units["XPDR-1"]
        thing = utcs("discrepancy", f"DIS-{airframe.msn}")
        for status, day in ((DiscrepancyStatus.OPEN, 0.0), (DiscrepancyStatus.REPORT_WRONG, 6.0)):
            properties = Discrepancy(
                name=f"Serial reported in XPDR-1 of {airframe.utcs.local}",
                number=thing.local,
                category=DiscrepancyCategory.SERIAL,
                subject_property="XPDR-1",
                reported=unit.utcs.local[:-1] + "?",
                recorded=unit.utcs.local,
                resolution="Bus message garbled; plate read on aircraft." if day else None,
                status=status,
                detected_at=at,
                closed_at=at + days(day) if day else None,
            )
            facts: list[Fact] = [put(thing, properties)]
            if not day:
                facts += [
                    link(thing, "ABOUT", unit.utcs),
                    link(thing, "RAISED_BY", source_id("caos")),
                ]
            yield CAOS.event(f"{thing.local}-{status}", at + days(day), facts)

    def _strike(self, airframe: Airframe, at: datetime) -> Iterator[Event]:
        thing = utcs("incident", f"INC-{airframe.msn}")
        properties = Incident(
            name=f"Lightning strike, {airframe.registration}",
            number=thing.local,
            category="WSTRW",
            severity=IncidentSeverity.OCCURRENCE,
            phase_of_flight="approach",
            location="Near the destination",
            text="Strike at the nose; all systems normal; inspection without findings.",
            is_reportable=True,
            authority_reference=f"OC-{at:%Y}-{airframe.msn}",
            injuries=0,
            status=IncidentStatus.CLOSED,
            occurred_at=at,
            due_on=(at + days(3)).date(),
            reported_on=(at + days(1)).date(),
        )
        facts = [
            put(thing, properties),
            link(thing, "ABOUT", airframe.utcs),
            link(thing, "RAISED_BY", person_id(airframe.station, 6)),
        ]
        yield OPS.event(f"incident-{thing.local}", at, facts)


def read_at_check(airframe: Airframe, number: int, at: datetime) -> Event:
    """Returns the counters of an aircraft as they are read when a check ends."""
    usage = utcs("usage", f"USE-MSN-{airframe.msn}")
    return OPS.event(
        f"counters-{airframe.msn}-check-{number}", at, [put(usage, _counters(airframe, at))]
    )


def _counters(airframe: Airframe, at: datetime, factor: int = 1) -> Usage:
    return Usage(
        name=f"Usage of {airframe.utcs.local}",
        category=UsageCategory.REPORTED,
        measured_at=at,
        total_fh=airframe.fh(at) * factor,
        total_fc=airframe.fc(at),
        apu_h=airframe.fc(at) // 2,
        apu_starts=airframe.fc(at),
        landings=airframe.fc(at),
        tank_fillings=airframe.fc(at) // 2,
    )


def _withdrawn(usage: Utcs, airframe: Airframe, id: str, at: datetime) -> Iterator[Event]:
    """Yields counters with a digit too many, and their withdrawal."""
    wrong = OPS.event(f"{id}-typed", at, [put(usage, _counters(airframe, at, factor=10))])
    yield wrong
    withdrawal = Correct(source=wrong.source, id=wrong.id, reason="A digit too many was typed.")
    yield OPS.event(f"{id}-withdrawn", at + days(1), [withdrawal])


def _advice(advice: Utcs, unit: Unit, at: datetime) -> Recommendation:
    return Recommendation(
        name=f"Exchange {unit.utcs.local} at the next stop",
        number=advice.local,
        action=f"Exchange the {item(unit.item.key).noun} before it fails.",
        rationale="Health index below its threshold; the trend is steady.",
        severity=3,
        likelihood=4,
        exposure=3,
        priority=Priority.HIGH,
        confidence_percent=80,
        due_on=(at + days(14)).date(),
        status=RecommendationStatus.DONE,
    )


def _judged(prediction: Utcs, key: str, came_after_days: float, at: datetime) -> Event:
    feedback = utcs("feedback", f"FB-{key}")
    properties = Feedback(
        name=f"What became of {prediction.local}",
        verdict=Verdict.PASSED,
        text="The unit was exchanged; the shop confirmed the cause.",
        value=round(came_after_days, 1),
        unit_of_measurement="d",
        given_at=at + days(0.5),
    )
    facts = [put(feedback, properties), link(feedback, "JUDGES", prediction)]
    return CAOS.event(f"feedback-{key}", at + days(0.5), facts)
