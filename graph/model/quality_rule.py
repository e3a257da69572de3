"""What a quality rule is, and what it looks at. Their closed table is in `graph.model.quality_rules`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from graph.model.identifier import Utcs
from graph.model.kind import Kind


class Sort(StrEnum):
    """What a rule does about what it finds."""

    VALIDATE = "validate"
    """It tells; only people know what is right."""

    CLEANSE = "cleanse"
    """It proposes the same value in its one spelling."""

    ENRICH = "enrich"
    """It proposes a value that the graph has elsewhere, and says where."""


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def weight(self) -> int:
        """How much it counts in a score."""
        return {"error": 5, "warning": 2, "hint": 1}[self.value]


class Dimension(StrEnum):
    """Which property of good data is at stake, after ISO/IEC 25012."""

    COMPLETENESS = "completeness"
    CONSISTENCY = "consistency"
    CONFORMITY = "conformity"


@dataclass(frozen=True, slots=True)
class Linked:
    """A thing at the other end of a link, as far as rules look at it: since when, and what it says.

    Attributes:
        carried: What the link carries, where rules look at that.
    """

    utcs: Utcs
    since: datetime
    properties: Mapping[str, Any]
    carried: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """What is believed of one thing now, and what rules may ask about it.

    Attributes:
        version: The number of the statement that holds.
        since: Since when it holds.
        source: The source of the event that made it.
        rank: The source rank of that event.
        day: The day on which it is looked at.
        has: The links that it has, of those that rules of its kind ask for, as read from it.
        linked: What stands at the other end of those that rules follow, by link as read from it.
        makers: Suppliers by CAGE code, of the codes that occur.
        merged_into: What an earlier statement says that it was merged into.
    """

    utcs: Utcs
    thing: Kind
    version: int
    since: datetime
    source: str
    rank: int
    day: date
    has: frozenset[str] = frozenset()
    linked: Mapping[str, tuple[Linked, ...]] = field(default_factory=dict)
    makers: Mapping[str, tuple[Linked, ...]] = field(default_factory=dict)
    merged_into: Utcs | None = None

    def get(self, name: str) -> Any:
        """Returns a property; None where it is not given, or the kind has no such property."""
        value = getattr(self.thing, name, None)
        return None if value == () else value


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule finds in a record.

    Attributes:
        field: The property that it is about; None where it is about the thing as a whole.
        problem: One sentence for people.
        value: What a rule that cleanses or enriches would put there instead.
    """

    field: str | None
    problem: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Check:
    """How a rule looks at a record.

    Attributes:
        find: Yields what is not as it should be.
        asks: The links of which it only matters whether there are any, as read from the thing.
        follows: The links whose other end matters; there are few of each.
        applies: Whether the rule says anything about this record at all.
    """

    find: Callable[[Record], Iterable[Fault]]
    asks: frozenset[str] = frozenset()
    follows: frozenset[str] = frozenset()
    applies: Callable[[Record], bool] = lambda _record: True


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of data quality.

    Attributes:
        name: `lower-case-words`, as questions name it.
        kinds: The kinds that it is about; those that extend them are named themselves.
        doc: One sentence that holds where the rule is kept.
        basis: Where the rule comes from.
    """

    name: str
    sort: Sort
    kinds: frozenset[str]
    severity: Severity
    dimension: Dimension
    doc: str
    basis: str
    check: Check

    def find(self, record: Record) -> list[Fault]:
        """Returns what is not as it should be; nothing where the rule does not apply."""
        return list(self.check.find(record)) if self.check.applies(record) else []
