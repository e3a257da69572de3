"""All figures, one after the other, on a Neo4j of their own: `make bench`.

    python -m benchmarks [apply | impact | graphql …]

Quote ratios: both sides of each run in turn on the same machine, whose own speed goes up and down.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.local.jars import provide_jars, read_lock
from cli.local.java import find_java
from cli.local.neo4j import LOCK, Neo4j, free_port
from cli.local.part import Running
from cli.local.settings import LocalSettings

ALL = ("apply", "impact", "graphql")
FLEET = "4"
"""The scale of the sample fleet that the questions are asked of: about 80,000 things."""


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """An empty Neo4j, and the environment that points to it."""
    settings = LocalSettings.read()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        password = folder / "password"
        neo4j = Neo4j(
            folder=folder,
            logs=folder / "logs",
            java=find_java(),
            jars=provide_jars(read_lock(LOCK), settings.places().jars, settings.maven_url),
            password_file=password,
            heap="2g",
            pagecache="1g",
        )
        running = Running(neo4j.prepare(free_port()))
        try:
            running.wait_ready()
            yield {
                "UTCS_NEO4J_URI": running.part.url,
                "UTCS_NEO4J_USER": "neo4j",
                "UTCS_NEO4J_PASSWORD": password.read_text(encoding="ascii"),
            }
        finally:
            running.stop()


def run(module: str, *arguments: str, environment: dict[str, str]) -> None:
    """Runs one benchmark in a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    subprocess.run(command, env=os.environ | environment, check=True)


def main(chosen: list[str]) -> None:
    for name in chosen or ALL:
        with server() as environment:
            print(f"\n## {name}", flush=True)
            if name != "apply":
                run("fill", FLEET, environment=environment)
            run(name, environment=environment)


if __name__ == "__main__":
    main(sys.argv[1:])
