"""What was found under a work order: several findings of one person, all of them or none."""

from __future__ import annotations

from pydantic import ValidationError

from graph.flows.complete import asset_breaches
from graph.flows.exchange.aboard import require_aboard
from graph.flows.exchange.take import (
    Case,
    Decided,
    Given,
    Taken,
    require_kind,
    restated,
    take,
)
from graph.flows.finding import found_facts, report_breaches
from graph.flows.lifecycle import refuse
from graph.flows.submit import Principal
from graph.flows.work import moment_of, signing
from graph.model.event import explain
from graph.model.exchange.reports import Findings, FoundThing
from graph.model.exchange.table import BY_NAME
from graph.model.fact import Fact
from graph.model.maintenance import Finding
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.work_order import find_order

_NAME = "dpp.findings"


async def report_findings(graph: Graph, principal: Principal, dpp: str, report: Findings) -> Taken:
    """Takes what was found, each thing as an open finding.

    Raises:
        BadQuestionError: A field is wrong.
        ForbiddenError: The principal may not write, or not sign for that person.
        LifecycleError: A rule is broken, such as the right to report; nothing was written.
        NotFoundError: Something that is named is not there.
    """
    abouts = {
        f"findings.{n}.about": one.about for n, one in enumerate(report.findings) if one.about
    }

    async def decide(case: Case) -> Decided:
        order = await find_order(
            graph, require_kind(case.things["workOrderId"], "workOrderId", "workorder")
        )
        when = moment_of(graph, order.valid_from, case.at)
        person = require_kind(case.things["reportedBy"], "reportedBy", "person")
        hand = await signing(graph, principal, person, when)
        await require_aboard(graph, case, abouts)
        refuse([*asset_breaches(order, case.asset, _NAME), *report_breaches(order, hand, when)])
        facts: list[Fact] = [restated(order)]
        for n, (one, utcs) in enumerate(
            zip(report.findings, order.further_findings(), strict=False)
        ):
            about = case.things.get(f"findings.{n}.about", case.asset)
            facts += found_facts(order, utcs, _finding(n, one), about, hand, when)
        return Decided(order.utcs, facts)

    names = {"workOrderId": report.workOrderId, "reportedBy": report.reportedBy} | abouts
    return await take(graph, principal, Given(BY_NAME[_NAME], dpp, report), names, decide)


def _finding(n: int, one: FoundThing) -> Finding:
    try:
        return Finding(
            name=one.text,
            description=one.description,
            category=one.category,
            severity=one.severity,
            ata_chapter=one.ataChapter,
            zone=one.zone,
            location=one.location,
            length_mm=one.lengthMm,
            width_mm=one.widthMm,
            depth_mm=one.depthMm,
            measured=one.measured,
        )
    except ValidationError as error:
        field = f"findings.{n}"
        raise BadQuestionError(f"{field}: {explain(error)}", field=field) from error
