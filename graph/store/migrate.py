"""Brings the schema of the database to what this release needs: numbered statements, each made once."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from typing import Final

import cypher
from graph.model.canonical import sha256_hex
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError, StoreError

ATTEMPTS: Final = 5
"""How often migrations are tried that the server gave up on."""


class MigrationError(StoreError):
    """The database has had other migrations than this release knows of."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered statement of `cypher/schema`."""

    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, hex: a migration that was made must never be edited."""
        return sha256_hex(self.text.encode())


def migrations() -> list[Migration]:
    """Returns the migrations of this release, in order."""
    found = []
    for path in cypher.names("schema"):
        number, _, name = path.rpartition("/")[2].partition("_")
        found.append(Migration(int(number), name, cypher.load(path)))
    return found


async def pending(graph: Graph) -> list[Migration]:
    """Returns what `migrate` would do, without doing it.

    Raises:
        MigrationError: A migration that was made has been edited since, or is not known here.
    """
    return _pending(await graph.read("migration/applied"))


async def migrate(graph: Graph) -> list[Migration]:
    """Makes the migrations that the database has not had, and returns them.

    Safe to call from several processes at once: one works, the others wait and find nothing to do.

    Raises:
        MigrationError: A migration that was made has been edited since, or is not known here.
    """
    for _ in range(ATTEMPTS):
        try:
            return await _migrate(graph)
        except GraphUnreachableError as error:  # two that start at once may deadlock; one goes on
            if not error.is_transient:
                raise
            await asyncio.sleep(random.uniform(0.1, 1.0))  # noqa: S311
    return await _migrate(graph)


async def _migrate(graph: Graph) -> list[Migration]:
    await _alone(graph, "schema/0004_log_name")
    await _alone(graph, "migration/number")
    async with graph.transaction() as lock:
        await lock.run("migration/lock")
        made = await pending(graph)
        for migration in made:
            await _alone(graph, migration.text)
            async with graph.transaction() as tx:
                await tx.run(
                    "migration/record",
                    number=migration.number,
                    name=migration.name,
                    checksum=migration.checksum,
                    applied_at=graph.clock(),
                )
        if made:
            await graph.read("migration/await")
    return made


async def _alone(graph: Graph, statement: str) -> None:
    """Runs a statement in a transaction of its own: Neo4j takes no schema change beside data."""
    async with graph.transaction(timeout_s=0) as tx:
        await tx.run(statement)


def _pending(applied: list[list[object]]) -> list[Migration]:
    known = {m.number: m for m in migrations()}
    for number, name, checksum in applied:
        mine = known.pop(int(str(number)), None)
        if mine is None:
            raise MigrationError(
                f"migration {number} {name!r} was made by a later release; use that one"
            )
        if mine.checksum != checksum:
            raise MigrationError(
                f"migration {number} {name!r} was edited after it was made; restore its text"
            )
    return list(known.values())
