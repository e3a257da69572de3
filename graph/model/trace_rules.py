"""The closed table of trace rules: from what, to what the thread must lead.

A quality rule looks at one record as it is now; a trace rule looks along a chain of links, at any two times.
Where a quality rule asks for the first step of such a chain, it is made from the rule here.
"""

from __future__ import annotations

from typing import Final

from graph.model.change import BulletinStatus, DirectiveStatus, EcoStatus
from graph.model.engineering import (
    CertBasisStatus,
    IssueType,
    ProductLevel,
    ReleaseStatus,
    RequirementStatus,
)
from graph.model.learning import ModelVersionStatus
from graph.model.maintenance import WorkOrderCategory, WorkOrderStatus
from graph.model.quality import NcrStatus
from graph.model.quality_rule import Severity
from graph.model.trace_rule import Only, TraceRule, Way, way

_WARNING, _ERROR = Severity.WARNING, Severity.ERROR

IN_FORCE: Final = {
    "requirement": Only(
        "status", (RequirementStatus.REJECTED, RequirementStatus.WITHDRAWN), are_meant=False
    ),
    "certbasis": Only("status", (CertBasisStatus.WITHDRAWN,), are_meant=False),
} | {
    kind: Only("status", (ReleaseStatus.SUPERSEDED, ReleaseStatus.WITHDRAWN), are_meant=False)
    for kind in ("design", "testcase", "task", "publication", "software")
}
"""Which things of a kind still count: what was rejected, withdrawn or superseded answers to nobody."""


def _rule(
    name: str,
    kinds: str,
    severity: Severity,
    doc: str,
    basis: str,
    *ways: Way,
    only: tuple[Only, ...] | None = None,
) -> TraceRule:
    """Returns a rule; unless said otherwise it is about the things of its kind that are in force."""
    about = frozenset(kinds.split())
    if only is None:
        only = tuple(IN_FORCE[kind] for kind in sorted(about) if kind in IN_FORCE)
    return TraceRule(name, about, severity, doc, basis, ways, only)


MEETING: Final = "design part software model modelversion modification stc"
"""What may be said to satisfy a requirement."""

# A table is read by its columns: name, kinds, how bad, sentence, basis, ways, conditions.
# fmt: off
TRACE_RULES: Final[tuple[TraceRule, ...]] = (
    # Requirements, designs and their proof
    _rule("certbasis-requirement", "certbasis", _ERROR,
          "A certification paragraph is answered by a requirement, a design or evidence.",
          "EASA 21.A.20", way("DERIVED_INTO", "requirement"), way("SATISFIED_BY", MEETING),
          way("VERIFIED_BY", "testcase inspection"),
          way("EVIDENCED_BY", "document testresult inspection release")),
    _rule("requirement-parent", "requirement", _WARNING,
          "A requirement below the aircraft's comes from another one, or is derived.", "ARP4754A §5.3",
          way("DERIVES_FROM", "requirement certbasis document"),
          only=(Only("is_derived", (True,), are_meant=False), IN_FORCE["requirement"],
                Only("level", (None, ProductLevel.AIRCRAFT), are_meant=False))),
    _rule("requirement-design", "requirement", _ERROR,
          "A requirement is satisfied by a design, itself or through those derived from it.",
          "ARP4754A §5.3; DO-178C §5.5", way("DERIVED_INTO* SATISFIED_BY", MEETING)),
    _rule("requirement-verification", "requirement", _ERROR,
          "A requirement is verified by a test or inspection, or there is evidence that it is met.",
          "ARP4754A §5.5; DO-178C §6.5", way("VERIFIED_BY", "testcase inspection"),
          way("EVIDENCED_BY", "document testresult inspection release")),
    _rule("design-purpose", "design", _WARNING,
          "A design item meets a requirement, or is part of one that does.", "ARP4754A §5.3",
          way("REFINES* SATISFIES", "requirement certbasis")),
    _rule("software-requirement", "software", _ERROR,
          "Software meets a requirement, itself, by its design, or as part of software that does.",
          "DO-178C §5.5", way("BUILT_INTO* SATISFIES", "requirement certbasis"),
          way("BUILT_INTO* REALISES REFINES* SATISFIES", "requirement certbasis")),
    _rule("testcase-requirement", "testcase", _ERROR,
          "A test case verifies a requirement.", "DO-178C §6.5",
          way("VERIFIES", "requirement certbasis")),
    _rule("testcase-result", "testcase", _WARNING,
          "A test case has been run.", "DO-178C §6.5", way("HAS_RESULT", "testresult")),
    _rule("part-design", "part", _ERROR,
          "A part number realises a design, or stands in for one that does.", "EASA 21.A.31",
          way("ALTERNATE_OF? REALISES", "design"), way("SATISFIES", "requirement certbasis")),

    # Change
    _rule("directive-subject", "directive", _WARNING,
          "It is known what a directive in force applies to.", "M.A.303",
          way("LIMITED_BY", "effectivity"), way("APPLIES_TO", "serial part"),
          only=(Only("status", (DirectiveStatus.IN_FORCE,)),)),
    _rule("bulletin-subject", "bulletin", _WARNING,
          "It is known what a bulletin that is out applies to.", "ATA iSpec 2200",
          way("LIMITED_BY", "effectivity"), way("APPLIES_TO", "serial part"),
          only=(Only("status", (BulletinStatus.ISSUED,)),)),
    _rule("order-request", "eco", _WARNING,
          "A change order carries out a request, or another order that does.", "EIA-649C",
          way("IMPLEMENTS+", "ecr"), only=(Only("status", (EcoStatus.CANCELLED,), are_meant=False),)),
    _rule("ncr-cause", "ncr", _WARNING,
          "A nonconformance leads to a design change or to the supplier of what did not conform.",
          "AS9100 §8.7", way("ABOUT", "supplier"), way("ABOUT INSTANCE_OF? SUPPLIED_BY", "supplier"),
          way("GAVE_RISE_TO", "ecr modification"), way("RESOLVED_BY", "eco modification"),
          only=(Only("status", (NcrStatus.CANCELLED,), are_meant=False),)),
    _rule("capa-cause", "capa", _WARNING,
          "A corrective action carries out a design change, or concerns a supplier.",
          "AS9100 §10.2", way("IMPLEMENTS", "ecr eco stc bulletin modification"),
          way("GAVE_RISE_TO", "ecr modification"), way("ABOUT", "supplier"),
          way("CAUSED_BY ABOUT", "supplier"), way("CAUSED_BY ABOUT INSTANCE_OF? SUPPLIED_BY", "supplier")),

    # Maintenance
    _rule("task-basis", "task", _ERROR,
          "A maintenance task leads to a certification paragraph, a requirement that a design answers, "
          "or a directive.", "CS 25.1529; M.A.302",
          way("MEETS DERIVES_FROM*", "certbasis"), way("MEETS DERIVES_FROM* SATISFIED_BY", MEETING),
          way("MEETS", "directive"), way("MEETS IMPLEMENTS* SATISFIES", "requirement certbasis"),
          way("MEETS IMPLEMENTS+", "directive")),
    _rule("publication-source", "publication", _WARNING,
          "A publication rests on a document, a model, or a design that has one.",
          "CS 25.1529; EASA 21.A.7",
          way("BASED_ON", "document cad"), way("DOCUMENTS REALISES? DEPICTED_BY", "cad"),
          way("DOCUMENTS REALISES? DOCUMENTED_BY", "document"),
          way("DOCUMENTS DEFINED_BY DEPICTED_BY", "cad"),
          only=(IN_FORCE["publication"], Only("issue_type", (IssueType.DELETED,), are_meant=False))),
    _rule("workorder-task", "workorder", _WARNING,
          "Planned work carries out a task, or there is something that it answers.",
          "145.A.45",
          way("EXECUTES", "task bulletin directive modification recommendation stc"),
          way("PART_OF+ EXECUTES", "task bulletin directive modification stc"),
          way("RESOLVES", "finding ncr alert discrepancy deferral incident"),
          way("CAUSED_BY", "finding ncr capa alert incident discrepancy feedback recommendation prediction "
              "testresult inspection directive bulletin eco flight"),
          only=(Only("status", (WorkOrderStatus.CANCELLED,), are_meant=False),
                Only("category", (None, WorkOrderCategory.SCHEDULED, WorkOrderCategory.INSPECTION,
                                  WorkOrderCategory.MODIFICATION)))),
    _rule("release-signature", "release", _ERROR,
          "A release certificate was signed.", "145.A.50", way("SIGNED_BY", "person")),

    # Learning
    _rule("modelversion-validation", "modelversion", _ERROR,
          "A model version was validated on data.", "ISO/IEC 5338", way("VALIDATED_ON", "dataset"),
          only=(Only("status", (ModelVersionStatus.REJECTED,), are_meant=False),)),
)
# fmt: on
"""Every trace rule there is."""


def get_trace_rule(name: str) -> TraceRule:
    """Returns a trace rule by its name.

    Raises:
        KeyError: There is none.
    """
    return _BY_NAME[name]


_BY_NAME: Final = {rule.name: rule for rule in TRACE_RULES}
