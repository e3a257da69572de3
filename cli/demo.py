"""`utcs demo`: everything started, a sample fleet in the graph, and where to go from there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.connect import ask, owner
from cli.load import Loaded, feed
from cli.local.commands import AsJson, start_with_progress
from cli.local.lock import is_held
from cli.local.machine import stop
from cli.local.settings import LocalSettings
from cli.output import json_out, say, tell
from cli.serve import login_link
from graph.flows.baseline import Request, create_baseline
from graph.flows.submit import submit
from graph.model.event import Event
from graph.model.governance import BaselineCategory, BaselineRule
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.baselines import list_baselines
from graph.store.database import Graph
from graph.store.errors import NotFoundError
from graph.store.show import show

SEED: Final = 1
SOURCE: Final = "urn:utcs:demo"

BULK_FACTS: Final = 2000
"""To a transaction: nobody else writes while the demo is set up, and it is two to three times faster."""

MOST_LIVE: Final = 12
"""More than these would fill the graph, and show nothing that these do not."""

MOST_FROZEN: Final = 12
"""So many baselines as built get their roots; of a larger fleet, the others are frozen when needed."""

WELCOME: Final = """
The AMPEL360 BWB-H2 sample fleet is in the graph. Open the pages with this link; it works once:

  {link}

Or ask here:

  {utcs} show DPP-H2-001                an aircraft, by its product passport
  {utcs} impact DPP-H2-001              what depends on it
  {utcs} trace WO-54321                 why an open work order exists
  {utcs} show "hydrogen tank"           search by words
  {utcs} --help                         all verbs

The fleet goes on flying: the page "Changes" shows each event as it comes over the queue.

It goes on in the background. Stop it with: {utcs} down
"""


def demo(
    scale: Annotated[
        float,
        typer.Option(min=0.01, max=100, help="How large the fleet is; 1 is about 12 aircraft."),
    ] = 1.0,
    as_json: AsJson = False,
) -> None:
    """Start everything, load a sample fleet once, and say what to try.

    Example: utcs demo
    """
    settings = LocalSettings.read()
    home = settings.places()
    was_running = is_held(home.lock)
    if not was_running:
        _let_fly(scale)
    state = start_with_progress(settings)
    try:
        loaded = ask(lambda graph: load_once(graph, scale))
    except KeyboardInterrupt:
        if not was_running:
            stop(home)
        tell("Stopped. What was loaded stays; `utcs demo` goes on from there.")
        raise typer.Exit(130) from None
    link = login_link(home, state.url or "")
    if as_json:
        json_out({"url": state.url, "link": link, "loaded": loaded})
        return
    for line in WELCOME.format(link=link, utcs=command()).splitlines():
        say(line)


def _let_fly(scale: float) -> None:
    """Tells the worker that is about to start, which outlives us, how many aircraft go on flying."""
    from ingest.fleet.generate import aircraft_count

    os.environ.setdefault("UTCS_LIVE_AIRCRAFT", str(min(MOST_LIVE, aircraft_count(scale))))


async def load_once(graph: Graph, scale: float) -> Loaded | None:
    """Loads the sample fleet, unless all of it is there; None if it was."""
    marker = Utcs("UTCS", "source", f"sample-fleet-{SEED}-{scale:g}")
    try:
        await show(graph, marker)
    except NotFoundError:
        # Heavy to import, and needed this once only.
        from ingest.fleet.generate import generate

        events = _in_turn(generate(seed=SEED, scale=scale))
        loaded = await feed(graph, "Sample fleet", events, facts_at_once=BULK_FACTS)
        await freeze(graph)
        await submit(graph, [_whole(marker)], owner())
        return loaded
    return None


async def freeze(graph: Graph) -> None:
    """Gives the as-built baselines of the fleet their roots, and freezes the design of its type.

    The fleet's sources name the baselines only; the rest is what a configuration manager would do.
    """
    from ingest.fleet.product import AIRCRAFT_PART
    from ingest.fleet.statement import CERTIFIED, utcs

    for named in (await list_baselines(graph, first=MOST_FROZEN)).baselines:
        if named.utcs.authority == AIRCRAFT_PART.authority and not named.is_sealed:
            request = Request(named.utcs, BaselineRule.CONFIGURATION, named.root)
            await create_baseline(graph, owner(), request)
    design = Request(
        utcs("baseline", "TYPE-DESIGN"),
        BaselineRule.DESIGN,
        AIRCRAFT_PART,
        name="Type design at certification",
        category=BaselineCategory.PRODUCT,
        at=Coordinates(as_of=CERTIFIED),
    )
    await create_baseline(graph, owner(), design)


async def _in_turn(events: Iterator[Event]) -> AsyncIterator[Event]:
    for event in events:
        yield event


def _whole(marker: Utcs) -> dict[str, Any]:
    """Returns the event that says that all of the fleet is there, sent after the rest of it."""
    return {
        "id": str(marker),
        "source": SOURCE,
        "time": "2026-01-01T00:00:00Z",
        "data": {
            "facts": [
                {
                    "fact": "put_node",
                    "utcs": str(marker),
                    "properties": {
                        "name": "Sample fleet, whole",
                        "uri": SOURCE,
                        "category": "file",
                    },
                }
            ]
        },
    }


def command() -> str:
    """Returns how this command is called from the folder where the person is."""
    own = Path(sys.argv[0]).absolute()
    found = shutil.which("utcs")
    if found and Path(found).samefile(own):
        return "utcs"
    here = Path.cwd()
    return str(own.relative_to(here) if own.is_relative_to(here) else own)
