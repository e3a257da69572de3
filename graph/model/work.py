"""How a work order moves from request to release, who may sign for what, and what a release asks for. Pure.

The steps are those of a Part-145 organisation: planned, opened, done by qualified people, inspected by
another, and released by certifying staff (145.A.30, 145.A.35, 145.A.48, 145.A.50). A signature counts by what
the person was qualified for when it was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from graph.model.approval import Breach, flaw
from graph.model.identifier import Utcs
from graph.model.maintenance import (
    Deferral,
    DeferralStatus,
    Finding,
    FindingStatus,
    WorkOrder,
    WorkOrderStatus,
)
from graph.model.resources import Person, PersonStatus, Qualification, QualificationCategory

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


@dataclass(frozen=True, slots=True)
class Held:
    """A qualification that somebody holds, and the trainings that were completed for it."""

    qualification: Qualification
    trainings: frozenset[Utcs] = frozenset()


@dataclass(frozen=True, slots=True)
class Hand:
    """A person with the qualifications that were theirs at a moment."""

    utcs: Utcs
    person: Person | None
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class SignOff:
    """A signature on a work order.

    Attributes:
        slot: The role that was signed in.
        hand: Who signed, as they were qualified when they did.
        signed_at: When it was signed.
        statement: What was signed for.
        authorisation: The paper that it rests on.
    """

    slot: str
    hand: Hand
    signed_at: datetime
    statement: str | None = None
    authorisation: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What the work asks of those who sign for it.

    Attributes:
        types: What each aircraft that is worked on is called: its type and its model.
        trainings: The trainings that its tasks cannot be done without, with their names.
    """

    types: tuple[frozenset[str], ...] = ()
    trainings: Mapping[Utcs, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was found under a work order, and what puts it off."""

    utcs: Utcs
    finding: Finding
    deferrals: tuple[tuple[Utcs, Deferral], ...] = ()


@dataclass(frozen=True, slots=True)
class WorkCase:
    """All that decides whether a work order may make a step."""

    utcs: Utcs
    order: WorkOrder
    signed: tuple[SignOff, ...]
    found: tuple[Found, ...]
    scope: Scope

    def sign_off(self, slot: str) -> SignOff | None:
        """Returns the signature in a role, if there is one."""
        return next((one for one in self.signed if one.slot == slot), None)

    @property
    def required(self) -> tuple[str, ...]:
        """The roles that must sign before it is released; certifying staff does in any case."""
        wanted = self.order.required_signoffs
        return wanted if "certified" in wanted else (*wanted, "certified")


def lack(duty: Duty, hand: Hand, scope: Scope, day: date) -> str | None:
    """Returns what keeps a person from signing for work on a day, in words; None if nothing does."""
    person = hand.person
    if person is None:
        return f"{hand.utcs} was not there"
    if person.status not in (None, PersonStatus.ACTIVE):
        return f"{hand.utcs} is {person.status}, not active"
    if duty.roles.isdisjoint(person.roles):
        needed = " or ".join(sorted(duty.roles))
        return (
            f"{hand.utcs} is {', '.join(person.roles) or 'of no role'}; {duty.name} takes {needed}"
        )
    if not duty.grades:
        return None
    return next(_of_papers(duty, hand, scope, day), None)


def _of_papers(duty: Duty, hand: Hand, scope: Scope, day: date) -> Iterator[str]:
    """Yields which paper is missing or does not hold: the licence, the type, what the tasks ask for."""
    licences = [one.qualification for one in hand.held if _is_licence(one.qualification, duty)]
    if problem := _none_holds(licences, day):
        grades = "/".join(sorted(duty.grades))
        yield _problem(hand, problem, f"has no licence or authorisation of grade {grades}")
    for names in scope.types:
        ratings = [one.qualification for one in hand.held if _names(one.qualification, names)]
        if problem := _none_holds(ratings, day):
            yield _problem(
                hand, problem, f"has no rating for the type {' or '.join(sorted(names))}"
            )
    for training, name in scope.trainings.items() if duty is WORK else ():
        done = [one.qualification for one in hand.held if training in one.trainings]
        if problem := _none_holds(done, day):
            yield _problem(hand, problem, f"has no qualification with the training {name!r}")


def _problem(hand: Hand, problem: str, none: str) -> str:
    return f"{hand.utcs} {none}" if problem == _NONE else f"{hand.utcs}: {problem}"


_NONE: Final = "none"


def _none_holds(papers: Sequence[Qualification], day: date) -> str | None:
    """Returns the flaw of the first paper if none holds; `none` if there is no paper at all."""
    flaws = [flaw(one, day) for one in papers]
    return None if None in flaws else (flaws[0] if flaws else _NONE)


def _is_licence(paper: Qualification, duty: Duty) -> bool:
    """Whether a paper is a licence of a category: of B1.1, the category is B1 (66.A.3)."""
    kinds = (QualificationCategory.LICENCE, QualificationCategory.AUTHORISATION)
    grade = (paper.grade or "").partition(".")[0]
    return paper.category in kinds and grade in duty.grades


def _names(paper: Qualification, names: frozenset[str]) -> bool:
    kinds = (QualificationCategory.TYPE_RATING, QualificationCategory.AUTHORISATION)
    scope = (paper.scope or "").casefold()
    return paper.category in kinds and any(name.casefold() in scope for name in names)


def paper_of(duty: Duty, hand: Hand, day: date) -> str | None:
    """Returns the number of the licence or authorisation by which a person signs, if one is asked for."""
    held = (one.qualification for one in hand.held if _is_licence(one.qualification, duty))
    return next((one.number or one.name for one in held if flaw(one, day) is None), None)


def step_breaches(
    case: WorkCase, step: WorkStep, hand: Hand, at: datetime, says: str | None
) -> list[Breach]:
    """Returns every rule that a step would break; none if it may be made.

    The order of the case is as the step will state it, but for its status.
    """
    rule = f"workorder.{step.name}"
    found = list(_of_state(case, step, rule))
    found += [
        Breach(f"{rule}/needs", f"{name}: not given; {step.name} needs it")
        for name in step.needs
        if getattr(case.order, name) in (None, ())
    ]
    found += _of_hand(case, step.slot, step.duty, hand, at, rule)
    if step.says and not says:
        found.append(Breach(f"{rule}/reason", "statement: not given; say why"))
    return found


def sign_breaches(case: WorkCase, slot: str, hand: Hand, at: datetime) -> list[Breach]:
    """Returns every rule that a sign-off ahead of a step would break."""
    found = []
    status = case.order.status
    if status not in SIGNABLE:
        where = " or ".join(sorted(SIGNABLE))
        found.append(
            Breach("workorder.sign/state", f"status: {case.utcs} is {status}; it is signed while {where}")
        )  # fmt: skip
    if slot not in case.required:
        problem = f"slot: {slot!r} is not asked for; sign as {' or '.join(case.required)}"
        found.append(Breach("workorder.sign/slot", problem))
    return [*found, *_of_hand(case, slot, duty_of(slot), hand, at, "workorder.sign")]


def _of_state(case: WorkCase, step: WorkStep, rule: str) -> Iterator[Breach]:
    status = case.order.status
    if status not in step.sources:
        allowed = ", ".join(one.name for one in STEPS.values() if status in one.sources)
        onward = f"from {status}: {allowed}" if allowed else "nothing leads on from there"
        yield Breach(
            f"{rule}/state",
            f"status: {case.utcs} is {status or 'of no stated status'}; {step.name} leaves "
            f"{' or '.join(sorted(step.sources))} ({onward})",
        )


def _of_hand(
    case: WorkCase, slot: str, duty: Duty, hand: Hand, at: datetime, rule: str
) -> Iterator[Breach]:
    if problem := lack(duty, hand, case.scope, at.date()):
        yield Breach(f"{rule}/right", f"signer: {problem}")
    for other in duty.apart:
        theirs = case.sign_off(other)
        if slot != other and theirs is not None and theirs.hand.utcs == hand.utcs:
            problem = f"signer: {hand.utcs} signed as {other!r}; another person has to sign this"
            yield Breach(f"{rule}/apart", problem)


def missing_for_release(
    case: WorkCase, at: datetime, *, without: frozenset[str] = frozenset()
) -> list[Breach]:
    """Returns all that is missing before the work may be released at a moment; none if nothing is.

    Args:
        case: The work order.
        at: When.
        without: The roles whose signatures are not looked for, because they are being given now.
    """
    wanted = [slot for slot in case.required if slot not in without]
    return [
        *(breach for slot in wanted for breach in _of_sign_off(case, slot)),
        *(breach for one in case.found for breach in finding_breaches(one, at)),
    ]


def _of_sign_off(case: WorkCase, slot: str) -> Iterator[Breach]:
    signed, duty = case.sign_off(slot), duty_of(slot)
    if signed is None:
        yield Breach("workorder.release/signature", f"{slot}: nobody signed; {duty.name} does")
        return
    if problem := lack(duty, signed.hand, case.scope, signed.signed_at.date()):
        yield Breach("workorder.release/right", f"{slot}: {problem}")
    for other in duty.apart:
        theirs = case.sign_off(other)
        if theirs is not None and theirs.hand.utcs == signed.hand.utcs:
            problem = (
                f"{slot}: {signed.hand.utcs} signed as {other!r}, too; two people have to sign"
            )
            yield Breach("workorder.release/apart", problem)
    if slot == "certified":
        yield from _of_order(case, signed)


def _of_order(case: WorkCase, certified: SignOff) -> Iterator[Breach]:
    """Yields what was signed after it was certified: a certificate speaks of what is there."""
    for slot in case.required:
        earlier = case.sign_off(slot)
        if earlier is not None and earlier.signed_at > certified.signed_at:
            problem = f"certified: signed before {slot!r} was; sign again"
            yield Breach("workorder.release/order", problem)


def finding_breaches(one: Found, at: datetime) -> Iterator[Breach]:
    """Yields why a finding keeps the work from release: it is open, or put off beyond a limit."""
    status = one.finding.status
    what = f"{one.utcs.local} ({one.finding.name})"
    if status in (FindingStatus.RECTIFIED, FindingStatus.CLOSED):
        return
    running = [d for _, d in one.deferrals if d.status in _RUNNING]
    if status is not FindingStatus.DEFERRED or not running:
        problem = f"finding: {what} is open; rectify it, or defer it within limits"
        yield Breach("workorder.release/finding", problem)
    elif all(d.due_at is not None and d.due_at < at for d in running):
        latest = max(d.due_at for d in running if d.due_at is not None)
        problem = (
            f"finding: the deferral of {what} ran out at {latest:%Y-%m-%d %H:%M} UTC; rectify it"
        )
        yield Breach("workorder.release/deferral", problem)


_RUNNING: Final = frozenset({None, DeferralStatus.OPEN, DeferralStatus.EXTENDED})
