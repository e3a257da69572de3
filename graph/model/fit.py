"""May a part number be in a slot? Positions, then bills of material, then approvals say so. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from graph.model.attachment import Carrier, Subject
from graph.model.bill import Design, Place
from graph.model.change import ApprovalStatus, Eco, EcoStatus, Modification, Stc
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.quality import Disposition, Ncr, NcrStatus
from graph.model.reconciliation import Applies, Unit, Verdict, judge
from graph.model.refusal import Refusal

FIT_RULE: Final = "part-is-allowed-there"
"""The rule that an approval overrides."""

_RELEASED: Final = (
    EcoStatus.RELEASED,
    EcoStatus.IN_WORK,
    EcoStatus.IMPLEMENTED,
    EcoStatus.VERIFIED,
)


@dataclass(frozen=True, slots=True)
class Approval:
    """What is named as the approval of a part number that is allowed by nothing else.

    Attributes:
        concerns: What it is linked to.
    """

    utcs: Utcs
    thing: Kind
    concerns: frozenset[Utcs]

    @property
    def fault(self) -> str | None:
        """Why it allows nothing; None if it is an approval that holds."""
        thing = self.thing
        if isinstance(thing, Ncr):
            is_decided = thing.status in (NcrStatus.DISPOSITIONED, NcrStatus.CLOSED)
            if is_decided and thing.disposition in (Disposition.USE_AS_IS, Disposition.REPAIR):
                return None
            return "it is not dispositioned as use_as_is or repair, which makes a concession"
        if isinstance(thing, Modification | Stc):
            needed: tuple[StrEnum, ...] = (ApprovalStatus.APPROVED,)
        elif isinstance(thing, Eco):
            needed = _RELEASED
        else:
            return f"a {thing.kind} is no approval; name a modification, stc, eco or ncr"
        stands = thing.status or "not stated"
        return None if thing.status in needed else f"its status is {stands}, not {needed[0]}"


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a part number may be in a slot, and on what that rests."""

    is_allowed: bool
    why: str
    rule: str = FIT_RULE

    def rests_on(self, approval: Approval | None) -> str | None:
        """Returns what allows the part number there, be it an approval; None if nothing does."""
        if self.is_allowed:
            return self.why
        if approval is None or self.rule != FIT_RULE or approval.fault:
            return None
        return f"{self.why}; it is put there under {approval.utcs}"


def fit(design: Design, applies: Applies, subject: Subject, carrier: Carrier, slot: str) -> Fit:
    """Returns whether the part number of a unit may be in a slot.

    A position of the aircraft says itself what it takes. Where it has none of that name, the bill of
    material of the carrier does, together with what supersedes or is an alternate of what that calls for.
    """
    part = str(subject.part)
    number, place = design.number(part), (*carrier.place, slot)
    position = ".".join(place)
    if carrier.aircraft is None:
        return _by_bill(design, applies, subject, carrier, place)
    if accepted := design.accepts.get(position):
        if part in accepted:
            return Fit(True, f"{number} fits {position}")
        takes = " and ".join(sorted(map(design.number, accepted)))
        return Fit(False, f"{number} does not fit {position}, which takes {takes}")
    facts = design.parts.get(part)
    fits = (one for one in (facts.fits if facts else ()) if _holder(one) == carrier.place)
    if beside := " and ".join(sorted(fits)):
        return Fit(False, f"{number} fits {beside}, and {position} is no position")
    return _by_bill(design, applies, subject, carrier, place)


def _holder(position: str) -> Place:
    """Returns the place of what has a position."""
    return tuple(position.split("."))[:-1]


def _by_bill(
    design: Design, applies: Applies, subject: Subject, carrier: Carrier, place: Place
) -> Fit:
    """Returns what the bill of material of the carrier says, or of what is called for in its place."""
    number, top = design.number(str(subject.part)), carrier.parts[0]
    if top is None:
        return Fit(
            False, f"{number}: {carrier.lineage[-1]} has no part number, and so no bill of material"
        )
    units = {at: unit for at, unit in carrier.units.items() if at and at != place}
    coming = Unit(str(subject.utcs), str(subject.part))
    before = judge(design, top, units, applies).places
    after = judge(design, top, units | {place: coming}, applies).places
    found = after[place]
    crowded = [
        other
        for other in (place, *units)
        if after[other].called_for is not None
        and after[other].verdict is Verdict.EXTRA
        and (other == place or before[other].verdict is not Verdict.EXTRA)
    ]
    if crowded:
        return Fit(False, f"{after[crowded[0]].why}, and they are there", "bill-calls-for-more")
    if found.verdict.is_allowed:
        return Fit(True, found.why or f"the bill of material calls for {number}")
    return Fit(False, f"{number}: {found.why}")


def fit_refusals(found: Fit, approval: Approval | None) -> Iterator[Refusal]:
    """Yields why a unit may not be in a slot by its part number, unless an approval that holds allows it."""
    if approval is not None and approval.fault:
        why = f"approval: {approval.utcs} does not allow it: {approval.fault}"
        yield Refusal("approval-holds", why)
    if found.rests_on(approval) is not None:
        return
    fix = "name the approval that allows it" if found.rule == FIT_RULE else "take one out first"
    yield Refusal(found.rule, f"unit: {found.why}; use a part number that is allowed, or {fix}")
