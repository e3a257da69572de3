"""Designs, the models that show them, and the tests that prove their requirements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import pairwise
from random import Random
from typing import Final

from graph.model.engineering import (
    AssuranceLevel,
    Cad,
    Design,
    Document,
    DocumentCategory,
    ProductLevel,
    ReleaseStatus,
    TestCase,
    TestResult,
    Verdict,
    VerificationMethod,
)
from graph.model.event import Event
from graph.model.identifier import Utcs
from ingest.fleet.requirement import Demand
from ingest.fleet.statement import CERTIFIED, LAUNCHED, LIMS, PLM, days, link, put, utcs

_CHAIN: Final = ("61", "71", "76", "24", "72", "73", "28")
"""From thrust back to the tank; each relies on the next."""


def design_id(key: str) -> Utcs:
    """Names the design of an item, system (by chapter) or the aircraft (`BWB-H2`)."""
    return utcs("design", f"DES-{key}")


def fingerprint(*parts: str) -> str:
    """Returns the SHA-256 that stands for a file that only the story knows."""
    return sha256("/".join(parts).encode()).hexdigest()


def designed(
    key: str,
    name: str,
    ata: str | None,
    level: ProductLevel,
    demands: Sequence[Demand],
    random: Random,
) -> Iterator[Event]:
    """Yields a design, the requirements it satisfies, and the model that shows it.

    An item's design is part of its system's, a system's of the aircraft's.
    """
    design = design_id(key)
    depth = (None, 2, 5).index(ata and len(ata))
    released = LAUNCHED + days(random.uniform(400, 430) + 35 * depth)
    properties = Design(
        name=name,
        number=design.local,
        revision="C",
        level=level,
        ata_chapter=ata,
        zone=f"{100 + int(ata[:2])}" if ata else None,
        status=ReleaseStatus.RELEASED,
        assurance_level=AssuranceLevel(demands[0].dal.lower()),
        text=f"{name}: the solution chosen at the critical design review.",
        issued_on=released.date(),
        owner=f"Integrated product team {ata[:2] if ata else 'aircraft'}",
    )
    facts = [link(design, "SATISFIES", demand.utcs) for demand in demands]
    if ata:
        facts.append(link(design, "REFINES", design_id("BWB-H2" if len(ata) == 2 else ata[:2])))
    yield PLM.event(f"design-{design.local}", released, [put(design, properties), *facts])
    yield modelled(f"CAD-{key}", name, design, released + days(random.uniform(2, 30)))


def modelled(local: str, name: str, design: Utcs, at: datetime) -> Event:
    """States the model that shows a design."""
    cad = utcs("cad", local)
    model = Cad(
        name=f"{name}, model",
        number=local,
        revision="C",
        format="STEP AP242",
        authoring_tool="CAD 2021",
        sha256=fingerprint("cad", local),
        location=f"vault://plm/{local}.stp",
        has_pmi=True,
        status=ReleaseStatus.RELEASED,
        issued_on=at.date(),
    )
    return PLM.event(f"model-{local}", at, [put(cad, model), link(cad, "DEPICTS", design)])


def interfaces() -> Event:
    """States which systems rely on an interface of which: hydrogen to power, power to thrust."""
    facts = [
        link(design_id(chapter), "INTERFACES_WITH", design_id(other))
        for chapter, other in pairwise(_CHAIN)
    ]
    return PLM.event("interfaces", LAUNCHED + days(500), facts)


def specified(key: str, name: str, demands: Sequence[Demand]) -> Event:
    """States the specification that an item is bought or made to, and what stands in it."""
    document = utcs("document", f"SPEC-{key}")
    at = LAUNCHED + days(540)
    properties = Document(
        name=f"{name}, procurement specification",
        number=document.local,
        revision="2",
        category=DocumentCategory.SPECIFICATION,
        issuer="AMPEL360 Aircraft",
        language="en",
        media_type="application/pdf",
        sha256=fingerprint("document", key),
        location=f"vault://plm/{document.local}.pdf",
        status=ReleaseStatus.RELEASED,
        issued_on=at.date(),
    )
    facts = [
        put(document, properties),
        link(document, "DOCUMENTS", design_id(key)),
        *(
            link(demand.utcs, "SPECIFIED_IN", document, section=f"3.{number}", sequence=number)
            for number, demand in enumerate(demands, 1)
        ),
    ]
    return PLM.event(f"document-{document.local}", at, facts)


def tested(key: str, demands: Sequence[Demand], random: Random) -> Iterator[Event]:
    """Yields a test case over some requirements and its runs; the last one passed."""
    if not demands:
        return
    case = utcs("testcase", f"TC-{key}")
    at = LAUNCHED + days(random.uniform(620, 760))
    verified = [link(case, "VERIFIES", demand.utcs) for demand in demands]
    yield LIMS.event(f"case-{case.local}", at, [put(case, _case(case, demands)), *verified])
    ran = at + days(random.uniform(90, 300))
    while random.random() < 0.12:
        yield _run(case, Verdict.FAILED, ran, ())
        ran += days(random.uniform(30, 90))
    shown = [above for demand in demands for above in demand.parents if above.kind == "certbasis"]
    yield _run(case, Verdict.PASSED, min(ran, CERTIFIED - days(20)), shown)


def _case(case: Utcs, demands: Sequence[Demand]) -> TestCase:
    method = demands[0].method
    return TestCase(
        name=f"{method.capitalize()}: {demands[0].name}",
        number=case.local,
        revision="1",
        verification_method=VerificationMethod(method),
        level=demands[0].level,
        objective=f"Shows {', '.join(demand.utcs.local for demand in demands)}.",
        procedure="Prepare the article, apply the conditions of the specification, record, compare.",
        expected_result=demands[0].text.replace(" shall ", " is seen to "),
        status=ReleaseStatus.RELEASED,
    )


def _run(case: Utcs, verdict: Verdict, at: datetime, shown: Sequence[Utcs]) -> Event:
    """States one run of a test case, and what compliance it is evidence of."""
    result = utcs("testresult", f"TR-{case.local[3:]}-{at:%y%m%d}")
    properties = TestResult(
        name=f"{case.local} {verdict} on {at.date()}",
        number=result.local,
        verdict=verdict,
        performed_at=at,
        measured="All readings within limits."
        if verdict is Verdict.PASSED
        else "One reading out of limits; article reworked.",
        sha256=fingerprint("result", result.local),
        location=f"vault://lims/{result.local}",
    )
    facts = [
        put(result, properties),
        link(result, "RESULT_OF", case),
        *(link(result, "EVIDENCES", paragraph) for paragraph in shown),
    ]
    return LIMS.event(f"run-{result.local}", at, facts)
