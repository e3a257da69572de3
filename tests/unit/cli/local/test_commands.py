"""What the four verbs print and how they end, with nothing running."""

import json

import pytest
import typer
from typer.testing import CliRunner

from cli.local import commands
from cli.local.home import Home
from cli.local.parts import pinned_jars


@pytest.fixture
def app(home: Home, monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("UTCS_HOME", str(home.root))
    monkeypatch.setenv("UTCS_CACHE", str(home.cache))
    for name in ("UTCS_NEO4J_URI", "UTCS_QUEUE_URI"):
        monkeypatch.delenv(name, raising=False)
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
    assert [part["name"] for part in json.loads(result.stdout)["parts"]] == [
        "graph",
        "queue",
        "api",
        "work",
    ]


def test_down_is_harmless(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["down", "--json"])

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"was_running": False}


@pytest.mark.parametrize(
    ("name", "variable", "url"),
    [
        ("graph", "UTCS_NEO4J_URI", "bolt://127.0.0.1:9"),
        ("queue", "UTCS_QUEUE_URI", "kafka://127.0.0.1:9"),
        ("queue", "UTCS_QUEUE_URI", "amqp://plant:s3cr3t@127.0.0.1:9/"),
    ],
)
def test_status_asks_a_named_server(
    app: typer.Typer, monkeypatch: pytest.MonkeyPatch, name: str, variable: str, url: str
) -> None:
    monkeypatch.setenv(variable, url)

    result = CliRunner().invoke(app, ["status", "--json"])

    part = json.loads(result.stdout)["parts"][0]
    assert (result.exit_code, part["name"], part["is_ready"]) == (3, name, False)
    assert "Connection refused" in part["detail"]
    assert "s3cr3t" not in result.stdout


def test_the_doctor_ends_with_1_when_something_fails(app: typer.Typer, home: Home) -> None:
    healthy = CliRunner().invoke(app, ["doctor"])
    (home.jars / pinned_jars()[0].name).write_bytes(b"tampered")

    ill = CliRunner().invoke(app, ["doctor", "--json"])

    assert healthy.exit_code == 0
    assert ill.exit_code == 1
    failed = [f for f in json.loads(ill.stdout)["findings"] if f["verdict"] == "failed"]
    assert [(f["name"], bool(f["fix"])) for f in failed] == [("jars", True)]
