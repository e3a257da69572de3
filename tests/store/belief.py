"""What should be believed, worked out the slow and simple way from the events alone.

The independent reference for `graph.store.apply`: it shares no code with it. For any instant, the
greatest (valid_from, rank, time, source, id) at or before it wins; nothing else matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Key = tuple[Any, ...]
Order = tuple[str, int, str, str, str]


def statements(events: Iterable[dict[str, Any]]) -> list[tuple[Key, Order, Any]]:
    """Each fact of the events that none of them withdraws: (what, order, content or None)."""
    events = list(events)
    withdrawn = {
        (f["source"], f["id"]) for e in events for f in e["data"]["facts"] if f["fact"] == "correct"
    }
    said: list[tuple[Key, Order, Any]] = []
    for e in events:
        if (e["source"], e["id"]) in withdrawn:
            continue
        for f in e["data"]["facts"]:
            order = (e["time"], e.get("sourcerank", 50), e["time"], e["source"], e["id"])
            if f["fact"] == "put_node":
                said.append(((f["utcs"],), order, f["properties"]["name"]))
            elif f["fact"] == "retire_node":
                said.append(((f["utcs"],), order, None))
            elif f["fact"] != "correct":
                key = (f["source"], f["link"], f["target"], f.get("slot"))
                said.append((key, order, True if f["fact"] == "put_link" else None))
    return said


def belief(events: Iterable[dict[str, Any]], at: str) -> dict[Key, Any]:
    """What holds at an instant: the content of each thing and link that is there then."""
    best: dict[Key, tuple[Order, Any]] = {}
    for key, order, content in statements(events):
        if order[0] <= at and (key not in best or best[key][0] < order):
            best[key] = (order, content)
    return {key: content for key, (_, content) in best.items() if content is not None}
