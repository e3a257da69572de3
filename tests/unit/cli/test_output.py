"""What reaches the terminal, and what reaches a pipe."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from cli import output
from cli.output import clean, json_out, moment, rows, say, tell


@pytest.mark.parametrize(
    "text", ["\x1b[2J\x1b[31mred", "a\x07b", "\x9b31m", "line\nline", "tab\tend", "\x7f", "\x00"]
)
def test_nothing_in_a_text_commands_the_terminal(text: str) -> None:
    assert clean(text).isprintable()


def test_markup_of_strangers_is_only_text(capsys: pytest.CaptureFixture[str]) -> None:
    say("[bold red]not red[/] [link=https://x]x[/link]")

    assert capsys.readouterr().out == "[bold red]not red[/] [link=https://x]x[/link]\n"


def test_rows_in_a_pipe_are_lines_with_tabs_and_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows(("n", "name"), [(1, "a\tb\nc"), (22, "long " * 100)], number=0)

    assert capsys.readouterr().out.splitlines() == ["1\ta b c", "22\t" + "long " * 100]


def test_answers_go_to_stdout_and_the_rest_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("answer")
    tell("progress")

    assert capsys.readouterr() == ("answer\n", "progress\n")


def test_json_is_whole_however_long(capsys: pytest.CaptureFixture[str]) -> None:
    answer: dict[str, Any] = {"text": "x" * 5000, "when": datetime(2026, 1, 1, tzinfo=UTC)}

    json_out(answer)

    out = capsys.readouterr().out
    assert "x" * 5000 in out
    assert "2026-01-01T00:00:00.000000Z" in out


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        (None, "now"),
        (datetime(2026, 1, 15, tzinfo=UTC), "2026-01-15"),
        (datetime(2026, 1, 15, 9, 30, tzinfo=UTC), "2026-01-15T09:30:00Z"),
        (datetime(2026, 1, 15, 0, 0, 0, 500_000, tzinfo=UTC), "2026-01-15T00:00:00.5Z"),
    ],
)
def test_moments_can_be_typed_back(when: datetime | None, shown: str) -> None:
    assert moment(when) == shown


@pytest.mark.parametrize("width", [20, 30, 60, 80, 200])
def test_ids_are_never_broken_however_narrow_the_terminal(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In 30 columns ids were cut into pieces that nobody can copy."""
    monkeypatch.setattr(output, "out", Console(width=width, force_terminal=True, soft_wrap=True))
    id = "utcs:AMPEL360:publication:DMC-AMPEL360H2-A-28-11-31-00A-341A-A"

    rows(("steps", "name", "id"), [(1, "LH2 storage tank: manual test", id)], number=0)

    assert id in capsys.readouterr().out


def test_table_is_laid_out_where_it_fits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        output, "out", Console(width=22, force_terminal=True, soft_wrap=True, no_color=True)
    )

    rows(("n", "name", "id"), [(1, "two words", "utcs:x"), (22, "Düse", "utcs:yy")], number=0)

    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()[1:]]
    assert lines == [" 1  two words  utcs:x", "22  Düse       utcs:yy"]


def test_name_that_is_no_utf_8_is_still_json(capsys: pytest.CaptureFixture[str]) -> None:
    json_out({"file": "caf\udce9.csv"})

    assert json.loads(capsys.readouterr().out) == {"file": "caf\udce9.csv"}
