"""The connection: a read goes on when the connection that it was given turns out to be dead."""

from __future__ import annotations

from graph.store.database import Graph
from tests.conftest import GraphServer


async def test_a_read_survives_the_loss_of_its_connections(
    graph: Graph, neo4j_server: GraphServer
) -> None:
    rows = await graph.read("CALL dbms.listConnections() YIELD connectionId RETURN connectionId")
    server = (neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    async with await Graph.open(*server) as other:
        killed = await other.read(
            "CALL dbms.killConnections($ids) YIELD message RETURN message",
            {"ids": [id for (id,) in rows]},
        )

    answer = await graph.read("RETURN 1 AS one")

    assert ["Connection found"] in killed
    assert answer == [[1]]
