"""Serialised units and aircraft as the story follows them: what is where, with what on its clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from graph.model.alias import Alias
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.product import Aircraft, Serial, SerialCondition, SerialStatus
from ingest.fleet.catalogue import Item
from ingest.fleet.people import facility_id
from ingest.fleet.product import gtin, part_id
from ingest.fleet.statement import days, end, link, put, utcs
from ingest.fleet.words import MAKER_CAGE, SUPPLIERS, TYPE

_DAY: Final = timedelta(days=1)


@dataclass(slots=True)
class Airframe:
    """One aircraft: who it is, how much it flies, and what is directly in it."""

    number: int
    delivered: datetime
    operator: str
    station: str
    fh_per_day: float
    fc_per_day: float
    units: dict[str, Unit] = field(default_factory=dict)
    last_flight: Utcs | None = None

    @property
    def msn(self) -> str:
        """The manufacturer's serial number."""
        return str(10_001 + self.number)

    @property
    def utcs(self) -> Utcs:
        """Its identifier."""
        return utcs("aircraft", f"MSN-{self.msn}")

    @property
    def registration(self) -> str:
        """Its nationality and registration mark, by the station it is based at."""
        first, second = divmod(self.number, 26)
        mark = f"{chr(65 + first // 26)}{chr(65 + first % 26)}{chr(65 + second)}"
        return {"MUC": f"D-A{mark}", "CPH": f"OY-{mark}", "LIS": f"CS-{mark}"}[self.station]

    def fh(self, at: datetime) -> int:
        """Flight hours since new."""
        return max(0, int((at - self.delivered) / _DAY * self.fh_per_day))

    def fc(self, at: datetime) -> int:
        """Flight cycles since new."""
        return max(0, int((at - self.delivered) / _DAY * self.fc_per_day))

    def when(self, fh: float) -> datetime:
        """Returns the moment at which it will have flown so many hours."""
        return self.delivered + days(fh / self.fh_per_day)

    def properties(self, status: SerialStatus) -> Aircraft:
        """Returns what is stated of it: registration and operator come with delivery."""
        is_delivered = status is not SerialStatus.IN_PRODUCTION
        aliases = [Alias("msn", self.msn), Alias("dpp", f"DPP-H2-{self.number + 1:03d}")]
        if is_delivered:
            aliases.append(Alias("registration", self.registration))
        return Aircraft(
            name=f"{TYPE} MSN {self.msn}",
            serial_number=self.msn,
            cage=MAKER_CAGE,
            manufacturer=SUPPLIERS[MAKER_CAGE][0],
            manufactured_on=self.delivered.date(),
            condition=SerialCondition.SERVICEABLE if is_delivered else SerialCondition.NEW,
            status=status,
            owner="Clean Wings Leasing",
            msn=self.msn,
            registration=self.registration if is_delivered else None,
            type_designation=TYPE,
            model_designation="BWB-H2-200",
            line_number=f"{self.number + 1:03d}",
            operator=self.operator if is_delivered else None,
            home_base={"MUC": "EDDM", "CPH": "EKCH", "LIS": "LPPT"}[self.station],
            icao_address=f"{0x3C6000 + self.number:06X}",
            first_flight_on=(self.delivered - days(12)).date() if is_delivered else None,
            delivered_on=self.delivered.date() if is_delivered else None,
            maximum_takeoff_mass_kg=84_500,
            hydrogen_capacity_kg=5_600,
            aliases=tuple(aliases),
        )


@dataclass(slots=True)
class Unit:
    """One serialised unit; it is in exactly one place at a time."""

    utcs: Utcs
    item: Item
    dash: str
    made: datetime
    cage: str
    lies_at: str
    """The code of the base it lies at; empty while it is installed."""
    units: dict[str, Unit] = field(default_factory=dict)
    carrier: Airframe | None = None
    spent_fh: int = 0
    spent_fc: int = 0
    """Hours and cycles from before it came to its carrier."""
    mod_status: str | None = None
    since: datetime | None = None
    """When it came to where it is."""
    is_counted: bool = False
    """Whether its counters have been told."""
    is_kept: bool = False
    """Whether the story needs it to stay where it is."""
    stock: Utcs | None = None
    """The stock that it is in."""

    @property
    def part(self) -> Utcs:
        """Its part number."""
        return part_id(self.item.key, self.dash)

    def fh(self, at: datetime) -> int:
        """Flight hours since new."""
        return self.spent_fh + (self.carrier.fh(at) if self.carrier else 0)

    def fc(self, at: datetime) -> int:
        """Flight cycles since new."""
        return self.spent_fc + (self.carrier.fc(at) if self.carrier else 0)

    def life_end(self, at: datetime) -> datetime | None:
        """Returns when its hard life ends if it flies on as it does; None without a limit."""
        if self.item.limit is None:
            return None
        amount, unit = self.item.limit
        if unit == "D":
            return self.made + days(amount)
        if self.carrier is None:
            return None
        left = amount - (self.fh(at) if unit == "FH" else self.fc(at))
        return at + days(left / getattr(self.carrier, f"{unit.lower()}_per_day"))

    def carried(self, carrier: Airframe | None, at: datetime) -> None:
        """Moves it, with all that is in it, to a carrier or off one; its clocks go on from there."""
        fh, fc = self.fh(at), self.fc(at)
        self.carrier = carrier
        self.spent_fh = fh - (carrier.fh(at) if carrier else 0)
        self.spent_fc = fc - (carrier.fc(at) if carrier else 0)
        for below in self.units.values():
            below.carried(carrier, at)

    def all(self) -> Iterator[Unit]:
        """Yields it and everything in it."""
        yield self
        for below in self.units.values():
            yield from below.all()

    def properties(self, status: SerialStatus, condition: SerialCondition) -> Serial:
        """Returns what is stated of it."""
        number = self.utcs.local
        aliases = [Alias("cage-serial", f"{self.cage}/{number}")]
        if self.item.limit and self.dash == "01":
            aliases.append(Alias("sgtin", f"{gtin(self.item.key)}/{number}"))
        limit = self.item.limit
        return Serial(
            name=f"{self.item.noun} {number}",
            serial_number=number,
            cage=self.cage,
            manufacturer=SUPPLIERS[self.cage][0],
            manufactured_on=self.made.date(),
            condition=condition,
            status=status,
            mod_status=self.mod_status,
            expires_on=(self.made + days(limit[0])).date() if limit and limit[1] == "D" else None,
            aliases=tuple(aliases),
        )


def putting_in(
    into: Airframe | Unit, slot: str, unit: Unit, at: datetime, reference: str | None = None
) -> list[Fact]:
    """Installs a unit, and returns the facts that state it."""
    in_service = unit.properties(SerialStatus.IN_SERVICE, SerialCondition.SERVICEABLE)
    counters = {"total_fh": unit.fh(at), "total_fc": unit.fc(at), "reference": reference}
    facts: list[Fact] = [
        link(into.utcs, "CONTAINS", unit.utcs, slot, **counters),
        put(unit.utcs, in_service),
    ]
    if unit.lies_at:
        facts.insert(0, end(unit.utcs, "LOCATED_IN", facility_id(unit.lies_at)))
    unit.carried(into if isinstance(into, Airframe) else into.carrier, at)
    unit.lies_at = ""
    unit.since = at
    into.units[slot] = unit
    return facts


def taking_out(
    out_of: Airframe | Unit, slot: str, at: datetime, lies_at: str
) -> tuple[Unit, list[Fact]]:
    """Takes out what is in a slot, and returns it with the facts that state it.

    With nowhere to lie, the unit drops out of the record, as `faults.GAP_SERIAL` does.
    """
    unit = out_of.units.pop(slot)
    in_transit = unit.properties(SerialStatus.IN_TRANSIT, SerialCondition.UNSERVICEABLE)
    facts: list[Fact] = [
        end(out_of.utcs, "CONTAINS", unit.utcs, slot),
        put(unit.utcs, in_transit),
    ]
    if lies_at:
        facts.append(link(unit.utcs, "LOCATED_IN", facility_id(lies_at)))
    unit.carried(None, at)
    unit.lies_at = lies_at
    return unit, facts


def moving(unit: Unit, to: str) -> list[Fact]:
    """Moves a unit that is installed nowhere from one base to another."""
    facts: list[Fact] = [
        end(unit.utcs, "LOCATED_IN", facility_id(unit.lies_at)),
        link(unit.utcs, "LOCATED_IN", facility_id(to)),
    ]
    unit.lies_at = to
    return facts
