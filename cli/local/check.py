"""Can what the environment says be done? Asked before anything is started."""

from pydantic import ValidationError

from api.settings import Settings
from cli.local.errors import SettingError
from cli.local.home import Home
from cli.local.java import find_java
from cli.local.parts import API, GRAPH, QUEUE, managed
from cli.local.port import free_port
from cli.local.settings import GraphSettings, LocalSettings, setting_error
from cli.local.state import State

HOSTS = ("127.0.0.1", "localhost")
"""Where the API of one machine listens, and is looked for."""

_ANY_GRAPH = GraphSettings.model_validate({"uri": "bolt://127.0.0.1", "password": ""})


def check(settings: LocalSettings, names: tuple[str, ...]) -> None:
    """Look at all settings that the named parts are going to meet.

    Raises:
        SettingError: if one has a value with which its part cannot start.
    """
    if settings.java is not None and {GRAPH, QUEUE} & {*managed(settings, names)}:
        find_java(settings.java)
    if API in names:
        api_settings(settings.places(), _ANY_GRAPH, settings.api_port)
        port = settings.api_port
        if settings.is_port_named and free_port(port) != port:
            raise SettingError(
                f"UTCS_API_PORT={port}: another program has this port; stop it, name another "
                "port, or unset it to take a free one"
            )


def check_port_of(state: State, settings: LocalSettings) -> None:
    """Hold the port that was asked for against the one of an API that runs already.

    Raises:
        SettingError: if they differ.
    """
    api = state.parts.get(API)
    if api is not None and settings.is_port_named and not _has_port(api.url, settings.api_port):
        raise SettingError(
            f"UTCS_API_PORT={settings.api_port}: the api runs already, at {api.url}; unset it, or "
            "run `utcs down` first"
        )


def find_move(state: State, settings: LocalSettings) -> str | None:
    """Says that the API is elsewhere than usual, if it is; whoever goes to the usual port must know."""
    api, usual = state.parts.get(API), settings.api_port
    if api is None or usual == 0 or _has_port(api.url, usual):
        return None
    return f"another program has port {usual}, so the api has a free one: {api.url}"


def _has_port(url: str, port: int) -> bool:
    return url.endswith(f":{port}")


def api_settings(home: Home, graph: GraphSettings, port: int) -> Settings:
    """The settings of an API on this machine; all else is in the environment.

    Raises:
        SettingError: if a variable has a value that cannot be meant; the message names it.
    """
    try:
        settings = Settings(
            home=home.root,
            neo4j_uri=graph.uri,
            neo4j_user=graph.user,
            neo4j_password=graph.password,
            api_port=port,
        )
    except ValidationError as error:
        raise setting_error(error) from error
    if settings.api_host not in HOSTS:
        raise SettingError(
            f"UTCS_API_HOST={settings.api_host}: the api of `utcs` listens at 127.0.0.1; unset it"
        )
    return settings
