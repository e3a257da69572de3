"""How changes and quality records move from state to state, and what each step asks for. Pure data.

The scheme is that of EIA-649C and Part 21: configuration management administers, the change board
decides, design assurance and the office of airworthiness approve by the class of the change; whoever
proposes a change is never the one who approves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

RATIFIED_WITHIN_DAYS: Final = 7
"""So long may an emergency order run before the board has approved its request."""


class Right(StrEnum):
    """A function that entitles a person to sign, by the word that stands in their roles."""

    CONFIGURATION_MANAGEMENT = "configuration management"
    CHANGE_BOARD = "change board"
    DESIGN_ASSURANCE = "design assurance"
    AIRWORTHINESS = "airworthiness office"
    MATERIAL_REVIEW = "material review board"
    QUALITY_ASSURANCE = "quality assurance"

    @property
    def grade(self) -> str:
        """The grade of the authorisation that gives the right: CM, CCB, DA, OOA, MRB, QA."""
        return _GRADES[self]


_GRADES: Final = {
    Right.CONFIGURATION_MANAGEMENT: "CM",
    Right.CHANGE_BOARD: "CCB",
    Right.DESIGN_ASSURANCE: "DA",
    Right.AIRWORTHINESS: "OOA",
    Right.MATERIAL_REVIEW: "MRB",
    Right.QUALITY_ASSURANCE: "QA",
}


@dataclass(frozen=True, slots=True)
class When:
    """A condition on one property of a thing."""

    field: str
    values: frozenset[str]

    def holds(self, thing: Any) -> bool:
        """Whether the property has one of the values."""
        return getattr(thing, self.field) in self.values

    def __str__(self) -> str:
        return f"{self.field} {' or '.join(sorted(self.values))}"


@dataclass(frozen=True, slots=True)
class Approval:
    """A signature that has to be there before a step is made.

    Attributes:
        slot: The role it is signed in.
        right: What the signer must be entitled to.
        when: Where it is asked for; None is always.
        needs: A property that must be given where it is asked for.
    """

    slot: str
    right: Right
    when: When | None = None
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a thing has to be linked to before a step is made: at least one, and each in the right state.

    Attributes:
        reads: The links, as read from the thing.
        kinds: The kinds at the other end that count.
        states: The states that each of them may be in; empty is any.
        agrees: The property on which each of them must agree with the thing.
        when: Where it is asked for; None is always.
    """

    reads: frozenset[str]
    kinds: frozenset[str]
    states: frozenset[str] = frozenset()
    agrees: str | None = None
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A transition that is allowed.

    Attributes:
        name: The verb, as in `approveEcr`.
        sources: The states it leaves; empty where it begins the thing.
        target: The state it enters.
        slot: The role it is signed in; None in a machine whose things carry no signature.
        right: What the signer must be entitled to; None lets every active person sign.
        needs: The properties that must be given by then; those that end in `_on` are today unless given.
        sets: Properties that it gives itself.
        apart: The roles whose signers may not sign this step.
        approvals: The signatures that must be there before.
        bases: What the thing must be linked to before.
        says: Whether the signature must state a reason.
    """

    name: str
    sources: frozenset[str]
    target: str
    slot: str | None = None
    right: Right | None = None
    needs: tuple[str, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    apart: tuple[str, ...] = ()
    approvals: tuple[Approval, ...] = ()
    bases: tuple[Basis, ...] = ()
    says: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """All steps that things of a kind may make."""

    kind: str
    steps: tuple[Step, ...]

    @property
    def is_signed(self) -> bool:
        """Whether its steps are operations here, signed by people; else a source states the states."""
        return self.steps[0].slot is not None

    @property
    def begin(self) -> Step:
        """The step by which a thing comes to be."""
        return self.steps[0]

    def named(self, name: str) -> Step | None:
        """Returns the step of a name, if there is one."""
        return next((step for step in self.steps if step.name == name), None)

    def between(self, source: str, target: str) -> Step | None:
        """Returns the step that leads from one state to another, if one does."""
        found = (s for s in self.steps if source in s.sources and s.target == target)
        return next(found, None)

    def from_state(self, state: str) -> tuple[Step, ...]:
        """Returns the steps that leave a state."""
        return tuple(step for step in self.steps if state in step.sources)

    def approvals_in(self, state: str) -> Iterator[tuple[Step, Approval]]:
        """Yields the approvals that may be signed in a state, with the step that will ask for them."""
        for step in self.from_state(state):
            yield from ((step, approval) for approval in step.approvals)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _step(
    name: str,
    sources: str,
    target: str,
    slot: str | None = None,
    right: Right | None = None,
    needs: str = "",
    *,
    sets: tuple[tuple[str, str], ...] = (),
    apart: str = "",
    approvals: tuple[Approval, ...] = (),
    bases: tuple[Basis, ...] = (),
    says: bool = False,
) -> Step:
    """Returns a step from states, properties and roles written as words."""
    return Step(
        name, _words(sources), target, slot, right, tuple(needs.split()), sets,
        tuple(apart.split()), approvals, bases, says,
    )  # fmt: skip


def _is(field: str, values: str) -> When:
    return When(field, _words(values))


_CM, _CCB, _DA, _OOA, _MRB, _QA = Right

_EMERGENCY: Final = _is("change_class", "emergency")
_PLANNED: Final = _is("change_class", "minor major")
_IMPLEMENTS, _ECR = _words("IMPLEMENTS"), _words("ecr")
_APPROVED: Final = Basis(_IMPLEMENTS, _ECR, _words("approved"), "change_class", _PLANNED)
_URGENT: Final = Basis(
    _IMPLEMENTS, _ECR, _words("submitted in_review approved"), "change_class", _EMERGENCY
)
_RATIFIED: Final = Basis(_IMPLEMENTS, _ECR, _words("approved"), "change_class")
_ABOUT: Final = Basis(
    _words("ABOUT"), _words("part serial aircraft batch software supplier device stock tool position")
)  # fmt: skip
_SUPPLIER: Final = Basis(_words("ABOUT"), _words("supplier"), when=_is("category", "supplier"))
_ACTED_ON: Final = Basis(
    _words("GAVE_RISE_TO RESOLVED_BY"), _words("capa ecr eco modification"),
    when=_is("severity", "major critical"),
)  # fmt: skip

# A table is read by its columns: step, from, to, signed as, right, needs, rules.
# fmt: off
MACHINES: Final[dict[str, Machine]] = {machine.kind: machine for machine in (
    Machine("ecr", (
        _step("raise", "", "draft", "raised", None, "reason"),
        _step("submit", "draft", "submitted", "submitted", None, "change_class reason proposal"),
        _step("review", "submitted", "in_review", "reviewed", _CM),
        _step("return", "submitted in_review", "draft", "returned", _CM, says=True),
        _step("approve", "in_review", "approved", "board", _CCB, "decision decided_on",
              apart="raised submitted"),
        _step("reject", "in_review", "rejected", "board", _CCB, "decision decided_on",
              apart="raised submitted"),
        _step("withdraw", "draft submitted in_review", "withdrawn", "withdrawn", _CM, says=True),
    )),
    Machine("eco", (
        _step("raise", "", "draft", "raised", None, "change_class instructions",
              bases=(_APPROVED, _URGENT)),
        _step("release", "draft", "released", "released", _CM, "change_class instructions issued_on",
              bases=(_APPROVED, _URGENT), approvals=(
                  Approval("approved", _DA, _is("change_class", "minor")),
                  Approval("board", _CCB, _is("change_class", "major")),
                  Approval("airworthiness", _OOA, _is("change_class", "major"), "approval_reference"),
                  Approval("airworthiness", _OOA, _EMERGENCY),
              )),
        _step("start", "released", "in_work", "started"),
        _step("implement", "in_work", "implemented", "implemented", None, "implemented_on"),
        _step("verify", "implemented", "verified", "verified", _DA, "verified_on",
              apart="implemented", bases=(_RATIFIED,)),
        _step("cancel", "draft released in_work", "cancelled", "cancelled", _CCB, says=True),
    )),
    Machine("ncr", (
        _step("raise", "", "open", "raised", None, "category severity", bases=(_ABOUT, _SUPPLIER)),
        _step("contain", "open", "contained", "contained", None, "containment"),
        _step("disposition", "open contained", "dispositioned", "disposition", _MRB, "disposition",
              apart="raised", approvals=(
                  Approval("design", _DA, _is("disposition", "use_as_is repair")),
              )),
        _step("close", "dispositioned", "closed", "closed", _QA, "cause closed_on", bases=(_ACTED_ON,)),
        _step("cancel", "open contained", "cancelled", "cancelled", _QA, apart="raised", says=True),
    )),
    Machine("capa", (
        _step("open", "", "open", "raised", None, "category"),
        _step("analyse", "open", "analysed", "analysed", None, "method cause"),
        _step("start", "analysed", "in_work", "started", None, "action"),
        _step("implement", "in_work", "implemented", "implemented"),
        _step("verify", "implemented", "verified", "verified", _QA, apart="implemented",
              sets=(("effectiveness", "effective"),)),
        _step("reopen", "implemented", "analysed", "reopened", _QA, apart="implemented", says=True,
              sets=(("effectiveness", "ineffective"),)),
        _step("close", "verified", "closed", "closed", _QA, "closed_on"),
    )),
    Machine("bulletin", (
        _step("draft", "", "draft"),
        _step("issue", "draft", "issued", needs="instructions issued_on"),
        _step("supersede", "issued", "superseded"),
        _step("cancel", "draft issued", "cancelled"),
    )),
    Machine("modification", (
        _step("propose", "", "pending"),
        _step("approve", "pending", "approved", needs="approval_reference issued_on"),
        _step("suspend", "approved", "suspended"),
        _step("reinstate", "suspended", "approved"),
        _step("surrender", "approved suspended", "surrendered"),
        _step("revoke", "approved suspended", "revoked"),
    )),
    Machine("stc", (
        _step("apply", "", "pending"),
        _step("approve", "pending", "approved", needs="number authority issued_on"),
        _step("suspend", "approved", "suspended"),
        _step("reinstate", "suspended", "approved"),
        _step("surrender", "approved suspended", "surrendered"),
        _step("revoke", "approved suspended", "revoked"),
    )),
    Machine("directive", (
        _step("propose", "", "proposed"),
        _step("adopt", "proposed", "in_force", needs="required_action effective_on"),
        _step("supersede", "in_force", "superseded"),
        _step("cancel", "proposed in_force", "cancelled"),
    )),
)}
# fmt: on
"""The machine of each kind that has one."""
