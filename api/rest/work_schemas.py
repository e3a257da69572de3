"""The published JSON Schemas of what is exchanged with maintenance systems, passports and flight planning.

`python -m api.rest.work_schemas` writes them anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import orjson
from pydantic import BaseModel

from api.rest.fleet_messages import (
    AogAnswer,
    ChecksAnswer,
    FlightSchedule,
    LoadingAnswer,
    ScheduleAnswer,
    StatusAnswer,
    WindowsAnswer,
)
from api.rest.work_messages import CompleteAnswer, DueAnswer, MaintenanceDue, WorkProblem
from graph.model.exchange.message import Reported, schema_of
from graph.model.exchange.table import EXCHANGES

FOLDER: Final = Path(__file__).parents[2] / "docs" / "schemas"

MESSAGES: Final[dict[str, type[BaseModel]]] = {
    "cmms.maintenance-due": MaintenanceDue,
    "cmms.maintenance-due.answer": DueAnswer,
    "dpp.work-order-complete.answer": CompleteAnswer,
    "fleet.flight-schedule": FlightSchedule,
    "fleet.flight-schedule.answer": ScheduleAnswer,
    "fleet.aircraft-status": StatusAnswer,
    "fleet.windows": WindowsAnswer,
    "fleet.checks": ChecksAnswer,
    "fleet.aog": AogAnswer,
    "fleet.resource-loading": LoadingAnswer,
    "exchange.reported": Reported,
    "work.problem": WorkProblem,
    **{one.name: one.message for one in EXCHANGES},
}


def schema_files() -> dict[str, bytes]:
    """Returns each schema as it is published, by the name of its file."""
    form = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        f"{name}.v1.json": orjson.dumps(
            form | schema_of(message), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        for name, message in MESSAGES.items()
    }


if __name__ == "__main__":
    for name, content in schema_files().items():
        (FOLDER / name).write_bytes(content)
