"""The closed table of rules about maintenance records: what must stand in them, and under which clause.

Clauses are cited as the rules stood in 2025. They are a reading aid, and no legal advice: a specialist must
confirm them for the aircraft, the operation and the day at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from graph.model.deferral import RUNNING
from graph.model.maintenance import (
    CertificateStatus,
    FindingStatus,
    ReleaseForm,
    ReleaseWork,
)
from graph.model.quality_rule import Check, Dimension, Fault, Linked, Record, Rule, Severity, Sort
from graph.model.record_rule import Profile, RecordRule
from graph.model.work import DONE

_FAA, _EASA, _CONTRACT = Profile.FAA, Profile.EASA, Profile.CONTRACT
_HELD: Final = (None, CertificateStatus.VALID)
_MADE: Final = (ReleaseWork.NEW, ReleaseWork.PROTOTYPE)
_QUALIFICATIONS: Final = "SIGNED_BY>QUALIFIED_BY"
"""The qualifications of those who signed, over two links."""

When = Callable[[Record], bool]


def _is_done(record: Record) -> bool:
    return record.get("status") in DONE


def _is_held(record: Record) -> bool:
    """Whether a certificate holds and releases maintenance; production has rules of its own (Part 21 G)."""
    is_made = record.get("work") in _MADE or record.get("form") is ReleaseForm.EASA_FORM_52
    return record.get("status") in _HELD and not is_made


def _is_crs(record: Record) -> bool:
    return _is_held(record) and record.get("form") is ReleaseForm.CRS


def _missing(what: str, *names: str, when: When) -> Check:
    """Finds records in which none of some properties is given."""

    def find(record: Record) -> Iterator[Fault]:
        if all(record.get(name) is None for name in names):
            yield Fault(names[0], f"{what} is missing: {' or '.join(names)} is not given")

    return Check(find, applies=when)


def _unlinked(what: str, *reads: str, when: When) -> Check:
    """Finds records that have no link by any of some names, as read from the thing."""

    def find(record: Record) -> Iterator[Fault]:
        if record.has.isdisjoint(reads):
            yield Fault(None, f"{what} is missing: there is no link {' or '.join(reads)}")

    return Check(find, asks=frozenset(reads), applies=when)


def _signed(record: Record, *roles: str) -> list[Linked]:
    return [one for one in record.linked["SIGNED_BY"] if one.carried.get("slot") in roles]


def _unperformed(record: Record) -> Iterator[Fault]:
    if not _signed(record, "performed"):
        yield Fault(None, "the name of who did the work is missing: nobody signed as performed")


def _unreleased(record: Record) -> Iterator[Fault]:
    statuses = [one.properties.get("status") for one in record.linked["RELEASED_BY"]]
    if not any(status in (None, CertificateStatus.VALID.value) for status in statuses):
        has = "only certificates that hold no more" if statuses else "no certificate"
        yield Fault(None, f"the release to service is missing: there is {has}")


def _unsigned(record: Record) -> Iterator[Fault]:
    for role in record.get("required_signoffs") or ():
        is_release = role == "certified" and record.linked["RELEASED_BY"]
        if not is_release and not _signed(record, role):
            yield Fault("required_signoffs", f"the signature of the role {role!r} is missing")


def _uncertified(record: Record) -> Iterator[Fault]:
    if not record.linked["SIGNED_BY"]:
        yield Fault(None, "the signature of who approved the return to service is missing")


def _unauthorised(record: Record) -> Iterator[Fault]:
    for one in record.linked["SIGNED_BY"]:
        if not one.carried.get("authorisation"):
            yield Fault(
                None, f"the certificate or authorisation number of {one.utcs.local} is missing"
            )


def _of_no_kind(record: Record) -> Iterator[Fault]:
    if record.linked["SIGNED_BY"] and not any(
        one.properties.get("category") for one in record.linked[_QUALIFICATIONS]
    ):
        yield Fault(None, "the kind of certificate that the signer holds is missing")


def _directive_faults(record: Record) -> Iterator[Fault]:
    for one in record.linked["COMPLIES_WITH"]:
        if one.utcs.kind != "directive":
            continue
        said, about = one.carried, one.utcs.local
        if not said.get("method"):
            yield Fault(None, f"{about}: the method of compliance is missing")
        is_recurring = one.properties.get("is_recurring") and not said.get("is_terminating")
        if is_recurring and not any(said.get(name) for name in _NEXT):
            yield Fault(None, f"{about}: when the recurring action is due next is missing")


def _directive_references(record: Record) -> Iterator[Fault]:
    for one in record.linked["COMPLIES_WITH"]:
        if one.utcs.kind == "directive" and not one.carried.get("reference"):
            yield Fault(None, f"{one.utcs.local}: the work order is missing")


def _directive_unrevised(record: Record) -> Iterator[Fault]:
    for one in record.linked["COMPLIES_WITH"]:
        is_dated = any(_given(one.properties, name) for name in _REVISED)
        if one.utcs.kind == "directive" and not is_dated:
            yield Fault(None, f"{one.utcs.local}: its revision or date is missing")


_NEXT: Final = ("next_due_fh", "next_due_fc", "next_due_on")
_REVISED: Final = ("revision", "issued_on", "effective_on")


def _uncounted(record: Record) -> Iterator[Fault]:
    if not any(_given(one.properties, "total_fh") for one in record.linked["COUNTED_BY"]):
        yield Fault(None, "the total time in service is missing: no usage declares total_fh")


def _is_life_limited(record: Record) -> bool:
    return any(one.properties.get("is_life_limited") for one in record.linked["INSTANCE_OF"])


def _life_faults(record: Record) -> Iterator[Fault]:
    """Yields what is missing of the current status of a life-limited part."""
    limits = record.linked["INSTANCE_OF"][0].properties
    counted = record.linked["COUNTED_BY"]
    if not any(_given(limits, f"life_limit_{unit}") for unit in ("fh", "fc", "days")):
        yield Fault(None, "the life limit is missing: its part number states none")
    for unit in ("fh", "fc"):
        used = any(_given(one.properties, f"total_{unit}") for one in counted)
        if _given(limits, f"life_limit_{unit}") and not used:
            yield Fault(None, f"the life used is missing: no usage declares total_{unit}")
    if _given(limits, "life_limit_days") and record.get("manufactured_on") is None:
        yield Fault("manufactured_on", "the day from which its age counts is missing")


def _given(said: Mapping[str, Any], name: str) -> bool:
    return said.get(name) is not None


def _rule(
    name: str,
    kind: str,
    severity: Severity,
    doc: str,
    check: Check,
    clauses: Mapping[Profile, str],
) -> RecordRule:
    basis = "; ".join(clauses.values())
    about = frozenset({kind})
    rule = Rule(name, Sort.VALIDATE, about, severity, Dimension.COMPLETENESS, doc, basis, check)
    return RecordRule(rule, clauses)


def _follow(find: Callable[[Record], Iterator[Fault]], *reads: str, when: When) -> Check:
    return Check(find, follows=frozenset(reads), applies=when)


_ERROR, _WARNING, _HINT = Severity.ERROR, Severity.WARNING, Severity.HINT

# A table is read by its columns: name, kind, how bad, sentence, check, who demands it where.
# fmt: off
RECORD_RULES: Final[tuple[RecordRule, ...]] = (
    # The record of work
    _rule("work-described", "workorder", _ERROR,
          "The record of work describes it, or refers to acceptable data.",
          _missing("the description of the work", "work_performed", "references", when=_is_done),
          {_FAA: "14 CFR 43.9(a)(1)"}),
    _rule("work-detailed", "workorder", _ERROR,
          "The record of work gives its details.",
          _missing("the description of the work", "work_performed", when=_is_done),
          {_EASA: "145.A.55(a)(1)", _CONTRACT: "detailed work record"}),
    _rule("work-completed", "workorder", _ERROR,
          "The record of work says when it was completed.",
          _missing("the date of completion", "ended_at", when=_is_done),
          {_FAA: "14 CFR 43.9(a)(2), 91.417(a)(1)(ii)", _EASA: "145.A.55(a)(1), M.A.305(a)"}),
    _rule("work-performer", "workorder", _ERROR,
          "The record of work names who did it, if that is another than who approves it.",
          _follow(_unperformed, "SIGNED_BY", when=_is_done),
          {_FAA: "14 CFR 43.9(a)(3)"}),
    _rule("work-released", "workorder", _ERROR,
          "Completed work is released to service by a certificate that holds.",
          _follow(_unreleased, "RELEASED_BY", when=_is_done),
          {_FAA: "14 CFR 43.9(a)(4), 91.417(a)(1)(iii)", _EASA: "145.A.50(a) and (b)"}),
    _rule("work-data", "workorder", _ERROR,
          "The record of work names the maintenance data used, with revision.",
          _missing("the maintenance data reference", "references", when=_is_done),
          {_EASA: "145.A.50(a) with 145.A.45", _CONTRACT: "maintenance data and revision"}),
    _rule("work-signoffs", "workorder", _WARNING,
          "Every role that the work order demands has signed.",
          _follow(_unsigned, "SIGNED_BY", "RELEASED_BY", when=_is_done),
          {_CONTRACT: "required sign-offs of the work order"}),
    _rule("work-unit", "workorder", _ERROR,
          "The record of work says what it was done on.",
          _unlinked("the unit", "WORKS_ON", when=_is_done),
          {_EASA: "145.A.55(a)(1)", _CONTRACT: "identity of the unit"}),

    # The release
    _rule("release-signed", "release", _ERROR,
          "A release is signed by who approves the return to service.",
          _follow(_uncertified, "SIGNED_BY", when=_is_held),
          {_FAA: "14 CFR 43.9(a)(4), 91.417(a)(1)(iii)", _EASA: "145.A.50(a)"}),
    _rule("release-authorised", "release", _ERROR,
          "The signature names the certificate or authorisation that it rests on.",
          _follow(_unauthorised, "SIGNED_BY", when=_is_held),
          {_FAA: "14 CFR 43.9(a)(4), 91.417(a)(1)(iii)", _EASA: "145.A.50(a) with 145.A.35"}),
    _rule("release-kind", "release", _ERROR,
          "It is known what kind of certificate the signer holds.",
          _follow(_of_no_kind, "SIGNED_BY", _QUALIFICATIONS, when=_is_held),
          {_FAA: "14 CFR 43.9(a)(4)"}),
    _rule("release-dated", "release", _ERROR,
          "A release says when it was signed.",
          _missing("the date of the release", "issued_at", when=_is_held),
          {_EASA: "145.A.50(b), M.A.305(a)", _CONTRACT: "date of release"}),
    _rule("release-organisation", "release", _ERROR,
          "A release names the organisation and its approval.",
          _missing("the approval number of the organisation", "approval_number", when=_is_held),
          {_EASA: "145.A.50(a)", _CONTRACT: "approval of the organisation"}),
    _rule("release-numbered", "release", _WARNING,
          "A release has a number by which records can refer to it.",
          _missing("the reference of the certificate", "number", when=_is_held),
          {_EASA: "M.A.305(a), AMC", _CONTRACT: "form tracking number"}),
    _rule("release-work", "release", _ERROR,
          "A certificate of release to service says which work it releases.",
          _unlinked("the work that is released", "RELEASES", when=_is_crs),
          {_EASA: "145.A.50(a), 145.A.55(a)(1)"}),
    _rule("release-statement", "release", _WARNING,
          "A release says what it certifies, under which rule.",
          _missing("the statement of what is certified", "statement", when=_is_held),
          {_EASA: "145.A.50(a), AMC", _CONTRACT: "certification statement"}),

    # The status of the aircraft
    _rule("aircraft-time", "aircraft", _ERROR,
          "The total time in service of an aircraft is recorded.",
          _follow(_uncounted, "COUNTED_BY", when=lambda r: r.get("delivered_on") is not None),
          {_FAA: "14 CFR 91.417(a)(2)(i)", _EASA: "M.A.305(b)(1)"}),
    _rule("directive-status", "aircraft", _ERROR,
          "The status of each directive gives the method of compliance, and when it is due again.",
          _follow(_directive_faults, "COMPLIES_WITH", when=lambda _r: True),
          {_FAA: "14 CFR 91.417(a)(2)(v)", _EASA: "M.A.305(c)(1)"}),
    _rule("directive-revision", "aircraft", _WARNING,
          "The status of each directive gives its revision or date.",
          _follow(_directive_unrevised, "COMPLIES_WITH", when=lambda _r: True),
          {_FAA: "14 CFR 91.417(a)(2)(v)", _EASA: "M.A.305(c)(1), AMC"}),
    _rule("directive-work", "aircraft", _WARNING,
          "The status of each directive refers to the work that complied with it.",
          _follow(_directive_references, "COMPLIES_WITH", when=lambda _r: True),
          {_EASA: "M.A.305(c)(1), AMC", _CONTRACT: "proof of compliance with each directive"}),

    # The status of its parts
    _rule("life-status", "serial", _ERROR,
          "The current status of a life-limited part is recorded: its limit, and the life used.",
          _follow(_life_faults, "INSTANCE_OF", "COUNTED_BY", when=_is_life_limited),
          {_FAA: "14 CFR 91.417(a)(2)(ii)", _EASA: "M.A.305(d)(1)"}),
    _rule("life-origin", "serial", _WARNING,
          "A life-limited part is traced to its manufacture.",
          Check(lambda r: iter([Fault("manufactured_on", "the day of manufacture is missing")])
                if r.get("manufactured_on") is None else iter(()),
                follows=frozenset({"INSTANCE_OF"}), applies=_is_life_limited),
          {_CONTRACT: "back-to-birth traceability"}),
    _rule("unit-certified", "serial", _WARNING,
          "Every serialised unit has its release certificate.",
          _unlinked("the release certificate", "CERTIFIED_BY",
                    when=lambda r: r.get("serial_number") is not None),
          {_CONTRACT: "EASA Form 1 or FAA 8130-3 for each serialised unit"}),

    # Defects
    _rule("finding-rectified", "finding", _ERROR,
          "A defect that is closed says what was done about it.",
          _missing("what was done about it", "rectification", when=lambda r: r.get("status") in
                   (FindingStatus.RECTIFIED, FindingStatus.CLOSED)),
          {_FAA: "14 CFR 43.9(a)(1)", _EASA: "145.A.55(a)(1)"}),
    _rule("deferral-limited", "deferral", _ERROR,
          "The list of deferred maintenance says on what each rests, and by when it ends.",
          _missing("when it must be mended by", "due_at", "limit_days", "limit_fh", "limit_fc",
                   when=lambda r: r.get("status") in RUNNING),
          {_EASA: "M.A.305(c)(4)", _CONTRACT: "list of deferred defects"}),
)
# fmt: on
"""Every rule about records that there is."""

RECORD_KINDS: Final = tuple(dict.fromkeys(k for one in RECORD_RULES for k in one.rule.kinds))
"""The kinds that there are rules about, in the order of the table."""


def record_rules_of(kind: str, profile: Profile) -> tuple[RecordRule, ...]:
    """Returns the rules about a kind that a profile demands, in the order of the table."""
    return tuple(one for one in RECORD_RULES if kind in one.rule.kinds and profile in one.clauses)
