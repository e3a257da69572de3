"""The whole service over a real graph, in this process."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from api.app import create_app
from api.keyring import Keyring
from api.settings import Settings
from cli.main import main
from graph.flows.submit import Principal
from graph.store.database import Graph
from graph.store.migrate import migrate

URL = "http://127.0.0.1:8765"


class Result(NamedTuple):
    code: int
    out: str
    err: str


Utcs = Callable[..., Result]


@pytest.fixture
async def graph(neo4j_server: Any) -> AsyncIterator[Graph]:
    """An empty graph with the schema of this release."""
    async with await Graph.open(
        neo4j_server.uri, neo4j_server.user, neo4j_server.password, timeout_s=120
    ) as opened:
        await migrate(opened)
        async with opened.transaction() as tx:
            await tx.run("MATCH (n) WHERE NOT n:Migration AND NOT n:Log DETACH DELETE n")
            await tx.run("MATCH (l:Log {name: 'changes'}) SET l.seq = 0, l.recorded_at = 0")
        yield opened


@pytest.fixture
def settings(tmp_path: Path, neo4j_server: Any) -> Settings:
    return Settings(
        home=tmp_path / "home",
        neo4j_uri=neo4j_server.uri,
        neo4j_user=neo4j_server.user,
        neo4j_password=SecretStr(neo4j_server.password),
        api_port=8765,
    )


@pytest.fixture
def keyring(settings: Settings) -> Keyring:
    return Keyring(settings.home / "secrets")


@pytest.fixture
def app(graph: Graph, settings: Settings) -> FastAPI:
    return create_app(graph, settings)


@pytest.fixture
async def anybody(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that has no token."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


@pytest.fixture
async def client(app: FastAPI, keyring: Keyring) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the token of the machine's owner."""
    token = keyring.api_token(Principal.of("anna", "admin"))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url=URL, headers=headers) as client:
        yield client


@pytest.fixture
def reader(app: FastAPI, keyring: Keyring) -> httpx.AsyncClient:
    """A client that may read only."""
    token = keyring.issue("token", Principal.of("rita", "reader"))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport, base_url=URL, headers={"Authorization": f"Bearer {token}"}
    )


@pytest.fixture
async def place(app: FastAPI) -> AsyncIterator[str]:
    """Where a server runs; its host and port."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="websockets-sansio"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"127.0.0.1:{port}"
    server.should_exit = True
    await running


@pytest.fixture
def token(keyring: Keyring) -> str:
    return keyring.api_token(Principal.of("anna", "admin"))


@pytest.fixture
def utcs(
    graph: Any,
    neo4j_server: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Utcs:
    """Types a command, over an empty graph."""
    monkeypatch.setenv("UTCS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("UTCS_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("UTCS_NEO4J_USER", neo4j_server.user)
    monkeypatch.setenv("UTCS_NEO4J_PASSWORD", neo4j_server.password)

    def typed(*words: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["utcs", *words])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Result(code, *capsys.readouterr())

    return typed
