"""Servers of a benchmark's own: empty, on free ports, gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.local import kafka as managed_kafka
from cli.local import neo4j as managed_neo4j
from cli.local.jars import provide_jars, read_lock
from cli.local.java import find_java
from cli.local.kafka import Kafka
from cli.local.neo4j import USER, Neo4j
from cli.local.part import Part, Running
from cli.local.port import free_port, free_ports
from cli.local.settings import LocalSettings


@contextmanager
def neo4j() -> Iterator[tuple[str, str, str]]:
    """Yields the URI, user and password of a graph."""
    with tempfile.TemporaryDirectory() as name:
        part, password = neo4j_part(Path(name))
        with _running(part):
            yield part.url, USER, password


@contextmanager
def kafka() -> Iterator[str]:
    """Yields the `host:port` of a broker."""
    with tempfile.TemporaryDirectory() as name, _running(kafka_part(Path(name))) as part:
        yield f"127.0.0.1:{part.port}"


def neo4j_part(folder: Path) -> tuple[Part, str]:
    """Returns a graph to start, and its password."""
    made = Neo4j(
        folder=folder,
        logs=folder / "logs",
        java=find_java(),
        jars=_jars(managed_neo4j.LOCK),
        password_file=folder / "password",
        heap="2g",
        pagecache="1g",
    )
    part = made.prepare(free_port())
    return part, made.password_file.read_text(encoding="ascii")


def kafka_part(folder: Path) -> Part:
    """Returns a broker to start."""
    made = Kafka(
        folder=folder,
        logs=folder / "logs",
        java=find_java(),
        jars=_jars(managed_kafka.LOCK),
    )
    return made.prepare(*free_ports(2))


@contextmanager
def _running(part: Part) -> Iterator[Part]:
    running = Running(part)
    try:
        running.wait_ready()
        yield part
    finally:
        running.stop()


def _jars(lock: str) -> list[Path]:
    settings = LocalSettings.read()
    return provide_jars(read_lock(lock), settings.places().jars, settings.maven_url)
