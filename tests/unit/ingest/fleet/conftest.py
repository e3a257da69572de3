from __future__ import annotations

from collections.abc import Sequence

import pytest

from graph.model.event import Event
from ingest.fleet.generate import generate


@pytest.fixture(scope="session")
def story() -> Sequence[Event]:
    """The smallest fleet that has everything in it: three aircraft."""
    return list(generate(seed=1, scale=0.2))
