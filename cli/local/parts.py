"""The parts of this machine: what `utcs up` runs, and with which settings."""

import sys

from pydantic import SecretStr

from cli.local.home import Home
from cli.local.jars import Progress, provide_jars, read_lock
from cli.local.java import find_java
from cli.local.neo4j import LOCK, USER, Neo4j, free_port
from cli.local.part import Part
from cli.local.settings import GraphSettings, LocalSettings

GRAPH = "graph"
API = "api"
NAMES = (GRAPH, API)
"""All parts, in the order in which they need each other."""


def managed(settings: LocalSettings, names: tuple[str, ...] = NAMES) -> tuple[str, ...]:
    """The parts that are ours to run: not the graph, if a server is named."""
    return tuple(n for n in NAMES if n in names and (n != GRAPH or settings.neo4j_uri is None))


def make_parts(home: Home, settings: LocalSettings, names: tuple[str, ...]) -> list[Part]:
    """Prepare the named parts, in the order in which they need each other."""
    external = settings.external_graph()
    parts = []
    if GRAPH in names:
        # Any free port, not 7687: Java takes seconds to open it, and a well-known one would be
        # taken meanwhile by whatever else starts a Neo4j.
        parts.append(neo4j(home, settings).prepare(free_port()))
        password = home.neo4j_password.read_text(encoding="ascii")
        external = GraphSettings(uri=parts[0].url, user=USER, password=SecretStr(password))
    if API in names and external is not None:
        parts.append(_api(home, external, _api_port(settings)))
    return parts


def neo4j(home: Home, settings: LocalSettings, progress: Progress = lambda _: None) -> Neo4j:
    """The managed server of this home; its jars are fetched if they are missing."""
    return Neo4j(
        folder=home.neo4j,
        logs=home.logs,
        java=find_java(settings.java),
        jars=provide_jars(read_lock(LOCK), home.jars, settings.maven_url, progress),
        password_file=home.neo4j_password,
        heap=settings.neo4j_heap,
        pagecache=settings.neo4j_pagecache,
    )


def _api_port(settings: LocalSettings) -> int:
    """The port that was asked for, come what may, or a free one, the usual one if possible."""
    return settings.api_port if settings.is_port_named else free_port(settings.api_port)


def _api(home: Home, graph: GraphSettings, port: int) -> Part:
    return Part(
        name=API,
        command=[sys.executable, "-m", "api.serve"],
        url=f"http://127.0.0.1:{port}",
        port=port,
        log=home.logs / "api.log",
        environment={
            "PYTHONSAFEPATH": "1",
            "UTCS_HOME": str(home.root),
            "UTCS_NEO4J_URI": graph.uri,
            "UTCS_NEO4J_USER": graph.user,
            "UTCS_NEO4J_PASSWORD": graph.password.get_secret_value(),
            "UTCS_API_PORT": str(port),
            "UTCS_API_TOKEN_FILE": str(home.api_token),
        },
        folder=home.root,
    )
