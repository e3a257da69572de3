"""What a rule about maintenance records is: a quality rule, and who demands it under which clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph.model.quality_rule import Rule


class Profile(StrEnum):
    """Who demands something of a record: a rule of the law, or a contract."""

    FAA = "faa"
    """14 CFR 43.9 and 91.417."""

    EASA = "easa"
    """145.A.50 and 145.A.55 (Regulation (EU) 2021/1963), M.A.305 (Regulation (EU) 2020/270)."""

    CONTRACT = "contract"
    """What owners, lessors and operators usually agree on beyond the law."""


@dataclass(frozen=True, slots=True)
class RecordRule:
    """A rule about records, and the clause of each profile that demands it."""

    rule: Rule
    clauses: Mapping[Profile, str]
