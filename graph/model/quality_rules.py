"""The closed table of quality rules, kind by kind.

What the ontology refuses never gets in; these rules are about what it lets in and people still want to
know: what is missing, what contradicts itself, what is spelt oddly, and what could be filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from graph.model import ontology
from graph.model.applicability import ExpressionError, parse
from graph.model.change import DirectiveStatus
from graph.model.engineering import RequirementStatus
from graph.model.maintenance import WorkOrderStatus
from graph.model.product import SupplierStatus
from graph.model.quality_rule import Check, Dimension, Fault, Record, Rule, Severity, Sort
from graph.model.spelling import clean_code, clean_line, codes, lines
from graph.model.trace_rules import get_trace_rule

_HINT, _WARNING, _ERROR = Severity.HINT, Severity.WARNING, Severity.ERROR
_COMPLETE, _CONSISTENT, _CONFORMING = (
    Dimension.COMPLETENESS,
    Dimension.CONSISTENCY,
    Dimension.CONFORMITY,
)
_SIGNED_OFF: Final = (WorkOrderStatus.RELEASED, WorkOrderStatus.CLOSED)
_NOT_IN_REVISIONS: Final = frozenset("IOQSXZ")

When = Callable[[Record], bool]


def _always(_record: Record) -> bool:
    return True


def _missing(*names: str, when: When = _always) -> Check:
    """Finds records in which none of some properties is given."""

    def find(record: Record) -> Iterator[Fault]:
        if all(record.get(name) is None for name in names):
            yield Fault(names[0], f"{' or '.join(names)}: not given")

    return Check(find, applies=when)


def _unlinked(*reads: str, when: When = _always) -> Check:
    """Finds records that have no link by any of some names, as read from the thing."""

    def find(record: Record) -> Iterator[Fault]:
        if record.has.isdisjoint(reads):
            yield Fault(None, f"{' or '.join(reads)}: no such link")

    return Check(find, asks=frozenset(reads), applies=when)


def _later(first: str, then: str) -> Check:
    """Finds records in which what comes first has the later date."""

    def find(record: Record) -> Iterator[Fault]:
        begin, end = record.get(first), record.get(then)
        if begin is not None and end is not None and begin > end:
            yield Fault(then, f"{then}: {end} is before {first}, {begin}")

    return Check(find)


def _given(name: str, *values: Any) -> When:
    """Whether a property has one of some values."""
    return lambda record: record.get(name) in values


def _made_before_installed(record: Record) -> Iterator[Fault]:
    made = record.get("manufactured_on")
    for place in record.linked["INSTALLED_IN"]:
        if made is not None and place.since.date() < made:
            yield Fault(
                "manufactured_on",
                f"manufactured_on: {made} is after {place.since.date()}, when it was installed in "
                f"{place.utcs}",
            )


def _not_ahead(name: str) -> Check:
    def find(record: Record) -> Iterator[Fault]:
        day = record.get(name)
        if day is not None and day > record.day:
            yield Fault(name, f"{name}: {day} is still to come")

    return Check(find)


def _over(name: str, when: When) -> Check:
    def find(record: Record) -> Iterator[Fault]:
        day = record.get(name)
        if day is not None and day < record.day:
            yield Fault(name, f"{name}: was {day}, but its status is {record.get('status')}")

    return Check(find, applies=when)


def _limit_unsaid(record: Record) -> Iterator[Fault]:
    if record.get("is_life_limited") is False and any(map(record.get, _LIFE_LIMITS)):
        yield Fault("is_life_limited", "is_life_limited: no, but a life limit is given")


_LIFE_LIMITS: Final = ("life_limit_fh", "life_limit_fc", "life_limit_days")
_INTERVALS: Final = tuple(
    f"{term}_{unit}" for term in ("interval", "threshold") for unit in ("fh", "fc", "days")
)


def _unreadable(record: Record) -> Iterator[Fault]:
    try:
        parse(record.get("expression") or "all")
    except ExpressionError as error:
        yield Fault("expression", f"expression: {error.message}")


def _odd_revision(record: Record) -> Iterator[Fault]:
    revision = record.get("revision")
    if revision and revision.isalpha() and not _NOT_IN_REVISIONS.isdisjoint(revision.upper()):
        yield Fault("revision", f"revision: {revision!r} has one of I, O, Q, S, X, Z")


def _merged_and_stated(record: Record) -> Iterator[Fault]:
    if record.merged_into is not None:
        yield Fault(
            None,
            f"was merged into {record.merged_into} and is stated again since {record.since:%Y-%m-%d}: "
            "merge it again, or withdraw the merge",
        )


def _respelt(
    names: Callable[[Any], frozenset[str]], clean: Callable[[str], str], what: str
) -> Check:
    def find(record: Record) -> Iterator[Fault]:
        for name in sorted(names(type(record.thing))):
            text = record.get(name)
            if text is not None and (plain := clean(text)) != text and plain:
                yield Fault(name, f"{name}: {text!a} {what}", plain)

    return Check(find)


def _capital(record: Record) -> Iterator[Fault]:
    for name in ("registration", "home_base"):
        text = record.get(name)
        if text is not None and text.isascii() and text != text.upper():
            yield Fault(name, f"{name}: {text!r} is written in capitals", text.upper())


def _filled(name: str, reads: str) -> Check:
    """Fills a property from the things at the other end of a link, if they agree on it."""

    def find(record: Record) -> Iterator[Fault]:
        said = {
            one.properties[name]: one.utcs for one in record.linked[reads] if name in one.properties
        }
        if record.get(name) is None and len(said) == 1:
            ((value, origin),) = said.items()
            yield Fault(name, f"{name}: not given, and {origin} has it", value)

    return Check(find, follows=frozenset({reads}))


def _maker(record: Record) -> Iterator[Fault]:
    makers = record.makers.get(record.get("cage") or "", ())
    if record.get("manufacturer") is None and len(makers) == 1:
        (maker,) = makers
        yield Fault(
            "manufacturer",
            f"manufacturer: not given, and {maker.utcs} has CAGE {record.get('cage')}",
            maker.properties["name"],
        )


def _validate(
    name: str,
    kinds: str,
    severity: Severity,
    dimension: Dimension,
    doc: str,
    basis: str,
    check: Check,
) -> Rule:
    about = frozenset(kinds.split())
    return Rule(name, Sort.VALIDATE, about, severity, dimension, doc, basis, check)


def _traced(name: str) -> Rule:
    """Finds records that lack even the first step of what a trace rule asks for."""
    rule = get_trace_rule(name)
    check = _unlinked(*sorted(rule.steps_off), when=lambda record: rule.is_about(record.get))
    return Rule(
        name, Sort.VALIDATE, rule.kinds, rule.severity, _COMPLETE, rule.doc, rule.basis, check
    )


def _cleanse(name: str, kinds: frozenset[str], doc: str, basis: str, check: Check) -> Rule:
    return Rule(name, Sort.CLEANSE, kinds, _HINT, _CONFORMING, doc, basis, check)


def _enrich(name: str, kinds: str, doc: str, check: Check) -> Rule:
    basis = "what the graph knows already"
    return Rule(name, Sort.ENRICH, frozenset(kinds.split()), _HINT, _COMPLETE, doc, basis, check)


_ALL: Final = frozenset(ontology.kinds())

# A table is read by its columns: name, kinds, how bad, what is at stake, sentence, basis, check.
# fmt: off
RULES: Final[tuple[Rule, ...]] = (
    # Engineering
    _validate("requirement-text", "requirement", _ERROR, _COMPLETE,
              "A requirement says what it demands.", "ISO/IEC/IEEE 29148 §5.2.5", _missing("text")),
    _validate("requirement-method", "requirement", _WARNING, _COMPLETE,
              "A requirement says how it is to be shown that it is met.", "ARP4754A §5.5",
              _missing("verification_method")),
    _traced("requirement-parent"),
    _validate("requirement-proof", "requirement", _ERROR, _CONSISTENT,
              "A verified requirement has a test, an inspection or evidence.", "ARP4754A §5.5",
              _unlinked("VERIFIED_BY", "EVIDENCED_BY",
                        when=_given("status", RequirementStatus.VERIFIED))),
    _validate("requirement-assurance", "requirement", _WARNING, _COMPLETE,
              "A safety-related requirement carries an assurance level.", "ARP4754A §5.2",
              _missing("assurance_level", when=_given("is_safety_related", True))),
    _validate("certbasis-paragraph", "certbasis", _ERROR, _COMPLETE,
              "A certification paragraph has its number.", "EASA 21.A.17A", _missing("paragraph")),
    _traced("design-purpose"),
    _validate("testresult-verdict", "testresult", _ERROR, _COMPLETE,
              "A test result has a verdict.", "ISO/IEC/IEEE 29119-3", _missing("verdict")),
    _validate("testresult-case", "testresult", _ERROR, _COMPLETE,
              "A test result belongs to a test case.", "ISO/IEC/IEEE 29119-3", _unlinked("RESULT_OF")),
    _validate("revision-letters", "part cad", _HINT, _CONFORMING,
              "A revision of letters leaves out those that look like others.", "ASME Y14.35",
              Check(_odd_revision)),

    # Parts and units
    _validate("part-cage", "part", _WARNING, _COMPLETE,
              "A part number names its design owner.", "ATA Spec 2000 chapter 9", _missing("cage")),
    _validate("part-life-limit", "part", _ERROR, _COMPLETE,
              "A life-limited part has a limit.", "14 CFR 43.10",
              _missing(*_LIFE_LIMITS, when=_given("is_life_limited", True))),
    _validate("part-life-limited", "part", _WARNING, _CONSISTENT,
              "A part with a life limit is life-limited.", "14 CFR 43.10", Check(_limit_unsaid)),
    _validate("serial-number", "serial aircraft", _ERROR, _COMPLETE,
              "A unit has a serial number.", "ATA Spec 2000 chapter 9", _missing("serial_number", "msn")),
    _validate("serial-cage", "serial", _WARNING, _COMPLETE,
              "It is known who gave the serial number.", "ATA Spec 2000 chapter 9", _missing("cage")),
    _validate("serial-part", "serial", _ERROR, _COMPLETE,
              "A unit is made to a part number.", "ATA Spec 2000 chapter 9", _unlinked("INSTANCE_OF")),
    _validate("made-before-installed", "serial", _ERROR, _CONSISTENT,
              "A unit is made before it is installed.", "145.A.42",
              Check(_made_before_installed, follows=frozenset({"INSTALLED_IN"}))),
    _validate("made-by-now", "serial aircraft batch", _ERROR, _CONSISTENT,
              "What exists has been made.", "ISO 8000-8", _not_ahead("manufactured_on")),
    _validate("aircraft-type", "aircraft", _ERROR, _COMPLETE,
              "An aircraft has its type.", "ICAO Annex 7", _missing("type_designation")),
    _validate("flown-before-delivered", "aircraft", _ERROR, _CONSISTENT,
              "An aircraft flies before it is handed over.", "ISO 8000-8",
              _later("first_flight_on", "delivered_on")),
    _validate("batch-number", "batch", _ERROR, _COMPLETE,
              "A batch has a number.", "AS9100 §8.5.2", _missing("number")),
    _validate("batch-certificate", "batch", _WARNING, _COMPLETE,
              "A batch comes with a certificate of conformity.", "AS9100 §8.4.3",
              _missing("certificate")),
    _validate("batch-dates", "batch", _ERROR, _CONSISTENT,
              "A batch is made before it expires.", "ISO 8000-8",
              _later("manufactured_on", "expires_on")),
    _validate("supplier-code", "supplier", _WARNING, _COMPLETE,
              "A supplier has a CAGE code or a number.", "AS9100 §8.4.1", _missing("cage", "number")),
    _validate("supplier-approval", "supplier", _ERROR, _CONSISTENT,
              "An approved supplier's approval has not run out.", "AS9100 §8.4.1",
              _over("expires_on", _given("status", SupplierStatus.APPROVED))),

    # Change and maintenance
    _validate("directive-effective", "directive", _ERROR, _COMPLETE,
              "A directive in force says since when.", "14 CFR 39",
              _missing("effective_on", when=_given("status", DirectiveStatus.IN_FORCE))),
    _traced("directive-subject"),
    _validate("effectivity-expression", "effectivity", _ERROR, _CONFORMING,
              "A rule of effectivity can be read.", "EIA-649C; S1000D applicability",
              Check(_unreadable)),
    _validate("effectivity-rule", "effectivity", _ERROR, _COMPLETE,
              "A rule of effectivity says what it selects.", "EIA-649C",
              _missing("expression", "msns")),
    _validate("task-interval", "task", _WARNING, _COMPLETE,
              "A task says when it falls due.", "M.A.302", _missing(*_INTERVALS)),
    _validate("task-subject", "task", _WARNING, _COMPLETE,
              "A task is done on something.", "M.A.302", _unlinked("PERFORMED_ON", "APPLIES_TO")),
    _validate("workorder-subject", "workorder", _ERROR, _COMPLETE,
              "A work order is about a unit.", "145.A.55", _unlinked("WORKS_ON")),
    _validate("workorder-release", "workorder", _ERROR, _CONSISTENT,
              "A work order that is closed was signed or released.", "145.A.50",
              _unlinked("SIGNED_BY", "RELEASED_BY", when=_given("status", *_SIGNED_OFF))),
    _validate("release-number", "release", _ERROR, _COMPLETE,
              "A release certificate has a number.", "145.A.50", _missing("number")),
    _traced("release-signature"),
    _validate("tool-calibration", "tool", _ERROR, _COMPLETE,
              "A tool with a calibration interval was calibrated.", "145.A.40(b)",
              _unlinked("CALIBRATED_BY", when=lambda r: r.get("interval_days") is not None)),

    # Learning and governance
    _validate("modelversion-data", "modelversion", _ERROR, _COMPLETE,
              "It is known what a model version was trained on.", "ISO/IEC 5338",
              _unlinked("TRAINED_ON", "CONVERTED_FROM")),
    _validate("source-uri", "source", _ERROR, _COMPLETE,
              "A source says what its events carry.", "W3C PROV", _missing("uri")),

    # Everything
    Rule("stated-after-merge", Sort.VALIDATE, _ALL, _ERROR, _CONSISTENT,
         "What was merged into another thing is not stated any more.", "ISO 8000-8",
         Check(_merged_and_stated)),
    _cleanse("plain-code", _ALL, "Numbers and codes have plain hyphens, letters and blanks.",
             "ATA Spec 2000 chapter 9; Unicode UAX #15",
             _respelt(codes, clean_code, "has characters that only look like those on the plate")),
    _cleanse("plain-line", _ALL, "Lines of text have one blank between words, in composed Unicode.",
             "Unicode UAX #15", _respelt(lines, clean_line, "has blanks or characters nobody sees")),
    _cleanse("capitals", frozenset({"aircraft"}),
             "Registration marks and locations are written in capitals.",
             "ICAO Annex 7; ICAO Doc 7910", Check(_capital)),
    _enrich("maker-of-cage", "serial aircraft",
            "The manufacturer is the one supplier that has the CAGE code.", Check(_maker)),
    _enrich("ata-of-design", "part software",
            "A part belongs to the system that its design belongs to.",
            _filled("ata_chapter", "REALISES")),
    _enrich("ata-of-position", "position",
            "A position belongs to the system of the design that defines it.",
            _filled("ata_chapter", "DEFINED_BY")),
)
# fmt: on
"""Every quality rule there is."""


def rules_of(kind: str) -> tuple[Rule, ...]:
    """Returns the rules about a kind, in the order of the table."""
    return tuple(rule for rule in RULES if kind in rule.kinds)
