"""Why something cannot be recorded: the rule that refuses it, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be recorded.

    Attributes:
        rule: The rule that refuses it, in `lower-case-words`.
        why: One sentence: what is wrong, and what to do.
    """

    rule: str
    why: str
