"""`utcs genealogy`: the life of a unit back to its birth, and what is installed in an aircraft."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from api.plain import plain
from cli.connect import ask
from cli.output import json_out, moment, rows, tell
from cli.questions import AsJson, AsOf, First, Id, KnownAt, coordinates
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.genealogy import Aboard, Genealogy, gaps_aboard
from graph.store.genealogy import genealogy as ask_genealogy
from graph.store.history import Cause
from graph.store.installed import Installed, find_installed
from graph.store.moment import Moment
from graph.store.question import counted
from graph.store.resolve import resolve


def genealogy(
    id: Id,
    gaps: Annotated[
        bool,
        typer.Option(
            "--gaps",
            help="Only when nothing says where it was, of an aircraft where the units in it were; "
            "exit status 1 if ever.",
        ),
    ] = False,
    first: First = 100,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Say where a unit has been since birth, or what is installed in an aircraft.

    Example: utcs genealogy utcs:AMPEL360:serial:SIDEST-00001 --gaps
    """
    at = coordinates(as_of, known_at)
    answer = ask(lambda graph: _answer(graph, id, gaps, first, at))
    if isinstance(answer, Genealogy):
        _say_life(answer, gaps, as_json)
    elif isinstance(answer, Aboard):
        _say_aboard(answer, as_json)
    else:
        json_out({"installed": answer}) if as_json else _say_tree(answer)


async def _answer(
    graph: Graph, id: str, gaps: bool, first: int, at: Coordinates
) -> Genealogy | Aboard | list[Installed]:
    utcs = await resolve(graph, id, at=at)
    if utcs.kind != "aircraft":
        return await ask_genealogy(graph, utcs, first=first, at=at)
    return await (gaps_aboard if gaps else _tree)(graph, utcs, at=at)


async def _tree(graph: Graph, utcs: Utcs, *, at: Coordinates) -> list[Installed]:
    found = await find_installed(graph, utcs, at=at)
    if not found:
        raise await not_there(graph, utcs, Moment.of(graph, at))
    return [found[position] for position in sorted(found)]


def _say_life(answer: Genealogy, only_gaps: bool, as_json: bool) -> None:
    if as_json:
        told: dict[str, Any] = plain(answer)
        json_out({name: told[name] for name in ("utcs", "born", "gaps")} if only_gaps else told)
    elif only_gaps:
        _say_gaps(answer)
    else:
        _say_stays(answer)
    if only_gaps and answer.gaps:
        raise typer.Exit(1)


def _say_stays(answer: Genealogy) -> None:
    rows(
        ("from", "to", "where", "begun by", "ended by"),
        [
            (
                moment(one.since),
                moment(one.until),
                one,
                _cause(one.began, one.began_under, one.reference),
                _cause(one.ended, one.ended_under),
            )
            for one in answer.stays
        ],
    )
    for gap in answer.gaps:
        tell(f"{gap} from {moment(gap.since)} to {moment(gap.until)}", "yellow")
    for clash in answer.overlaps:
        span = f"from {moment(clash.since)} to {moment(clash.until)}"
        tell(f"In two places {span}: {clash.one}; {clash.other}", "yellow")
    _say_verdict(answer)


def _say_gaps(answer: Genealogy) -> None:
    rows(
        ("from", "to", "before", "after"),
        [
            (
                moment(gap.since),
                moment(gap.until),
                gap.before or "its birth",
                gap.after or "nothing yet",
            )
            for gap in answer.gaps
        ],
    )
    _say_verdict(answer)


def _say_verdict(answer: Genealogy) -> None:
    listed = f"; the first {len(answer.stays):,} listed" if answer.next else ""
    wrong = f"{counted(len(answer.gaps), 'gap')}, {counted(len(answer.overlaps), 'overlap')}"
    tell(
        f"Since its birth, {moment(answer.born)}: {counted(answer.total, 'stay')}, {wrong}{listed}",
        style="green" if answer.is_complete else "yellow",
    )


def _cause(cause: Cause | None, order: Utcs | None, reference: str | None = None) -> str:
    """Returns who said it in which event, and under which order."""
    if cause is None:
        return ""
    under = order.local if order else reference
    return f"{cause.source} {cause.id} by {cause.actor}{f', {under}' if under else ''}"


def _say_aboard(answer: Aboard, as_json: bool) -> None:
    if as_json:
        json_out(answer)
    else:
        rows(
            ("unit", "from", "to"),
            [(one.unit, moment(one.since), moment(one.until)) for one in answer.gaps],
        )
        tell(
            f"{counted(answer.units, 'unit')} in it, {counted(len(answer.gaps), 'gap')}",
            style="yellow" if answer.gaps else "green",
        )
    if answer.gaps:
        raise typer.Exit(1)


def _say_tree(units: list[Installed]) -> None:
    rows(
        ("position", "unit", "id"),
        [(".".join(one.position) or "-", one.unit.properties.name, one.unit.utcs) for one in units],
    )
    tell(f"{counted(len(units) - 1, 'unit')} installed", style="green")
