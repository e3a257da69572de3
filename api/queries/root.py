"""All root fields of queries."""

from __future__ import annotations

from typing import Any

from api.making import make_type
from api.queries import (
    baseline,
    changes,
    freshness,
    history,
    ontology,
    paths,
    quality,
    reach,
    reconciliation,
    search,
)
from api.types import list_fields

_QUESTIONS = (
    reach, paths, search, history, changes, freshness, ontology, quality, baseline, reconciliation,
)  # fmt: skip


def make_query() -> Any:
    """Returns the type of all that can be asked."""
    questions = [field for module in _QUESTIONS for field in module.FIELDS]
    return make_type("Query", [*list_fields(), *questions], "All that can be asked of the thread.")
