"""What a change is about: what is on record, with what is only proposed laid over it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from graph.model.engineering import ReleaseStatus
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.product import Part

Effect = Literal["revise", "new", "withdrawn"]


PROPOSABLE: Final = frozenset({"eco", "modification", "bulletin"})
"""The kinds that carry a change out, of which a proposal may say what it would cost."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is only proposed, laid over what is on record.

    Attributes:
        replaced: Part numbers and those that are to take their place.
        altered: What else the change is to alter.
        stated: What is to be stated of things.
        retired: What is to be no more.
    """

    replaced: tuple[tuple[Utcs, Utcs], ...] = ()
    altered: tuple[Utcs, ...] = ()
    stated: Mapping[Utcs, Kind] = field(default_factory=dict)
    retired: tuple[Utcs, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is touched: by which link, as read from it, to what."""

    link: str
    utcs: Utcs


@dataclass(frozen=True, slots=True)
class Touched:
    """A thing that the change touches.

    Attributes:
        effect: `revise`, `new` where it comes with the change, `withdrawn` where the change ends it.
        reasons: Why.
    """

    utcs: Utcs
    name: str
    effect: Effect
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Replacement:
    """A part number, and the one that takes its place."""

    old: Utcs
    new: Utcs
    new_name: str | None
    unit_cost_eur: Decimal | None
    lead_time_days: Decimal | None


@dataclass(frozen=True, slots=True)
class About:
    """What changes are about: each thing with why, by the link as read from what stands beside it."""

    changes: Mapping[Utcs, Kind]
    subjects: Sequence[tuple[str, Utcs, Utcs, Kind]]


class Scope:
    """What a change is about, with what is proposed laid over what is on record."""

    def __init__(self, about: About, overlay: Overlay) -> None:
        proposed = {u: said for u, said in overlay.stated.items() if u.kind in PROPOSABLE}
        self.changes = {**about.changes, **proposed}
        self.overlay = overlay
        self.things: dict[Utcs, Kind | None] = {}
        self.reasons: dict[Utcs, list[Reason]] = {}
        self.replaced = [
            (thing, other) for link, other, thing, _ in about.subjects if link == "SUPERSEDES"
        ]
        for link, other, thing, said in about.subjects:
            self._add(thing, said, link, other)
        for old, new in overlay.replaced:
            if (old, new) not in self.replaced:
                self.replaced.append((old, new))
            self._add(old, None, "SUPERSEDES", new)
        for thing, said in overlay.stated.items():
            if thing not in proposed:
                self._add(thing, said, "PROPOSED", thing)
        for thing in overlay.altered:
            self._add(thing, None, "ALTERS", thing)
        new_parts = {new for _, new in self.replaced}
        self.concerned = [u for u in self.things if u.kind == "part" and u not in new_parts]

    def _add(self, utcs: Utcs, said: Kind | None, link: str, other: Utcs) -> None:
        known = self.things.get(utcs)
        self.things[utcs] = self.overlay.stated.get(utcs) or said or known
        reason = Reason(link, other)
        reasons = self.reasons.setdefault(utcs, [])
        if reason not in reasons and not (link == "PROPOSED" and reasons):
            reasons.append(reason)

    def part(self, utcs: Utcs) -> Part | None:
        """Returns what is said of a part number, if anything is."""
        said = self.things.get(utcs)
        return said if isinstance(said, Part) else None

    def effect(self, thing: Utcs, said: Kind, reasons: Iterable[Reason]) -> Effect:
        """Returns what becomes of a thing: it is new where it is there because of the change itself."""
        if thing in self.overlay.retired:
            return "withdrawn"
        if any(one.link == "ALTERED_BY" and one.utcs in self.changes for one in reasons):
            is_withdrawn = getattr(said, "status", None) == ReleaseStatus.WITHDRAWN
            return "withdrawn" if is_withdrawn else "revise"
        is_new = any(
            one.link in ("MEETS", "TEACHES") and one.utcs in self.changes for one in reasons
        )
        return "new" if is_new else "revise"

    def replacement(self, old: Utcs, new: Utcs) -> Replacement:
        """Returns what takes the place of a part number, with what is said of it."""
        part = self.part(new)
        if part is None:
            return Replacement(old, new, None, None, None)
        return Replacement(old, new, part.name, part.unit_cost_eur, part.lead_time_days)
