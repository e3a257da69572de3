"""1,000 nested nodes by GraphQL, against @neo4j/graphql and graphql-yoga on the same database.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_USER=… UTCS_NEO4J_PASSWORD=… python -m benchmarks.graphql

Needs an empty graph, and loads 4,000 parts into it. Both servers run as processes of their own and are
asked in turn over HTTP, so that what else the machine does slows both alike.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import httpx
import orjson

from api.context import Context
from api.persisted import Documents
from api.schema import make_schema
from cli.local.port import free_port
from graph.flows.submit import Principal
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.migrate import migrate
from graph.store.tail import Tail

RIVAL = Path(__file__).parent / "rivals" / "graphql"
FIELDS = "utcs name number revision status cage ataChapter massKg material category"
OURS = f"""{{ parts(first: 200) {{ nodes {{ {FIELDS}
  suppliedBy {{ nodes {{ utcs name }} }}
  hasComponent {{ nodes {{ utcs name ... on Part {{ number }} }} }} }} }} }}"""
THEIRS = f"""{{ parts(limit: 200, sort: [{{utcs: ASC}}]) {{ {FIELDS}
  suppliedBy {{ utcs name }} hasComponent {{ utcs name number }} }} }}"""
WARM, ROUNDS = 300, 200
"""Neo4j compiles what it runs often, for some hundred rounds; both sides take half as long then."""


def assembly(number: int) -> dict[str, Any]:
    """One event: a part with three components and a supplier."""

    def part(local: str) -> dict[str, Any]:
        properties = {
            "name": f"Part {local}", "number": local, "revision": "A", "status": "active", "cage": "0AB12",
            "ata_chapter": "28-10", "mass_kg": "1.25", "material": "Al 2219", "category": "component",
        }  # fmt: skip
        return {"fact": "put_node", "utcs": f"utcs:BENCH:part:{local}", "properties": properties}

    def link(name: str, target: str, **more: Any) -> dict[str, Any]:
        source = f"utcs:BENCH:part:a{number}"
        return {"fact": "put_link", "source": source, "link": name, "target": target} | more

    components = [f"c{number}-{i}" for i in range(3)]
    facts = [part(f"a{number}"), *map(part, components)]
    facts.append(link("SUPPLIED_BY", f"utcs:BENCH:supplier:{number % 20}"))
    facts += [
        link(
            "HAS_COMPONENT",
            f"utcs:BENCH:part:{local}",
            slot=local[-1],
            properties={"quantity": "1"},
        )
        for local in components
    ]
    return event(f"a{number}", facts)


def event(id: str, facts: list[dict[str, Any]]) -> dict[str, Any]:
    time = "2025-01-01T00:00:00Z"
    return {
        "id": id,
        "source": "urn:bench",
        "actor": "bench",
        "time": time,
        "data": {"facts": facts},
    }


async def load(graph: Graph) -> None:
    await migrate(graph)
    suppliers = [
        {
            "fact": "put_node",
            "utcs": f"utcs:BENCH:supplier:{i}",
            "properties": {"name": f"S{i}", "number": str(i)},
        }
        for i in range(20)
    ]
    events = [event("suppliers", suppliers), *map(assembly, range(1000))]
    for start in range(0, len(events), 50):
        for outcome in await apply(graph, events[start : start + 50]):
            assert outcome.seq is not None, outcome
    await graph.read("CALL db.awaitIndexes(60) RETURN 1")


@contextlib.contextmanager
def server(command: list[str], port: int, cwd: Path | None = None) -> Iterator[str]:
    """A server process; its URL."""
    url = f"http://127.0.0.1:{port}/graphql"
    process = subprocess.Popen(command, cwd=cwd)
    try:
        for _ in range(600):
            with contextlib.suppress(httpx.TransportError):
                httpx.post(url, json={"query": "{ __typename }"}, timeout=30)
                break
            assert process.poll() is None, f"{command[0]} ended"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def serve(port: int, uri: str, user: str, password: str) -> None:
    """Our GraphQL, open to this benchmark."""
    import uvicorn
    from fastapi import FastAPI

    from api.graphql import graphql_router

    class Open:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("state", {})["principal"] = Principal.of("bench", "reader")
            await self.app(scope, receive, send)

    async def run() -> None:
        async with await Graph.open(uri, user, password) as graph:
            app = FastAPI()
            app.include_router(graphql_router(graph, Tail(graph)))
            app.add_middleware(Open)
            await uvicorn.Server(uvicorn.Config(app, port=port, log_level="error")).serve()

    asyncio.run(run())


def count(answer: dict[str, Any]) -> int:
    """How many nodes an answer holds."""
    parts = answer["data"]["parts"]
    total = 0
    for part in parts["nodes"] if isinstance(parts, dict) else parts:
        total += 1
        for name in ("suppliedBy", "hasComponent"):
            nested = part[name]
            total += len(nested["nodes"] if isinstance(nested, dict) else nested)
    return total


def over_http(urls: dict[str, tuple[str, str]]) -> dict[str, list[float]]:
    """Milliseconds of each request, each server in turn."""
    taken: dict[str, list[float]] = {name: [] for name in urls}
    with httpx.Client(timeout=60) as client:
        for number in range(WARM + ROUNDS):
            for name, (url, query) in urls.items():
                start = time.perf_counter()
                content = client.post(url, json={"query": query}).content
                if number >= WARM:
                    taken[name].append((time.perf_counter() - start) * 1e3)
                if number == 0:
                    assert count(orjson.loads(content)) == 1000, content[:500]
    return taken


async def cpu_ms(work: Callable[[], Awaitable[Any]]) -> float:
    start = time.process_time()
    await work()
    return (time.process_time() - start) * 1e3


@contextlib.asynccontextmanager
async def spied() -> AsyncIterator[list[Any]]:
    """The last statement and its parameters."""
    asked: list[Any] = []
    read = Graph.read

    async def spy(graph: Graph, statement: str, parameters: Any = None, **more: Any) -> Any:
        asked[:] = [statement, parameters]
        return await read(graph, statement, parameters, **more)

    with patch.object(Graph, "read", spy):
        yield asked


async def beyond_decoding(graph: Graph) -> tuple[float, float]:
    """CPU milliseconds of a whole operation, and of the driver alone for the same statement."""
    context = Context(graph, Principal.of("bench", "reader"), Documents(), Tail(graph))

    async def whole() -> None:
        result = await make_schema().execute(OURS, context_value=context)
        assert result.errors is None
        orjson.dumps({"data": result.data})

    async with spied() as asked:
        await whole()
    statement, parameters = asked

    async def driver() -> None:
        await graph.read(statement, parameters)

    both: tuple[list[float], list[float]] = ([], [])
    for number in range(WARM + ROUNDS):
        for taken, work in zip(both, (whole, driver), strict=True):
            spent = await cpu_ms(work)
            if number >= WARM:
                taken.append(spent)
    return median(both[0]), median(both[1])


async def prepare(uri: str, user: str, password: str) -> tuple[float, float]:
    async with await Graph.open(uri, user, password) as graph:
        await load(graph)
        return await beyond_decoding(graph)


def rival(port: int, place: tuple[str, str, str]) -> contextlib.AbstractContextManager[str]:
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm, "the rival needs Node.js 20 or newer, with npm"
    assert node, "the rival needs Node.js 20 or newer"
    if not (RIVAL / "node_modules").exists():
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=RIVAL, check=True)
    return server([node, "server.mjs", str(port), *place], port, RIVAL)


def main() -> None:
    uri, user, password = (os.environ[f"UTCS_NEO4J_{part}"] for part in ("URI", "USER", "PASSWORD"))
    place = (uri, user, password)
    whole, driver = asyncio.run(prepare(*place))
    ours, theirs = free_port(), free_port()
    command = [sys.executable, "-m", "benchmarks.graphql", "serve", str(ours), *place]
    with server(command, ours) as our_url, rival(theirs, place) as their_url:
        taken = over_http({"ours": (our_url, OURS), "theirs": (their_url, THEIRS)})
    print("1,000 nested nodes by GraphQL, median of", ROUNDS)
    print(f"  ours, over HTTP                        {median(taken['ours']):8.1f} ms")
    print(f"  @neo4j/graphql 7.6 + yoga, over HTTP   {median(taken['theirs']):8.1f} ms")
    ratio = median(a / b for a, b in zip(taken["ours"], taken["theirs"], strict=True))
    print(f"  ratio (target: at most 0.40)           {ratio:8.2f}")
    print(f"  CPU of an operation                    {whole:8.1f} ms")
    print(f"  CPU of the driver alone                {driver:8.1f} ms")
    print(f"  CPU beyond it (target: at most 3)      {whole - driver:8.1f} ms")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]), *sys.argv[3:])
    else:
        main()
