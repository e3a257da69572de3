"""The aspects of a trace matrix: what is demanded, designed, tested and maintained, and the ways between."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from graph.model.trace_rule import Only, Way, way
from graph.model.trace_rules import IN_FORCE, MEETING


class Aspect(StrEnum):
    """One side of a trace matrix, after DO-178C §5.5 and §6.5."""

    REQUIREMENT = "requirement"
    DESIGN = "design"
    TEST = "test"
    MAINTENANCE = "maintenance"

    @property
    def kind(self) -> str:
        """The kind of things that stand as rows."""
        return {"test": "testcase", "maintenance": "task"}.get(self.value, self.value)

    @property
    def only(self) -> tuple[Only, ...]:
        """What a thing has to be to stand as a row: those that are in force."""
        return (IN_FORCE[self.kind],)


_TESTS: Final = "testcase inspection"

# fmt: off
CELLS: Final[dict[tuple[Aspect, Aspect], tuple[Way, ...]]] = {
    (Aspect.REQUIREMENT, Aspect.DESIGN): (way("SATISFIED_BY", MEETING),),
    (Aspect.REQUIREMENT, Aspect.TEST): (way("VERIFIED_BY", _TESTS),),
    (Aspect.REQUIREMENT, Aspect.MAINTENANCE): (way("MET_BY", "task"),),
    (Aspect.DESIGN, Aspect.REQUIREMENT): (way("SATISFIES", "requirement"),),
    (Aspect.DESIGN, Aspect.TEST): (way("SATISFIES VERIFIED_BY", _TESTS),),
    (Aspect.DESIGN, Aspect.MAINTENANCE): (
        way("HAS_TASK", "task"), way("REALISED_BY HAS_TASK", "task"), way("SATISFIES MET_BY", "task")),
    (Aspect.TEST, Aspect.REQUIREMENT): (way("VERIFIES", "requirement"),),
    (Aspect.TEST, Aspect.DESIGN): (way("VERIFIES SATISFIED_BY", MEETING),),
    (Aspect.TEST, Aspect.MAINTENANCE): (way("VERIFIES MET_BY", "task"),),
    (Aspect.MAINTENANCE, Aspect.REQUIREMENT): (way("MEETS", "requirement"),),
    (Aspect.MAINTENANCE, Aspect.DESIGN): (
        way("PERFORMED_ON", "design"), way("PERFORMED_ON REALISES", "design"),
        way("MEETS SATISFIED_BY", MEETING)),
    (Aspect.MAINTENANCE, Aspect.TEST): (way("MEETS VERIFIED_BY", _TESTS),),
}
"""By which ways a thing of one aspect has things of another in its cell, the plainest first."""
# fmt: on


@dataclass(frozen=True, slots=True)
class Where:
    """Where what a filter asks for is said: of the row itself, or of what a way leads to.

    Attributes:
        path: The way; None for the row itself.
        name: The property.
    """

    path: Way | None
    name: str


Filter = Literal["ata_chapter", "level", "assurance_level", "document"]
"""By what rows can be chosen, besides their ids."""

_OF_REQUIREMENT: Final = {
    Aspect.TEST: way("VERIFIES", "requirement"),
    Aspect.MAINTENANCE: way("MEETS", "requirement"),
}

FILTERS: Final[dict[Filter, dict[Aspect, Where]]] = {
    "ata_chapter": {
        Aspect.REQUIREMENT: Where(way("SATISFIED_BY", "design part software"), "ata_chapter"),
        Aspect.DESIGN: Where(None, "ata_chapter"),
        Aspect.TEST: Where(way("VERIFIES SATISFIED_BY", "design part software"), "ata_chapter"),
        Aspect.MAINTENANCE: Where(None, "ata_chapter"),
    },
    "level": {
        Aspect.REQUIREMENT: Where(None, "level"),
        Aspect.DESIGN: Where(None, "level"),
        Aspect.TEST: Where(None, "level"),
        Aspect.MAINTENANCE: Where(_OF_REQUIREMENT[Aspect.MAINTENANCE], "level"),
    },
    "assurance_level": {
        Aspect.REQUIREMENT: Where(None, "assurance_level"),
        Aspect.DESIGN: Where(None, "assurance_level"),
        Aspect.TEST: Where(_OF_REQUIREMENT[Aspect.TEST], "assurance_level"),
        Aspect.MAINTENANCE: Where(_OF_REQUIREMENT[Aspect.MAINTENANCE], "assurance_level"),
    },
    "document": {
        Aspect.REQUIREMENT: Where(way("SPECIFIED_IN", "document"), "utcs"),
        Aspect.DESIGN: Where(way("DOCUMENTED_BY", "document publication"), "utcs"),
        Aspect.TEST: Where(way("SPECIFIED_IN", "document"), "utcs"),
        Aspect.MAINTENANCE: Where(way("FOLLOWS", "document publication"), "utcs"),
    },
}
"""Where each filter looks, of rows of each aspect: a requirement belongs to the chapter of its design."""
