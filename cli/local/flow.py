"""How current the thread is, for `utcs status`: what follows the change log, and which source is silent."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from cli.local.settings import LocalSettings
from cli.local.state import graph_settings
from cli.output import moment, rows, tell
from graph.errors import TraceError
from graph.store.database import Graph
from graph.store.followers import Following, followers
from graph.store.freshness import Freshness, freshness
from graph.store.letters import count_letters


@dataclass(frozen=True)
class Flow:
    """What is known of followers, sources and dead letters; nothing while the graph does not answer."""

    dead_letters_open: int | None = None
    followers: tuple[Following, ...] = ()
    sources: tuple[Freshness, ...] = ()


def look_at_flow(settings: LocalSettings) -> Flow:
    """How the followers and the sources are; if the graph cannot be asked, says why and gives nothing."""
    try:
        return asyncio.run(_look(settings))
    except TraceError as error:
        tell(error.message)
        return Flow()


async def _look(settings: LocalSettings) -> Flow:
    place = graph_settings(settings.places(), settings)
    password = place.password.get_secret_value()
    async with await Graph.open(place.uri, place.user, password) as graph:
        return Flow(await count_letters(graph), await followers(graph), await freshness(graph))


def say_flow(flow: Flow) -> None:
    """Print what there is of it: tables, and how many dead letters wait."""
    if flow.followers:
        rows(
            ("follower", "entries behind", "seconds behind", "state"),
            [(f.name, f.lag_entries, round(f.lag_s), _state(f)) for f in flow.followers],
        )
    if flow.sources:
        rows(
            ("source", "last event", "expected every", "state"),
            [_source(source) for source in flow.sources],
        )
    if flow.dead_letters_open:
        tell(f"{flow.dead_letters_open:,} dead letters are open: utcs replay list", style="yellow")


def _state(follower: Following) -> str:
    if follower.trouble:
        return follower.trouble
    return "running" if follower.is_running else "not running"


def _source(source: Freshness) -> tuple[str, str, str, str]:
    last = "never" if source.last_at is None else moment(source.last_at.replace(microsecond=0))
    every = "-" if source.interval_h is None else f"{source.interval_h} h"
    if source.utcs is None:
        return source.source or "-", last, every, "not registered"
    state = "nothing expected" if source.due_at is None else "fresh"
    return source.source or str(source.utcs), last, every, "stale" if source.is_stale else state
