"""The development of the type: from certification paragraphs to designs that are tested."""

from __future__ import annotations

from collections.abc import Iterator

from graph.model.engineering import ProductLevel, VerificationMethod
from graph.model.event import Event
from ingest.fleet.catalogue import ITEMS, SYSTEMS, Item, System
from ingest.fleet.design import designed, interfaces, specified, tested
from ingest.fleet.regulation import PARAGRAPHS
from ingest.fleet.requirement import (
    aircraft_demand,
    basis,
    capital,
    item_demands,
    orphan,
    required,
    revised,
    system_demands,
    withdrawn,
)
from ingest.fleet.statement import LAUNCHED, days, stream
from ingest.fleet.words import TYPE


def programme(seed: int) -> Iterator[Event]:
    """Yields the certification basis, requirements, designs, models and tests of the type."""
    yield from basis()
    yield from _aircraft(seed)
    for system in SYSTEMS:
        yield from _system(system, seed)
    yield interfaces()
    for item in ITEMS:
        yield from _item(item, seed)
    yield from orphan()
    yield from withdrawn()


def _aircraft(seed: int) -> Iterator[Event]:
    random = stream(seed, "programme")
    demands = [aircraft_demand(paragraph, random) for paragraph in PARAGRAPHS]
    for demand in demands:
        yield required(demand, LAUNCHED + days(random.uniform(30, 90)))
    yield from designed("BWB-H2", TYPE, None, ProductLevel.AIRCRAFT, demands, random)
    for demand in demands:
        yield from tested(demand.utcs.local.removeprefix("REQ-"), [demand], random)


def _system(system: System, seed: int) -> Iterator[Event]:
    random = stream(seed, "programme", system.chapter)
    demands = [*system_demands(system)]
    for number, demand in enumerate(demands):
        yield required(demand, LAUNCHED + days(100 + 20 * number + random.uniform(0, 18)))
    name = f"{capital(system.noun)} system"
    yield from designed(system.chapter, name, system.chapter, ProductLevel.SYSTEM, demands, random)
    yield from tested(f"{system.chapter}-RIG", demands[:2], random)
    yield from tested(f"{system.chapter}-AC", demands[2:], random)


def _item(item: Item, seed: int) -> Iterator[Event]:
    random = stream(seed, "programme", item.key)
    demands = [*item_demands(item)]
    for demand in demands:
        yield required(demand, LAUNCHED + days(random.uniform(220, 330)))
        if random.random() < 0.1:
            yield revised(demand, LAUNCHED + days(random.uniform(700, 900)))
    name = capital(item.noun)
    yield from designed(item.key, name, item.ata, ProductLevel.ITEM, demands, random)
    yield specified(item.key, name, demands)
    by_test = [demand for demand in demands if demand.method is VerificationMethod.TEST]
    yield from tested(f"{item.key}-QT", by_test, random)
    yield from tested(f"{item.key}-QA", [d for d in demands if d not in by_test], random)
