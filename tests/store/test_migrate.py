"""The schema: made once, by one, and never behind the back of a release."""

from __future__ import annotations

import asyncio

import pytest

from graph.store.database import Graph
from graph.store.migrate import MigrationError, migrate, migrations, pending


async def change(graph: Graph, statement: str) -> None:
    async with graph.transaction() as tx:
        await tx.run(statement)


async def test_a_dry_run_tells_what_would_be_done_and_does_nothing(graph: Graph) -> None:
    await change(graph, "MATCH (m:Migration) WHERE m.number > 3 DELETE m")

    told = await pending(graph)

    assert [m.number for m in told] == [m.number for m in migrations()][3:]
    assert await pending(graph) == told
    assert await migrate(graph) == told
    assert await pending(graph) == []


async def test_a_migration_that_was_edited_is_noticed(graph: Graph) -> None:
    await change(graph, "MATCH (m:Migration {number: 2}) SET m.checksum = 'other'")

    with pytest.raises(MigrationError, match="migration 2 'change_seq' was edited"):
        await migrate(graph)

    await change(graph, "MATCH (m:Migration {number: 2}) DELETE m")
    await migrate(graph)


async def test_a_database_of_a_later_release_is_left_alone(graph: Graph) -> None:
    await change(graph, "CREATE (:Migration {number: 9999, name: 'future', checksum: 'x'})")

    with pytest.raises(MigrationError, match="9999 'future' was made by a later release"):
        await migrate(graph)

    await change(graph, "MATCH (m:Migration {number: 9999}) DELETE m")


async def test_of_many_that_start_at_once_one_migrates(graph: Graph) -> None:
    await change(graph, "MATCH (m:Migration) DELETE m")

    made = await asyncio.gather(*(migrate(graph) for _ in range(4)))

    assert sorted(len(m) for m in made) == [0, 0, 0, len(migrations())]


def test_numbers_are_dense_and_names_tell() -> None:
    assert [m.number for m in migrations()] == list(range(1, len(migrations()) + 1))
