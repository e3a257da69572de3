"""Short ways to say things in tests: events, facts and times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from graph.model.time import format_utc

_numbers = count(1)
START = datetime(2025, 1, 1, tzinfo=UTC)


def day(number: float) -> str:
    """The written time of a day of the test's world."""
    return format_utc(START + timedelta(days=number))


def event(*facts: dict[str, Any], on: float = 0, **attributes: Any) -> dict[str, Any]:
    """An event that states facts on a day."""
    return {
        "id": f"e{next(_numbers):06}",  # of one instant, the later one holds
        "source": "urn:test",
        "actor": "tester",
        "time": day(on),
        "data": {"facts": list(facts)},
    } | attributes


def serial(local: str, **properties: Any) -> dict[str, Any]:
    """States a serial."""
    return put(f"utcs:TEST:serial:{local}", serial_number=local, **{"name": local} | properties)


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    """States a thing."""
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": utcs} | properties}


def retire(local: str) -> dict[str, Any]:
    """States that a serial is no more."""
    return {"fact": "retire_node", "utcs": f"utcs:TEST:serial:{local}", "reason": "scrapped"}


def contains(source: str, target: str, slot: str = "1", fact: str = "put_link") -> dict[str, Any]:
    """States that one serial is installed in another, in a slot."""
    return {
        "fact": fact,
        "source": f"utcs:TEST:serial:{source}",
        "link": "CONTAINS",
        "target": f"utcs:TEST:serial:{target}",
        "slot": slot,
    }


def removed(source: str, target: str, slot: str = "1") -> dict[str, Any]:
    """States that one serial is no longer installed in another."""
    return contains(source, target, slot, fact="end_link")


def correct(id: str) -> dict[str, Any]:
    """Withdraws an earlier event."""
    return {"fact": "correct", "source": "urn:test", "id": id, "reason": "typing error"}
