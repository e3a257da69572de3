"""Tests that were run on an asset or its units, each with its verdict."""

from __future__ import annotations

from graph.flows.exchange.aboard import id_for, require_aboard
from graph.flows.exchange.fresh import require_fresh
from graph.flows.exchange.take import Case, Decided, Given, Taken, require_kind, take
from graph.flows.submit import Principal
from graph.model.engineering import TestResult
from graph.model.exchange.reports import TestResults
from graph.model.exchange.table import BY_NAME
from graph.model.fact import Fact, PutLink, PutNode
from graph.store.database import Graph

_NAME = "dpp.test-results"


async def report_results(
    graph: Graph, principal: Principal, dpp: str, report: TestResults
) -> Taken:
    """Takes what was seen when tests were run.

    Raises:
        BadQuestionError: A field is wrong.
        ForbiddenError: The principal may not write.
        LifecycleError: A number is on record already; nothing was written.
        NotFoundError: Something that is named is not there.
    """
    cases = {f"results.{n}.testCase": one.testCase for n, one in enumerate(report.results)}
    units = {f"results.{n}.unit": one.unit for n, one in enumerate(report.results) if one.unit}

    async def decide(case: Case) -> Decided:
        await require_aboard(graph, case, units)
        ids = [id_for(case, "testresult", one.number) for one in report.results]
        await require_fresh(
            graph, _NAME, {f"results.{n}.number": utcs for n, utcs in enumerate(ids)}
        )
        facts: list[Fact] = []
        for n, (one, utcs) in enumerate(zip(report.results, ids, strict=True)):
            field = f"results.{n}.testCase"
            said = TestResult(
                name=f"{one.number}: {one.verdict.value.replace('_', ' ')}",
                number=one.number,
                verdict=one.verdict,
                performed_at=case.at,
                measured=one.measured,
                conditions=one.conditions,
                deviation=one.deviation,
                sha256=one.sha256,
                location=one.location,
            )
            target = require_kind(case.things[field], field, "testcase")
            unit = case.things.get(f"results.{n}.unit", case.asset)
            facts += [
                PutNode(utcs=utcs, properties=said, replaces=0),
                PutLink(source=utcs, link="RESULT_OF", target=target),
                PutLink(source=utcs, link="EXAMINES", target=unit),
            ]
        return Decided(case.asset, facts)

    return await take(graph, principal, Given(BY_NAME[_NAME], dpp, report), cases | units, decide)
