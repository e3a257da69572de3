"""`utcs serve` and `utcs login`: the API in this terminal, and the way into it."""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress
from functools import wraps
from typing import Annotated, Any, Final

import typer

from api.keyring import LOGIN_S, Keyring
from cli.connect import RESTART_WITHIN_S, owner
from cli.local import commands
from cli.local.check import api_settings
from cli.local.errors import NotRunningError
from cli.local.home import Home
from cli.local.settings import LocalSettings
from cli.local.state import find_state, graph_settings
from cli.output import json_out, say, tell
from graph.errors import TraceError
from graph.flows.submit import ROLES, VIEWERS, Principal

HOST: Final = "127.0.0.1"


def serve(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port to listen on.", show_default="8765"),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the link as JSON, and then serve.")
    ] = False,
) -> None:
    """Serve pages, GraphQL and REST in this terminal, until Ctrl-C.

    `utcs up` runs the same in the background.

    Example: utcs serve --port 9000
    """
    # The web server is heavy to import, and no other verb needs it.
    from api.serve import serve as serve_api

    local = LocalSettings.read()
    home = local.places()
    graph = graph_settings(home, local, patience_s=RESTART_WITHIN_S, report=tell)
    named = "--port" if port is not None else "UTCS_API_PORT"
    settings = api_settings(home, graph, _free(named, local.api_port if port is None else port))
    url = f"http://{HOST}:{settings.api_port}"
    link = login_link(home, url)
    if as_json:
        json_out({"url": url, "link": link})
        sys.stdout.flush()  # a program waits for it, and nothing else follows
    else:
        tell(f"Open {link}")
        tell("The link works once. Stop with Ctrl-C.")
    with suppress(KeyboardInterrupt):  # the way to end it
        asyncio.run(serve_api(settings))


@wraps(commands.up)
def up(*args: Any, **options: Any) -> None:
    """What `cli.local` does to start the parts, and then a link into the pages."""
    commands.up(*args, **options)
    home = LocalSettings.read().places()
    state = find_state(home)
    if state is not None and state.url and not options["as_json"]:
        tell(f"Open {login_link(home, state.url)}")


def login(
    role: Annotated[
        str,
        typer.Option(
            help="reader, editor or admin; or operator or authority, who are shown passports only."
        ),
    ] = "admin",
    actor: Annotated[str | None, typer.Option(help="In whose name; yours unless given.")] = None,
    token: Annotated[
        bool, typer.Option("--token", help="A token for a program, instead of a link.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print a link that opens the pages, once, within a quarter of an hour.

    Example: utcs login --role reader
    """
    if role not in (roles := (*ROLES, *VIEWERS)):
        raise TraceError(f"--role: {role!r} is not a role; use one of {', '.join(roles)}")
    home = LocalSettings.read().places()
    who = Principal.of(actor or owner().actor, role)
    if token:
        secret = Keyring(home.secrets).issue("token", who)
        json_out({"token": secret}) if as_json else say(secret)
        return
    state = find_state(home)
    if state is None or not state.is_alive or state.url is None:
        raise NotRunningError("the API is not running; start it with `utcs up`")
    link = login_link(home, state.url, who)
    json_out({"link": link}) if as_json else say(link)


def login_link(home: Home, url: str, who: Principal | None = None) -> str:
    """Returns a fresh one-time link into the API at an address; for the owner unless told otherwise."""
    secret = Keyring(home.secrets).issue("login", who or owner(), LOGIN_S)
    return f"{url}/login?token={secret}"


def _free(named: str, port: int) -> int:
    """Returns the port, if nobody listens on it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise TraceError(
                f"{named}: {port} is taken ({error.strerror}); is `utcs up` running? Or name another one"
            ) from error
        return int(probe.getsockname()[1])
