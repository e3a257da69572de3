"""A Neo4j of a benchmark's own: empty, on a free port, gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.local.jars import provide_jars, read_lock
from cli.local.java import find_java
from cli.local.neo4j import LOCK, USER, Neo4j
from cli.local.part import Running
from cli.local.port import free_port
from cli.local.settings import LocalSettings


@contextmanager
def neo4j() -> Iterator[tuple[str, str, str]]:
    """Yields its URI, user and password."""
    settings = LocalSettings.read()
    jars = provide_jars(read_lock(LOCK), settings.places().jars, settings.maven_url)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = Neo4j(
            folder=folder,
            logs=folder / "logs",
            java=find_java(),
            jars=jars,
            password_file=folder / "password",
            heap="2g",
            pagecache="1g",
        )
        running = Running(made.prepare(free_port()))
        try:
            running.wait_ready()
            yield running.part.url, USER, made.password_file.read_text(encoding="ascii")
        finally:
            running.stop()
