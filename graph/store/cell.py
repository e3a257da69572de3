"""What stands in a cell of a matrix, or at the end of a way: a thing, the links to it, its last result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graph.model.identifier import Utcs
from graph.model.time import UtcDatetime, parse_utc
from graph.store.moment import Moment
from graph.store.text import fill
from graph.store.ways import GOAL

parsed = lru_cache(maxsize=10_000)(Utcs.parse)
"""Returns an identifier of the graph; the same stand in rows, cells and links, a page at a time."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One link of a way.

    Attributes:
        is_suspect: Whether what it leads to has changed since somebody last looked.
    """

    link: str
    source: Utcs
    target: Utcs
    is_suspect: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The last result of a test.

    Attributes:
        utcs: The test result, or the inspection itself.
        verdict: The outcome; None where it does not say.
        performed_at: When; None where it does not say.
    """

    utcs: Utcs
    verdict: str | None
    performed_at: UtcDatetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing in a cell.

    Attributes:
        links: The way from the row to it, link by link.
        result: The last result, where it is a test that was run.
    """

    utcs: Utcs
    kind: str
    name: str
    links: tuple[Tie, ...]
    result: Result | None

    @property
    def is_suspect(self) -> bool:
        """Whether any link of the way is in doubt."""
        return any(link.is_suspect for link in self.links)


def read_cell(
    suspect: frozenset[str],
    utcs: str,
    kind: str,
    name: str,
    result: list[Any] | None,
    way: list[list[str]],
) -> Cell:
    """Returns a thing at the end of a way as it was read; `suspect` are the element ids of links in doubt."""
    ties = read_ties(suspect, way)
    return Cell(parsed(utcs), kind, name, ties, _result(*result) if result else None)


def _result(utcs: str, verdict: str | None, performed_at: str | None) -> Result:
    return Result(parsed(utcs), verdict, parse_utc(performed_at) if performed_at else None)


def read_ties(suspect: frozenset[str], way: Sequence[Sequence[str]]) -> tuple[Tie, ...]:
    """Returns the links of a way as they were read: element id, type, source, target."""
    return tuple(
        Tie(link, parsed(source), parsed(target), id in suspect) for id, link, source, target in way
    )


def result_text(moment: Moment) -> str:
    """Returns the expression for the last result of the test at the end of a way."""
    return fill(
        "matrix/result",
        inspected=moment.said(GOAL, "verdict"),
        inspected_at=moment.said(GOAL, "performed_at"),
        types=moment.types(["RESULT_OF"]),
        holds=moment.holds("run", ["RESULT_OF"]),
        verdict=moment.said("result", "verdict"),
        performed_at=moment.said("result", "performed_at"),
    )
