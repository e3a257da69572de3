"""Short ways to report things to the operational data hub in tests."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import orjson

from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.patience import Patience
from graph.store.telemetry.shelf import Shelf
from ingest.hub.take import Hub
from ingest.intake import Intake
from ingest.messages.cloudevent import Message
from ingest.messages.hub import STREAMS
from tests.store.saying import day

_numbers = count(1)
AIRCRAFT = "utcs:TEST:aircraft:A1"


def report(stream: str, *, on: float = 10, subject: str = AIRCRAFT, **data: Any) -> dict[str, Any]:
    """A report of a stream on a day; what begins with `at_` is of the envelope."""
    envelope = {
        name.removeprefix("at_"): data.pop(name) for name in list(data) if name[:3] == "at_"
    }
    return {
        "specversion": "1.0",
        "id": f"r{next(_numbers)}",
        "source": "urn:acars",
        "type": STREAMS[stream].model_fields["type"].default,
        "subject": subject,
        "time": day(on),
        "data": data,
    } | envelope


def series(parameter: str = "engine.egt", unit: str = "Cel", *, on: float = 10, **more: Any) -> Any:
    """Samples, one each second from the beginning of a day on."""
    values = more.pop("values", [600.0, 601.0])
    step = {} if "offsets_ms" in more or len(values) == 1 else {"step_s": 1}
    return {"parameter": parameter, "unit": unit, "start": day(on), "values": values} | step | more


def flight(leg: str, *, on: float = 10, hours: float = 2, **more: Any) -> dict[str, Any]:
    """A flight report: taken off at the beginning of a day, landed so many hours later."""
    envelope: dict[str, Any] = {
        n: more.pop(n) for n in list(more) if n in ("subject",) or n[:3] == "at_"
    }
    told: dict[str, Any] = {
        "flight": leg,
        "takeoff_at": day(on),
        "landing_at": day(on + hours / 24),
        "duration_fh": hours,
        "cycles_fc": 1,
    }
    return report("flight", on=on + hours / 24, **envelope, **(told | more))


_offsets = count()


def message(document: Any, *, offset: int | None = None, **headers: str) -> Message:
    """A message of a partition that holds a report."""
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    offset = next(_offsets) if offset is None else offset
    return Message(body, headers, place=f"test at {offset}", origin="test[0]", offset=offset)


async def no_wait(_: float) -> None:
    """Time does not matter here."""


def make_hub(graph: Graph, folder: Path, stream: str) -> Hub:
    """What takes the reports of a stream in."""
    principal = Principal.of("worker", "admin")
    return Hub(
        stream,
        Intake(graph, principal, patience=Patience(attempts=3), sleep=no_wait),
        Shelf(folder),
    )
