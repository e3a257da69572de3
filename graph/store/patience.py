"""How long to wait before something is tried again."""

from __future__ import annotations

import random
from dataclasses import dataclass

_DOUBLINGS = 30  # beyond that every wait is the longest, and powers of two outgrow a float


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something is tried again, and how long it is waited before.

    Attributes:
        attempts: How often in all, before a message that cannot be taken is a dead letter.
        first_s: The longest wait before the second attempt; it doubles with each.
        most_s: The longest wait of all.
    """

    attempts: int = 5
    first_s: float = 0.2
    most_s: float = 30.0

    def wait_s(self, attempt: int) -> float:
        """Returns how long to wait after an attempt: anything up to the bound, so that none march in step."""
        longest = self.first_s * 2 ** min(attempt - 1, _DOUBLINGS)
        return random.uniform(0, min(self.most_s, longest))  # noqa: S311
