"""All root fields of mutations."""

from __future__ import annotations

from typing import Any

from api.making import make_type
from api.mutations import (
    apply,
    baseline,
    compliance,
    effectivity,
    installation,
    labour,
    lifecycle,
    link,
    quality,
    recommendation,
    stock,
    suspect,
    tool,
    withdraw,
    work,
    work_effectiveness,
)
from api.mutations.put import put_fields


def make_mutation() -> Any:
    """Returns the type of all that can be done."""
    fields = [
        *apply.FIELDS,
        *link.FIELDS,
        *withdraw.FIELDS,
        *quality.FIELDS,
        *compliance.FIELDS,
        *installation.FIELDS,
        *effectivity.FIELDS,
        *suspect.FIELDS,
        *lifecycle.FIELDS,
        *work.FIELDS,
        *stock.FIELDS,
        *tool.FIELDS,
        *labour.FIELDS,
        *recommendation.FIELDS,
        *work_effectiveness.FIELDS,
        *baseline.FIELDS,
        *put_fields(),
    ]
    return make_type("Mutation", fields, "All that can be done: every change is an event.")
