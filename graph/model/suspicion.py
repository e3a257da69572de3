"""What makes a link suspect: which properties of which kind matter to those that depend on it.

A link is suspect at a moment if a property that matters, of what it leads to, is no longer as it was when
the link was last looked at. It was looked at when it came to be, and each time it was stated again with a
reason. Nothing of this is stored, so what is undone is no longer suspect either.
"""

from __future__ import annotations

from typing import Final

from graph.model import ontology

_LIMITS: Final = (
    "threshold_fh threshold_fc threshold_days interval_fh interval_fc interval_days "
    "tolerance_fh tolerance_fc tolerance_days"
)


def _of(properties: str) -> tuple[str, ...]:
    return tuple(properties.split())


# What only says where a thing stands, who owns it, where it is kept or what it is called does not matter.
# fmt: off
MATTERS: Final[dict[str, tuple[str, ...]]] = {
    # Engineering: what is demanded, and how it is to be shown (ARP4754A §5.3, §5.5; DO-178C §7.2.4)
    "requirement": _of("text acceptance_criteria verification_method level category assurance_level "
                       "is_safety_related"),
    "certbasis": _of("regulation paragraph amendment text category means_of_compliance"),
    "design": _of("revision text assurance_level"),
    "cad": _of("revision sha256"),
    "document": _of("revision sha256"),
    "publication": _of("issue applicability text sha256"),
    "testcase": _of("revision verification_method objective procedure expected_result"),
    "software": _of("revision assurance_level sha256"),
    # Product: what interchangeability and limits rest on (EIA-649C)
    "part": _of("revision material spec criticality hazard is_life_limited life_limit_fh life_limit_fc "
                "life_limit_days overhaul_limit_fh overhaul_limit_fc"),
    "serial": (),
    "aircraft": (),
    "position": _of("side capacity is_mandatory"),
    # Change: what is decided, and what it applies to
    "ecr": _of("change_class proposal"),
    "eco": _of("revision change_class instructions disposition"),
    "bulletin": _of("revision category instructions applicability threshold_fh threshold_fc threshold_days"),
    "directive": _of("revision unsafe_condition required_action applicability threshold_fh threshold_fc "
                     "threshold_days interval_fh interval_fc interval_days is_recurring terminating_action "
                     "effective_on"),
    "stc": _of("revision limitations"),
    "modification": _of("revision change_class instructions"),
    "effectivity": _of("expression msns effective_on expires_on"),
    "training": _of("syllabus interval_days"),
    # Maintenance: what is done, and what a certificate rests on (145.A.50)
    "task": _of(f"revision category procedure applicability is_critical {_LIMITS}"),
    "workorder": _of("references work_performed"),
    "release": _of("form work statement limitations status"),
    "qualification": _of("grade scope limitations status"),
    "tool": _of("measuring_range resolution interval_days"),
    "calibration": _of("as_found as_left verdict"),
    "facility": _of("approvals"),
    "flight": _of("planned_start_at planned_end_at"),
    "recommendation": _of("action limit_fh limit_fc"),
    # Quality, production and learning
    "inspection": _of("characteristic method nominal lower_limit upper_limit"),
    "order": _of("quantity"),
    "operation": _of("instructions"),
    "device": _of("type_designation firmware_revision"),
    "model": _of("purpose limitations"),
    "modelversion": _of("sha256"),
    "dataset": _of("revision sha256"),
    "baseline": _of("merkle_root"),
}
"""Which properties matter, of every kind whose change can put a link in doubt."""
# fmt: on

BY_SOURCE: Final = ("DERIVES_FROM", "SATISFIES", "VERIFIES", "MEETS")
"""The links that a change of their source puts in doubt as well: what answers a demand may cease to."""

BY_TARGET: Final = tuple(link.name for link in ontology.link_types().values() if link.suspect)
"""The links that a change of their target puts in doubt."""
