"""The command as a whole: every verb explains itself, and the exit status says what happened."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.local.errors import LocalError, NotRunningError
from cli.main import app, exit_status, main
from graph.errors import TraceError
from graph.model.identifier import IdentifierError
from graph.store.errors import (
    BadQuestionError,
    GraphUnreachableError,
    NotFoundError,
    QueryTimeoutError,
)
from graph.store.settle import SettledError

VERBS = [
    "demo",
    "up",
    "down",
    "status",
    "doctor",
    "load",
    "export",
    "replay list",
    "replay show",
    "replay resend",
    "replay discard",
    "show",
    "trace",
    "impact",
    "serve",
    "work",
    *(
        f"workorder {verb}"
        for verb in (
            "list",
            "show",
            "request",
            "step",
            "sign",
            "complete",
            "finding",
            "defer",
            "extend",
            "rectify",
        )
    ),
    *(f"stock {verb}" for verb in ("list", "receive", "reserve", "cancel", "issue", "return")),
    *(f"tool {verb}" for verb in ("list", "show", "take", "return", "calibrate")),
    *(f"labour {verb}" for verb in ("list", "roster", "book", "shift")),
    "login",
]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb: str) -> None:
    shown = CliRunner().invoke(app, [*verb.split(), "--help"])

    assert shown.exit_code == 0
    assert f"Example: utcs {verb}" in " ".join(shown.output.split())


def test_help_lists_every_verb() -> None:
    shown = CliRunner().invoke(app, ["--help"])

    assert all(f" {verb.split()[0]} " in shown.output for verb in VERBS)


@pytest.mark.parametrize("verb", ["status", "baseline"])
def test_verb_that_is_typed_does_not_wait_for_the_others(verb: str) -> None:
    typed = f"import sys; sys.argv = ['utcs', {verb!r}, '--help']; import cli.main"
    code = f"{typed}; print(*sys.modules); cli.main.main()"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    modules, _, told = done.stdout.partition("\n")
    assert "cli.report" not in modules.split()
    assert f"utcs {verb}" in told


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError("x"), 1),
        (LocalError("x"), 1),
        (SettledError("x"), 1),
        (BadQuestionError("x"), 2),
        (IdentifierError("x", part="check"), 2),
        (TraceError("x"), 2),
        (GraphUnreachableError("x"), 3),
        (QueryTimeoutError("x"), 3),
        (NotRunningError("x"), 3),
    ],
)
def test_exit_status_says_what_happened(error: TraceError, status: int) -> None:
    assert exit_status(error) == status


@pytest.mark.parametrize(
    "words",
    [
        ["show"], ["shew", "x"], ["show", "x", "--as-of"], ["trace", "x", "--depth", "deep"],
        ["login", "--role", "king"], ["serve", "--port", "99999"],
        ["show", "x", "--as-of", "yesterday"], ["load"],
    ],
)  # fmt: skip
def test_wrong_words_are_status_2(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["utcs", *words])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("words", [["show", "x"], ["impact", "x"], ["login"], ["serve"]])
def test_verb_without_a_running_graph_says_how_to_start_it(
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(sys, "argv", ["utcs", *words])
    monkeypatch.setenv("UTCS_HOME", str(tmp_path))
    monkeypatch.delenv("UTCS_NEO4J_URI", raising=False)

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 3
    assert "utcs up" in capsys.readouterr().err


def test_completion_can_be_shown_for_a_shell() -> None:
    shown = CliRunner().invoke(
        app, [], env={"_UTCS_COMPLETE": "complete_bash", "COMP_WORDS": "utcs tr", "COMP_CWORD": "1"},
        prog_name="utcs",
    )  # fmt: skip

    assert shown.output.strip() == "trace"


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["utcs", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (["show", "x", "--as-of", "yesterday"], 2, "--as-of"),
        (["shew"], 2, "shew"),
        (["load"], 2, "files"),
        (["show", "x"], 3, "utcs up"),
    ],
)
def test_error_is_json_too_for_who_asks_for_json(
    words: list[str],
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """Programs found nothing on stdout, and had to read a sentence on stderr."""
    monkeypatch.setenv("UTCS_HOME", str(tmp_path))
    monkeypatch.delenv("UTCS_NEO4J_URI", raising=False)

    code = typed(monkeypatch, *words, "--json")

    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert (code, error["status"], err) == (status, status, "")
    assert told in error["message"]


@pytest.mark.parametrize(
    "words", [["show", "hydrogen\udcff tank"], ["trace", "x", "--kinds", "\udcff"]]
)
def test_bytes_that_are_no_text_are_bad_input(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They reached the driver as half of a surrogate pair, which cannot be sent."""
    code = typed(monkeypatch, *words)

    assert code == 2
    told = capsys.readouterr().err
    assert r"\xff" in told
    assert "not UTF-8" in told


def test_version_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = typed(monkeypatch, "--version")

    assert code == 0
    assert capsys.readouterr().out == f"utcs {version('utcs')}\n"


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_json(verb: str) -> None:
    shown = CliRunner().invoke(app, [*verb.split(), "--help"])

    assert "--json" in shown.output
