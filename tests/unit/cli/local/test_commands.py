"""What the four verbs print and how they end, with nothing running."""

import json

import pytest
import typer
from typer.testing import CliRunner

from cli.local import commands
from cli.local.home import Home
from cli.local.jars import read_lock
from cli.local.neo4j import LOCK


@pytest.fixture
def app(home: Home, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("UTCS_HOME", str(home.root))
    monkeypatch.setenv("UTCS_CACHE", str(home.cache))
    monkeypatch.delenv("UTCS_NEO4J_URI", raising=False)
    app = typer.Typer()
    for verb in (commands.up, commands.down, commands.status, commands.doctor):
        app.command()(verb)
    return app


@pytest.mark.parametrize("verb", ["up", "down", "status", "doctor"])
def test_help_has_an_example(app: typer.Typer, verb: str) -> None:
    result = CliRunner().invoke(app, [verb, "--help"])

    assert result.exit_code == 0
    assert f"Example: utcs {verb}" in result.stdout


def test_status_of_nothing_is_3(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["status", "--json"])

    assert result.exit_code == 3
    assert [part["name"] for part in json.loads(result.stdout)["parts"]] == ["graph", "api"]


def test_down_is_harmless(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["down", "--json"])

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"was_running": False}


def test_status_asks_a_named_server(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTCS_NEO4J_URI", "bolt://127.0.0.1:9")

    result = CliRunner().invoke(app, ["status", "--json"])

    graph = json.loads(result.stdout)["parts"][0]
    assert (result.exit_code, graph["is_ready"]) == (3, False)
    assert "Connection refused" in graph["detail"]


def test_the_doctor_ends_with_1_when_something_fails(app: typer.Typer, home: Home) -> None:
    healthy = CliRunner().invoke(app, ["doctor"])
    (home.jars / read_lock(LOCK)[0].name).write_bytes(b"tampered")

    ill = CliRunner().invoke(app, ["doctor", "--json"])

    assert healthy.exit_code == 0
    assert ill.exit_code == 1
    failed = [f for f in json.loads(ill.stdout)["findings"] if f["verdict"] == "failed"]
    assert [(f["name"], bool(f["fix"])) for f in failed] == [("jars", True)]
