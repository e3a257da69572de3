"""How a work order moves from request to release, and what somebody must be to sign for each step. Pure.

The steps are those of a Part-145 organisation: planned, opened, done by qualified people, inspected by
another, and released by certifying staff (145.A.30, 145.A.35, 145.A.48, 145.A.50).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graph.model.maintenance import WorkOrderStatus

SIGN_OFFS: Final = ("performed", "inspected", "certified")
"""The roles that sign a work order unless it says otherwise, in the order of signing."""

DONE: Final = frozenset({WorkOrderStatus.RELEASED, WorkOrderStatus.CLOSED})
"""Where a work order stands once its work is released."""

ENDED: Final = DONE | {WorkOrderStatus.CANCELLED}
"""Where nothing more is done under a work order."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody must be to sign for something.

    Attributes:
        name: What it is called in sentences.
        roles: The words in the roles of a person, any of which entitles.
        grades: The grades of licences or authorisations, any of which entitles; empty asks for none.
        apart: The roles whose signers may not sign this.
    """

    name: str
    roles: frozenset[str]
    grades: frozenset[str] = frozenset()
    apart: tuple[str, ...] = ()


_CERTIFYING: Final = "certifying staff"
_LICENSED: Final = frozenset({"B1", "B2", "B2L", "B3", "C"})

PLANNING: Final = Duty("planning", frozenset({"planner", "maintenance control", _CERTIFYING}))
WORK: Final = Duty(
    "work", frozenset({"technician", "mechanic", "inspector", _CERTIFYING}), _LICENSED | {"A"}
)
INSPECTION: Final = Duty(
    "inspection", frozenset({"inspector", _CERTIFYING}), _LICENSED, apart=("performed",)
)
CERTIFICATION: Final = Duty("certification", frozenset({_CERTIFYING}), _LICENSED)

_DUTIES: Final[Mapping[str, Duty]] = {
    "performed": WORK,
    "inspected": INSPECTION,
    "certified": CERTIFICATION,
}


def duty_of(slot: str) -> Duty:
    """Returns what a person must be to sign off in a role; a role of no name here is an inspection."""
    return _DUTIES.get(slot, INSPECTION)


@dataclass(frozen=True, slots=True)
class WorkStep:
    """A step of a work order.

    Attributes:
        name: The verb, as in `startWorkOrder`.
        sources: The states it leaves.
        target: The state it enters.
        slot: The role it is signed in.
        duty: What the signer must be.
        needs: The properties that must be known by then.
        takes: Those that may be given besides.
        stamps: The property that the moment of the step is written into, unless it is known.
        says: Whether the signature must state a reason.
    """

    name: str
    sources: frozenset[WorkOrderStatus]
    target: WorkOrderStatus
    slot: str
    duty: Duty
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    stamps: str | None = None
    says: bool = False


def _step(
    name: str, sources: str, target: str, slot: str, duty: Duty, needs: str = "", takes: str = "",
    *, stamps: str | None = None, says: bool = False,
) -> WorkStep:  # fmt: skip
    left = frozenset(map(WorkOrderStatus, sources.split()))
    return WorkStep(
        name, left, WorkOrderStatus(target), slot, duty, tuple(needs.split()), tuple(takes.split()),
        stamps, says,
    )  # fmt: skip


# A table is read by its columns: step, from, to, signed as, duty, needs, takes.
# fmt: off
STEPS: Final[Mapping[str, WorkStep]] = {step.name: step for step in (
    _step("plan", "requested", "planned", "planned", PLANNING,
          "planned_start_at planned_end_at", "station estimated_h"),
    _step("open", "requested planned", "open", "opened", PLANNING, "", "station references",
          stamps="opened_at"),
    _step("start", "open", "in_work", "started", WORK, stamps="started_at"),
    _step("hold", "in_work", "on_hold", "held", WORK, says=True),
    _step("resume", "on_hold", "in_work", "resumed", WORK),
    _step("perform", "in_work", "performed", "performed", WORK, "work_performed", "actual_h",
          stamps="ended_at"),
    _step("inspect", "performed", "inspected", "inspected", INSPECTION),
    _step("reject", "performed inspected", "in_work", "rejected",
          Duty("inspection", INSPECTION.roles, _LICENSED), says=True),
    _step("release", "performed inspected", "released", "certified", CERTIFICATION),
    _step("close", "released", "closed", "closed", PLANNING),
    _step("cancel", "requested planned open in_work on_hold", "cancelled", "cancelled", PLANNING,
          says=True),
)}
# fmt: on
"""Every step after the request."""

REJECTED: Final = frozenset(SIGN_OFFS)
"""The signatures that a rejection takes back: the work is to be done and signed anew."""

SIGNABLE: Final = frozenset(map(WorkOrderStatus, ("open", "in_work", "performed", "inspected")))
"""Where a work order stands while it can be signed off ahead of a step."""

COMPLETABLE: Final = SIGNABLE
"""Where a work order stands while its completion can be reported."""
