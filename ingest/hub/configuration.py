"""A reported configuration against the record: what differs is a discrepancy, until a report agrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.model.alias import Alias
from graph.model.engineering import Software
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.operation import Discrepancy, DiscrepancyCategory, DiscrepancyStatus
from graph.model.product import Serial
from graph.store.installed import Installed
from ingest.files.statement import put_link, put_node
from ingest.hub.event import thing_of
from ingest.messages.configuration import ConfigurationData, ConfigurationReported, Load, Place

Position = tuple[str, ...]
Record = Mapping[Position, Installed]

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that report and record say something about.

    Attributes:
        position: Slot by slot from the subject down.
        aspect: `serial`, `modification` or `software`.
        category: In what they differ.
        reported: What the report says; None is nothing.
        recorded: What the record says; None is nothing.
        unit: The unit that is recorded there.
        agrees: Whether both say the same.
    """

    position: Position
    aspect: str
    category: DiscrepancyCategory
    reported: str | None
    recorded: str | None
    unit: Utcs | None
    agrees: bool

    @property
    def where(self) -> str:
        """The position and the aspect, for people."""
        return f"{' / '.join(self.position) or 'the unit itself'}: {self.aspect}"


def configuration_facts(
    report: ConfigurationReported,
    subject: Utcs,
    record: Record,
    existing: Mapping[Utcs, Discrepancy],
) -> list[Fact]:
    """Returns what a reported configuration states: discrepancies that open, change or close.

    A position of which the record knows nothing is `extra`: refusing the report would lose the finding.
    What people have settled stays settled while report and record say what they said then.

    Args:
        report: What the subject says of itself.
        subject: The aircraft or assembly.
        record: What is recorded to be installed at the time of the report.
        existing: The discrepancies of the subject at that time.
    """
    facts: list[Fact] = []
    for compared in [*compare(report.data, record), *_gone(report.data, existing)]:
        thing = thing_of(subject, "discrepancy", "DIS", *compared.position, "", compared.aspect)
        before = existing.get(thing)
        if compared.agrees:
            if before is not None and before.status is DiscrepancyStatus.OPEN:
                facts.append(put_node(thing, _closed(before, report)))
        elif before is None or not _is_same(before, compared):
            facts.append(put_node(thing, _open(thing, compared, subject, _since(before, report))))
            about = dict.fromkeys((subject, compared.unit or subject))
            facts += [put_link(thing, "ABOUT", unit) for unit in about]
    return facts


def compare(data: ConfigurationData, record: Record) -> Iterator[Compared]:
    """Yields what report and record both say something about, position by position."""
    for place in data.places:
        recorded = record.get(place.position)
        if place.says_serial:
            yield _serial(place, recorded)
        if place.mod_status is not None:
            yield _modification(place, recorded)
        if place.software is not None:
            yield _software(place, recorded)
    if data.is_complete:
        listed = {place.position[:1] for place in data.places}
        for position, recorded in record.items():
            if len(position) == 1 and position not in listed:
                yield _serial(Place(position=position, serial=None), recorded)


def _serial(place: Place, recorded: Installed | None) -> Compared:
    category = DiscrepancyCategory.SERIAL
    if recorded is None:
        category = DiscrepancyCategory.EXTRA
    elif place.serial is None:
        category = DiscrepancyCategory.MISSING
    agrees = _is_called(recorded, place.serial) if recorded else place.serial is None
    shown = _shown(recorded) if recorded else None
    return _compared(place, "serial", category, place.serial, shown, recorded, agrees)


def _modification(place: Place, recorded: Installed | None) -> Compared:
    held = _unit(recorded).mod_status if recorded else None
    agrees = held is not None and held.split() == (place.mod_status or "").split()
    category = DiscrepancyCategory.MODIFICATION
    return _compared(place, "modification", category, place.mod_status, held, recorded, agrees)


def _software(place: Place, recorded: Installed | None) -> Compared:
    """Compares all loads of a unit, and tells of those that differ only."""
    told = {_load(load) for load in place.software or ()}
    held = {_load(node.properties) for node in recorded.software} if recorded else set()
    return _compared(
        place,
        "software",
        DiscrepancyCategory.SOFTWARE,
        _listed(told - held),
        _listed(held - told),
        recorded,
        told == held,
    )


def _compared(
    place: Place,
    aspect: str,
    category: DiscrepancyCategory,
    reported: str | None,
    recorded: str | None,
    installed: Installed | None,
    agrees: bool,
) -> Compared:
    unit = installed.unit.utcs if installed else None
    return Compared(place.position, aspect, category, reported, recorded, unit, agrees)


def _gone(data: ConfigurationData, existing: Mapping[Utcs, Discrepancy]) -> Iterator[Compared]:
    """Yields what a complete report settles by not naming it: units that were extra and are no more."""
    listed = {place.position[:1] for place in data.places}
    for before in existing.values() if data.is_complete else ():
        slots = before.extra.get("position")
        position = tuple(map(str, slots)) if isinstance(slots, list) else ()
        extra = before.category is DiscrepancyCategory.EXTRA
        if extra and len(position) == 1 and position not in listed:
            yield Compared(position, "serial", DiscrepancyCategory.EXTRA, None, None, None, True)


def _is_called(installed: Installed, text: str | None) -> bool:
    """Whether a unit goes by that name: its serial number, an alias, or its identifier."""
    if text is None:
        return False
    unit = _unit(installed)
    utcs = installed.unit.utcs
    names = {unit.serial_number, utcs.local, str(utcs), utcs.checked}
    return text.strip() in names or not set(Alias.guess(text)).isdisjoint(unit.aliases)


def _unit(installed: Installed) -> Serial:
    unit = installed.unit.properties
    assert isinstance(unit, Serial)  # noqa: S101
    return unit


def _shown(installed: Installed) -> str:
    return _unit(installed).serial_number or installed.unit.utcs.local


def _load(load: Any) -> tuple[str, str]:
    if isinstance(load, Software):
        return load.number or load.name, load.revision or ""
    assert isinstance(load, Load)  # noqa: S101
    return load.number, load.revision or ""


def _listed(loads: set[tuple[str, str]]) -> str | None:
    text = ", ".join(f"{number} {revision}".strip() for number, revision in sorted(loads))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _is_same(before: Discrepancy, now: Compared) -> bool:
    if before.status is DiscrepancyStatus.CLOSED:
        return False
    return (before.reported, before.recorded) == (now.reported or None, now.recorded or None)


def _since(before: Discrepancy | None, report: ConfigurationReported) -> datetime:
    """Returns since when it is open: what only changed its value was noticed before."""
    if before is None or before.status is not DiscrepancyStatus.OPEN:
        return report.time
    return before.detected_at or report.time


def _open(thing: Utcs, now: Compared, subject: Utcs, at: datetime) -> dict[str, Any]:
    return {
        "name": f"{now.where} of {subject.local}"[:_LONGEST],
        "number": thing.local,
        "category": now.category,
        "subject_property": now.where[:_LONGEST],
        "reported": now.reported or None,
        "recorded": now.recorded or None,
        "status": DiscrepancyStatus.OPEN,
        "detected_at": at,
        "extra": {"position": list(now.position), "aspect": now.aspect},
    }


def _closed(before: Discrepancy, report: ConfigurationReported) -> dict[str, Any]:
    settled = {
        "status": DiscrepancyStatus.CLOSED,
        "closed_at": report.time,
        "resolution": f"Report {report.id} agrees with the record.",
    }
    return before.model_dump() | settled
