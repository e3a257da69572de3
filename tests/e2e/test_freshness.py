"""How current the thread is, where people look: GraphQL, measures and `utcs status`."""

from __future__ import annotations

import re

import httpx
import orjson
import pytest
import typer
from typer.testing import CliRunner

from cli.local import commands
from cli.local.flow import Flow, look_at_flow
from cli.local.settings import LocalSettings
from graph.store.apply import apply
from graph.store.changes import changes
from graph.store.database import Graph
from graph.store.freshness import hear
from graph.store.lease import Lease
from tests.conftest import GraphServer
from tests.store.saying import event, put, serial

HOUR = 3_600_000_000
QUERY = """{
  freshness { source utcs name intervalH lastSeq silentS dueAt isStale thing { utcs } }
  followers { name seq lagEntries lagS isRunning trouble failingSince }
}"""


@pytest.fixture
async def told(graph: Graph) -> None:
    """Two sources, one of them silent for three hours, and a follower that is one entry behind."""
    now = graph.clock()
    graph.clock = lambda: now - 3 * HOUR
    source = put("utcs:TEST:source:ERP", name="ERP", uri="urn:erp", interval_h="2")
    await apply(graph, [event(source, source="urn:erp")])
    graph.clock = lambda: now
    await apply(graph, [event(serial("a"), source="urn:stranger")])
    await hear(graph, await changes(graph))
    lease = Lease(graph, "mirror", 60)
    await lease.claim()
    await lease.move(0, 1)


@pytest.mark.usefixtures("told")
async def test_graphql_tells_of_sources_and_followers(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/graphql", json={"query": QUERY})).json()

    assert "errors" not in answer
    erp, stranger = answer["data"]["freshness"]
    assert (erp["source"], erp["intervalH"], erp["isStale"]) == ("urn:erp", 2.0, True)
    assert erp["silentS"] >= 3 * 3600
    assert erp["thing"] == {"utcs": "utcs:TEST:source:ERP"}
    assert (stranger["source"], stranger["utcs"], stranger["thing"]) == ("urn:stranger", None, None)
    (mirror,) = answer["data"]["followers"]
    assert (mirror["name"], mirror["lagEntries"], mirror["isRunning"]) == ("mirror", 1, True)


@pytest.mark.usefixtures("told")
async def test_rest_tells_of_sources_and_followers(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/freshness")).json()

    assert [(one["source"], one["is_stale"]) for one in answer["sources"]] == [
        ("urn:erp", True),
        ("urn:stranger", False),
    ]
    assert [(one["name"], one["lag_entries"]) for one in answer["followers"]] == [("mirror", 1)]


@pytest.mark.usefixtures("told")
async def test_measures_tell_of_sources_and_followers(client: httpx.AsyncClient) -> None:
    measures = (await client.get("/metrics")).text

    silent = re.search(r'utcs_source_seconds_since_last_event\{source="urn:erp"\} (\S+)', measures)
    assert silent
    assert float(silent[1]) >= 3 * 3600
    assert 'utcs_source_stale{source="urn:erp"} 1.0' in measures
    assert 'utcs_source_stale{source="urn:stranger"} 0.0' in measures
    assert 'utcs_follower_lag_entries{follower="mirror"} 1.0' in measures
    assert 'utcs_follower_running{follower="mirror"} 1.0' in measures


@pytest.fixture
def status(neo4j_server: GraphServer, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("UTCS_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("UTCS_NEO4J_PASSWORD", neo4j_server.password)
    app = typer.Typer()
    app.command()(commands.status)
    return app


@pytest.mark.usefixtures("told")
def test_status_tells_of_sources_and_followers(status: typer.Typer) -> None:
    told = orjson.loads(CliRunner().invoke(status, ["--json"]).stdout)
    lines = CliRunner().invoke(status, []).stdout

    assert [(f["name"], f["lag_entries"]) for f in told["followers"]] == [("mirror", 1)]
    assert [(s["source"], s["is_stale"]) for s in told["sources"]] == [
        ("urn:erp", True), ("urn:stranger", False),
    ]  # fmt: skip
    assert re.search(r"urn:erp\t\S+\t2 h\tstale", lines)
    assert re.search(r"mirror\t1\t\d+\trunning", lines)


def test_status_of_a_graph_that_lets_nobody_in_tells_of_the_parts_alone(
    neo4j_server: GraphServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UTCS_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("UTCS_NEO4J_PASSWORD", "wrong")

    assert look_at_flow(LocalSettings.read()) == Flow()
