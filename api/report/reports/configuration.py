"""What is in it: every unit by position, and the software on each."""

from __future__ import annotations

from collections.abc import Iterable

from api.report.asked import Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.words import spaced
from graph.model.engineering import Software
from graph.model.identifier import VersionRef
from graph.model.product import Serial
from graph.store.absence import not_there
from graph.store.installed import Installed, find_installed
from graph.store.moment import Moment

_UNITS = (
    Column("position"), Column("unit", Type.ID), Column("name"), Column("serial number"),
    Column("condition"), Column("status"), Column("modification"), Column("made", Type.DAY),
    Column("expires", Type.DAY),
)  # fmt: skip
_SOFTWARE = (
    Column("position"), Column("unit", Type.ID), Column("software", Type.ID), Column("name"),
    Column("part number"), Column("revision"),
)  # fmt: skip


async def make(asked: Asked) -> Draft:
    """Returns what is installed in a unit at any depth."""
    found = await find_installed(asked.graph, asked.utcs, at=asked.at)
    if not found:
        raise await not_there(asked.graph, asked.utcs, Moment.of(asked.graph, asked.at))
    units = [found[position] for position in sorted(found)]
    asked.progress(f"{len(units):,} units")
    loads = [row for unit in units for row in _loads(unit)]
    return Draft(
        title=f"Configuration of {asked.name}",
        sections=(
            Section("Units", table=Table(_UNITS, tuple(map(_unit, units)))),
            Section("Software", table=Table(_SOFTWARE, tuple(loads))),
        ),
        figures=(Figure("units in it", len(units) - 1), Figure("software loads", len(loads))),
        used=tuple(_used(units)),
    )


CONFIGURATION = ReportKind(
    "configuration",
    "What is installed in an aircraft or unit, by position, with its software.",
    make,
    subjects=frozenset({"serial"}),
)


def _unit(unit: Installed) -> tuple[Cell, ...]:
    thing = unit.unit.properties
    assert isinstance(thing, Serial)  # noqa: S101 - only serials are installed
    return (
        ".".join(unit.position),
        unit.unit.utcs,
        thing.name,
        thing.serial_number,
        thing.condition and spaced(thing.condition),
        thing.status and spaced(thing.status),
        thing.mod_status,
        thing.manufactured_on,
        thing.expires_on,
    )


def _loads(unit: Installed) -> Iterable[tuple[Cell, ...]]:
    for node in unit.software:
        load = node.properties
        assert isinstance(load, Software)  # noqa: S101 - nothing else is loaded
        place = ".".join(unit.position)
        yield place, unit.unit.utcs, node.utcs, load.name, load.number, load.revision


def _used(units: Iterable[Installed]) -> Iterable[str]:
    nodes = (node for unit in units for node in (unit.unit, *unit.software))
    return dict.fromkeys(str(VersionRef(node.utcs, node.version)) for node in nodes)
