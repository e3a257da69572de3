"""The sample fleet as it goes on, minute by minute: circuits flown, reports of crews, work on the line.

It has the same aircraft and people as the story, but happens now, for as long as somebody looks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from heapq import merge
from random import Random
from typing import Any, Final

from graph.model.engineering import Priority
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.maintenance import (
    CertificateStatus,
    Release,
    ReleaseForm,
    ReleaseWork,
    WorkOrder,
    WorkOrderCategory,
    WorkOrderStatus,
)
from graph.model.operation import (
    Alert,
    AlertCategory,
    AlertSeverity,
    AlertStatus,
    Flight,
    FlightStatus,
)
from ingest.fleet.people import facility_id, person_id
from ingest.fleet.statement import AMOS, CAOS, OPS, link, put, stream, utcs
from ingest.fleet.words import AIRPORTS, STATIONS
from ingest.followers.publishing import Publish
from ingest.messages.cloudevent import structured

REPORTS: Final = (
    ("Cabin pressure controller, intermittent caution", "21"),
    ("Hydrogen leak detector 2, self-test failed", "28"),
    ("Brake temperature sensor, no signal", "32"),
    ("Navigation light, right wing tip, out", "33"),
    ("Fuel cell stack 3, coolant flow low", "49"),
)
"""What crews report, each with its ATA chapter."""

AGAIN_S: Final = 5.0
"""How long to wait before an event is sent again that the queue did not take."""

STAGGER_S: Final = 7
"""How long after each other the aircraft begin, so that there is something to see at once."""


_log: Final = logging.getLogger(__name__)


def live(seed: int, count: int, start: datetime) -> Iterator[Event]:
    """Yields what some aircraft do from a moment on, without end, in the order of time.

    Each event is to be sent at its own time; before that it has not happened.

    Args:
        seed: The same seed and start give the same events.
        count: How many aircraft of the sample fleet fly.
        start: When the first one leaves its blocks; a later start gives other identifiers.
    """
    days = [
        _service(stream(seed, "live", k), k, start + timedelta(seconds=STAGGER_S * k))
        for k in range(count)
    ]
    yield from merge(*days, key=lambda event: event.time)


async def play(events: Iterator[Event], publish: Publish) -> None:
    """Sends each event when its time has come; while the queue does not take it, again and again."""
    for event in events:
        await asyncio.sleep((event.time - datetime.now(UTC)).total_seconds())
        message = structured(event.canonical(), str(event.subject))
        while True:
            try:
                await publish([message])
                break
            except Exception as error:  # whatever the queue's client raises while that is away
                _log.warning("what the sample fleet does cannot be sent: %s", error)
                await asyncio.sleep(AGAIN_S)


def _service(random: Random, number: int, at: datetime) -> Iterator[Event]:
    """Yields the circuits of one aircraft, and the work on it in between."""
    aircraft, station = utcs("aircraft", f"MSN-{10_001 + number}"), STATIONS[number % len(STATIONS)]
    if number % 2:  # so that everything there is to see begins at once
        for event in _rectified(random, aircraft, station, at):
            at = event.time
            yield event
    while True:
        for event in _circuit(random, aircraft, at):
            at = event.time
            yield event
        if random.random() < 0.4:
            for event in _rectified(random, aircraft, station, at):
                at = event.time
                yield event
        at += _seconds(random, 60, 150)


def _circuit(random: Random, aircraft: Utcs, at: datetime) -> Iterator[Event]:
    """Yields one flight around an aerodrome, as it leaves and as it is back."""
    flight = utcs("flight", f"FL-{aircraft.local}-{at:%y%m%dT%H%M%S}")
    home, lasts = random.choice(AIRPORTS), _seconds(random, 120, 300)
    departed = Flight(
        name=f"Circuit at {home}, {aircraft.local}",
        origin=home,
        destination=home,
        off_block_at=at,
        status=FlightStatus.DEPARTED,
    )
    facts = [put(flight, departed), link(flight, "FLOWN_BY", aircraft)]
    yield OPS.event(f"{flight.local}-departed", at, facts)
    at += lasts
    hours = round(lasts.total_seconds() / 3600, 2)
    arrived = _restated(
        departed, on_block_at=at, duration_fh=hours, cycles_fc=1, status=FlightStatus.ARRIVED
    )
    yield OPS.event(f"{flight.local}-arrived", at, [put(flight, arrived)])


def _rectified(random: Random, aircraft: Utcs, station: str, at: datetime) -> Iterator[Event]:
    """Yields a report of the crew, the work order that it leads to, and the release."""
    what, chapter = random.choice(REPORTS)
    key = f"{aircraft.local}-{at:%y%m%dT%H%M%S}"
    alert, order = utcs("alert", f"CR-{key}"), utcs("workorder", f"WO-{key}")
    reported = Alert(
        name=what,
        number=alert.local,
        category=AlertCategory.CREW_REPORT,
        severity=AlertSeverity.ADVISORY,
        ata_chapter=chapter,
        status=AlertStatus.OPEN,
        detected_at=at,
    )
    at += _seconds(random, 5, 15)
    yield CAOS.event(alert.local, at, [put(alert, reported), link(alert, "ABOUT", aircraft)])
    at += _seconds(random, 20, 40)
    opened = WorkOrder(
        name=f"{aircraft.local}: {what[0].lower()}{what[1:]}",
        number=order.local,
        category=WorkOrderCategory.UNSCHEDULED,
        priority=Priority.MEDIUM,
        status=WorkOrderStatus.OPEN,
        station=station,
        opened_at=at,
    )
    facts = [
        put(order, opened),
        link(order, "WORKS_ON", aircraft),
        link(order, "CAUSED_BY", alert),
        link(order, "TAKES_PLACE_AT", facility_id(station)),
        link(order, "ASSIGNED_TO", person_id(station, 2)),
    ]
    yield AMOS.event(f"{order.local}-opened", at, facts, actor=person_id(station, 6).local)
    yield from _released(random, order, opened, alert, reported, at)


def _released(
    random: Random, order: Utcs, opened: WorkOrder, alert: Utcs, reported: Alert, at: datetime
) -> Iterator[Event]:
    """Yields the work as it is done and signed for, and its certificate."""
    station = str(opened.station)
    at += _seconds(random, 30, 60)
    performed = _restated(
        opened,
        started_at=opened.opened_at,
        ended_at=at,
        work_performed="Replaced and tested; no fault.",
        status=WorkOrderStatus.PERFORMED,
    )
    facts: list[Fact] = [
        put(order, performed),
        link(order, "RESOLVES", alert),
        _signed(order, station, 2, at),
    ]
    yield AMOS.event(f"{order.local}-performed", at, facts, actor=person_id(station, 2).local)
    at += _seconds(random, 20, 40)
    certificate = utcs("release", f"CRS-{order.local}")
    release = Release(
        name=f"Certificate of release to service, {order.local}",
        number=certificate.local,
        form=ReleaseForm.CRS,
        work=ReleaseWork.REPAIRED,
        order_reference=order.local,
        status=CertificateStatus.VALID,
        issued_at=at,
    )
    facts = [
        put(certificate, release),
        link(certificate, "RELEASES", order),
        _signed(certificate, station, 0, at),
        put(order, _restated(performed, status=WorkOrderStatus.RELEASED)),
        put(alert, _restated(reported, status=AlertStatus.RESOLVED, closed_at=at)),
    ]
    yield AMOS.event(f"{order.local}-released", at, facts, actor=person_id(station, 0).local)


def _signed(what: Utcs, station: str, number: int, at: datetime) -> Fact:
    role = "certified" if number == 0 else "performed"
    return link(what, "SIGNED_BY", person_id(station, number), role, signed_at=at)


def _restated(said: Kind, **changes: Any) -> Kind:
    return type(said).model_validate(dict(said) | changes)


def _seconds(random: Random, least: int, most: int) -> timedelta:
    return timedelta(seconds=random.randint(least, most))
