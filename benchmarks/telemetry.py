"""Samples from Kafka to Parquet, against pyarrow alone: no Kafka, no check, no count of what came already.

    UTCS_NEO4J_URI=bolt://… UTCS_NEO4J_PASSWORD=… python -m benchmarks.telemetry

Needs an empty graph; starts a Kafka of its own. Two loads: messages of 1,000 samples each, and, where
UTCS_PUBLIC_DATA has C-MAPSS, the 33,727 rows of FD001 as the stream of one engine fleet: a message for each
engine and 50 cycles, with 24 values of each cycle. The rival is handed the bytes of the messages.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from benchmarks.apply import events
from benchmarks.server import kafka
from graph.flows.submit import Principal, submit
from graph.model.time import format_utc, to_micros
from graph.store.database import Graph
from graph.store.migrate import migrate
from graph.store.telemetry.shelf import Shelf
from graph.store.telemetry.tidy import tidy
from ingest.handlers.kafka import kafka_broker
from ingest.hub.take import Hub
from ingest.inlet import Inlet
from ingest.intake import Intake
from ingest.settings import Settings

ROUNDS = 5
WORKER = Principal.of("benchmark", "admin")
START = datetime(2026, 1, 1, tzinfo=UTC)
CYCLES_A_MESSAGE = 50
COLUMNS = (
    ("engine.altitude_setting", "1"), ("engine.mach_setting", "1"), ("engine.throttle", "1"),
    ("engine.t2", "[degR]"), ("engine.t24", "[degR]"), ("engine.t30", "[degR]"),
    ("engine.t50", "[degR]"), ("engine.p2", "[psi]"), ("engine.p15", "[psi]"),
    ("engine.p30", "[psi]"), ("engine.nf", "/min"), ("engine.nc", "/min"), ("engine.epr", "1"),
    ("engine.ps30", "[psi]"), ("engine.phi", "1"), ("engine.nrf", "/min"), ("engine.nrc", "/min"),
    ("engine.bpr", "1"), ("engine.far_b", "1"), ("engine.bleed", "1"), ("engine.nf_demand", "/min"),
    ("engine.nrf_demand", "1"), ("engine.w31", "[lb_av]/s"), ("engine.w32", "[lb_av]/s"),
)  # fmt: skip

Document = dict[str, Any]


def engine(number: int) -> str:
    return f"utcs:BENCH:serial:E-{number}"


def report(about: int, series: list[Document], last: datetime) -> Document:
    return {
        "specversion": "1.0",
        "id": uuid4().hex,
        "source": "urn:bench",
        "type": "org.utcs.health.reported.v1",
        "subject": engine(about),
        "time": format_utc(last),
        "data": {"series": series},
    }


def synthetic() -> tuple[list[Document], int]:
    """500 messages of ten series of 100 values, one each second."""
    messages = []
    for number in range(500):
        start = START + timedelta(seconds=100 * number)
        series = [
            {"parameter": parameter, "unit": unit, "start": format_utc(start), "step_s": 1,
             "values": [600.0 + (n * 7919 + number) % 97 / 8 for n in range(100)]}
            for parameter, unit in (
                ("engine.t2", "[degR]"), ("engine.t24", "[degR]"), ("engine.t30", "[degR]"),
                ("engine.t50", "[degR]"), ("engine.nf", "/min"), ("engine.nc", "/min"),
                ("engine.phi", "1"), ("engine.nrf", "/min"), ("engine.nrc", "/min"),
                ("engine.bleed", "1"),
            )
        ]  # fmt: skip
        messages.append(report(number % 10, series, start + timedelta(seconds=100)))
    return messages, 500 * 1000


def cmapss(folder: Path) -> tuple[list[Document], int]:
    """Every row of both sets; a cycle is a minute, and each set has engines of its own."""
    rows: defaultdict[int, list[list[float]]] = defaultdict(list)
    for first, name in ((0, "train_FD001.txt"), (1000, "test_FD001.txt")):
        for line in (folder / name).read_text(encoding="ascii").splitlines():
            unit, _, *values = line.split()
            rows[first + int(unit)].append([float(value) for value in values])
    messages = []
    for number, cycles in rows.items():
        left, done = iter(cycles), 0
        while some := list(islice(left, CYCLES_A_MESSAGE)):
            start = START + timedelta(minutes=done)
            done += len(some)
            series = [
                {"parameter": parameter, "unit": unit, "start": format_utc(start), "step_s": 60,
                 "values": list(column)}
                for (parameter, unit), column in zip(COLUMNS, zip(*some, strict=True), strict=True)
            ]  # fmt: skip
            messages.append(report(number, series, start + timedelta(minutes=len(some))))
    assert sum(map(len, rows.values())) == 33_727
    return messages, 33_727 * len(COLUMNS)


async def ours(graph: Graph, broker: str, documents: list[bytes], samples: int) -> float:
    """Seconds from the first batch of a worker until all samples that wait in its topic are on the disk."""
    name = uuid4().hex[:8]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            queue_uri=SecretStr(f"kafka://{broker}"), neo4j_uri="", neo4j_password=SecretStr(""),
            batch=200, changes="",
            events=f"e-{name}", hub=f"h-{name}", dead_letters=f"d-{name}", group=name, partitions=1,
        )  # fmt: skip
        hub = Hub("health", Intake(graph, WORKER), Shelf(Path(folder)))
        queue, declare = kafka_broker(
            [Inlet((settings.topic("health"),), hub.take, hub.intake)], settings
        )
        await declare()
        sender = AIOKafkaProducer(bootstrap_servers=broker, acks="all", max_batch_size=512 * 1024)
        await sender.start()
        await asyncio.gather(
            *[await sender.send(settings.topic("health"), one) for one in documents]
        )
        await sender.stop()
        async with queue:
            await queue.start()
            while not hub.samples:  # noqa: ASYNC110 - joining the group is not what is measured
                await asyncio.sleep(0)
            first, start = hub.samples, time.perf_counter()
            while hub.samples < samples:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
            taken = time.perf_counter() - start
        assert (hub.samples, hub.intake.counts) == (samples, {})
        kept = sum(f.rows for day in hub.shelf.days("health") for f in hub.shelf.holding(day))
        assert kept == samples
        tidy(hub.shelf, many=2)
    return taken * samples / (samples - first)


def alone(documents: list[bytes]) -> float:
    """Seconds from the same bytes in memory to files of as many messages, with pyarrow and no more."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for number in range(0, len(documents), 200):
            things, names, values = [], [], []
            taken_at: list[int] = []
            for message in map(orjson.loads, documents[number : number + 200]):
                for series in message["data"]["series"]:
                    count, step = len(series["values"]), int(series["step_s"] * 1_000_000)
                    first = to_micros(datetime.fromisoformat(series["start"]))
                    things += [message["subject"]] * count
                    names += [series["parameter"]] * count
                    taken_at += range(first, first + step * count, step)
                    values += series["values"]
            table = pa.table(
                {"thing": things, "parameter": names, "value": pa.array(values, pa.float64()),
                 "taken_at": pa.array(taken_at, pa.timestamp("us", "UTC"))}
            )  # fmt: skip
            pq.write_table(table, Path(folder) / f"{number}.parquet", compression="zstd")
        return time.perf_counter() - start


async def main() -> None:
    uri, password = os.environ["UTCS_NEO4J_URI"], os.environ["UTCS_NEO4J_PASSWORD"]
    loads = {"1,000 a message": synthetic()}
    if public := os.environ.get("UTCS_PUBLIC_DATA"):
        loads["C-MAPSS FD001"] = cmapss(Path(public) / "cmapss")
    async with await Graph.open(uri, "neo4j", password, timeout_s=300) as graph:
        await migrate(graph)
        facts = [
            {"fact": "put_node", "utcs": engine(n), "properties": {"name": f"Engine {n}"}}
            for n in range(1200)
        ]
        born = [e | {"time": "2025-01-01T00:00:00Z"} for e in events(facts, 25)]
        assert all(o.status == "applied" for o in await submit(graph, born, WORKER))
        with kafka() as broker:
            print(
                f"{'load':>16} {'samples':>9} {'from Kafka/s':>13} {'pyarrow/s':>11} {'ratio':>6}"
            )
            for name, (messages, samples) in loads.items():
                documents = [orjson.dumps(message) for message in messages]
                both: dict[str, list[float]] = {"ours": [], "alone": []}
                for number in range(ROUNDS + 1):
                    taken = await ours(graph, broker, documents, samples)
                    rival = alone(documents)
                    if number:
                        both["ours"].append(taken)
                        both["alone"].append(rival)
                mine, other = (samples / median(both[side]) for side in both)
                print(
                    f"{name:>16} {samples:9,} {mine:13,.0f} {other:11,.0f} {mine / other:6.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    asyncio.run(main())
