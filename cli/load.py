"""`utcs load`: real files into the graph, and what became of every part of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli.connect import ask, owner
from cli.output import err, json_out, say, tell
from graph.flows.submit import BATCH_FACTS, submit
from graph.model.event import Event
from graph.model.outcome import Outcome, Reason, Status
from graph.model.time import parse_moment
from graph.store.database import Graph
from ingest.files.rejected import Rejected

if TYPE_CHECKING:
    from ingest.files.changes import Item

CHUNK: Final = 500
SHOWN: Final = 20
"""How many refusals are listed; all of them are in the graph's dead-letter store."""


@dataclass
class Loaded:
    """What became of one file: how many of each, and why what has no effect has none."""

    file: str
    counts: Counter[str] = field(default_factory=Counter)
    refused: list[dict[str, str]] = field(default_factory=list)
    without_effect: list[dict[str, str]] = field(default_factory=list)


def load(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV, Parquet, ReqIF, .reqifz, EPCIS, CycloneDX, OpenLineage, S1000D, JSON Lines."
        ),
    ],
    authority: Annotated[
        str,
        typer.Option(
            envvar="UTCS_AUTHORITY", help="Who issued the ids in the files: 2–16 of A–Z 0–9."
        ),
    ] = "LOCAL",
    source: Annotated[
        str | None, typer.Option(help="The source of the events; the file unless given.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="A column mapping (TOML) for tables.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="From when it is true: a date, or an RFC 3339 time.")
    ] = None,
    stated: Annotated[
        str | None,
        typer.Option(
            help="When it says so, which decides between two that speak of one instant; unless given, "
            "the CREATION-TIME of ReqIF, and for tables now."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Load files. What the graph says already is left alone; what cannot be read loses nothing else.

    Exit status 1 says that something was refused.

    Example: utcs load requirements.csv --authority ACME
    """
    # The readers bring XML and more along, which no other verb needs.
    from ingest.files.changes import read_changes

    actor = owner().actor
    since = parse_moment(at, "--at") if at else None
    said = parse_moment(stated, "--stated") if stated else None

    async def load_all(graph: Graph) -> list[Loaded]:
        return [
            await feed(
                graph,
                path.name,
                read_changes(
                    graph,
                    path,
                    authority=authority,
                    actor=actor,
                    source=source,
                    mapping=mapping,
                    at=since,
                    stated=said,
                ),
            )
            for path in files
        ]

    _report(ask(load_all), as_json)


async def feed(
    graph: Graph,
    name: str,
    items: AsyncIterator[Item],
    facts_at_once: int = BATCH_FACTS,
) -> Loaded:
    """Sends events as the owner of this machine and returns what became of them.

    Args:
        graph: Where to.
        name: What is loaded, for the progress bar on stderr.
        items: The events, what could not be read as one, and what needs none.
        facts_at_once: About how many facts one transaction takes.
    """
    loaded, principal = Loaded(name), owner()
    with _progress() as progress:
        task = progress.add_task(name, total=None)
        async for chunk in _chunks(items):
            batch = [item for item in chunk if isinstance(item, Event)]
            for item in chunk:
                if isinstance(item, Rejected):
                    loaded.counts["rejected"] += 1
                    loaded.refused.append({"where": item.where, "reason": item.reason})
                elif not isinstance(item, Event):
                    loaded.counts["unchanged"] += 1
            for outcome in await submit(graph, batch, principal, facts_at_once=facts_at_once):
                _note(loaded, outcome)
            progress.advance(task, len(chunk))
    return loaded


async def _chunks(items: AsyncIterator[Item]) -> AsyncIterator[list[Item]]:
    chunk: list[Item] = []
    async for item in items:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _note(loaded: Loaded, outcome: Outcome) -> None:
    told = {"where": f"event {outcome.id}", "reason": outcome.reason or str(outcome.code)}
    if outcome.code is Reason.OVERTAKEN:
        loaded.counts["without_effect"] += 1
        loaded.without_effect.append(told)
        return
    loaded.counts[outcome.status.value] += 1
    if outcome.status is Status.REFUSED:
        loaded.refused.append(told)


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:,.0f} events"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    )


def _report(files: list[Loaded], as_json: bool) -> None:
    if as_json:
        json_out(files)
    else:
        for loaded in files:
            _say(loaded)
    if any(loaded.refused for loaded in files):
        raise typer.Exit(1)


def _say(loaded: Loaded) -> None:
    told = {
        "applied": "applied",
        "unchanged": "unchanged",
        "duplicate": "known already",
        "without_effect": "without effect",
        "parked": "waiting for what they need",
        "refused": "refused",
        "rejected": "not readable",
    }
    parts = [f"{loaded.counts[key]:,} {word}" for key, word in told.items() if loaded.counts[key]]
    say(f"{loaded.file}: {', '.join(parts) or 'nothing in it'}")
    reasons = [*loaded.refused, *loaded.without_effect]
    for one in reasons[:SHOWN]:
        tell(f"  {one['where']}: {one['reason']}", style="yellow")
    if (more := len(reasons) - SHOWN) > 0:
        tell(f"  … and {more:,} more; --json lists all", style="yellow")
