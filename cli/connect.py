"""The graph for one command: opened, used and closed; and in whose name it is used."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from cli.local.settings import LocalSettings
from cli.local.state import find_state, graph_settings
from cli.output import tell
from graph.flows.submit import Principal
from graph.store.database import Graph

RESTART_WITHIN_S: Final = 120.0
"""How long a question waits for a graph that is started again: as long as its start may take."""

Answer = TypeVar("Answer")


def owner() -> Principal:
    """Returns the person at the keyboard: whoever may read the data folder owns the graph in it."""
    return Principal.of(getpass.getuser(), "admin")


def ask(question: Callable[[Graph], Awaitable[Answer]]) -> Answer:
    """Returns the answer to a question about the running graph.

    Raises:
        NotRunningError: The graph is not up.
    """

    async def asked() -> Answer:
        settings = LocalSettings.read()
        place = graph_settings(
            settings.places(), settings, patience_s=RESTART_WITHIN_S, report=tell
        )
        async with await Graph.open(
            place.uri, place.user, place.password.get_secret_value()
        ) as graph:
            return await question(graph)

    return asyncio.run(asked())


def passport_link(dpp_id: str) -> str:
    """Returns where a passport is: its address while the API runs here, else its path."""
    state = find_state(LocalSettings.read().places())
    running = state.url if state is not None and state.is_alive else None
    return f"{running or ''}/api/v1/dpp/{dpp_id}"
