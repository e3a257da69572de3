"""What a technician may do: licences, ratings and authorisations, as another system has them."""

from __future__ import annotations

from graph.flows.exchange.aboard import id_for
from graph.flows.exchange.take import Case, Decided, Given, Taken, require_kind, take
from graph.flows.lifecycle import refuse
from graph.flows.submit import Principal
from graph.model.approval import Breach
from graph.model.exchange.reports import Certification, TechnicianCertifications
from graph.model.exchange.table import BY_NAME
from graph.model.fact import Fact, PutLink, PutNode
from graph.model.resources import Qualification
from graph.store.database import Graph
from graph.store.standings import find_standings

_NAME = "dpp.technician-certifications"


async def report_certifications(
    graph: Graph, principal: Principal, dpp: str, report: TechnicianCertifications
) -> Taken:
    """Takes what a technician holds. One whose number is on record is restated, and stays its holder's.

    Raises:
        BadQuestionError: A field is wrong.
        ForbiddenError: The principal is no admin: a qualification is a right.
        LifecycleError: A number is another one's; nothing was written.
        NotFoundError: The technician or the asset is not there.
    """
    principal.require("admin")

    async def decide(case: Case) -> Decided:
        person = require_kind(case.things["technician"], "technician", "person")
        ids = [id_for(case, "qualification", one.number) for one in report.certifications]
        known = await find_standings(graph, ids)
        facts: list[Fact] = []
        for n, (one, utcs) in enumerate(zip(report.certifications, ids, strict=True)):
            before = known.get(utcs)
            if before is not None and getattr(before.thing, "number", None) != one.number:
                problem = (
                    f"certifications.{n}.number: {one.number} and {before.thing.name} would be one"
                )
                refuse(
                    [Breach(f"{_NAME}/number", f"{problem}, {utcs}; record it by an event instead")]
                )
            version = 0 if before is None else before.version
            facts += [
                PutNode(utcs=utcs, properties=_qualification(one), replaces=version),
                PutLink(source=person, link="QUALIFIED_BY", target=utcs),
            ]
        return Decided(person, facts)

    given = Given(BY_NAME[_NAME], dpp, report)
    return await take(graph, principal, given, {"technician": report.technician}, decide)


def _qualification(one: Certification) -> Qualification:
    category = one.category.value.replace("_", " ").capitalize()
    return Qualification(
        name=f"{category} {one.number}",
        number=one.number,
        category=one.category,
        grade=one.grade,
        scope=one.scope,
        limitations=one.limitations,
        issuer=one.issuer,
        status=one.status,
        issued_on=one.issuedOn,
        expires_on=one.expiresOn,
    )
