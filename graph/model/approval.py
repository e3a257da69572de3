"""Whether a step may be made: the state, what is given, who signs, and what it rests on. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.lifecycle import MACHINES, Approval, Basis, Right, Step
from graph.model.resources import (
    Person,
    PersonStatus,
    Qualification,
    QualificationCategory,
    QualificationStatus,
)


@dataclass(frozen=True, slots=True)
class Signer:
    """A person with the qualifications that were theirs at a moment."""

    utcs: Utcs
    person: Person | None
    qualifications: tuple[Qualification, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that stands at a moment.

    Attributes:
        hash: The hash of what was signed, as it stood when it was signed.
    """

    slot: str
    signer: Signer
    hash: str | None
    statement: str | None = None
    authorisation: str | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """What stands at the other end of a link, as far as steps look at it."""

    reads: str
    utcs: Utcs
    thing: Kind


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a step breaks.

    Attributes:
        rule: Which, such as `ecr.approve/right`.
        problem: One sentence: what is wrong, and what to do.
    """

    rule: str
    problem: str


@dataclass(frozen=True, slots=True)
class Case:
    """All that decides whether a step may be made.

    Attributes:
        utcs: The thing.
        state: Where it stands; None where it is only to come.
        hash: The hash of what is said of it; an approval of something else does not count.
        thing: As it will be said to be.
        signatures: Those that stand.
        rests: What it is linked to.
        day: The day of the step.
    """

    utcs: Utcs
    state: str | None
    hash: str | None
    thing: Kind
    signatures: Sequence[Signature]
    rests: Sequence[Rest]
    day: date

    def signed(self, slot: str) -> Signature | None:
        """Returns the signature in a role, if there is one."""
        return next((one for one in self.signatures if one.slot == slot), None)


def breaches(case: Case, step: Step, signer: Signer | None, says: str | None) -> list[Breach]:
    """Returns every rule that a step would break; none if it may be made."""
    found = [
        *_of_state(case, step),
        *_of_properties(case, step),
        *_of_bases(case, step),
    ]
    if step.slot is not None:
        found += _of_signer(case, step, signer)
        found += _of_approvals(case, step, signer)
        if step.says and not says:
            found.append(Breach(_rule(case, step, "reason"), "statement: not given; say why"))
    return list(dict.fromkeys(found))


def approval_breaches(case: Case, slot: str, signer: Signer) -> list[Breach]:
    """Returns every rule that an approval ahead of a step would break."""
    offered = [
        (step, approval)
        for step, approval in MACHINES[case.utcs.kind].approvals_in(case.state or "")
        if approval.slot == slot and _may_be_asked(case, approval)
    ]
    if not offered:
        return [Breach(f"{case.utcs.kind}.sign/state", _nothing_to_sign(case, slot))]
    step, approval = offered[0]
    found = [
        *_of_right(case, step, approval.right, signer),
        *_of_apart(case, step, ("raised",), signer),
    ]
    standing = case.signed(slot)
    if standing is not None and standing.hash == case.hash:
        problem = (
            f"slot: {standing.signer.utcs} has signed as {slot!r} already; it takes one signature"
        )
        found.append(Breach(_rule(case, step, "twice"), problem))
    return [*found, *_of_others(case, step, slot, signer)]


def _may_be_asked(case: Case, approval: Approval) -> bool:
    when = approval.when
    return when is None or when.holds(case.thing) or getattr(case.thing, when.field) is None


def holds_right(signer: Signer, right: Right | None, day: date) -> str | None:
    """Returns what keeps a person from signing by a right on a day, in words; None if nothing does."""
    person = signer.person
    if person is None:
        return f"{signer.utcs} is not there"
    if person.status not in (None, PersonStatus.ACTIVE):
        return f"{signer.utcs} is {person.status}, not active"
    if right is None:
        return None
    if right not in person.roles:
        return f"{signer.utcs} has not the role {right.value!r} (has {', '.join(person.roles) or 'none'})"
    flaws = [flaw(one, day) for one in signer.qualifications if _gives(one, right)]
    if not flaws:
        return f"{signer.utcs} has no authorisation of grade {right.grade} ({right.value})"
    return None if None in flaws else f"{signer.utcs}: {flaws[0]}"


def _gives(qualification: Qualification, right: Right) -> bool:
    is_authorisation = qualification.category is QualificationCategory.AUTHORISATION
    return is_authorisation and qualification.grade == right.grade


def flaw(qualification: Qualification, day: date) -> str | None:
    """Returns why a paper does not hold on a day, in words; None if it does."""
    noun = (qualification.category or "qualification").replace("_", " ")
    name = f"the {noun} {qualification.number or qualification.name}"
    if qualification.status is not QualificationStatus.VALID:
        return f"{name} is {qualification.status or 'of unknown status'}"
    if qualification.expires_on is not None and qualification.expires_on < day:
        return f"{name} expired on {qualification.expires_on}"
    if qualification.issued_on is not None and qualification.issued_on > day:
        return f"{name} holds from {qualification.issued_on} on only"
    return None


def authorisation(signer: Signer, right: Right | None, day: date) -> str | None:
    """Returns the number of the authorisation by which a person signs, if the step asks for one."""
    if right is None:
        return None
    held = (one for one in signer.qualifications if _gives(one, right) and not flaw(one, day))
    return next((one.number or one.name for one in held), None)


def _rule(case: Case, step: Step, which: str) -> str:
    return f"{case.utcs.kind}.{step.name}/{which}"


def _of_state(case: Case, step: Step) -> Iterator[Breach]:
    if case.state is None and not step.sources:
        return
    if case.state not in step.sources:
        allowed = ", ".join(s.name for s in MACHINES[case.utcs.kind].from_state(case.state or ""))
        here = f"status: {case.utcs} is {case.state or 'not there'}"
        yield Breach(
            _rule(case, step, "state"),
            f"{here}; {step.name} leaves {' or '.join(sorted(step.sources)) or 'nothing'}"
            f" ({f'from {case.state}: {allowed}' if allowed else 'nothing leads on from there'})",
        )


def _of_properties(case: Case, step: Step) -> Iterator[Breach]:
    asked = [a.needs for a in _asked(case, step) if a.needs]
    for name in (*step.needs, *asked):
        if getattr(case.thing, name) in (None, ()):
            yield Breach(_rule(case, step, "needs"), f"{name}: not given; {step.name} needs it")
    for name in step.needs:
        value = getattr(case.thing, name)
        if name.endswith("_on") and value is not None and value > case.day:
            yield Breach(_rule(case, step, "needs"), f"{name}: {value} is still to come")


def _asked(case: Case, step: Step) -> list[Approval]:
    return [one for one in step.approvals if one.when is None or one.when.holds(case.thing)]


def _of_bases(case: Case, step: Step) -> Iterator[Breach]:
    for basis in step.bases:
        if basis.when is None or basis.when.holds(case.thing):
            rests = [r for r in case.rests if r.reads in basis.reads and r.utcs.kind in basis.kinds]
            if not rests:
                links, kinds = " or ".join(sorted(basis.reads)), ", ".join(sorted(basis.kinds))
                where = f" where {basis.when}" if basis.when else ""
                problem = f"{links}: no such link to any of {kinds}{where}"
                yield Breach(_rule(case, step, "basis"), problem)
            yield from (b for rest in rests for b in _of_rest(case, step, basis, rest))


def _of_rest(case: Case, step: Step, basis: Basis, rest: Rest) -> Iterator[Breach]:
    state = getattr(rest.thing, "status", None)
    if basis.states and state not in basis.states:
        wanted = " or ".join(sorted(basis.states))
        yield Breach(
            _rule(case, step, "basis"), f"{rest.reads}: {rest.utcs} is {state}, not {wanted}"
        )
    if basis.agrees:
        theirs, ours = (getattr(t, basis.agrees, None) for t in (rest.thing, case.thing))
        if theirs != ours:
            problem = f"{basis.agrees}: {ours}, but {rest.utcs} is {theirs}; they must agree"
            yield Breach(_rule(case, step, "basis"), problem)


def _of_signer(case: Case, step: Step, signer: Signer | None) -> Iterator[Breach]:
    if signer is None:
        yield Breach(_rule(case, step, "signature"), f"nobody signed as {step.slot!r}")
        return
    yield from _of_right(case, step, step.right, signer)
    yield from _of_apart(case, step, step.apart, signer)


def _of_right(case: Case, step: Step, right: Right | None, signer: Signer) -> Iterator[Breach]:
    if lack := holds_right(signer, right, case.day):
        yield Breach(_rule(case, step, "right"), f"signer: {lack}")


def _of_apart(case: Case, step: Step, slots: Sequence[str], signer: Signer) -> Iterator[Breach]:
    for slot in slots:
        other = case.signed(slot)
        if other is not None and other.signer.utcs == signer.utcs:
            problem = f"signer: {signer.utcs} signed as {slot!r}; another person has to sign this"
            yield Breach(_rule(case, step, "apart"), problem)


def _of_approvals(case: Case, step: Step, signer: Signer | None) -> Iterator[Breach]:
    for approval in _asked(case, step):
        standing = case.signed(approval.slot)
        rule = _rule(case, step, "approval")
        where = f" (asked for where {approval.when})" if approval.when else ""
        if standing is None:
            yield Breach(rule, f"{approval.slot}: no signature of {approval.right.value}{where}")
            continue
        if lack := holds_right(standing.signer, approval.right, case.day):
            yield Breach(rule, f"{approval.slot}: {lack}{where}")
        if standing.hash != case.hash:
            problem = (
                f"{approval.slot}: what {standing.signer.utcs} signed was changed since; sign anew"
            )
            yield Breach(rule, problem)
        yield from _of_apart(case, step, ("raised",), standing.signer)
        yield from _of_others(case, step, approval.slot, standing.signer)


def _of_others(case: Case, step: Step, slot: str, signer: Signer) -> Iterator[Breach]:
    """Yields that one person approves in two roles of one step."""
    for other in _asked(case, step):
        standing = case.signed(other.slot)
        if other.slot != slot and standing is not None and standing.signer.utcs == signer.utcs:
            problem = (
                f"signer: {signer.utcs} signed as {other.slot!r}, too; two people have to approve"
            )
            yield Breach(_rule(case, step, "apart"), problem)


def _nothing_to_sign(case: Case, slot: str) -> str:
    approvals = MACHINES[case.utcs.kind].approvals_in(case.state or "")
    offered = sorted({one.slot for _, one in approvals if _may_be_asked(case, one)})
    there = (
        f"sign as {' or '.join(offered)}" if offered else "no step from there asks for approvals"
    )
    return (
        f"slot: {slot!r} is not asked for while {case.utcs} is {case.state or 'not there'}; {there}"
    )
