"""A clean graph for each test, on the real Neo4j of the run."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

from graph.store.database import Graph
from graph.store.migrate import migrate
from tests.conftest import GraphServer

settings.register_profile("utcs", deadline=None)
settings.load_profile("utcs")


@pytest.fixture
async def graph(neo4j_server: GraphServer) -> AsyncIterator[Graph]:
    """An empty graph with the schema of this release."""
    async with await Graph.open(
        neo4j_server.uri, neo4j_server.user, neo4j_server.password
    ) as opened:
        await empty(opened)
        yield opened


async def empty(graph: Graph) -> None:
    """Takes everything out but the schema."""
    await migrate(graph)
    async with graph.transaction() as tx:
        await tx.run("MATCH (n) WHERE NOT n:Migration AND NOT n:Log DETACH DELETE n")
        await tx.run("MATCH (l:Log {name: 'changes'}) SET l.seq = 0, l.recorded_at = 0")
