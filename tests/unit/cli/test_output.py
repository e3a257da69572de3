"""What reaches the terminal, and what reaches a pipe."""

from datetime import UTC, datetime
from typing import Any

import pytest

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
