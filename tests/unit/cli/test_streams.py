"""The command on real pipes and files: what its reader, its disk or its terminal do to it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MANY = """
import logging
import typer
from cli.main import app, main
from cli.output import json_out, rows, say, tell

@app.command()
def many(how: str) -> None:
    if how == "say":
        for _ in range(20_000):
            say("a line of an answer")
    elif how == "rows":
        rows(("n",), [("a row of an answer",)] * 20_000)
    else:
        json_out(["an item of an answer"] * 20_000)

@app.command()
def fault(as_json: bool = False) -> None:
    raise ZeroDivisionError("nobody thought of this")

@app.command()
def refuse() -> None:
    tell("something is refused")
    say("and more was to be done")
    raise typer.Exit(1)

@app.command()
def log() -> None:
    logging.getLogger("neo4j.io").error("[#A56A] Failed to read from defunct connection")

@app.command()
def umlaut(how: str) -> None:
    say("Düse → Tank") if how == "say" else json_out({"name": "Düse"})

main()
"""


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", MANY, *words],
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


@pytest.mark.parametrize("words", [("many", "say"), ("many", "rows"), ("many", "json"), ("-h",)])
def test_reader_that_has_seen_enough_is_no_error(words: tuple[str, ...]) -> None:
    """`| head -3` made the exit status 1: Typer and Rich each caught the broken pipe themselves."""
    read_end, write_end = os.pipe()
    with open(write_end, "wb") as full:  # noqa: PTH123 - a descriptor
        child = subprocess.Popen(
            [sys.executable, "-c", MANY, *words], stdout=full, stderr=subprocess.PIPE
        )
    os.close(read_end)
    _, told = child.communicate(timeout=60)

    assert (child.returncode, told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("words", [("many", "say"), ("many", "json"), ("umlaut", "json"), ("-h",)])
def test_full_disk_is_told_in_one_sentence(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(*words, stdout=full)

    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"No space left on device" in done.stderr


def test_closed_output_is_told_only_by_verbs_that_answer(tmp_path: Path) -> None:
    script = f'"{sys.executable}" -c "$CODE" "$@" >&-'
    environment = {**os.environ, "CODE": MANY}

    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", "umlaut", "say"], env=environment, capture_output=True
    )

    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"standard output: cannot be written" in done.stderr


def test_reader_of_errors_that_leaves_stops_no_verb() -> None:
    """Rich ended the program with status 1, in the middle of what it did."""
    read_end, write_end = os.pipe()
    os.close(read_end)

    with open(write_end, "wb") as broken:  # noqa: PTH123 - a descriptor
        done = run("refuse", stderr=broken)

    assert (done.returncode, done.stdout) == (1, b"and more was to be done\n")


def test_errors_that_nobody_can_hear_change_no_status() -> None:
    with Path(os.devnull).open("rb") as closed:  # writing to it fails
        done = run("show", "x", "--as-of", "yesterday", stderr=closed)

    assert done.returncode == 2


def test_characters_that_a_terminal_lacks_are_written_out() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}

    said, data = run("umlaut", "say", env=environment), run("umlaut", "json", env=environment)

    assert (said.returncode, said.stdout) == (0, rb"D\xfcse \u2192 Tank" + b"\n")
    assert json.loads(data.stdout) == {"name": "Düse"}


def test_fault_of_the_program_is_one_sentence_and_status_70() -> None:
    done = run("fault")

    assert (done.returncode, done.stdout) == (70, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"ZeroDivisionError: nobody thought of this" in done.stderr


def test_log_of_the_driver_reaches_no_terminal() -> None:
    """A graph that ended in mid-load left raw lines of it among the answers."""
    done = run("log")

    assert (done.returncode, done.stderr) == (0, b"")


def test_fault_of_the_program_shows_where_when_asked() -> None:
    done = run("fault", env={**os.environ, "UTCS_DEBUG": "1"})

    assert done.returncode == 70
    assert b"Traceback" in done.stderr
