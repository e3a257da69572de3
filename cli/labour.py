"""`utcs labour`: hours booked on the steps of work orders, and shifts."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.connect import ask, owner
from cli.output import json_out, moment, rows, say
from cli.questions import AsJson, AsOf, KnownAt, coordinates
from cli.signing import allowed, person_named
from cli.words import Verb
from graph.flows.labour import Planned, book, plan_shift
from graph.model.kind import plain
from graph.model.labour import Span
from graph.model.time import parse_moment
from graph.model.work import STEPS
from graph.store.database import Graph
from graph.store.labour import Hours, RosterAt, find_hours, find_roster
from graph.store.resolve import resolve

app = typer.Typer(
    no_args_is_help=True,
    help="Labour: the hours of a work order, booked on its steps; the shifts of people.",
    epilog="Example: utcs labour list WO-54321",
)

Order = Annotated[str, typer.Argument(help="The work order, by its number or any other id.")]
Starts = Annotated[str, typer.Argument(help="When it begins, or began: an RFC 3339 time.")]
Ends = Annotated[str, typer.Argument(help="When it ends, or ended: an RFC 3339 time.")]
Person = Annotated[
    str, typer.Argument(help="The person, by pseudonym at the authority, or any id.")
]


@app.command("list", cls=Verb)
def list_(id: Order, as_of: AsOf = None, known_at: KnownAt = None, as_json: AsJson = False) -> None:
    """List the hours that are booked on a work order.

    Example: utcs labour list WO-54321
    """
    at = coordinates(as_of, known_at)

    async def listed(graph: Graph) -> Hours:
        return await find_hours(graph, await resolve(graph, id, at=at), at=at)

    found = ask(listed)
    if as_json:
        json_out(found)
        return
    told = [
        (
            one.person.local,
            one.labour.step,
            moment(one.span.starts_at),
            moment(one.span.ends_at),
            one.span.hours,
        )
        for one in found.booked
    ]
    rows(("person", "step", "from", "to", "hours"), told, number=4)
    say(f"{plain(found.total)} hours in all")


@app.command(cls=Verb)
def roster(
    person: Annotated[str, typer.Argument(help="The person, by any id.")],
    since: Annotated[str, typer.Argument(help="From when: an RFC 3339 time or a day.")],
    until: Annotated[str, typer.Argument(help="Until when, at most 366 days later.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Show the hours and shifts of a person that reach into some time.

    Example: utcs labour roster utcs:AMPEL360:person:P-0474 2025-11-01 2025-11-08
    """
    at = coordinates(as_of, known_at)
    span = Span(parse_moment(since, "since"), parse_moment(until, "until"))

    async def shown(graph: Graph) -> RosterAt:
        return await find_roster(graph, await resolve(graph, person, at=at), span, at=at)

    found = ask(shown)
    if as_json:
        json_out(found)
        return
    told = [("shift", one.span, one.place) for one in found.roster.shifts]
    told += [("worked", one.span, one.order) for one in found.roster.booked]
    rows(
        ("what", "from", "to", "on"),
        [
            (what, moment(when.starts_at), moment(when.ends_at), "" if on is None else on.local)
            for what, when, on in sorted(told, key=lambda line: line[1].starts_at)
        ],
    )


@app.command("book", cls=Verb)
def book_(
    id: Order,
    step: Annotated[str, typer.Argument(help=f"The step: {', '.join(STEPS)}.")],
    person: Person,
    starts: Starts,
    ends: Ends,
    is_overtime: Annotated[
        bool, typer.Option("--overtime", help="It was outside the shifts of the person.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Book the hours that a person worked on a step of a work order.

    Example: utcs labour book WO-54321 perform P-0474 2025-11-02T14:00:00Z 2025-11-02T16:30:00Z
    """
    span = Span(parse_moment(starts, "starts"), parse_moment(ends, "ends"))

    async def made(graph: Graph) -> Planned:
        order = await resolve(graph, id)
        who = await person_named(graph, person, order)
        return await book(graph, owner(), order, step, who, span, is_overtime=is_overtime)

    _tell(allowed(made, as_json), as_json)


@app.command(cls=Verb)
def shift(
    person: Person,
    starts: Starts,
    ends: Ends,
    place: Annotated[str, typer.Argument(help="The facility, by any id.")],
    number: Annotated[str | None, typer.Option(help="What the shift is called there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Plan a shift of a person.

    Example: utcs labour shift P-0474 2026-01-05T05:00:00Z 2026-01-05T13:00:00Z
    utcs:AMPEL360:facility:FAC-MUC
    """
    span = Span(parse_moment(starts, "starts"), parse_moment(ends, "ends"))

    async def made(graph: Graph) -> Planned:
        where = await resolve(graph, place)
        who = await person_named(graph, person, where)
        return await plan_shift(graph, owner(), who, span, where, number=number)

    _tell(allowed(made, as_json), as_json)


def _tell(made: Planned, as_json: bool) -> None:
    if as_json:
        json_out(made)
    else:
        say(f"{made.person.local}  {plain(made.span.hours)} hours, {made.utcs}")
