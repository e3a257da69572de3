"""Changes of the sample fleet: no false alarm, and what its records and its impact say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import chain
from typing import Any

import pytest

from graph.flows.lifecycle import LifecycleError, advance, begin
from graph.flows.submit import Principal
from graph.model.change import ChangeClass, Ecr
from graph.model.lifecycle import MACHINES, Right
from graph.model.time import Coordinates
from graph.store.apply import apply
from graph.store.change_impact import find_change_impact
from graph.store.change_record import find_change_record
from graph.store.database import Graph
from graph.store.lifecycle_audit import audit_kind
from ingest.fleet.change import RETROFITTED, bulletin_id, change, modification_id
from ingest.fleet.people import office_id, people
from ingest.fleet.product import part_id, product
from ingest.fleet.programme import programme
from ingest.fleet.statement import NOW, utcs
from ingest.fleet.tasks import publications, tasks
from tests.store.conftest import empty

pytestmark = pytest.mark.timeout(600)

KEY = RETROFITTED[0]


@pytest.fixture(scope="module")
async def type_design(neo4j_server: Any) -> AsyncIterator[Graph]:
    """The type, its people and all that was changed of it, without the aircraft; tests add to it."""
    async with await Graph.open(
        neo4j_server.uri, neo4j_server.user, neo4j_server.password
    ) as graph:
        await empty(graph)
        told = chain(programme(1), product(1, 0.2), people(1), publications(), tasks(), change())
        batch = list(told)
        for start in range(0, len(batch), 250):
            outcomes = await apply(graph, batch[start : start + 250])
            assert {one.status for one in outcomes} == {"applied"}
        yield graph


async def test_no_step_of_the_fleet_breaks_a_rule(type_design: Graph) -> None:
    audits = {kind: await audit_kind(type_design, kind, first=1000) for kind in MACHINES}

    assert {kind: audit.steps for kind, audit in audits.items()} == dict.fromkeys(MACHINES, ())
    assert all(audit.examined and audit.next is None for audit in audits.values())


async def test_the_record_of_a_retrofit_is_whole(type_design: Graph) -> None:
    record = await find_change_record(type_design, utcs("ecr", f"ECR-{KEY}"))

    assert {(one.role, one.utcs) for one in record.members} == {
        ("origin", utcs("ncr", f"NCR-{KEY}")), ("itself", utcs("ecr", f"ECR-{KEY}")),
        ("outcome", utcs("eco", f"ECO-{KEY}")), ("outcome", utcs("capa", f"CAPA-{KEY}")),
        ("outcome", modification_id(KEY)), ("outcome", bulletin_id(KEY)),
    }  # fmt: skip
    assert [one.utcs.kind for one in record.entries] == [
        "ncr", "ncr", "ecr", "eco", "capa", "modification", "bulletin",
    ]  # fmt: skip
    assert [one.expression for one in record.limits] == [
        f"installed {part_id(KEY).local} and pre {modification_id(KEY).local}"
    ]
    assert record.complete


async def test_the_impact_of_a_retrofit_names_the_part_and_the_papers(type_design: Graph) -> None:
    impact = await find_change_impact(type_design, bulletin_id(KEY))
    then = await find_change_impact(type_design, bulletin_id(KEY), at=Coordinates(as_of=NOW))

    assert [(one.old, one.new) for one in impact.replacements] == [
        (part_id(KEY), part_id(KEY, "02"))
    ]
    assert f"SPEC-{KEY}" in {one.utcs.local for one in impact.publications}
    assert then == impact


async def test_the_people_of_the_design_organisation_can_bring_a_request_through(
    type_design: Graph,
) -> None:
    gateway, engineer = Principal.of("plm", "admin"), office_id("design engineer")
    ecr = utcs("ecr", "ECR-NEW")
    request = Ecr(name="New", reason="r", proposal="p", change_class=ChangeClass.MINOR)
    await begin(
        type_design, gateway, ecr, request, signer=engineer, links=[("ABOUT", part_id(KEY))]
    )
    await advance(type_design, gateway, ecr, "submit", signer=engineer)
    await advance(type_design, gateway, ecr, "review", signer=office_id("configuration management"))

    with pytest.raises(LifecycleError, match="has not the role 'change board'"):
        await advance(
            type_design, gateway, ecr, "approve", signer=engineer, given={"decision": "d"}
        )
    moved = await advance(
        type_design,
        gateway,
        ecr,
        "approve",
        signer=office_id(Right.CHANGE_BOARD),
        given={"decision": "d"},
    )

    assert moved.outcome.status == "applied"
    assert (await audit_kind(type_design, "ecr", first=1000)).steps == ()
