"""`utcs work`: a worker in this terminal, which takes events from the queue into the graph."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from cli.connect import RESTART_WITHIN_S
from cli.local.errors import NotRunningError
from cli.local.parts import QUEUE
from cli.local.port import free_port
from cli.local.probe import find_trouble
from cli.local.settings import LocalSettings
from cli.local.state import find_state, graph_settings
from cli.output import json_out, tell
from cli.worker import Reports
from graph.errors import TraceError


def work(
    events: Annotated[str, typer.Option(help="The topic or queue to consume.")] = "utcs.events",
    dead_letters: Annotated[
        str, typer.Option(help="Where what cannot be taken goes.")
    ] = "utcs.dead-letters",
    group: Annotated[
        str | None,
        typer.Option(
            help="On Kafka, workers of one group share the work; another group gets it all.",
            show_default="utcs",
        ),
    ] = None,
    places: Annotated[
        Path | None,
        typer.Option(
            envvar="UTCS_PLACES", help="A TOML file: where files are picked up, and dropped."
        ),
    ] = None,
    reports: Annotated[
        Path | None,
        typer.Option(
            envvar="UTCS_REPORTS", help="A TOML file: which reports are sent to whom, and when."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print where health is told as JSON, and then work.")
    ] = False,
) -> None:
    """Take events from the queue into the graph in this terminal, until Ctrl-C.

    `utcs up` runs one in the background. Several of one group share the partitions of a Kafka topic;
    of several on a RabbitMQ queue one works, and another takes over when it ends.

    Example: utcs work --events plant.events --group plant
    """
    # The queue's client is heavy to import, and no other verb needs it.
    from ingest.settings import Settings
    from ingest.work import work as take

    local = LocalSettings.read()
    queue = _queue(local, group)
    graph = graph_settings(local.places(), local, patience_s=RESTART_WITHIN_S, report=tell)
    settings = Settings(
        queue_uri=SecretStr(queue),
        neo4j_uri=graph.uri,
        neo4j_user=graph.user,
        neo4j_password=graph.password,
        home=local.places().root,
        events=events,
        dead_letters=dead_letters,
        group=group or "utcs",
        places=places,
        reports=reports,
        work_port=free_port(),
    )
    url = f"http://{settings.work_host}:{settings.work_port}"
    if as_json:
        json_out({"url": url, "events": events, "group": settings.group})
        sys.stdout.flush()  # a program waits for it, and nothing else follows
    else:
        tell(f"Taking events from {events}; {url}/readyz tells how it goes. Stop with Ctrl-C.")
    with suppress(KeyboardInterrupt):  # the way to end it
        asyncio.run(take(settings, Reports()))


def _queue(local: LocalSettings, group: str | None) -> str:
    """Returns where the queue is, if it answers."""
    state = find_state(local.places())
    part = state.parts.get(QUEUE) if state is not None and state.is_alive else None
    url = local.external_queue or (part.url if part is not None else None)
    if url is None:
        raise NotRunningError("the queue is not running; start it with `utcs up`")
    if group is not None and url.startswith("amqp"):
        raise TraceError(
            "--group: a RabbitMQ knows none; bind another queue to the exchange, and name it by --events"
        )
    if trouble := find_trouble(url):
        raise NotRunningError(trouble)
    return url
