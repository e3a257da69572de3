"""All root fields of queries."""

from __future__ import annotations

from typing import Any

from api.making import make_type
from api.queries import (
    baseline,
    change,
    change_impact,
    changes,
    compliance,
    configuration,
    due,
    effectivity,
    freshness,
    gaps,
    genealogy,
    health_alerts,
    history,
    labour,
    letters,
    life,
    matrix,
    ontology,
    paths,
    quality,
    reach,
    reconciliation,
    record_lint,
    search,
    status,
    stock,
    suspects,
    tool,
    work,
    work_effectiveness,
)
from api.types import list_fields

_QUESTIONS = (
    reach,
    paths,
    search,
    history,
    changes,
    freshness,
    letters,
    ontology,
    quality,
    effectivity,
    compliance,
    status,
    record_lint,
    gaps,
    matrix,
    suspects,
    genealogy,
    change,
    change_impact,
    baseline,
    reconciliation,
    life,
    work,
    stock,
    tool,
    labour,
    health_alerts,
    work_effectiveness,
    due,
    configuration,
)


def make_query() -> Any:
    """Returns the type of all that can be asked."""
    questions = [field for module in _QUESTIONS for field in module.FIELDS]
    return make_type("Query", [*list_fields(), *questions], "All that can be asked of the thread.")
