"""What occurred that bears on safety, as Regulations (EU) 376/2014 and 2015/1018 ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from api.report.asked import MAX_ROWS, Asked, ReportKind
from api.report.document import Cell, Column, Draft, Figure, Section, Table, Type
from api.report.words import spaced
from graph.model.occurrence import Reporting
from graph.store.occurrences import Occurrence, occurrences

_COUNTS: Final = (Column("standing"), Column("occurrences", Type.NUMBER))
_REPORTING: Final = (
    Column("standing"), Column("occurrence", Type.ID), Column("file number"),
    Column("occurred at", Type.MOMENT), Column("72 hours end", Type.MOMENT),
    Column("reported on", Type.DAY), Column("reference of the authority"), Column("status"),
    Column("because"),
)  # fmt: skip
_OCCURRENCES: Final = (
    Column("occurrence", Type.ID), Column("file number"), Column("headline"),
    Column("occurred at", Type.MOMENT), Column("where"), Column("severity"), Column("category"),
    Column("phase of flight"), Column("injuries", Type.NUMBER), Column("what happened"),
)  # fmt: skip
_AIRCRAFT: Final = (
    Column("occurrence", Type.ID), Column("aircraft", Type.ID), Column("registration"),
    Column("serial number"), Column("model"), Column("operator"), Column("flight"), Column("from"),
    Column("to"), Column("about"),
)  # fmt: skip
_LIMIT: Final = (
    "Regulation (EU) 376/2014, Article 4, gives 72 hours from when one becomes aware of an occurrence. The "
    "record has when it happened, so they are counted from then: never longer than the law. It has the day "
    "of a report and not its hour, so one of the last day counts as in time. Which occurrences must be "
    "reported is listed in Regulation (EU) 2015/1018; the record says which are. What it does not say is "
    "unknown."
)
_FIELDS: Final = (
    "The common mandatory data fields (Regulation (EU) 376/2014, Annex I) that the record holds. An empty "
    "cell is not on record and has to be supplied."
)


async def make(asked: Asked) -> Draft:
    """Returns what occurred, and what of it the authority knows."""
    about = None if asked.about is None else asked.utcs
    found = await occurrences(asked.graph, about, most=MAX_ROWS, at=asked.at)
    every = found.occurrences
    marked = [one for one in every if one.reported.standing.is_marked]
    cut = None if found.is_whole else f"the first {MAX_ROWS:,} by identifier were read"
    tables = (
        ("How many", _counts(every)),
        ("Not reported within 72 hours", _reporting(marked)),
        ("Reports to the authority", _reporting(every)),
        ("Occurrences", Table(_OCCURRENCES, tuple(map(_occurrence, every)))),
        ("Aircraft and flights", Table(_AIRCRAFT, tuple(map(_aircraft, every)))),
    )
    prose = {"Not reported within 72 hours": (_LIMIT,), "Occurrences": (_FIELDS,)}
    return Draft(
        title="Occurrences of the fleet" if about is None else f"Occurrences: {asked.name}",
        sections=tuple(
            Section(heading, prose.get(heading, ()), table, cut) for heading, table in tables
        ),
        figures=(
            Figure("occurrences", len(every)),
            Figure("not reported within 72 hours", len(marked)),
        ),
        used=tuple(str(one.ref) for one in every),
    )


OCCURRENCES: Final = ReportKind(
    "occurrences", "What occurred in the fleet or on an aircraft, and what the authority was told when.",
    make, subjects=frozenset({"serial"}), needs_subject=False,
)  # fmt: skip


def _counts(some: Iterable[Occurrence]) -> Table:
    counts = Counter(one.reported.standing for one in some)
    return Table(_COUNTS, tuple((spaced(one), counts[one]) for one in Reporting))


def _reporting(some: Iterable[Occurrence]) -> Table:
    return Table(_REPORTING, tuple(map(_reported, some)))


def _reported(one: Occurrence) -> tuple[Cell, ...]:
    said, towards = one.incident, one.reported
    return (
        spaced(towards.standing),
        one.ref.utcs,
        said.number,
        said.occurred_at,
        towards.until,
        said.reported_on,
        said.authority_reference,
        None if said.status is None else spaced(said.status),
        towards.why,
    )


def _occurrence(one: Occurrence) -> tuple[Cell, ...]:
    said = one.incident
    return (
        one.ref.utcs,
        said.number,
        said.name,
        said.occurred_at,
        said.location,
        None if said.severity is None else spaced(said.severity),
        said.category,
        said.phase_of_flight,
        said.injuries,
        said.text,
    )


def _aircraft(one: Occurrence) -> tuple[Cell, ...]:
    said = one.said
    known = (None, None, None, None) if said is None else (
        said.registration, said.msn or said.serial_number, said.model_designation or said.type_designation,
        said.operator,
    )  # fmt: skip
    others = ", ".join(on.local for on in one.on if on != one.aircraft)
    return one.ref.utcs, one.aircraft, *known, *one.flight, others or None
