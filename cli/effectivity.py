"""`utcs effectivity`: to which aircraft and units a change applies, each with the reason."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from api.plain import plain
from cli.connect import ask
from cli.output import json_out, rows, tell
from cli.questions import AsJson, AsOf, First, KnownAt, coordinates
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.effectivity import Basis, Effectivity, what_if
from graph.store.effectivity import effectivity as ask_effectivity
from graph.store.resolve import resolve

_SAID: Final = {True: "yes", False: "no", None: "unknown"}
_BASES: Final = {
    Basis.SUBJECT: "No rule limits the change; this is what links say is subject to it.",
    Basis.NOTHING: "No rule limits the change, and no link says what is subject to it.",
}


def effectivity(
    change: Annotated[
        str | None,
        typer.Argument(help="Any id of a change, directive, bulletin, task or document."),
    ] = None,
    expression: Annotated[
        str | None, typer.Option(help="Try this rule out instead; docs/effectivity.md explains it.")
    ] = None,
    first: First = 50,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Say to which aircraft and units a change applies, and why; exit status 1 if to none.

    Example: utcs effectivity --expression 'MSN 10001-10003 and pre MOD-28-PRV'
    """
    at = coordinates(as_of, known_at)
    answer = ask(lambda graph: _answer(graph, change, expression, first, at))
    if as_json:
        json_out(_json(answer))
    else:
        _say(answer)
    if not answer.applying:
        raise typer.Exit(1)


async def _answer(
    graph: Graph, change: str | None, expression: str | None, first: int, at: Coordinates
) -> Effectivity:
    if expression is not None and change is None:
        return await what_if(graph, expression, first=first, at=at)
    if change is not None and expression is None:
        found = await resolve(graph, change, at=at)
        return await ask_effectivity(graph, found, first=first, at=at)
    raise typer.BadParameter("give a change, or an --expression to try out; not both")


def _json(answer: Effectivity) -> dict[str, object]:
    """Returns an answer for programs: of a rule as it is written, not as it was taken apart."""
    told: dict[str, object] = plain(answer)
    told["rules"] = [
        {name: plain(getattr(rule, name)) for name in ("utcs", "name", "expression", "problem")}
        | {name: plain(getattr(rule, name)) for name in ("effective_on", "expires_on")}
        for rule in answer.rules
    ]
    return told


def _say(answer: Effectivity) -> None:
    rows(
        ("applies", "to", "why"),
        [(_SAID[one.applies], one.utcs, one.why) for one in answer.judged],
    )
    for rule in answer.rules:
        tell(f"{rule.utcs.local}: {rule.expression or rule.problem}")
    if answer.basis in _BASES:
        tell(_BASES[answer.basis], style="yellow")
    if answer.unknown:
        tell(f"Not recorded then: {', '.join(answer.unknown)}", style="yellow")
    listed = f"; the first {len(answer.judged):,} listed" if answer.next else ""
    undecided = f", unknown of {answer.undecided:,}" if answer.undecided else ""
    tell(
        f"Applies to {answer.applying:,}, not to {answer.excluded:,}{undecided}, on {answer.on}{listed}",
        style="yellow" if answer.undecided else "green",
    )
