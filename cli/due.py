"""`utcs due`: what is due on an aircraft or in the fleet, and how it is best put together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from api.due import list_document, packages_document
from cli.connect import ask
from cli.output import json_out, rows, say, tell
from cli.questions import AsJson, AsOf, First, KnownAt, coordinates
from graph.model.compliance import Limits
from graph.model.due import DueStanding
from graph.model.identifier import Utcs
from graph.model.packaging import Package
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.due import (
    HORIZON,
    WINDOW_DAYS,
    DueList,
    DuePackages,
    due_list,
    due_packages,
    read_horizon,
)
from graph.store.due_item import DueItem
from graph.store.question import counted
from graph.store.resolve import resolve

Line = tuple[object, ...]


def due(
    id: Annotated[
        str | None, typer.Argument(help="Any id of an aircraft or unit; the fleet unless given.")
    ] = None,
    within: Annotated[
        str | None,
        typer.Option(help="How far ahead, whichever comes first: 90d, or 90d,200fh,100fc."),
    ] = None,
    is_packaged: Annotated[
        bool,
        typer.Option("--packages", help="Put it together into stops; 90d ahead unless --within."),
    ] = False,
    window_days: Annotated[
        int, typer.Option(help="Forecast from what was flown over so many days.")
    ] = WINDOW_DAYS,
    first: First = 50,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Say what is due: tasks, directives, life limits; exit status 1 if anything is overdue.

    Example: utcs due DPP-H2-001 --within 90d --packages
    """
    at = coordinates(as_of, known_at)
    horizon = None if within is None else read_horizon(within, "--within")
    if is_packaged:
        _answer_packages(id, horizon or HORIZON, window_days, at, as_json)
    else:
        _answer_list(id, horizon, window_days, first, at, as_json)


def _answer_list(
    id: str | None,
    within: Limits | None,
    window_days: int,
    first: int,
    at: Coordinates,
    as_json: bool,
) -> None:
    async def asked(graph: Graph) -> DueList:
        utcs = await _about(graph, id, at)
        return await due_list(
            graph, utcs, within=within, window_days=window_days, first=first, at=at
        )

    found = ask(asked)
    if as_json:
        json_out(list_document(found))
    else:
        rows(
            ("standing", "on", "rule", "what", "when", "last done", "expected"),
            map(_line, found.items),
        )
        _say_extent(found)
    if found.counts[DueStanding.OVERDUE]:
        raise typer.Exit(1)


def _answer_packages(
    id: str | None, within: Limits, window_days: int, at: Coordinates, as_json: bool
) -> None:
    async def asked(graph: Graph) -> DuePackages:
        utcs = await _about(graph, id, at)
        return await due_packages(graph, utcs, within=within, window_days=window_days, at=at)

    found = ask(asked)
    if as_json:
        json_out(packages_document(found))
    else:
        _say_packages(found)
    items = (item for package in found.packages for item in package.items)
    if any(item.standing is DueStanding.OVERDUE for item in items):
        raise typer.Exit(1)


async def _about(graph: Graph, id: str | None, at: Coordinates) -> Utcs | None:
    return None if id is None else await resolve(graph, id, at=at)


def _line(item: DueItem) -> Line:
    last = item.last
    return (
        item.standing.value.replace("_", " "),
        _where(item),
        item.rule.number,
        item.rule.name,
        item.why,
        "" if last is None else f"{last.on} {last.reference or ''}".rstrip(),
        _expected(item),
    )


def _where(item: DueItem) -> str:
    unit = item.unit
    if unit.aircraft is None or unit.aircraft == unit.utcs:
        return unit.utcs.local
    return f"{unit.utcs.local} in {unit.aircraft.local}"


def _expected(item: DueItem) -> str:
    """Returns when an item falls due, with the range; nothing for what is late or cannot be forecast."""
    found = item.judged.forecast
    if found is None or found.on is None:
        return ""
    if found.earliest == found.latest:
        return str(found.on)
    return f"{found.on} ({found.earliest} to {found.latest or 'never'})"


def _say_extent(found: DueList) -> None:
    counts = ", ".join(
        f"{count:,} {standing.value.replace('_', ' ')}"
        for standing, count in found.counts.items()
        if count
    )
    listed = f"; the first {len(found.items):,} listed" if found.next else ""
    is_overdue = found.counts[DueStanding.OVERDUE] > 0
    tell(
        f"On {found.day}: {counts or 'nothing is due'}, on {found.aircraft:,} aircraft{listed}",
        style="red" if is_overdue else "green",
    )


def _say_packages(found: DuePackages) -> None:
    for package in found.packages:
        late = f", {package.late} late" if package.late else ""
        say(
            f"{Utcs.parse(package.stops).local} by {package.on}: {counted(len(package.items), 'item')}, "
            f"{package.labour_h} h{late}",
            style="bold",
        )
        rows(("skill", "access", "labour", "what"), _blocks(package))
    for item in found.unplaced:
        found_gap = item.judged.forecast and item.judged.forecast.gap
        tell(
            f"in no package: {item.unit.utcs.local} {item.rule.number}: {found_gap or item.why}",
            "yellow",
        )
    total = sum(len(package.items) for package in found.packages)
    tell(
        f"On {found.day}: {counted(total, 'item')} in {counted(len(found.packages), 'package')}, "
        f"{len(found.unplaced):,} in none",
        style="yellow" if found.unplaced else "green",
    )


def _blocks(package: Package[DueItem]) -> Iterator[Line]:
    for block in package.blocks:
        what = ", ".join(dict.fromkeys(item.rule.number for item in block.items))
        access = " ".join(block.access or block.zones) or "-"
        yield block.skill or "-", access, f"{block.labour_h} h", what
