"""Whether an expression selects an aircraft or unit, and why: in Kleene's logic of yes, no and unknown.

What the record does not say makes a term unknown, never false: an aircraft without an MSN is not outside of
`MSN 10001-10003`, nobody knows. Each term is judged with a fact in words; `and`, `or` and `not` choose among
these which of them decide, so a reason never says more than the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.model.applicability.fact import Facts, Fitted, Subject
from graph.model.applicability.span import Span
from graph.model.applicability.term import (
    All,
    And,
    Dated,
    Designated,
    Designation,
    Embodied,
    Event,
    Expression,
    Fitment,
    Loaded,
    Msn,
    Not,
    Or,
)
from graph.model.identifier import Utcs

SHOWN: Final = 3
"""So many facts of one sort a reason tells; the rest it counts."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something applies, and why in one sentence; None where the record does not say."""

    applies: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a term holds, and the fact that it rests on."""

    holds: bool | None
    fact: str

    @property
    def verdict(self) -> Verdict:
        """The same as a sentence."""
        return Verdict(self.holds, f"{_OPENINGS[self.holds]} because {self.fact}")


_OPENINGS: Final = {True: "applies", False: "not applicable", None: "unknown"}


def either(holds: Sequence[bool | None]) -> bool | None:
    """Returns whether one of some claims holds, if that can be told."""
    return True if True in holds else None if None in holds else False


def judge(expression: Expression, subject: Subject, facts: Facts) -> Finding:
    """Returns whether an expression selects an aircraft or unit, and why."""
    match expression:
        case Not(operand):
            found = judge(operand, subject, facts)
            return Finding(None if found.holds is None else not found.holds, found.fact)
        case Or(operands):
            found_each = [judge(one, subject, facts) for one in operands]
            return decided(found_each, either([one.holds for one in found_each]))
        case And(operands):
            found_each = [judge(one, subject, facts) for one in operands]
            denied = either([None if one.holds is None else not one.holds for one in found_each])
            return decided(found_each, None if denied is None else not denied)
        case Fitment() if not expression.is_installed and not subject.is_aircraft:
            unit = facts.unit_of(expression.part, subject.utcs)
            return _fitment(expression, [unit] if unit else [], facts)
        case Dated(Event.MANUFACTURED, _, _):
            return _dated(expression, subject, facts)
        case All():
            return Finding(True, "the rule takes in all")
        case Dated(Event.DATE, _, _):
            return _dated(expression, subject, facts)
        case _:
            if subject.carrier is None:
                return Finding(False, "it is in no aircraft")
            return _of_aircraft(expression, facts.aircraft[subject.carrier], facts)


def decided(found: Sequence[Finding], holds: bool | None) -> Finding:
    """Returns a joint finding: of those that are joined, the ones that come to the same decide it."""
    facts = list(dict.fromkeys(one.fact for one in found if one.holds is holds))
    return Finding(holds, _listed(facts, "; "))


def _listed(facts: Sequence[str], mark: str = ", ") -> str:
    more = f"{mark}and {len(facts) - SHOWN} more" if len(facts) > SHOWN else ""
    return mark.join(facts[:SHOWN]) + more


def _of_aircraft(term: Expression, aircraft: Subject, facts: Facts) -> Finding:
    match term:
        case Msn(spans):
            return _numbered("MSN", aircraft.msn, spans)
        case Designated(designation, value):
            return _designated(designation, value, aircraft)
        case Embodied(change, is_post):
            return _embodied(change, is_post, aircraft.utcs, facts)
        case Loaded(software):
            holders = facts.holders_in(software, aircraft.utcs)
            where = f" on {_names(holders)}" if holders else ""
            return Finding(bool(holders), f"{software} is {'' if holders else 'not '}loaded{where}")
        case Fitment(part, _, _, _, is_installed):
            units = facts.units_in(part, aircraft.utcs)
            if is_installed:
                units = [one for one in units if one.unit != aircraft.utcs]
            return _fitment(term, units, facts)
        case Dated():
            return _dated(term, aircraft, facts)
        case _:
            raise TypeError(f"{term!r} is no term")


def _numbered(what: str, number: str | None, spans: Sequence[Span]) -> Finding:
    if number is None:
        return Finding(None, f"no {what} is recorded")
    for span in spans:
        if number in span:
            return Finding(True, f"{what} {number} is in {span}")
    return Finding(False, f"{what} {number} is not in {_spans(spans)}")


def _spans(spans: Sequence[Span]) -> str:
    more = f" and {len(spans) - SHOWN} more" if len(spans) > SHOWN else ""
    return ", ".join(map(str, spans[:SHOWN])) + more


def _designated(designation: Designation, value: str, aircraft: Subject) -> Finding:
    is_type = designation is Designation.TYPE
    recorded = aircraft.type_designation if is_type else aircraft.model_designation
    if recorded is None:
        return Finding(None, f"no {designation} designation is recorded")
    is_same = recorded.casefold() == value.casefold()
    return Finding(is_same, f"its {designation} is {recorded}{'' if is_same else f', not {value}'}")


def _embodied(change: str, is_post: bool, aircraft: Utcs, facts: Facts) -> Finding:
    """Returns whether an aircraft as a whole has a change; what only units in it have leaves that open."""
    if facts.is_held_by(change, aircraft):
        return Finding(is_post, f"{change} is embodied")
    if holders := facts.holders_in(change, aircraft):
        fact = f"{change} is embodied in {_names(holders)} in it, and of the aircraft the record does not say"
        return Finding(None, fact)
    return Finding(not is_post, f"{change} is not embodied")


def _names(things: Sequence[Utcs]) -> str:
    return _listed([one.local for one in things])


def _dated(term: Dated, subject: Subject, facts: Facts) -> Finding:
    if term.event is Event.DATE:
        day, what = facts.day, "the day asked for"
    else:
        is_delivery = term.event is Event.DELIVERED
        recorded = subject.delivered_on if is_delivery else subject.manufactured_on
        if recorded is None:
            return Finding(None, f"no day is recorded on which it was {term.event}")
        day, what = recorded, f"it was {term.event} on"
    is_before = day < term.day
    if term.event is Event.DATE:
        fact = f"{what}, {day}, is {'' if is_before else 'not '}before {term.day}"
    else:
        fact = f"{what} {day}, {'' if is_before else 'not '}before {term.day}"
    return Finding(is_before is term.is_before, fact)


def _fitment(term: Fitment, units: Sequence[Fitted], facts: Facts) -> Finding:
    found = [_fits(term, unit, facts) for unit in units]
    if not found:
        if term.part in facts.unknown:
            return Finding(False, f"no part number {term.part} is recorded then")
        return Finding(
            False,
            f"no {term.part} is installed"
            if term.is_installed
            else f"it is no {term.part}, and has none",
        )
    holds = either([one.holds for one in found])
    first, *others = [one.fact for one in found if one.holds is holds]
    if not others:
        return Finding(holds, first)
    if holds:
        return Finding(True, f"{first}, one of {len(others) + 1}")
    return Finding(holds, f"{first}; of {len(others)} more none fits for certain")


def _fits(term: Fitment, unit: Fitted, facts: Facts) -> Finding:
    """Returns whether one unit is as a term wants it, and what it is like."""
    where = f"installed at {unit.position}" if unit.position else "there"
    it = f"{unit.unit.local} of {term.part} is {where}"
    if term.position is not None and unit.position != term.position:
        return Finding(False, f"{it}, not at {term.position}")
    if term.serials and unit.serial_number is not None:
        number = _numbered("serial number", unit.serial_number, term.serials)
        if not number.holds:
            return Finding(False, f"{it} and {number.fact}")
    said = [(change, _has(change.change, unit, facts)) for change in term.changes]
    facts_of_changes = [
        f"{change.change} is {'' if has else 'not '}embodied" for change, has in said
    ]
    for (change, has), fact in zip(said, facts_of_changes, strict=True):
        if has is not change.is_post:
            return Finding(False, f"{it} and {fact}")
    if term.serials and unit.serial_number is None:
        return Finding(None, f"{it} and its serial number is not recorded")
    return Finding(True, " and ".join((it, *facts_of_changes)))


def _has(change: str, unit: Fitted, facts: Facts) -> bool:
    """Whether a change is embodied in a unit, or in the aircraft that it is in."""
    holders = [unit.unit] if unit.carrier is None else [unit.unit, unit.carrier]
    return any(facts.is_held_by(change, one) for one in holders)
