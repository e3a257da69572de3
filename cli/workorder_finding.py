"""`utcs workorder finding`, `defer`, `extend`, `rectify`: what becomes of what was found under an order."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer

from cli.connect import owner
from cli.output import json_out, moment, say
from cli.questions import AsJson
from cli.signing import Signer, When, allowed, moment_given, person_named, require_applied
from graph.flows.finding import (
    Decided,
    Deferring,
    defer_finding,
    extend_deferral,
    rectify_finding,
    report_finding,
)
from graph.model.compliance import Limits
from graph.model.maintenance import DeferralCategory, Finding, FindingSeverity
from graph.store.database import Graph
from graph.store.resolve import resolve

Id = Annotated[str, typer.Argument(help="The work order, by its number or any other id.")]
FindingId = Annotated[str, typer.Argument(help="The finding, by its identifier.")]


def finding(
    id: Id,
    text: Annotated[str, typer.Argument(help="What was found; one line.")],
    signer: Signer,
    severity: Annotated[FindingSeverity | None, typer.Option(help="How bad it is.")] = None,
    about: Annotated[str | None, typer.Option(help="The unit it is about.")] = None,
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Record something that was found under a work order, as open.

    Example: utcs workorder finding WO-54321 "Cover is scratched." --signer P-0474 --severity minor
    """
    when, said = moment_given(at), Finding(name=text, severity=severity)

    async def made(graph: Graph) -> Decided:
        order = await resolve(graph, id)
        return await report_finding(
            graph, owner(), order, said, signer=await person_named(graph, signer, order),
            about=None if about is None else await resolve(graph, about), at=when,
        )  # fmt: skip

    _tell_decision(allowed(made, as_json), as_json)


def defer(
    id: FindingId,
    category: Annotated[DeferralCategory, typer.Argument(help="The rule it stands on.")],
    reference: Annotated[str, typer.Argument(help="The MEL or CDL item, or the approval.")],
    signer: Signer,
    reason: Annotated[str, typer.Option(help="Why it cannot be mended at once.")],
    restrictions: Annotated[
        str | None, typer.Option(help="What may not be done meanwhile.")
    ] = None,
    days: Annotated[float | None, typer.Option(help="How many days, as printed.")] = None,
    fh: Annotated[float | None, typer.Option(help="How many flight hours, as printed.")] = None,
    fc: Annotated[float | None, typer.Option(help="How many flight cycles, as printed.")] = None,
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Put an open finding off, within the limits of its category.

    Example: utcs workorder defer utcs:AMPEL360:finding:FND-54321-1 mel_c "MEL 53-11" --signer P-0400
    --reason "No spare."
    """
    limits = Limits(*(None if one is None else Decimal(str(one)) for one in (fh, fc, days)))
    when, terms = moment_given(at), Deferring(category, reference, reason, restrictions, limits)

    async def made(graph: Graph) -> Decided:
        found = await resolve(graph, id)
        who = await person_named(graph, signer, found)
        return await defer_finding(graph, owner(), found, terms, signer=who, at=when)

    _tell_decision(allowed(made, as_json), as_json)


def extend(
    id: FindingId,
    signer: Signer,
    reason: Annotated[str, typer.Option(help="Why it could not be mended in time.")],
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Let the deferral of a finding run for its interval once more.

    Example: utcs workorder extend utcs:AMPEL360:finding:FND-54321-1 --signer P-0400
    --reason "The spare is late."
    """
    when = moment_given(at)

    async def made(graph: Graph) -> Decided:
        found = await resolve(graph, id)
        who = await person_named(graph, signer, found)
        return await extend_deferral(graph, owner(), found, reason=reason, signer=who, at=when)

    _tell_decision(allowed(made, as_json), as_json)


def rectify(
    id: FindingId,
    done: Annotated[str, typer.Argument(help="What was done about it.")],
    signer: Signer,
    at: When = None,
    as_json: AsJson = False,
) -> None:
    """Record what was done about a finding; what put it off is closed.

    Example: utcs workorder rectify utcs:AMPEL360:finding:FND-54321-1 "Cover replaced." --signer P-0474
    """
    when = moment_given(at)

    async def made(graph: Graph) -> Decided:
        found = await resolve(graph, id)
        who = await person_named(graph, signer, found)
        return await rectify_finding(graph, owner(), found, rectification=done, signer=who, at=when)

    _tell_decision(allowed(made, as_json), as_json)


def _tell_decision(made: Decided, as_json: bool) -> None:
    if as_json:
        json_out(made)
    else:
        until = "" if made.due_at is None else f" until {moment(made.due_at)}"
        say(f"{made.utcs}  {made.state}{until}, signed by {made.signer.local}")
    require_applied(made.outcome)
