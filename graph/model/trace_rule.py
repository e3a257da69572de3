"""What a trace rule is: where the thread must lead from a thing.

Their closed table is in `graph.model.trace_rules`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from graph.model import ontology
from graph.model.quality_rule import Severity

FARTHEST: Final = 40
"""So many links of one type are followed in a row; no chain of parents that makes sense is longer."""

_REPEATS: Final = {"?": (0, 1), "*": (0, FARTHEST), "+": (1, FARTHEST)}


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a way: a link type, which way it is gone, and how often in a row.

    Attributes:
        reads: The link as read from where the step begins: `MEETS`, or `MET_BY`.
    """

    reads: str
    link: str
    forward: bool
    least: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class Way:
    """A way through the thread, from a thing to things of some kinds.

    Attributes:
        text: The steps as the table has them: `MEETS DERIVES_FROM*`.
        ends: The kinds that it leads to, those that extend them included.
    """

    text: str
    hops: tuple[Hop, ...]
    ends: frozenset[str]

    @property
    def steps_off(self) -> frozenset[str]:
        """The links, as read from the thing, of which it has at least one if the way exists at all."""
        found = set[str]()
        for hop in self.hops:
            found.add(hop.reads)
            if hop.least:
                break
        return frozenset(found)


def way(text: str, ends: str) -> Way:
    """Returns the way over some links, named as read along it: `X?`, `X*` and `X+` as in patterns.

    Args:
        text: The links, in order.
        ends: The kinds it leads to.
    """
    hops = []
    for step in text.split():
        reads = step.rstrip("?*+")
        link, forward = ontology.link_as_read(reads)
        hops.append(Hop(reads, link.name, forward, *_REPEATS.get(step[len(reads) :], (1, 1))))
    wanted = frozenset(ends.split())
    fitting = frozenset(kind for kind in ontology.kinds() if ontology.fits(kind, wanted))
    return Way(text, tuple(hops), fitting)


@dataclass(frozen=True, slots=True)
class Only:
    """That a rule is only about things whose property has, or has not, one of some values.

    Attributes:
        values: The values; None among them is a property that is not given.
        are_meant: Whether those that have one are meant, or those that have none.
    """

    field: str
    values: tuple[Any, ...]
    are_meant: bool = True

    def holds(self, value: Any) -> bool:
        """Says whether a thing with that value is meant."""
        return (value in self.values) == self.are_meant

    def stored(self) -> list[Any]:
        """Returns the condition as the store asks it: field, values, whether none is one, meant."""
        values = [value for value in self.values if value is not None]
        return [self.field, values, None in self.values, self.are_meant]


@dataclass(frozen=True, slots=True)
class TraceRule:
    """One rule of traceability: from each thing it is about, one of some ways must exist.

    Attributes:
        name: `lower-case-words`, as questions name it.
        kinds: The kinds that it is about; those that extend them are named themselves.
        ways: The ways, of which one is enough.
        doc: One sentence that holds where the rule is kept.
        basis: Where the rule comes from.
        only: What a thing has to be for the rule to say anything about it.
    """

    name: str
    kinds: frozenset[str]
    severity: Severity
    doc: str
    basis: str
    ways: tuple[Way, ...]
    only: tuple[Only, ...] = ()

    @property
    def steps_off(self) -> frozenset[str]:
        """The links, as read from the thing, of which it must have at least one."""
        return frozenset[str]().union(*(each.steps_off for each in self.ways))

    def is_about(self, get: Callable[[str], Any]) -> bool:
        """Says whether the rule says anything about a thing whose properties `get` returns."""
        return all(condition.holds(get(condition.field)) for condition in self.only)
