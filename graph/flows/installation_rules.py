"""What else than the rules of attachment refuses that a unit is moved, and what may surprise. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.model.identifier import Utcs
from graph.model.life import LifeStanding, LimitOf
from graph.model.product import PartStatus
from graph.model.refusal import Refusal
from graph.model.work import ENDED
from graph.store.attachment import Attachment
from graph.store.life import LifeLimited
from graph.store.work import Work


def life_refusals(limited: Iterable[LifeLimited]) -> Iterator[Refusal]:
    """Yields where a limit of a unit, or of what is in it, is used up."""
    for one in limited:
        if one.standing is LifeStanding.OVER:
            limit = one.first
            span = "its life" if limit.of is LimitOf.LIFE else "the time between overhauls"
            used = f"{limit.used:,} {limit.unit} are used up of {limit.allowed:,}"
            why = f"unit: {one.utcs} is at the end of {span}: {used} ({limit.why}); take another"
            yield Refusal("life-is-left", why)


def work_refusals(found: Attachment, work: Work | None) -> Iterator[Refusal]:
    """Yields why a unit cannot be moved under a work order."""
    if work is None:
        return
    if work.order.status in ENDED:
        why = f"work_order: {work.utcs} is {work.order.status}; name one that is still in work"
        yield Refusal("work-is-open", why)
    subject, carrier = found.subject, found.carrier
    if work.works_on.isdisjoint({subject.utcs, *carrier.lineage}):
        on = ", ".join(sorted(map(str, work.works_on))) or "nothing that is known"
        why = f"work_order: {work.utcs} works on {on}, not on {carrier.lineage[-1]}"
        yield Refusal("work-is-on-unit", f"{why}; name one that does")


def install_warnings(
    found: Attachment, work: Work | None, limited: Iterable[LifeLimited]
) -> Iterator[str]:
    """Yields what may surprise of putting a unit in."""
    yield from _of_order(work)
    part = found.subject.definition
    if part is not None and part.status in (PartStatus.RESTRICTED, PartStatus.OBSOLETE):
        yield f"its part number {part.number} is {part.status}"
    for one in limited:
        if one.standing is LifeStanding.UNKNOWN:
            limit = one.first
            left = f"nobody can say what is left of its {limit.allowed:,} {limit.unit}"
            yield f"{one.utcs}: {limit.why}; {left}"
    yield from _of_approval(found, work)


def remove_warnings(work: Work | None, to: Utcs | None) -> Iterator[str]:
    """Yields what may surprise of taking a unit out."""
    yield from _of_order(work)
    if to is None:
        yield "nothing says where the unit lies from then on: a gap in its life, until something does"


def _of_order(work: Work | None) -> Iterator[str]:
    if work is None:
        yield "no work order is named, so nothing says under which order it was done"


def _of_approval(found: Attachment, work: Work | None) -> Iterator[str]:
    if found.approval is None:
        return
    subject, carrier = found.subject, found.carrier
    about = {subject.utcs, subject.part, *carrier.lineage, work and work.utcs}
    if found.approval.concerns.isdisjoint(about):
        yield (
            f"{found.approval.utcs} is linked to neither the unit, its part number nor what it is put "
            "into, so nothing shows that it is meant"
        )
