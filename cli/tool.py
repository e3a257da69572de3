"""`utcs tool`: tools, whether they read true, taken out for work orders, brought back, calibrated."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.connect import ask, owner
from cli.output import clean, json_out, moment, rows, say, tell
from cli.questions import AsJson, AsOf, First, KnownAt, coordinates
from cli.signing import When, allowed, day_given, moment_given
from cli.words import Verb
from graph.flows.tool import Calibrating, ToolMoved, calibrate, check_in, check_out
from graph.model.engineering import Verdict
from graph.model.tooling import Doubt
from graph.store.database import Graph
from graph.store.resolve import resolve
from graph.store.tool import ToolPage, ToolStanding, find_tool, list_tools

app = typer.Typer(
    no_args_is_help=True,
    help="Tools: list, show, take, return and calibrate them.",
    epilog="Example: utcs tool show utcs:AMPEL360:tool:TOOL-MUC-04",
)

Id = Annotated[str, typer.Argument(help="The tool, by any id.")]


@app.command("list", cls=Verb)
def list_(
    is_unfit: Annotated[
        bool, typer.Option("--unfit", help="Of the page, only those that may not be used.")
    ] = False,
    first: First = 100,
    after: Annotated[str | None, typer.Option(help="The `next` of the page before.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """List tools with the day until which each reads true, in the order of their ids.

    Example: utcs tool list --unfit --as-of 2026-06-30
    """
    at = coordinates(as_of, known_at)

    async def listed(graph: Graph) -> ToolPage:
        return await list_tools(graph, first=first, after=after, at=at)

    page = ask(listed)
    tools = [one for one in page.tools if one.why is not None or not is_unfit]
    if as_json:
        json_out({"tools": tools, "next": page.next})
        return
    rows(
        ("tool", "name", "status", "due", "standing"),
        [
            (
                one.utcs.local, one.tool.name, one.tool.status or "", one.due_on or "",
                one.why or "may be used",
            )
            for one in tools
        ],
    )  # fmt: skip
    if page.next:
        tell(f"There are more: --after {page.next}")


@app.command(cls=Verb)
def show(id: Id, as_of: AsOf = None, known_at: KnownAt = None, as_json: AsJson = False) -> None:
    """Show a tool: its calibrations, what it was used on, and what of that is in doubt.

    The exit status is 1 if it may not be used.

    Example: utcs tool show utcs:AMPEL360:tool:TOOL-MUC-04
    """
    at = coordinates(as_of, known_at)

    async def shown(graph: Graph) -> ToolStanding:
        return await find_tool(graph, await resolve(graph, id, at=at), at=at)

    found = ask(shown)
    json_out(found) if as_json else _say(found)
    if found.why is not None:
        raise typer.Exit(1)


def _say(found: ToolStanding) -> None:
    say(found.tool.name, style="bold")
    say(found.utcs.checked, style="cyan")
    told: list[tuple[str, object]] = [
        ("status", found.tool.status),
        ("reads true until", found.due_on),
    ]
    told.append(("may not be used", found.why and f"it {found.why}"))
    told += [
        ("calibrated", f"{one.on} {one.calibration.verdict}, {one.utcs.local}")
        for one in found.calibrations
    ]
    told += [("used on", f"{one.utcs.local} from {moment(one.since)}") for one in found.uses]
    rows(("property", "value"), [(name, clean(value)) for name, value in told if value])
    for doubt in found.doubts:
        _say_doubt(doubt)


def _say_doubt(doubt: Doubt) -> None:
    since = "ever" if doubt.since is None else f"since {doubt.since}"
    say(f"{doubt.by.local} found it out of tolerance; in doubt is what it was used on {since}:")
    for one in doubt.uses:
        say(f"  {one.utcs.local}  {one.status or ''}  {one.name}")


@app.command(cls=Verb)
def take(
    id: Id,
    order: Annotated[str, typer.Argument(help="The work order, by any id.")],
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Take a tool out for a work order; one that need not read true is refused.

    Example: utcs tool take utcs:AMPEL360:tool:TOOL-MUC-01 WO-54321
    """
    when = moment_given(at)

    async def made(graph: Graph) -> ToolMoved:
        tool, work = await resolve(graph, id), await resolve(graph, order)
        return await check_out(graph, owner(), tool, work, at=when)

    _tell(allowed(made, as_json), as_json)


@app.command("return", cls=Verb)
def return_(
    id: Id,
    is_damaged: Annotated[
        bool, typer.Option("--damaged", help="Hold it until it is calibrated.")
    ] = False,
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Bring a tool back.

    Example: utcs tool return utcs:AMPEL360:tool:TOOL-MUC-01
    """
    when = moment_given(at)

    async def made(graph: Graph) -> ToolMoved:
        tool = await resolve(graph, id)
        return await check_in(graph, owner(), tool, is_damaged=is_damaged, at=when)

    _tell(allowed(made, as_json), as_json)


@app.command("calibrate", cls=Verb)
def calibrate_(
    id: Id,
    number: Annotated[str, typer.Argument(help="The number of the certificate.")],
    on: Annotated[str, typer.Argument(help="The day it was done.")],
    verdict: Annotated[Verdict, typer.Argument(help="As found: passed or failed.")],
    standard: Annotated[str, typer.Option(help="The reference standard.")],
    as_found: Annotated[str, typer.Option(help="What it read when it came.")],
    as_left: Annotated[str | None, typer.Option(help="What it read when it went.")] = None,
    due: Annotated[str | None, typer.Option(help="The last day; by its interval if none.")] = None,
    laboratory: Annotated[str | None, typer.Option(help="Who did it.")] = None,
    accreditation: Annotated[str | None, typer.Option(help="That laboratory's.")] = None,
    uncertainty: Annotated[str | None, typer.Option(help="The expanded one, with unit.")] = None,
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Record a calibration; if it found the tool out of tolerance, what it was used on is named.

    Example: utcs tool calibrate utcs:AMPEL360:tool:TOOL-MUC-04 CAL-2001 2025-11-20 failed
    --standard "reference gas RS-881" --as-found "+3.1 %" --as-left "+0.1 %"
    """
    when, done = moment_given(at), day_given(on, "on")
    last = None if due is None else day_given(due, "--due")
    said = Calibrating(
        number, done, verdict, standard, as_found, as_left, last, laboratory, accreditation, uncertainty
    )  # fmt: skip

    async def made(graph: Graph) -> ToolMoved:
        return await calibrate(graph, owner(), await resolve(graph, id), said, at=when)

    _tell(allowed(made, as_json), as_json)


def _tell(made: ToolMoved, as_json: bool) -> None:
    if as_json:
        json_out(made)
        return
    until = "" if made.due_on is None else f", reads true until {made.due_on}"
    on = "" if made.order is None else f" on {made.order.local}"
    say(f"{made.utcs.local}  {made.state}{on}{until}")
    if made.doubt is not None:
        _say_doubt(made.doubt)
