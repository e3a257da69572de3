"""The parts of this machine: what `utcs up` runs, and with which settings."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from pydantic import SecretStr

from cli.local import kafka, neo4j
from cli.local.home import Home
from cli.local.jars import Jar, Progress, provide_jars, read_lock
from cli.local.java import find_java
from cli.local.kafka import Kafka
from cli.local.neo4j import Neo4j
from cli.local.part import Part
from cli.local.port import free_port, free_ports
from cli.local.settings import GraphSettings, LocalSettings

GRAPH = "graph"
QUEUE = "queue"
API = "api"
WORK = "work"
NAMES = (GRAPH, QUEUE, API, WORK)
"""All parts; each needs only ones before it."""

_LOCKS = {GRAPH: neo4j.LOCK, QUEUE: kafka.LOCK}


def managed(settings: LocalSettings, names: tuple[str, ...] = NAMES) -> tuple[str, ...]:
    """The parts that are ours to run: not those for which a server is named."""
    named = {GRAPH: settings.neo4j_uri, QUEUE: settings.queue_uri}
    return tuple(name for name in NAMES if name in names and named.get(name) is None)


def pinned_jars(names: tuple[str, ...] = NAMES) -> list[Jar]:
    """The jars that the named parts run on."""
    return [jar for name in names if name in _LOCKS for jar in read_lock(_LOCKS[name])]


def fetch_jars(
    home: Home, settings: LocalSettings, names: tuple[str, ...], progress: Progress
) -> None:
    """Fetch what is missing of the jars that the named parts run on."""
    if jars := pinned_jars(names):
        provide_jars(jars, home.jars, settings.maven_url, progress)


def make_parts(home: Home, settings: LocalSettings, names: tuple[str, ...]) -> list[Part]:
    """Prepare the named parts, in the order in which they need each other."""
    external = settings.external_graph()
    # Any free ports, not 7687 and 9092: Java takes seconds to open them, and a well-known one would
    # be taken meanwhile by whatever else starts a Neo4j or a Kafka.
    bolt, broker, controller = free_ports(3)
    makers: list[Callable[[], Part]] = []
    if GRAPH in names:
        makers.append(partial(_neo4j(home, settings).prepare, bolt))
    if QUEUE in names:
        makers.append(partial(_kafka(home, settings).prepare, broker, controller))
    # The first time, each runs a Java program of its own for seconds.
    with ThreadPoolExecutor() as pool:
        parts = [made.result() for made in [pool.submit(make) for make in makers]]
    if GRAPH in names:
        password = home.neo4j_password.read_text(encoding="ascii")
        external = GraphSettings(uri=parts[0].url, user=neo4j.USER, password=SecretStr(password))
    if API in names and external is not None:
        parts.append(_api(home, external, _api_port(settings)))
    queue = settings.external_queue or next(
        (part.url for part in parts if part.name == QUEUE), None
    )
    if WORK in names and external is not None and queue is not None:
        parts.append(_work(home, external, queue, free_port()))
    return parts


def _neo4j(home: Home, settings: LocalSettings) -> Neo4j:
    return Neo4j(
        folder=home.neo4j,
        logs=home.logs,
        java=find_java(settings.java),
        jars=provide_jars(pinned_jars((GRAPH,)), home.jars, settings.maven_url),
        password_file=home.neo4j_password,
        heap=settings.neo4j_heap,
        pagecache=settings.neo4j_pagecache,
    )


def _api_port(settings: LocalSettings) -> int:
    """The port that was asked for, come what may, or a free one, the usual one if possible."""
    return settings.api_port if settings.is_port_named else free_port(settings.api_port)


def _kafka(home: Home, settings: LocalSettings) -> Kafka:
    return Kafka(
        folder=home.kafka,
        logs=home.logs,
        java=find_java(settings.java),
        jars=provide_jars(pinned_jars((QUEUE,)), home.jars, settings.maven_url),
        heap=settings.kafka_heap,
    )


def _api(home: Home, graph: GraphSettings, port: int) -> Part:
    return Part(
        name=API,
        command=[sys.executable, "-m", "api.serve"],
        url=f"http://127.0.0.1:{port}",
        port=port,
        log=home.logs / "api.log",
        environment={
            **_reaching(home, graph),
            "UTCS_API_PORT": str(port),
            "UTCS_API_TOKEN_FILE": str(home.api_token),
        },
        folder=home.root,
        needs=(GRAPH,),
    )


def _work(home: Home, graph: GraphSettings, queue: str, port: int) -> Part:
    return Part(
        name=WORK,
        command=[sys.executable, "-m", "cli.worker"],
        url=f"http://127.0.0.1:{port}",
        port=port,
        log=home.logs / "work.log",
        environment={
            **_reaching(home, graph),
            "UTCS_QUEUE_URI": queue,
            "UTCS_WORK_PORT": str(port),
        },
        folder=home.root,
        needs=(GRAPH, QUEUE),
    )


def _reaching(home: Home, graph: GraphSettings) -> dict[str, str]:
    """What tells our own processes where things are."""
    return {
        "PYTHONSAFEPATH": "1",
        "UTCS_HOME": str(home.root),
        "UTCS_NEO4J_URI": graph.uri,
        "UTCS_NEO4J_USER": graph.user,
        "UTCS_NEO4J_PASSWORD": graph.password.get_secret_value(),
    }
