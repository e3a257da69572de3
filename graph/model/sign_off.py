"""Who signed a work order off, whether they were entitled to, and what its release asks for. Pure.

A signature counts by what the person was qualified for when it was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from graph.model.approval import Breach, flaw
from graph.model.deferral import RUNNING, Flown, ran_out
from graph.model.identifier import Utcs
from graph.model.maintenance import Deferral, Finding, FindingStatus, WorkOrder
from graph.model.resources import Person, PersonStatus, Qualification, QualificationCategory
from graph.model.tooling import UsedTool, used_flaws
from graph.model.work import SIGNABLE, STEPS, WORK, Duty, WorkStep, duty_of


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
    """Something that was found under a work order, and what puts it off.

    Attributes:
        flown: What was flown since a deferral was opened, of those that are limited in hours or cycles.
    """

    utcs: Utcs
    finding: Finding
    deferrals: tuple[tuple[Utcs, Deferral], ...] = ()
    flown: Mapping[Utcs, Flown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """Another work order on what is worked on, that has not ended."""

    utcs: Utcs
    name: str
    due_on: date


@dataclass(frozen=True, slots=True)
class WorkCase:
    """All that decides whether a work order may make a step.

    Attributes:
        tools: The tools that it was done with.
        open_besides: Other orders on what is worked on that have not ended and have a due day.
    """

    utcs: Utcs
    order: WorkOrder
    signed: tuple[SignOff, ...]
    found: tuple[Found, ...]
    scope: Scope
    tools: tuple[UsedTool, ...] = ()
    open_besides: tuple[OpenOrder, ...] = ()

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
        *_of_tools(case),
        *_of_overdue(case, at.date()),
    ]


def _of_tools(case: WorkCase) -> Iterator[Breach]:
    """Yields each tool that the work was done with and that need not have read true."""
    for used in case.tools:
        for why in used_flaws(used):
            problem = (
                f"tool: {used.utcs.local} {why}; do what rests on it anew, and end its USES link"
            )
            yield Breach("workorder.release/tool", problem)


def _of_overdue(case: WorkCase, day: date) -> Iterator[Breach]:
    """Yields the maintenance of the same asset that is overdue: it goes into service with none."""
    for one in case.open_besides:
        if one.due_on < day:
            problem = f"overdue: {one.utcs.local} ({one.name}) was due on {one.due_on}; do it, or cancel it"
            yield Breach("workorder.release/overdue", problem)


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
    for one in case.found:
        if one.finding.found_at is not None and one.finding.found_at > certified.signed_at:
            problem = f"certified: signed before {one.utcs.local} was found; sign again"
            yield Breach("workorder.release/order", problem)


def finding_breaches(one: Found, at: datetime) -> Iterator[Breach]:
    """Yields why a finding keeps the work from release: it is open, or put off beyond a limit."""
    status = one.finding.status
    what = f"{one.utcs.local} ({one.finding.name})"
    if status in (FindingStatus.RECTIFIED, FindingStatus.CLOSED):
        return
    is_running = any(deferral.status in RUNNING for _, deferral in one.deferrals)
    if status is not FindingStatus.DEFERRED or not is_running:
        problem = f"finding: {what} is open; rectify it, or defer it within limits"
        yield Breach("workorder.release/finding", problem)
        return
    ends = [ran_out(d, at, one.flown.get(utcs)) for utcs, d in one.deferrals if d.status in RUNNING]
    if None not in ends:
        problem = f"finding: the deferral of {what} {ends[-1]}; rectify it"
        yield Breach("workorder.release/deferral", problem)
