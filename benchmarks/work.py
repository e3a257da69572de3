"""`work-order-complete` at a fixed rate: latency, and the processor time of the service for each.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.work [per second] [seconds]

Needs an empty graph that may be filled: 20 aircraft, 40 parts in 200 lots, and a work order, signed off by
qualified people, for each request. The service runs as a process of its own. Requests are sent when they are
due, whether the ones before are answered or not; each uses a part and returns its aircraft to service.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
from pydantic import SecretStr

from api.keyring import Keyring
from api.settings import Settings
from cli.local.port import free_port
from graph.flows.submit import Principal, submit
from graph.store.database import Graph
from graph.store.migrate import migrate

RATE, SECONDS = 50, 20
WARM_UP = 1000
AIRCRAFT, PARTS, LOTS, AT_ONCE = 20, 40, 200, 20
STAFF = {
    "performed": ("technician", 0),
    "inspected": ("inspector", 1),
    "certified": ("certifying staff", 2),
}
WRITER = Principal.of("benchmark", "admin")


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {
        "fact": "put_node",
        "utcs": f"utcs:BENCH:{utcs}",
        "properties": {"name": utcs} | properties,
    }


def link(
    source: str, name: str, target: str, slot: str | None = None, **properties: Any
) -> dict[str, Any]:
    ends = {"source": f"utcs:BENCH:{source}", "target": f"utcs:BENCH:{target}"}
    return {"fact": "put_link", "link": name, "slot": slot, "properties": properties} | ends


def ground() -> list[dict[str, Any]]:
    """What all work orders share: aircraft, people, a task, parts in five lots each."""
    facts = [put("task:T", number="T")]
    facts += [put(f"part:P{n}", number=f"P{n}", aliases=[f"dpp:DPP-P-{n}"]) for n in range(PARTS)]
    for number in range(AIRCRAFT):
        facts.append(
            put(f"aircraft:A{number}", model_designation="B-200", aliases=[f"dpp:DPP-A-{number}"])
        )
    for role, number in STAFF.values():
        facts.append(put(f"person:{number}", roles=[role], pseudonym=f"person:{number}"))
        for paper, said in (("licence", {"grade": "B1"}), ("type_rating", {"scope": "B-200"})):
            key = f"qualification:{paper}-{number}"
            facts += [put(key, category=paper, status="valid", **said)]
            facts += [link(f"person:{number}", "QUALIFIED_BY", key)]
    facts.append(put("release:F1", form="easa_form_1", status="valid"))
    for number in range(LOTS):
        lot = f"stock:S{number}"
        facts += [
            put(lot, quantity="100000", status="available"),
            link(lot, "INSTANCE_OF", f"part:P{number % PARTS}"),
            link(lot, "CERTIFIED_BY", "release:F1"),
        ]
    return facts


def order(number: int) -> list[dict[str, Any]]:
    """A work order that is in work, signed off, with a lot set aside for it."""
    key = f"workorder:W{number}"
    said = {"number": f"W-{number}", "status": "in_work", "required_signoffs": list(STAFF)}
    signed = {role: f"person:{who}" for role, (_, who) in STAFF.items()}
    return [
        put(key, aliases=[f"erp:W-{number}"], opened_at="2025-01-01T00:00:00Z", **said),
        link(key, "WORKS_ON", f"aircraft:A{number % AIRCRAFT}"),
        link(key, "EXECUTES", "task:T"),
        link(key, "RESERVES", f"stock:S{number % LOTS}", quantity="1"),
        *(link(key, "SIGNED_BY", person, role) for role, person in signed.items()),
    ]


async def fill(graph: Graph, orders: int) -> None:
    await migrate(graph)
    batches = [ground(), *(order(number) for number in range(orders))]
    events = [
        {
            "id": f"e{n}",
            "source": "urn:bench",
            "time": "2025-01-01T00:00:00Z",
            "data": {"facts": facts},
        }
        for n, facts in enumerate(batches)
    ]
    for start in range(0, len(events), AT_ONCE):
        for outcome in await submit(graph, events[start : start + AT_ONCE], WRITER):
            assert outcome.seq is not None, outcome
    await graph.read("CALL db.awaitIndexes(60) RETURN 1")


def serve(port: int, home: str) -> None:
    """The service, as `utcs serve` runs it."""
    import uvicorn

    from api.app import create_app

    async def run() -> None:
        settings = Settings(home=Path(home), api_port=port, **place())
        async with await Graph.open(
            settings.neo4j_uri, settings.neo4j_user, settings.neo4j_password.get_secret_value()
        ) as graph:
            app = create_app(graph, settings)
            await uvicorn.Server(uvicorn.Config(app, port=port, log_level="error")).serve()

    asyncio.run(run())


def place() -> dict[str, Any]:
    return {
        "neo4j_uri": os.environ["UTCS_NEO4J_URI"],
        "neo4j_user": os.environ.get("UTCS_NEO4J_USER", "neo4j"),
        "neo4j_password": SecretStr(os.environ["UTCS_NEO4J_PASSWORD"]),
    }


def processor_s(pid: int) -> float:
    """How long a process has had a processor."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def send(client: httpx.AsyncClient, number: int, due: float) -> float:
    """Sends one completion when it is due; milliseconds from then to the answer."""
    await asyncio.sleep(max(due - time.perf_counter(), 0))
    body = {
        "workOrderId": f"W-{number}", "completionDate": "2025-11-05", "findings": "No issues",
        "partsUsed": [f"DPP-P-{number % PARTS}"], "returnToService": True,
    }  # fmt: skip
    path = f"/api/v1/dpp/DPP-A-{number % AIRCRAFT}/work-order-complete"
    answer = await client.post(path, json=body)
    assert answer.json()["status"] == "released", answer.text
    return (time.perf_counter() - max(due, 0)) * 1000


async def drive(port: int, token: str, rate: int, count: int, pid: int) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        headers=headers,
        timeout=120,
        limits=httpx.Limits(max_connections=None),
    ) as client:
        for number in range(WARM_UP):
            await send(client, number, 0)
        before, start = processor_s(pid), time.perf_counter() + 0.5
        sent = (send(client, WARM_UP + n, start + n / rate) for n in range(count))
        took = sorted(await asyncio.gather(*sent))
        spent = (processor_s(pid) - before) * 1000 / count
    cuts = quantiles(took, n=100)
    print(
        f"work-order-complete at {rate}/s, {count} requests: median {median(took):.1f} ms, p95 "
        f"{cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms, longest {took[-1]:.1f} ms; {spent:.1f} ms of "
        "processor in the service for each"
    )


async def main(rate: int, seconds: int) -> None:
    count = rate * seconds
    at = place()
    async with await Graph.open(
        at["neo4j_uri"], at["neo4j_user"], at["neo4j_password"].get_secret_value()
    ) as graph:
        await fill(graph, WARM_UP + count)
    with tempfile.TemporaryDirectory() as home:
        token = Keyring(Path(home) / "secrets").api_token(Principal.of("cmms", "editor"))
        port = free_port()
        command = [sys.executable, "-m", "benchmarks.work", "serve", str(port), home]
        with subprocess.Popen(command) as process:  # noqa: ASYNC220 - it starts in a millisecond
            try:
                await answering(port)
                await drive(port, token, rate, count, process.pid)
            finally:
                process.terminate()


async def answering(port: int) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                await client.get(f"http://127.0.0.1:{port}/healthz")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise AssertionError("the service does not answer")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]), sys.argv[3])
    else:
        given = [int(word) for word in sys.argv[1:3]]
        asyncio.run(main(*(given + [RATE, SECONDS][len(given) :])))
