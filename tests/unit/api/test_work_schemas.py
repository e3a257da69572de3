"""The schemas of what is exchanged over REST are published as the code has them."""

from __future__ import annotations

import orjson
import pytest
from jsonschema import Draft202012Validator

from api.rest.fleet_messages import SCHEDULE
from api.rest.work_messages import DUE
from api.rest.work_schemas import FOLDER, schema_files
from graph.model.exchange.reports import COMPLETE


@pytest.mark.parametrize("name", schema_files())
def test_what_is_published_is_what_the_code_says(name: str) -> None:
    published = (FOLDER / name).read_bytes()

    assert published == schema_files()[name], "write it anew: python -m api.rest.work_schemas"
    Draft202012Validator.check_schema(orjson.loads(published))


def test_the_guide_prints_what_the_schemas_take() -> None:
    for name, printed in (
        ("cmms.maintenance-due", DUE),
        ("dpp.work-order-complete", COMPLETE),
        ("fleet.flight-schedule", SCHEDULE),
    ):
        Draft202012Validator(orjson.loads(schema_files()[f"{name}.v1.json"])).validate(printed)
