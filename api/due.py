"""What is due, as JSON for programs: the same document from REST and from the command line."""

from __future__ import annotations

from typing import Any

from api.plain import plain
from graph.model.due import Gauge
from graph.model.packaging import Package
from graph.model.utilisation import Utilisation
from graph.store.due import DueList, DuePackages
from graph.store.due_item import DueItem

Document = dict[str, Any]


def list_document(found: DueList) -> Document:
    """Returns a page of what is due."""
    return {
        "day": plain(found.day),
        "total": found.total,
        "counts": plain(found.counts),
        "sorts": plain(found.sorts),
        "aircraft": found.aircraft,
        "items": [item_document(one) for one in found.items],
        "utilisation": [
            {"aircraft": str(one)} | _used(used) for one, used in found.utilisation.items()
        ],
        "next": found.next,
    }


def packages_document(found: DuePackages) -> Document:
    """Returns what falls due within a horizon, put together."""
    return {
        "day": plain(found.day),
        "packages": [_package(one) for one in found.packages],
        "unplaced": [item_document(one) for one in found.unplaced],
    }


def item_document(item: DueItem) -> Document:
    """Returns one thing that is due."""
    return {
        "standing": item.standing.value,
        "unit": plain(item.unit),
        "rule": plain(item.rule),
        "why": item.why,
        "limits": [_gauge(one) for one in item.judged.gauges],
        "forecast": plain(item.judged.forecast),
        "last": plain(item.last),
        "orders": plain(item.orders),
        "notes": plain(item.notes),
    }


def _gauge(one: Gauge) -> Document:
    told: Document = plain(one)
    return told | {"is_late": one.is_late, "is_over": one.is_over}


def _used(used: Utilisation) -> Document:
    return {
        "window_days": used.window_days,
        "per_day": plain(used.rates),
        "gaps": plain(used.gaps),
    }


def _package(one: Package[DueItem]) -> Document:
    return {
        "stops": one.stops,
        "on": plain(one.on),
        "labour_h": plain(one.labour_h),
        "unstated": one.unstated,
        "early_days": one.early_days,
        "late": one.late,
        "blocks": [
            {
                "skill": block.skill,
                "zones": plain(block.zones),
                "access": plain(block.access),
                "labour_h": plain(block.labour_h),
                "items": [item_document(item) for item in block.items],
            }
            for block in one.blocks
        ],
    }
