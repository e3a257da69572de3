"""Does it apply? To which units some changes apply: by their effectivity rule, or else by what names them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from graph.model.applicability import Verdict
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.accomplishments import Unit
from graph.store.database import Graph
from graph.store.effectivity import selected
from graph.store.moment import Moment
from graph.store.text import fill

_SUBJECT_TO: Final = ("SUBJECT_TO",)
_INSTANCE_OF: Final = ("INSTANCE_OF",)
_CONTAINS: Final = ("CONTAINS",)


Verdicts = Mapping[Utcs, Mapping[Utcs, Verdict]]
"""By change, then by unit."""


class Applicability:
    """To which units some changes apply."""

    def __init__(self, by_rule: Verdicts, by_link: Verdicts) -> None:
        """Takes what rules select, and what `SUBJECT_TO` links name."""
        self._by_rule = by_rule
        self._by_link = by_link

    def of(self, change: Utcs, unit: Unit) -> Verdict:
        """Returns whether a change applies to a unit.

        That is as its rule says. Where it has none, or the unit is no aircraft and rules are about aircraft,
        it is as links say.
        """
        ruled = self._by_rule.get(change, {})
        if unit.utcs in ruled:
            return ruled[unit.utcs]
        if ("SUBJECT_TO", change) in unit.links:
            return Verdict(True, f"a SUBJECT_TO link to {change.local} names it")
        if ruled:
            return Verdict(
                None, f"the rule of {change.local} is about aircraft, and no link names the unit"
            )
        named = self._by_link.get(change, {})
        if not named:
            why = f"{change.local} has no effectivity rule, and no SUBJECT_TO link names what it is for"
            return Verdict(None, why)
        none = Verdict(
            False, f"no SUBJECT_TO link to {change.local} names it, or a part that it has on board"
        )
        return named.get(unit.utcs, none)


async def applicability(
    graph: Graph, changes: Collection[Utcs], *, at: Coordinates
) -> Applicability:
    """Returns to which units some changes apply at a moment; the caller bounds how many changes."""
    by_rule: Verdicts = await selected(graph, changes, at=at) if changes else {}
    without = [change for change in changes if change not in by_rule]
    by_link = await _by_link(graph, without, Moment.of(graph, at)) if without else {}
    return Applicability(by_rule, by_link)


async def _by_link(graph: Graph, changes: Collection[Utcs], moment: Moment) -> Verdicts:
    asked = {"changes": [str(change) for change in changes]}
    row = await moment.ask(graph, subjects_text(moment), asked)
    found: defaultdict[Utcs, dict[Utcs, Verdict]] = defaultdict(dict)
    for utcs, thing, aircraft in row[0] if row else []:
        change, named = Utcs.parse(utcs), Utcs.parse(thing)
        found[change][named] = Verdict(True, f"a SUBJECT_TO link to {change.local} names it")
        for carrier in map(Utcs.parse, aircraft):
            why = f"a SUBJECT_TO link to {change.local} names {named.local}, which it is or has on board"
            found[change].setdefault(carrier, Verdict(True, why))
    return found


def subjects_text(moment: Moment) -> str:
    """Returns the statement that lists what is subject to some changes."""
    return fill(
        "compliance/subjects",
        types=moment.types(_SUBJECT_TO),
        holds=moment.holds("link", _SUBJECT_TO),
        instance=moment.types(_INSTANCE_OF),
        instance_holds=moment.holds("made", _INSTANCE_OF),
        contains=moment.types(_CONTAINS),
        contains_holds=moment.holds("step", _CONTAINS),
        stale=fill("thing/stale"),
    )
