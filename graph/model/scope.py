"""What belongs to a baseline: the closed table of rules that lead from its root to its members.

A rule of a release is never changed, because baselines that were frozen by it must come out again; what
is to be found otherwise is a new rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graph.model.governance import BaselineRule


@dataclass(frozen=True, slots=True)
class Rule:
    """How the members of a scope are found from its root.

    A member is frozen with all links of these types that leave it, and with nothing else.

    Attributes:
        rule: Its name.
        roots: The kinds that a root may be of; empty if there is none.
        follows: The link types that are followed from the root at any depth.
        against: Whether they are followed against their arrows.
        ends: The link types followed one step further from each member, along the arrow.
        holds: Further link types that belong to what a member is, but lead to no member.
        doc: What belongs to it, with `{root}` where the root stands.
    """

    rule: BaselineRule
    roots: frozenset[str]
    follows: tuple[str, ...]
    doc: str
    against: bool = False
    ends: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()

    @property
    def links(self) -> tuple[str, ...]:
        """The link types that are frozen with a member."""
        return (*self.follows, *self.ends, *self.holds)


RULES: Final[dict[BaselineRule, Rule]] = {
    rule.rule: rule
    for rule in (
        Rule(
            BaselineRule.CONFIGURATION,
            frozenset({"serial"}),
            ("CONTAINS",),
            "{root} and everything it CONTAINS at any depth, each with its part number, and the "
            "software that is LOADED_ON them",
            ends=("LOADED_WITH",),
            holds=("INSTANCE_OF",),
        ),
        Rule(
            BaselineRule.DESIGN,
            frozenset({"part"}),
            ("HAS_COMPONENT",),
            "{root} and its components at any depth, and the designs that they REALISE",
            ends=("REALISES",),
        ),
        Rule(
            BaselineRule.REQUIREMENTS,
            frozenset({"requirement", "document"}),
            ("DERIVES_FROM", "PLACED_UNDER", "SPECIFIED_IN"),
            "{root} and all that is derived from it, placed under it or specified in it, at any depth",
            against=True,
        ),
        Rule(
            BaselineRule.TRACE,
            frozenset({"serial", "part", "design", "requirement", "software", "document",
                       "modelversion"}),
            ("INSTANCE_OF", "BUILT_TO", "REALISES", "REFINES", "SATISFIES", "DERIVES_FROM"),
            "{root} and everything that it traces to over INSTANCE_OF, BUILT_TO, REALISES, REFINES, "
            "SATISFIES and DERIVES_FROM",
        ),
        Rule(BaselineRule.LISTED, frozenset(), (), "the things that were listed, each for itself"),
    )
}  # fmt: skip
"""Every rule, by its name."""
