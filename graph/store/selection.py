"""What is asked of the graph, in no query language: pages of things, each a row of columns, nested.

The answer to a page is a list of rows, the answer to a row is a list of values in the order of its
columns. Values are kept apart from the question (`Value` is a place in a list), so that questions
which differ in values only are equal, and are compiled once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeAlias

PAST: Final = "_PAST"
PAST_BELIEF: Final = "PAST_BELIEF"


class Era(Enum):
    """Which of the stored forms answers: see docs/decisions on history."""

    NOW = "now"
    """True now, as known now: the copies on the anchors, and current links."""

    LATER = "later"
    """True at a later time, as known now: versions, and current links."""

    PAST = "past"
    """True at an earlier time, as known now: versions, and links that are believed, over or not."""

    KNOWN = "known"
    """As known at some time: versions, and all links that were ever believed."""

    def relationship_types(self, links: Iterable[str]) -> str:
        """Returns the relationship types that hold some link types in this era, as a pattern has them.

        `X` is believed and not over, `X_PAST` is believed and over. What is believed no longer is
        `PAST_BELIEF`, whichever link it was: a pattern of three times as many types would keep Neo4j's
        planner busy for minutes (5.26, 267 types).
        """
        names = [*links]
        past = [name + PAST for name in names] if self in (Era.PAST, Era.KNOWN) else []
        return "|".join([*names, *past, *[PAST_BELIEF] * (self is Era.KNOWN)])


@dataclass(frozen=True, slots=True)
class Value:
    """A place in the list of values that goes with a question."""

    place: int


@dataclass(frozen=True, slots=True)
class Property:
    """A stored property: of the thing, or of the link that led to it."""

    name: str
    of: Literal["thing", "link"] = "thing"


@dataclass(frozen=True, slots=True)
class Statement:
    """What only the version row holds: hash, valid_to, superseded_at, made."""

    name: Literal["hash", "valid_to", "superseded_at", "made"]


@dataclass(frozen=True, slots=True)
class Row:
    """Several columns of the same thing as one value: a list."""

    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    """All things of some kinds, those that extend them included."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The things with the ids in a list; those that are not there are left out."""

    ids: Value


@dataclass(frozen=True, slots=True)
class Aliased:
    """The things that carry one of the alias keys in a list."""

    keys: Value


@dataclass(frozen=True, slots=True)
class Hop:
    """The things at the other end of a link: along its arrow, or against it."""

    link: str
    forward: bool


Source: TypeAlias = Kinds | Named | Aliased | Hop


class Operator(Enum):
    """How a property is compared with a value."""

    EQ = "="
    IN = "IN"
    GT = ">"
    GTE = ">="
    LT = "<"
    LTE = "<="
    CONTAINS = "CONTAINS"
    STARTS_WITH = "STARTS WITH"
    ENDS_WITH = "ENDS WITH"
    HAS = "has"
    """A list property holds the value."""


@dataclass(frozen=True, slots=True)
class Compare:
    """A property compares so with a value; a missing property compares with nothing."""

    property: Property
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Missing:
    """A property is not stated."""

    property: Property


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions holds; with none, true."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds; with none, false."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The condition does not hold, be it for want of a property."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Linked:
    """A link leads to a thing, for which the condition holds."""

    hop: Hop
    condition: Condition | None = None


Condition: TypeAlias = Compare | Missing | All | AnyOf | Not | Linked


@dataclass(frozen=True, slots=True)
class Order:
    """One property to order by. Missing values stand last, or first when descending."""

    property: Property
    descending: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """Where the last page ended: a value for each `Order`, None where missing, then the tie-breakers."""

    values: tuple[Value | None, ...]
    utcs: Value
    slot: Value | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """How many things have each value of a property: pairs of value and number, None for not stated.

    Most first, then by value, None last: a total order, since values differ.

    Attributes:
        limit: At most how many values.
    """

    property: Property
    limit: Value


@dataclass(frozen=True, slots=True)
class Page:
    """A page of things, how many there are, how many for each value of a property, or several of these.

    What is asked alone is the answer; of several the answer is a list: [rows, number, *groups].

    Things are ordered by `order`, then by id, then by slot where a link led to them: a total order.

    Attributes:
        source: Where the things come from.
        columns: What is asked of each; empty when no rows are asked.
        limit: At most how many rows; None for all (then the source is bounded itself).
        total: Whether the number of all things is asked, whatever the page.
        groups: Countings of all things by a property, whatever the page.
    """

    source: Source
    columns: tuple[Column, ...] = ()
    where: Condition | None = None
    order: tuple[Order, ...] = ()
    after: After | None = None
    limit: Value | None = None
    total: bool = False
    groups: tuple[Groups, ...] = ()


Column: TypeAlias = Property | Statement | Row | Page


@dataclass(frozen=True, slots=True)
class Root:
    """One page at its place in time.

    Attributes:
        world: Microseconds since 1970: when it is true.
        knowledge: Microseconds since 1970: when it is known.
    """

    page: Page
    era: Era
    world: Value
    knowledge: Value
