"""The values of a question, kept apart from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graph.store.selection import Value


@dataclass(slots=True)
class Values:
    """Collects values and tells the place of each."""

    items: list[Any] = field(default_factory=list)

    def add(self, value: Any) -> Value:
        """Returns the place at which the value now stands."""
        self.items.append(value)
        return Value(len(self.items) - 1)
