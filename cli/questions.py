"""`utcs show`, `trace` and `impact`: questions about one thing, by any of its ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from api.facts import facts
from api.plain import plain, plain_reach
from cli.change_impact import answer_maintenance
from cli.connect import ask, passport_link
from cli.output import clean, json_out, moment, rows, say, tell
from graph.flows.passport import ids_of
from graph.model.identifier import Utcs, shown
from graph.model.time import Coordinates, parse_moment
from graph.store.accrual import Accrued, Counted
from graph.store.accrual import accrued as ask_accrued
from graph.store.database import Graph
from graph.store.doubts import Doubt, Doubts, find_doubts
from graph.store.errors import NotFoundError
from graph.store.impact import impact as ask_impact
from graph.store.paths import Paths, paths
from graph.store.question import counted
from graph.store.reach import MAX_DEPTH, Answer
from graph.store.resolve import resolve
from graph.store.search import Found, search
from graph.store.show import Shown, Standing
from graph.store.show import show as ask_show
from graph.store.trace import trace as ask_trace

Id = Annotated[
    str, typer.Argument(help="A UTCS identifier, an alias such as dpp:DPP-H2-001, or a foreign id.")
]
Depth = Annotated[int, typer.Option(help="How many links to follow at most.")]
Links = Annotated[list[str] | None, typer.Option(help="Follow only this link type; repeatable.")]
Kinds = Annotated[list[str] | None, typer.Option(help="List only this kind; repeatable.")]
AsOf = Annotated[str | None, typer.Option(help="What was true then: a date or RFC 3339 time.")]
KnownAt = Annotated[str | None, typer.Option(help="As we knew it then; the same forms.")]
First = Annotated[int, typer.Option(help="How many to list, 1 to 1000.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def show(
    id: Annotated[str, typer.Argument(help="Any id of a thing, or words to search for.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    is_accrued: Annotated[
        bool,
        typer.Option("--accrued", help="Show how many hours, cycles and starts it has instead."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a thing is and how it is linked; words that are no id are searched for.

    Example: utcs show DPP-H2-001 --as-of 2025-06-30
    """
    at = coordinates(as_of, known_at)
    if is_accrued:
        _show_accrued(id, at, as_json)
        return

    answer = ask(lambda graph: _shown_or_found(graph, id, at))
    if isinstance(answer, Found):
        json_out(answer) if as_json else _say_found(id, answer)
    elif as_json:
        json_out(_document(answer))
    else:
        _say_thing(answer)


async def _shown_or_found(graph: Graph, id: str, at: Coordinates) -> Shown | Found:
    """Returns the thing of that id, or else the things that hold the words.

    Raises:
        NotFoundError: There is neither.
    """
    try:
        return await ask_show(graph, await resolve(graph, id, at=at), at=at)
    except NotFoundError as error:
        if id.strip().startswith("utcs:") or error.facts.get("others"):
            raise
    if (found := await search(graph, id, first=20, at=at)).things:
        return found
    raise NotFoundError(
        f"{shown(id)} is no id that is known{'' if at.is_current else ' then'}, and no text holds "
        "these words; check the spelling, or give fewer words",
        id=id,
    )


def trace(
    id: Id,
    to: Annotated[
        str | None, typer.Option(help="Explain how it depends on this other thing, link by link.")
    ] = None,
    depth: Depth = MAX_DEPTH,
    links: Links = None,
    kinds: Kinds = None,
    first: First = 50,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Say why a thing is there: all that it depends on, nearest first.

    Example: utcs trace WO-54321 --kinds requirement --depth 5
    """
    at = coordinates(as_of, known_at)
    if to is not None:

        async def explained(graph: Graph) -> Paths:
            source, target = await resolve(graph, id, at=at), await resolve(graph, to, at=at)
            return await paths(graph, source, target, links=links or None, at=at)

        _answer_paths(ask(explained), as_json)
        return

    async def traced(graph: Graph) -> tuple[Answer, Doubts]:
        utcs = await resolve(graph, id, at=at)
        answer = await ask_trace(
            graph, utcs, depth=depth, links=links or None, kinds=kinds or None, first=first, at=at
        )
        return answer, await find_doubts(graph, "trace", answer, links=links or None, at=at)

    _say_reached(*ask(traced), as_json)


def impact(
    id: Id,
    depth: Depth = MAX_DEPTH,
    links: Links = None,
    kinds: Kinds = None,
    first: First = 50,
    maintenance: Annotated[
        bool,
        typer.Option(
            "--maintenance", help="Of a change: tasks, papers, spares, units, training and cost."
        ),
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Say what a change of a thing touches: all that depends on it, nearest first.

    Example: utcs impact utcs:AMPEL360:requirement:REQ-TANK-FUNC --kinds aircraft
    """
    at = coordinates(as_of, known_at)
    if maintenance:
        answer_maintenance(id, first, at, as_json)
        return

    async def touched(graph: Graph) -> tuple[Answer, Doubts]:
        utcs = await resolve(graph, id, at=at)
        answer = await ask_impact(
            graph, utcs, depth=depth, links=links or None, kinds=kinds or None, first=first, at=at
        )
        return answer, await find_doubts(graph, "impact", answer, links=links or None, at=at)

    _say_reached(*ask(touched), as_json)


def _show_accrued(id: str, at: Coordinates, as_json: bool) -> None:
    async def asked(graph: Graph) -> Accrued:
        return await ask_accrued(graph, await resolve(graph, id, at=at), at=at)

    answer = ask(asked)
    if as_json:
        json_out(answer)
        return
    rows(
        ("counter", "total", "of that declared", "flown since", "flights"),
        [
            (one.counter, f"{one.total} {one.unit}", _declared(one), one.flown, one.flights)
            for one in answer.counters
        ],
    )
    if any(one.silent for one in answer.counters):
        tell("Some flights do not say what they count; --json says how many.", style="yellow")


def _declared(counted: Counted) -> str:
    if counted.declared is None or counted.declared_at is None:
        return "nothing"
    return f"{counted.declared} at {moment(counted.declared_at)}"


def coordinates(as_of: str | None, known_at: str | None) -> Coordinates:
    """Returns where in time the options of a question stand."""
    return Coordinates(
        as_of=parse_moment(as_of, "--as-of") if as_of else None,
        known_at=parse_moment(known_at, "--known-at") if known_at else None,
    )


def _say_reached(answer: Answer, doubts: Doubts, as_json: bool) -> None:
    """Says what was reached, and over which links in doubt."""
    if as_json:
        json_out(plain_reach(answer, doubts))
        return
    _say_things(answer, doubts.of)
    _say_extent(answer)
    if doubts.cut is not None:
        tell(doubts.cut, style="yellow")
    elif number := sum(map(len, doubts.of.values())):
        more = "`utcs report suspects` says what has changed"
        tell(f"{counted(number, 'link')} in doubt; {more}", style="yellow")


def _say_things(answer: Answer, doubts: Mapping[Utcs, tuple[Doubt, ...]]) -> None:
    """Prints what was reached; where links are in doubt, with a column for these."""
    things = [(one.depth, one.kind, one.name, one.utcs) for one in answer.things]
    headings = ("steps", "kind", "name", "id")
    if not doubts:
        rows(headings, things, number=0)
        return
    marked = [(*thing, _doubted(doubts.get(thing[-1], ()))) for thing in things]
    rows((*headings, "in doubt"), marked, number=0)


def _doubted(doubts: Iterable[Doubt]) -> str:
    return ", ".join(f"{one.source} {one.link}" for one in doubts)


def _say_extent(answer: Answer) -> None:
    """Says how much there is and whether that is all; to stderr, so that a pipe carries rows alone."""
    if answer.kinds:
        tell(", ".join(f"{count:,} {kind}" for kind, count in answer.kinds.items()))
    listed = f", the nearest {len(answer.things):,} listed" if answer.next else ""
    total = "an unknown number" if answer.total is None else f"{answer.total:,}"
    word = "Complete" if answer.complete else "Not complete"
    style = "green" if answer.complete else "yellow"
    tell(f"{word}: {total} in all{listed}; {answer.extent}", style=style)


def _answer_paths(answer: Paths, as_json: bool) -> None:
    if as_json:
        json_out(answer)
    for number, path in enumerate(() if as_json else answer.paths, start=1):
        say(
            f"{'' if number == 1 else chr(10)}Path {number}, {len(path)} link{'' if len(path) == 1 else 's'}",
            style="bold",
        )
        for indent, step in enumerate(path):
            if indent == 0:
                say(f"{step.source.name}  {step.source.utcs}")
            slot = f" [{step.slot}]" if step.slot else ""
            since = f"since {moment(step.valid_from)}, event {step.made}"
            doubt = ", in doubt: an end has changed since" if step.is_suspect else ""
            to = f"{step.target.name}  {step.target.utcs}"
            say(f"{'   ' * indent}└─ {step.link}{slot} → {to}  ({since}{doubt})")
    if not answer.paths:
        tell(f"{answer.source} does not depend on {answer.target}", style="yellow")
        raise typer.Exit(1)
    tell(answer.cut or "These are all paths.", style="yellow" if answer.cut else "green")


def _document(answer: Shown) -> dict[str, Any]:
    utcs, thing = answer.node.utcs, answer.node.properties
    passports = [passport_link(one) for one in ids_of(utcs, thing)]
    document: dict[str, Any] = plain(answer)
    return document | {"checked": utcs.checked, "passports": passports}


def _say_thing(answer: Shown) -> None:
    node = answer.node
    thing = node.properties
    say(f"{thing.name}", style="bold")
    say(f"{node.utcs.checked}  ({node.kind})", style="cyan")
    since = moment(answer.since)
    say(
        {
            Standing.THERE: f"version {node.version}, as it has been since {since}",
            Standing.ENDED: f"no more since {since}{_merged(answer)}; this is its last version",
            Standing.AHEAD: f"not there before {since}; this is its first version",
        }[answer.standing],
        style="dim" if answer.standing is Standing.THERE else "yellow",
    )
    say("")
    stated: list[tuple[str, str]] = (
        [("description", thing.description)] if thing.description else []
    )
    stated += [(fact.name, f"{fact.value} {fact.unit}".rstrip()) for fact in facts(thing, moment)]
    stated += [("also known as", f"{alias.printed} ({alias.scheme})") for alias in thing.aliases]
    stated += [("passport", passport_link(one)) for one in ids_of(node.utcs, thing)]
    rows(("property", "value"), stated)
    if answer.links:
        say("")
        rows(
            ("links", "", ""),
            [
                ("→" if one.direction == "out" else "←", one.reads, f"{one.count:,}")
                for one in answer.links
            ],
        )


def _merged(answer: Shown) -> str:
    return f", merged into {answer.merged_into}" if answer.merged_into else ""


def _say_found(words: str, found: Found) -> None:
    tell(f"{clean(words)!r} is no id; these hold the words:", style="yellow")
    rows(("kind", "name", "id"), [(one.kind, one.name, one.utcs) for one in found.things])
