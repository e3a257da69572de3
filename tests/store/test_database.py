"""The connection: a read goes on when the connection that it was given turns out to be dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from graph.store.database import Graph
from tests.conftest import GraphServer

Ends = list[asyncio.StreamWriter]


@asynccontextmanager
async def through(uri: str) -> AsyncIterator[tuple[str, Ends]]:
    """A way to a server: its URI, and the open ends, so that a test may cut them."""
    place, ends = urlsplit(uri), Ends()

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while content := await source.read(65536):
            sink.write(content)
        sink.close()

    async def join(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        far_source, far_sink = await asyncio.open_connection(place.hostname, place.port)
        ends.extend((sink, far_sink))
        await asyncio.gather(pump(source, far_sink), pump(far_source, sink), return_exceptions=True)

    server = await asyncio.start_server(join, "127.0.0.1", 0)
    async with server:
        yield f"bolt://127.0.0.1:{server.sockets[0].getsockname()[1]}", ends


async def test_a_read_is_tried_again_when_its_connection_is_lost(neo4j_server: GraphServer) -> None:
    async with (
        through(neo4j_server.uri) as (uri, ends),
        await Graph.open(uri, neo4j_server.user, neo4j_server.password) as graph,
    ):
        asked = asyncio.create_task(
            graph.read("UNWIND range(1, 3000000) AS n RETURN count(n % 7) AS n")
        )
        await asyncio.sleep(0.1)
        for end in ends:
            end.transport.abort()

        assert await asked == [[3_000_000]]
        assert len(ends) == 4
