"""`utcs workorder`: work orders requested, moved by signed steps, and completed."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

import typer

from api.plain import plain
from cli.connect import ask, owner
from cli.output import clean, json_out, moment, rows, say, tell
from cli.questions import AsJson, AsOf, First, KnownAt, coordinates
from cli.signing import (
    Says,
    Signer,
    When,
    allowed,
    moment_given,
    person_named,
    require_applied,
)
from cli.words import Verb
from cli.workorder_effectiveness import effectiveness
from cli.workorder_finding import defer, extend, finding, rectify
from graph.errors import TraceError
from graph.flows.complete import Completed, complete
from graph.flows.work import Requested, Stepped, advance, request_work, sign_off
from graph.model.engineering import Priority
from graph.model.identifier import Utcs
from graph.model.maintenance import WorkOrderStatus
from graph.model.work import STEPS
from graph.model.work_request import Report, Request, read_completed, read_due, read_duration
from graph.store.database import Graph
from graph.store.resolve import resolve
from graph.store.work_order import OPEN, Order, OrderList, find_order, list_orders

app = typer.Typer(
    no_args_is_help=True,
    help="Work orders: list, show, request, step, sign and complete them; what was found under them.",
    epilog="Example: utcs workorder show WO-54321",
)

Id = Annotated[str, typer.Argument(help="The work order, by its number or any other id.")]
After = Annotated[str | None, typer.Option(help="The `next` of the page before.")]


@app.command("list", cls=Verb)
def list_(
    asset: Annotated[str | None, typer.Option(help="Only those on this aircraft or unit.")] = None,
    state: Annotated[
        list[WorkOrderStatus] | None,
        typer.Option(help="Where they stand; repeatable. Unless given, those that have not ended."),
    ] = None,
    first: First = 50,
    after: After = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """List work orders, in the order of their ids.

    Example: utcs workorder list --asset DPP-H2-001
    """
    at = coordinates(as_of, known_at)

    async def listed(graph: Graph) -> OrderList:
        on = None if asset is None else await resolve(graph, asset, at=at)
        return await list_orders(
            graph, asset=on, states=tuple(state or OPEN), first=first, after=after, at=at
        )

    page = ask(listed)
    if as_json:
        json_out(page)
        return
    rows(
        ("number", "status", "due", "name", "on"),
        [
            (
                one.order.number,
                one.order.status or "",
                one.order.due_on or "",
                one.order.name,
                ", ".join(unit.local for unit in one.units),
            )
            for one in page.orders
        ],
    )
    if page.next:
        tell(f"There are more: --after {page.next}")


@app.command(cls=Verb)
def show(id: Id, as_of: AsOf = None, known_at: KnownAt = None, as_json: AsJson = False) -> None:
    """Show a work order: its steps and sign-offs, what was found and used, what its release lacks.

    The exit status is 1 while something is missing for the release.

    Example: utcs workorder show WO-54321
    """
    at = coordinates(as_of, known_at)

    async def shown(graph: Graph) -> Order:
        return await find_order(graph, await resolve(graph, id, at=at), at=at)

    order = ask(shown)
    json_out(order) if as_json else _say(order)
    if order.missing:
        raise typer.Exit(1)


def _say(order: Order) -> None:
    say(order.order.name, style="bold")
    say(order.utcs.checked, style="cyan")
    on = ", ".join(name for _, name in order.units)
    told = [("status", order.order.status), ("on", on), ("due", order.order.due_on)]
    told += [("task", f"{name} ({utcs.local})") for utcs, name in order.tasks]
    told += [("step", f"{moment(one.at)} {one.status}, {one.actor}") for one in order.steps]
    told += [
        (f"signed, {one.slot}", f"{moment(one.signed_at)} {one.hand.utcs.local}")
        for one in order.case.signed
    ]
    told += [
        ("finding", f"{one.finding.name} {one.finding.status}: {one.utcs}")
        for one in order.case.found
    ]
    told += [("reserved", f"{_much(n)} of {utcs.local}") for utcs, n in order.reserved.items()]
    told += [("used", f"{_much(n)} of {utcs.local}") for utcs, n in order.consumed.items()]
    told += [("done with", used.utcs.local) for used in order.case.tools]
    told += [("released by", utcs.local) for utcs, _ in order.releases]
    told += [("missing", one.problem) for one in order.missing]
    rows(("property", "value"), [(name, clean(value)) for name, value in told if value])


def _much(quantity: Decimal | None) -> str:
    return "some" if quantity is None else format(quantity.normalize(), "f")


@app.command(cls=Verb)
def request(
    asset: Annotated[str, typer.Argument(help="The aircraft or unit, by any id.")],
    maintenance: Annotated[str, typer.Argument(help="What sort of maintenance, in your words.")],
    due: Annotated[str, typer.Argument(help="The last day; one that is over is overdue.")],
    priority: Annotated[Priority, typer.Option(help="How soon.")] = Priority.MEDIUM,
    duration: Annotated[
        str | None, typer.Option(help="How long it is thought to take, such as '4 hours'.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask for maintenance; asked for again, the work order is the same as long as it has not ended.

    Example: utcs workorder request DPP-H2-001 "Scheduled Inspection" 2026-01-15 --duration "4 hours"
    """
    today = datetime.now(UTC).date()
    due_on, hours = read_due(due, today), None if duration is None else read_duration(duration)

    async def requested(graph: Graph) -> Requested:
        asked = Request(await resolve(graph, asset), maintenance, due_on, priority, hours)
        return await request_work(graph, owner(), asked)

    made = ask(requested)
    if as_json:
        json_out(plain(made) | {"is_overdue": due_on < today})
        return
    say(f"{made.order.number}  {made.order.status}{', overdue' if due_on < today else ''}")
    tell("Requested." if made.is_new else "It was requested before; nothing was done.")


@app.command(cls=Verb)
def step(
    id: Id,
    name: Annotated[str, typer.Argument(help=f"The step: {', '.join(STEPS)}.")],
    signer: Signer,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", help="What the step states, as property=value; repeatable."),
    ] = None,
    statement: Says = None,
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Make a step of a work order, signed by a person who is qualified for it.

    Example: utcs workorder step WO-54321 perform --signer P-0474 --set work_performed="Inspected."
    """
    said = dict(map(_property, given or ()))
    when = moment_given(at)

    async def made(graph: Graph) -> Stepped:
        order = await resolve(graph, id)
        return await advance(
            graph, owner(), order, name, signer=await person_named(graph, signer, order), at=when,
            given=said, statement=statement,
        )  # fmt: skip

    _tell_step(allowed(made, as_json), as_json)


@app.command(cls=Verb)
def sign(
    id: Id,
    slot: Annotated[str, typer.Argument(help="The role: performed, inspected, certified, …")],
    signer: Signer,
    statement: Says = None,
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Sign a work order off in a role that its release asks for, without moving it.

    Example: utcs workorder sign WO-54321 certified --signer P-0400
    """
    when = moment_given(at)

    async def made(graph: Graph) -> Stepped:
        order = await resolve(graph, id)
        return await sign_off(
            graph, owner(), order, slot, signer=await person_named(graph, signer, order), at=when,
            statement=statement,
        )  # fmt: skip

    _tell_step(allowed(made, as_json), as_json)


@app.command("complete", cls=Verb)
def complete_(
    id: Id,
    asset: Annotated[
        str | None, typer.Option(help="What was worked on; as the order says unless given.")
    ] = None,
    on: Annotated[
        str | None, typer.Option(help="The day, or an RFC 3339 time; today unless given.")
    ] = None,
    findings: Annotated[str, typer.Option(help="What was found.")] = "No issues",
    parts: Annotated[
        list[str] | None, typer.Option("--part", help="A part that was used; repeatable.")
    ] = None,
    is_released: Annotated[
        bool,
        typer.Option(
            "--return-to-service/--no-return-to-service", help="Whether to return it to service."
        ),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Complete a work order: findings, parts and release with it, or nothing.

    Example: utcs workorder complete WO-54321 --on 2025-11-05 --part DPP-PART-123
    """
    completed = read_completed(on) if on else datetime.now(UTC).date()
    report = Report(completed, findings, tuple(parts or ()), is_released)

    async def made(graph: Graph) -> Completed:
        order = await resolve(graph, id)
        unit = await _unit(graph, order) if asset is None else await resolve(graph, asset)
        used = [await resolve(graph, part) for part in report.parts]
        return await complete(graph, owner(), unit, order, report, used)

    done = allowed(made, as_json)
    if as_json:
        json_out(done)
        return
    release = "" if done.release is None else f", released by {done.release.local}"
    say(f"{done.number}  {done.state}{release}")
    for one in done.used:
        say(f"used {_much(one.quantity)} of {one.stock.local}")
    if done.finding is not None:
        say(f"found {done.finding}")
    tell("Completed." if done.is_new else "It was completed so before; nothing was done.")


def _tell_step(made: Stepped, as_json: bool) -> None:
    if as_json:
        json_out(made)
    else:
        released = "" if made.release is None else f", released by {made.release.local}"
        say(f"{made.utcs.local}  {made.state}, signed by {made.signer.local}{released}")
    require_applied(made.outcome)


def _property(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not (name and found):
        raise TraceError(f"--set: {text!a:.60} is not property=value, as in station=MUC")
    return name, [value] if name == "references" else value


async def _unit(graph: Graph, order: Utcs) -> Utcs:
    """Returns the one thing that a work order works on.

    Raises:
        TraceError: It works on several, or on nothing that is known.
    """
    units = [unit for unit, _ in (await find_order(graph, order)).units]
    if len(units) != 1:
        raise TraceError(f"--asset: {order.local} works on {len(units)} things; say which")
    return units[0]


for verb in (finding, defer, extend, rectify, effectiveness):
    app.command(cls=Verb)(verb)
