"""`utcs replay`: dead letters are listed, shown, sent again, mended or discarded, and that is recorded."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.letter import letter_json
from cli.connect import ask, owner
from cli.letters import SHORT, say_letter, say_settlement
from cli.output import json_out, rows, say, tell
from cli.questions import AsJson
from cli.words import Verb
from graph.errors import TraceError
from graph.flows import settle
from graph.model.event import MAX_BYTES
from graph.model.outcome import Reason
from graph.model.time import parse_moment
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.letters import (
    Selection,
    Settlement,
    State,
    count_letters,
    find_group,
    list_letters,
    open_letter,
    select_hashes,
)
from graph.store.settle import SettledError

app = typer.Typer(
    no_args_is_help=True,
    help="What could not be taken: list, show, send again, mend or discard it.",
    epilog="Example: utcs replay list",
)

Action = Callable[[Graph, str], Awaitable[tuple[Settlement, ...]]]
"""Does something about one letter, and what goes with it."""


class Listed(StrEnum):
    """How listed letters stand."""

    OPEN = "open"
    RESENT = "resent"
    MENDED = "mended"
    DISCARDED = "discarded"
    ALL = "all"

    @property
    def state(self) -> State | None:
        """The state that is meant; None for all."""
        return None if self is Listed.ALL else State(self.value)


Hash = Annotated[str, typer.Argument(help="The hash of a letter, or its first 6 characters.")]
OneOrAll = Annotated[
    str | None, typer.Argument(help="The hash of a letter, or its first 6 characters.")
]
All = Annotated[bool, typer.Option("--all", help="All open letters, or those of a selection.")]
Source = Annotated[str | None, typer.Option(help="Only what this source sent.")]
Code = Annotated[Reason | None, typer.Option(help="Only what was refused for this reason.")]
Since = Annotated[str | None, typer.Option(help="Only what was refused last then or later.")]
Until = Annotated[str | None, typer.Option(help="Only what was refused last before then.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say how many it would be, and stop.")]


@app.command("list", cls=Verb)
def list_(
    source: Source = None,
    code: Code = None,
    since: Since = None,
    until: Until = None,
    state: Annotated[Listed, typer.Option(help="How they stand.")] = Listed.OPEN,
    first: Annotated[int, typer.Option(help="How many to list, 1 to 1000.")] = 50,
    after: Annotated[str | None, typer.Option(help="The `next` of the page before.")] = None,
    as_json: AsJson = False,
) -> None:
    """List dead letters, those refused last first.

    Example: utcs replay list --code too_many --since 2026-01-15
    """
    selection = _selection(source, code, since, until, state.state)
    page = ask(lambda graph: list_letters(graph, selection, first=first, after=after))
    if as_json:
        json_out(page)
        return
    rows(
        ("hash", "refused last", "times", "state", "code", "source", "id", "reason"),
        [
            (
                one.hash[:SHORT], f"{one.last_at:%Y-%m-%d %H:%M:%S}", one.attempts, one.state.value,
                one.code, one.source or "-", one.id or "-", one.reason,
            )
            for one in page.letters
        ],
        number=2,
    )  # fmt: skip
    more = f", {len(page.letters):,} listed; --after {page.next} goes on" if page.next else ""
    tell(f"{page.total:,} in all{more}")


@app.command(cls=Verb)
def show(
    hash: Hash,
    raw: Annotated[
        bool, typer.Option("--raw", help="Print the bytes as they were sent, and nothing else.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a dead letter, why it could not be taken, and all that was done about it.

    Example: utcs replay show 3f8a12 --raw > event.json
    """
    opened = ask(lambda graph: open_letter(graph, hash))
    if raw:
        sys.stdout.buffer.write(opened.document)
    elif as_json:
        json_out(letter_json(opened))
    else:
        say_letter(opened)
    if not opened.is_whole:
        tell("This is not all, or not to the byte, what was sent.", style="yellow")
        raise typer.Exit(1)


@app.command(cls=Verb)
def resend(
    hash: OneOrAll = None,
    instead: Annotated[
        Path | None,
        typer.Option(
            "--with", help="Send this file instead; - reads standard input.", allow_dash=True
        ),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for the record.")] = None,
    all_: All = False,
    source: Source = None,
    code: Code = None,
    since: Since = None,
    until: Until = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Send dead letters again, as they were sent, or mended; with the others of their group.

    What is applied, known or waiting then is settled. Exit status 1 says that something was refused
    again; it stays open.

    Example: utcs replay resend --all --code unknown_thing --source urn:acme:plm --dry-run
    """
    _check_which(hash, all_)
    selection = _selection(source, code, since, until)
    if instead is not None and all_:
        raise TraceError("--with: one document mends one letter; name it, without --all")
    mended = None if instead is None or dry_run else _read(instead)
    principal = owner()

    async def again(graph: Graph, one: str) -> tuple[Settlement, ...]:
        return await settle.resend(graph, one, principal, mended=mended, reason=reason)

    _settle(hash, selection, again, dry_run, as_json)


@app.command(cls=Verb)
def discard(
    hash: OneOrAll = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    all_: All = False,
    source: Source = None,
    code: Code = None,
    since: Since = None,
    until: Until = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Settle dead letters without sending them. They stay readable, with who decided so and why.

    Example: utcs replay discard 3f8a12 --reason "noise of the test bench"
    """
    _check_which(hash, all_)
    selection = _selection(source, code, since, until)
    settle.check_reason(reason)
    principal = owner()

    async def away(graph: Graph, one: str) -> tuple[Settlement, ...]:
        return (await settle.discard(graph, one, principal, reason),)

    _settle(hash, selection, away, dry_run, as_json)


@dataclass
class Done:
    """What was done about letters, and what could not be."""

    settlements: list[Settlement] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)

    @property
    def letters(self) -> set[str]:
        """The hashes of the letters that something was done about."""
        return {settlement.letter for settlement in self.settlements}


def _settle(
    hash: str | None, selection: Selection, action: Action, dry_run: bool, as_json: bool
) -> None:
    """Does something about one letter or all of a selection, and says what became of each."""
    if dry_run:
        number = ask(lambda graph: _count(graph, hash, selection))
        json_out({"letters": number}) if as_json else say(f"{number:,}")
        return
    tell_each = (lambda _: None) if as_json else say_settlement
    done = ask(lambda graph: _each(graph, hash, selection, action, tell_each))
    if as_json:
        json_out(done)
    elif hash is None:
        settled = sum(one.is_settled for one in done.settlements)
        tell(f"{settled:,} settled, {len(done.settlements) - settled + len(done.failed):,} not")
    if done.failed or not all(one.is_settled for one in done.settlements):
        raise typer.Exit(1)


async def _count(graph: Graph, hash: str | None, selection: Selection) -> int:
    if hash is None:
        return await count_letters(graph, selection)
    return len(await find_group(graph, (await open_letter(graph, hash)).letter))


async def _each(
    graph: Graph,
    hash: str | None,
    selection: Selection,
    action: Action,
    tell_each: Callable[[Settlement], None],
) -> Done:
    done = Done()
    for one in await select_hashes(graph, selection) if hash is None else (hash,):
        if one in done.letters:
            continue  # it went with its group
        try:
            settlements = await action(graph, one)
        except (BadQuestionError, SettledError) as error:
            if hash is not None:
                raise
            done.failed.append({"letter": one, "reason": error.message})
            tell(error.message, style="yellow")
        else:
            done.settlements += settlements
            for settlement in settlements:
                tell_each(settlement)
    return done


def _check_which(hash: str | None, all_: bool) -> None:
    if (hash is None) != all_:
        raise TraceError(
            "HASH: name one letter, or give --all with what the letters have in common"
        )


def _selection(
    source: str | None,
    code: Reason | None,
    since: str | None,
    until: str | None,
    state: State | None = State.OPEN,
) -> Selection:
    return Selection(
        state=state,
        source=source,
        code=code,
        since=parse_moment(since, "--since") if since else None,
        until=parse_moment(until, "--until") if until else None,
    )


def _read(file: Path) -> bytes:
    """Returns what a file or standard input holds; no more of it than shows that it is too much."""
    if str(file) == "-":
        document = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        with file.open("rb") as opened:
            document = opened.read(MAX_BYTES + 1)
    if len(document) > MAX_BYTES:
        raise TraceError(
            f"--with: over the limit of {MAX_BYTES:,} bytes; send large content by hash"
        )
    return document
