"""What verbs that people sign have in common: who signs, when, and what is told where it is not allowed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Annotated, TypeVar

import typer

from cli.connect import ask
from cli.output import json_out, tell
from graph.errors import TraceError
from graph.flows.lifecycle import LifecycleError
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome, Status
from graph.model.time import parse_moment
from graph.store.database import Graph
from graph.store.resolve import resolve

Answer = TypeVar("Answer")

Signer = Annotated[str, typer.Option("--signer", help="The person who signs, by pseudonym or id.")]
When = Annotated[
    str | None, typer.Option("--at", help="When it was done: an RFC 3339 time; now unless given.")
]
Says = Annotated[str | None, typer.Option("--statement", help="What is signed for, or why.")]


def allowed(doing: Callable[[Graph], Awaitable[Answer]], as_json: bool) -> Answer:
    """Returns what was done; what the rules do not allow is an answer, too: each rule, and status 1."""
    try:
        return ask(doing)
    except LifecycleError as error:
        if as_json:
            json_out({"missing": error.breaches})
        for one in () if as_json else error.breaches:
            tell(f"{one.problem} [{one.rule}]", style="red")
        raise typer.Exit(1) from error


def require_applied(outcome: Outcome) -> None:
    """Ends with status 1 if something was stated meanwhile."""
    if outcome.status is not Status.APPLIED:
        tell(f"Not done: {outcome.reason}", style="red")
        raise typer.Exit(1)


def moment_given(text: str | None) -> datetime | None:
    """Returns when something was done, as it was typed; None is now."""
    return None if text is None else parse_moment(text, "--at")


def day_given(text: str, field: str) -> date:
    """Returns a day, as it was typed.

    Raises:
        TraceError: It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TraceError(f"{field}: {text!a:.40} is no day; give one such as 2029-05-31") from error


async def person_named(graph: Graph, text: str, of: Utcs) -> Utcs:
    """Returns a person by any id, or by the pseudonym at the authority of a thing."""
    if ":" in text:
        return await resolve(graph, text)
    return Utcs(of.authority, "person", text.strip())
