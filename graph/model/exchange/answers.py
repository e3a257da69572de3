"""What the maintenance system is told of an asset: what it is, what is due, how it stands, what to meet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pydantic import Field, JsonValue

from graph.model.compliance import Standing
from graph.model.due import DueSort, DueStanding
from graph.model.exchange.message import Message
from graph.model.identifier import Utcs
from graph.model.life import LifeStanding, LimitOf, LimitUnit
from graph.model.time import UtcDatetime

# ruff: noqa: N815 - members are named as they are written in messages


class Told(Message):
    """The base of what is told of an asset at a moment."""

    dppId: str = Field(description="The passport id.")
    asset: Utcs = Field(description="The asset.")
    asOf: UtcDatetime = Field(description="For which moment in the world it holds.")
    knownAt: UtcDatetime = Field(description="As it was known then.")
    cut: str | None = Field(description="What was left out, in words; null if nothing was.")


class Stated(Message):
    """A thing with what is stated of it; docs/ontology.md has the properties of each kind."""

    utcs: Utcs
    kind: str
    name: str
    properties: dict[str, JsonValue]


class NamedThing(Message):
    """A thing by its id and name."""

    utcs: Utcs
    name: str


class AssetSpecification(Told):
    """What an asset is, and to what it was made."""

    identity: Stated = Field(description="The asset itself, with all its ids.")
    partNumber: Stated | None = Field(
        description="What it is made to; null if that is not on record."
    )
    baselines: list[Stated] = Field(description="What it was built to, and what freezes it.")
    embodied: list[Stated] = Field(description="The changes that are embodied.")
    software: list[NamedThing] = Field(description="The software that it carries itself.")


class ScheduledLimit(Message):
    """One limit of something that is due."""

    unit: LimitUnit = Field(description="What it is measured in.")
    limit: Decimal = Field(description="The threshold, interval or life.")
    tolerance: Decimal = Field(description="How far it may run over.")
    dueAt: Decimal | None = Field(description="The total since new at which it is due.")
    dueOn: date | None = Field(description="The day on which it is due.")
    remaining: Decimal | None = Field(
        description="What is left; below 0 it is late; null: unknown."
    )


class ScheduledItem(Message):
    """One thing that is due on one unit."""

    standing: DueStanding = Field(description="How it stands.")
    sort: DueSort = Field(description="What sort of rule demands it.")
    rule: Utcs = Field(description="The task, directive, bulletin or part number.")
    number: str = Field(description="Its number, as printed.")
    name: str = Field(description="What is to be done.")
    schedule: str = Field(description="When it is due, in words.")
    unit: Utcs = Field(description="On what.")
    position: str = Field(description="Where that is in the asset.")
    limits: list[ScheduledLimit]
    forecastOn: date | None = Field(
        description="When it falls due if the asset flies on as lately."
    )
    lastDoneOn: date | None = Field(description="When it was last done; null: never, on record.")
    labourH: Decimal | None = Field(description="The labour that it is thought to take, in hours.")
    skill: str | None = Field(description="The trade that it needs.")
    workOrders: list[Utcs] = Field(description="The open work orders that are to do it.")
    why: str = Field(description="What that rests on, in one sentence.")


class MaintenanceSchedule(Told):
    """What is due on an asset, the most urgent first."""

    counts: dict[DueStanding, int] = Field(description="How many items stand how.")
    items: list[ScheduledItem]


class Counter(Message):
    """How much an asset has been used."""

    counter: str = Field(description="`fh`, `fc`, `apu_h`, `apu_starts` or `landings`.")
    total: Decimal = Field(description="Since new.")


class RemainingLife(Message):
    """One limit to the life of a component."""

    of: LimitOf = Field(description="Whether it is counted since new or since overhaul.")
    unit: LimitUnit = Field(description="What it is counted in.")
    allowed: Decimal = Field(description="The limit.")
    used: Decimal | None = Field(description="How much is used up; null: unknown.")


class Component(Message):
    """One unit in its place."""

    position: str = Field(description="The slots down to it, with points between.")
    unit: Utcs
    name: str
    partNumber: str | None
    serialNumber: str | None
    since: UtcDatetime = Field(description="Since when it is in that place.")
    standing: LifeStanding | None = Field(description="How its life stands; null: no limit.")
    life: list[RemainingLife]


class OpenRecord(Message):
    """A finding, deferral, discrepancy or alert that is open."""

    record: Stated
    about: Utcs = Field(description="The unit that it is about.")


class ComponentStatus(Told):
    """What is in an asset, how much life that has, and what is open about it."""

    counters: list[Counter]
    components: list[Component]
    records: list[OpenRecord]


class CertificationRequirement(Message):
    """How one unit stands towards one directive or bulletin."""

    demand: Utcs
    number: str = Field(description="Its number, as printed.")
    name: str = Field(description="What it demands.")
    isMandatory: bool = Field(description="Whether an authority demands it.")
    unit: Utcs
    unitName: str
    applies: bool | None = Field(description="Whether it applies; null if nobody can say.")
    because: str = Field(description="Why it applies or not.")
    standing: Standing
    why: str = Field(description="What the standing rests on, in one sentence.")
    dueFh: Decimal | None = Field(description="Due at these flight hours since new.")
    dueFc: Decimal | None = Field(description="Due at these flight cycles since new.")
    dueOn: date | None = Field(description="Due on this day.")
    doneOn: date | None = Field(description="When it was last complied with.")
    workOrder: Utcs | None = Field(description="On what work order that rests.")


class CertificationRequirements(Told):
    """What directives and bulletins demand of an asset and what it has on board."""

    counts: dict[Standing, int] = Field(description="How many stand how.")
    requirements: list[CertificationRequirement]
