"""Which records miss what? What rules about maintenance records find, with the clause that demands it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.quality_rule import Record, Severity
from graph.model.record_rule import Profile, RecordRule
from graph.model.record_rules import RECORD_KINDS, record_rules_of
from graph.model.time import Coordinates
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.neighbours import ARROWS
from graph.store.question import MAX_FIRST, bounded, read_cursor, require_unit, sealed, write_cursor
from graph.store.records import link_piece, read_record
from graph.store.text import fill

MOST: Final = 10_000
"""So many records are looked at for one page; it may then hold fewer findings than asked, or none."""

WINDOW: Final = 500
"""So many records are read at once."""


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """Something that a record misses.

    Attributes:
        clause: The clause of the profile that demands it.
        field: The property that is missing; None where it is a link or a signature.
        missing: What is missing, in one sentence.
        source: The source of the event that stated the record as it is.
    """

    utcs: Utcs
    kind: str
    name: str
    rule: str
    severity: Severity
    profile: Profile
    clause: str
    field: str | None
    missing: str
    source: str


@dataclass(frozen=True, slots=True)
class RecordLint:
    """One page of what records miss, by kind, then by id.

    Attributes:
        examined: How many records were looked at for this page.
        next: The cursor of the next page; None where all have been looked at.
    """

    profile: Profile
    findings: tuple[RecordFinding, ...]
    examined: int
    next: str | None


async def record_lint(
    graph: Graph,
    profile: Profile,
    about: Utcs | None = None,
    *,
    kinds: Collection[str] | None = None,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> RecordLint:
    """Returns a page of what maintenance records miss that a profile demands.

    Args:
        graph: Where to ask.
        profile: Whose demands.
        about: Only records about this aircraft or unit, and what it has on board; all unless given.
        kinds: Only records of these kinds.
        first: How many findings to a page.
        after: The `next` of the page before.
        at: The coordinates of time.

    Raises:
        BadQuestionError: There are no rules about a kind, the thing is no unit, or a number or the cursor
            is wrong.
        NotFoundError: The unit is not there then.
    """
    wanted = _kinds(kinds)
    asked = sealed("record_lint", profile, str(about), wanted, at)
    kind, start, told = (
        (wanted[0], "", 0) if after is None else read_cursor(asked, after, str, str, int)
    )
    limit, examined, found = bounded("first", first, MAX_FIRST), 0, list[RecordFinding]()
    moment = Moment.of(graph, at)
    if about is not None:
        await _require(graph, about, moment)
    for each in wanted[wanted.index(kind) :]:
        rules = record_rules_of(each, profile)
        async for records in _walk(graph, moment, each, rules, about, start):
            for record in records:
                of_record = _findings(record, rules, profile)
                skipped = told if str(record.utcs) == start else 0
                room = limit - len(found)
                found += of_record[skipped : skipped + room]
                if len(of_record) - skipped > room:
                    mark = write_cursor(asked, each, str(record.utcs), skipped + room)
                    return RecordLint(profile, tuple(found), examined, mark)
                examined += 1
            if examined >= MOST:
                mark = write_cursor(asked, each, f"{records[-1].utcs} ", 0)
                return RecordLint(profile, tuple(found), examined, mark)
        start, told = "", 0
    return RecordLint(profile, tuple(found), examined, None)


def _kinds(kinds: Collection[str] | None) -> list[str]:
    strange = sorted(set(kinds or ()).difference(RECORD_KINDS))
    if strange or (kinds is not None and not kinds):
        raise BadQuestionError(
            f"kinds: there are no rules about {strange[0] if strange else 'nothing'!a:.40}; use one of "
            f"{', '.join(RECORD_KINDS)}",
            field="kinds",
        )
    return [kind for kind in RECORD_KINDS if kinds is None or kind in kinds]


async def _require(graph: Graph, about: Utcs, moment: Moment) -> None:
    """Raises unless the records of a thing can be asked for."""
    require_unit(about, field="about")
    asked = {"unit": str(about), "kind": about.kind, "start": str(about), "limit": 1}
    row = await moment.ask(graph, lint_text(moment, (), is_about=True), asked)
    if row is None or not any(one[0]["utcs"] == str(about) for one in row[0]):
        raise await not_there(graph, about, moment)


async def _walk(
    graph: Graph,
    moment: Moment,
    kind: str,
    rules: Sequence[RecordRule],
    about: Utcs | None,
    start: str,
) -> AsyncIterator[Sequence[Record]]:
    """Yields the records of a kind, in the order of their ids, so many at a time."""
    text = lint_text(moment, rules, is_about=about is not None)
    while rules:
        asked = {"unit": about and str(about), "kind": kind, "start": start, "limit": WINDOW}
        row = await moment.ask(graph, text, asked)
        rows = row[0] if row else []
        if rows:
            asks, follows = _asks(rules), _follows(rules)
            yield [read_record(one, asks, follows, moment.day) for one in rows]
        if len(rows) < WINDOW:
            return
        start = f"{rows[-1][0]['utcs']} "  # a blank comes before all that an id may hold


def _asks(rules: Iterable[RecordRule]) -> list[str]:
    return sorted({read for one in rules for read in one.rule.check.asks})


def _follows(rules: Iterable[RecordRule]) -> list[str]:
    return sorted({read for one in rules for read in one.rule.check.follows})


def _findings(record: Record, rules: Iterable[RecordRule], profile: Profile) -> list[RecordFinding]:
    return [
        RecordFinding(
            utcs=record.utcs,
            kind=record.utcs.kind,
            name=record.thing.name,
            rule=one.rule.name,
            severity=one.rule.severity,
            profile=profile,
            clause=one.clauses[profile],
            field=fault.field,
            missing=fault.problem,
            source=record.source,
        )
        for one in rules
        for fault in one.rule.find(record)
    ]


def lint_text(moment: Moment, rules: Sequence[RecordRule], *, is_about: bool) -> str:
    """Returns the statement that reads records for some rules: all of a kind, or those about a unit."""
    exists = moment.exists("thing")
    things = _about_text(moment, exists) if is_about else fill("lint/of_kind", exists=exists)
    return fill(
        "lint/read",
        things=things,
        holds_row=moment.holds_row("row"),
        has=", ".join(link_piece("record/has", moment, reads) for reads in _asks(rules)),
        linked=", ".join(_piece(moment, reads) for reads in _follows(rules)),
        stale=fill("thing/stale"),
    )


def _about_text(moment: Moment, exists: str) -> str:
    return fill(
        "lint/about",
        exists=exists,
        contains=moment.types(["CONTAINS"]),
        contains_holds=moment.holds("step", ["CONTAINS"]),
        about=moment.types(["ABOUT", "WORKS_ON"]),
        about_holds=moment.holds("link", ["ABOUT", "WORKS_ON"]),
        releases=moment.types(["RELEASES"]),
        releases_holds=moment.holds("next", ["RELEASES"]),
        certified=moment.types(["CERTIFIED_BY"]),
        certified_holds=moment.holds("link", ["CERTIFIED_BY"]),
    )


def _piece(moment: Moment, reads: str) -> str:
    """Returns the piece that follows one link, or two: `SIGNED_BY>QUALIFIED_BY`."""
    first, _, second = reads.partition(">")
    link, left, right = _step(first)
    pieces = {
        "left": left,
        "right": right,
        "type": moment.types([link]),
        "holds": moment.holds("link", [link]),
        "holds_end": moment.holds_row("end"),
    }
    if not second:
        return fill("lint/linked", **pieces)
    link, left, right = _step(second)
    return fill(
        "lint/beyond",
        **pieces,
        left_on=left,
        right_on=right,
        type_on=moment.types([link]),
        holds_on=moment.holds("onward", [link]),
    )


def _step(reads: str) -> tuple[str, str, str]:
    """Returns the link type that a name reads, and the arrow that it is matched with."""
    link, forward = ontology.link_as_read(reads)
    return link.name, *ARROWS["out" if forward else "in"]
