"""The life of one cohort of aircraft: built, delivered, flown, maintained, up to the last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from graph.model.event import Event
from graph.model.fact import Fact
from ingest.fleet import faults
from ingest.fleet.agenda import Agenda
from ingest.fleet.assembly import BUILD_DAYS, built
from ingest.fleet.catalogue import Item, Place, item, places
from ingest.fleet.checks import Checks
from ingest.fleet.compliance import Compliance
from ingest.fleet.factory import Factory
from ingest.fleet.health import Health
from ingest.fleet.shop import LIFE_LIMIT, Exchange, Path, Shop, counted, holder
from ingest.fleet.statement import AMOS, CERTIFIED, NOW, days, stream, utcs
from ingest.fleet.unit import Airframe, Unit
from ingest.fleet.words import OPERATORS, REMOVAL_REASONS, STATIONS

COHORT: Final = 12
"""Aircraft that share a pool of spares; the story holds no more of them in memory at once."""

FIRST_DELIVERY: Final = CERTIFIED + days(75)
BETWEEN_DELIVERIES_DAYS: Final = 95


class Cohort:
    """Up to twelve aircraft, and everything that happens to them."""

    def __init__(self, seed: int, number: int, count: int) -> None:
        """Draws each area from its own random numbers."""
        self._agenda = Agenda()
        self._random = stream(seed, "service", number)
        self._factory = Factory(seed, number)
        first = 10_000 if number == 0 else 1_000_000 * number
        self._shop = Shop(self._factory, self._agenda, stream(seed, "shop", number), first)
        self._checks = Checks(self._shop, self._agenda, stream(seed, "checks", number))
        self._compliance = Compliance(self._shop, self._agenda, stream(seed, "comply", number))
        self._health = Health(self._agenda, stream(seed, "health", number))
        self._assembly = stream(seed, "assembly", number)
        self.airframes = [self._airframe(number * COHORT + k, k) for k in range(count)]
        self._has_faults = number == 0

    def _airframe(self, number: int, k: int) -> Airframe:
        return Airframe(
            number=number,
            delivered=FIRST_DELIVERY + days(BETWEEN_DELIVERIES_DAYS * k + self._random.random()),
            operator=OPERATORS[k % 3],
            station=STATIONS[k % 3],
            fh_per_day=self._random.uniform(2.0, 2.8),
            fc_per_day=self._random.uniform(1.4, 2.0),
        )

    def events(self) -> Iterator[Event]:
        """Yields the cohort's life in the order in which things were begun."""
        for airframe in self.airframes:
            begun = airframe.delivered - days(BUILD_DAYS)
            self._agenda.add(begun, partial(self._build, airframe))
        if self._has_faults:
            self._enter_faults()
        yield from self._agenda.run()
        for airframe in self.airframes:
            yield from self._last_counters(airframe)

    def _build(self, airframe: Airframe, at: datetime) -> Iterator[Event]:
        yield from built(airframe, self._factory, self._assembly)
        self._agenda.add(airframe.delivered + days(0.15), partial(self._enter, airframe))

    def _enter(self, airframe: Airframe, at: datetime) -> Iterator[Event]:
        """Starts the service of an aircraft, with the first counters of its life-limited units."""
        self._health.listen(airframe)
        self._checks.call_in(airframe, 1)
        self._compliance.owe(airframe)
        for place in places():
            path = _path(place)
            self._await_failure(airframe, path, place.item, at)
            self._await_life(airframe, path, at)
        facts = _all_counters(airframe, at)
        yield AMOS.event(f"first-counters-{airframe.msn}", at, facts)

    def _await_failure(self, airframe: Airframe, path: Path, what: Item, at: datetime) -> None:
        if what.mtbur_fh:
            after_fh = self._random.expovariate(1 / what.mtbur_fh)
            next_at = at + days(3 + after_fh / airframe.fh_per_day)
            self._agenda.add(next_at, partial(self._fail, airframe, path))

    def _fail(self, airframe: Airframe, path: Path, at: datetime) -> Iterator[Event]:
        unit = holder(airframe, path).units[path[-1]]
        self._await_failure(airframe, path, unit.item, at)
        if unit.is_kept:
            return
        noticed = [*self._health.forewarn(airframe, unit, at)]
        yield from (event for event, _ in noticed)
        raised = dict.fromkeys(thing for _, thing in noticed)
        because = tuple(thing for thing in raised if thing.kind == "alert")
        advised = tuple(thing for thing in raised if thing.kind == "recommendation")
        reason = "trend alert" if because else self._random.choice(REMOVAL_REASONS)
        exchange = Exchange(airframe, path, reason, False, advised, because)
        yield from self._shop.exchange(exchange, at)
        self._await_life(airframe, path, at)

    def _await_life(self, airframe: Airframe, path: Path, at: datetime) -> None:
        """Looks again at a unit, and at those in it, shortly before its life ends."""
        unit = holder(airframe, path).units[path[-1]]
        ends = unit.life_end(at)
        if ends is not None:
            when = max(ends - days(20), at + days(1))
            self._agenda.add(when, partial(self._expire, airframe, path))
        for slot in unit.units:
            self._await_life(airframe, (*path, slot), at)

    def _expire(self, airframe: Airframe, path: Path, at: datetime) -> Iterator[Event]:
        """Yields the exchange of a unit at its life limit, unless another is there by now."""
        unit = holder(airframe, path).units[path[-1]]
        ends = unit.life_end(at)
        if ends is None or ends > at + days(25):
            return
        task = utcs("task", f"TASK-{unit.item.key}-DIS")
        exchange = Exchange(airframe, path, LIFE_LIMIT, True, (task,))
        yield from self._shop.exchange(exchange, at)
        self._await_life(airframe, path, at)

    def _last_counters(self, airframe: Airframe) -> Iterator[Event]:
        """Yields the counters of the last day, for every aircraft delivered by then."""
        if airframe.units:
            at = NOW - days(0.25)
            yield AMOS.event(f"last-counters-{airframe.msn}", at, _all_counters(airframe, at))

    def _enter_faults(self) -> None:
        """Enters what goes wrong on purpose: see `faults`."""
        self._agenda.add(faults.UNAPPROVED_AT, self._fit_unapproved)
        self._agenda.add(faults.GAP_BEGINS, self._lose)

    def _fit_unapproved(self, at: datetime) -> Iterator[Event]:
        """Yields the installation of a brake whose part number nobody approved."""
        airframe, path = self.airframes[1], faults.UNAPPROVED_SLOT
        brake = item(faults.UNAPPROVED_ITEM)
        fresh = yield from self._factory.make(brake, at, faults.UNAPPROVED_DASH)
        fresh.is_kept = True
        yield from self._shop.exchange(Exchange(airframe, path, "wear", True, fresh=fresh), at)

    def _lose(self, at: datetime) -> Iterator[Event]:
        """Yields the removal of a side stay that then drops out of the record."""
        path = ("MLG-L", "SIDEST-1")
        lost = holder(self.airframes[0], path).units[path[-1]]
        exchange = Exchange(self.airframes[0], path, "borrowed", True, is_lost=True)
        yield from self._shop.exchange(exchange, at)
        self._agenda.add(faults.GAP_ENDS, partial(self._reappear, lost))

    def _reappear(self, unit: Unit, at: datetime) -> Iterator[Event]:
        """Yields its installation in another aircraft, with no word of where it was."""
        path = ("MLG-R", "SIDEST-1")
        exchange = Exchange(self.airframes[1], path, "exchange", True, fresh=unit)
        yield from self._shop.exchange(exchange, at)


def _path(place: Place) -> Path:
    return tuple(place.code.split("."))


def _all_counters(airframe: Airframe, at: datetime) -> list[Fact]:
    return [
        fact for top in airframe.units.values() for unit in top.all() for fact in counted(unit, at)
    ]
