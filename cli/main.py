"""`utcs`: all verbs in one command, and what its exit status says.

0: done. 1: the answer is no (not found, not complete, refused). 2: the input is wrong, or the output
cannot be written. 3: a part that is needed does not answer. 70: a fault of the program itself, as
sysexits.h numbers it; UTCS_DEBUG=1 shows where.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Final

import typer

from api.report.json import MismatchError
from cli.local.errors import LocalError
from cli.output import json_out, say, tell
from cli.streams import finish, prepare
from cli.words import Verb
from graph.errors import TraceError
from graph.store.errors import GraphUnreachableError, NotFoundError, QueryTimeoutError
from graph.store.settle import SettledError

NO: Final = 1
BAD_INPUT: Final = 2
NOT_ANSWERING: Final = 3
FAULT: Final = 70

app = typer.Typer(
    name="utcs",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: utcs demo",
)
_VERBS: Final[dict[str, dict[str, str]]] = {
    "Start and stop": {
        "demo": "cli.demo",
        "up": "cli.serve",
        "down": "cli.local.commands",
        "status": "cli.local.commands",
        "doctor": "cli.local.commands",
    },
    "Ask": {
        "show": "cli.questions",
        "trace": "cli.questions",
        "impact": "cli.questions",
        "effectivity": "cli.effectivity",
        "genealogy": "cli.genealogy",
        "due": "cli.due",
    },
    "Report": {"report": "cli.report"},
    "Files": {"load": "cli.load", "export": "cli.export"},
    "Serve": {"serve": "cli.serve", "login": "cli.serve", "work": "cli.work"},
}
"""Where each verb is, by the panel of the help that it stands in."""

_GROUPS: Final = {
    "Configuration": {"baseline": "cli.baseline"},
    "Maintenance": {
        "workorder": "cli.workorder",
        "stock": "cli.stock",
        "tool": "cli.tool",
        "labour": "cli.labour",
    },
    "Files": {"replay": "cli.replay"},
}
"""Where the verbs are that have verbs of their own."""


def _add_verbs(typed: str | None) -> None:
    """Adds all verbs, or the one that was typed: it does not wait until the others are imported."""
    known = {verb for panels in (_VERBS, _GROUPS) for verbs in panels.values() for verb in verbs}
    wanted = {typed} & known or known
    for panel, verbs in _VERBS.items():
        for verb in (verb for verb in verbs if verb in wanted):
            found = getattr(import_module(verbs[verb]), verb)
            app.command(cls=Verb, rich_help_panel=panel)(found)
    for panel, groups in _GROUPS.items():
        for group in (group for group in groups if group in wanted):
            app.add_typer(import_module(groups[group]).app, name=group, rich_help_panel=panel)


_add_verbs(next(iter(sys.argv[1:]), None))


def _say_version(is_asked: bool) -> None:
    if is_asked:
        say(f"utcs {version('utcs')}")
        raise typer.Exit


@app.callback()
def utcs(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_say_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """A digital thread for aircraft and the factories that build them."""


def main() -> None:
    """Runs the command that was typed; errors become one sentence and an exit status."""
    prepare()
    if not _is_debugging():
        # What the driver logs is in the error that follows; without a handler it lands on stderr.
        logging.getLogger("neo4j").addHandler(logging.NullHandler())
    sys.exit(finish(_run()))


def exit_status(error: Exception) -> int:
    """Returns the exit status that an error stands for."""
    if isinstance(error, LocalError):
        return error.exit_code
    if isinstance(error, NotFoundError | SettledError | MismatchError):
        return NO
    if isinstance(error, GraphUnreachableError | QueryTimeoutError):
        return NOT_ANSWERING
    return BAD_INPUT if isinstance(error, TraceError | typer.TyperException | OSError) else FAULT


def _run() -> int:
    as_json = "--json" in sys.argv[1:]
    try:
        # Typer words a wrong command itself, unless a program wants to read it.
        return app(standalone_mode=not as_json) or 0
    except SystemExit as ended:
        # Typer ends with 1 when a pipe breaks; whoever reads has seen enough, as `head` does.
        is_cut = isinstance(ended.__context__, BrokenPipeError)
        return 0 if is_cut else int(ended.code or 0)
    except BrokenPipeError:
        return 0
    except Exception as error:  # the last line of defence: no traceback reaches a terminal
        return _told(error, as_json)


def _told(error: Exception, as_json: bool) -> int:
    """Says what went wrong, where it is looked for, and returns the exit status."""
    sentence, status = _sentence(error), exit_status(error)
    if status == FAULT and _is_debugging():
        traceback.print_exception(error)
    if as_json:
        with suppress(OSError, TraceError):
            json_out({"error": {"message": sentence, "status": status}})
            return status
    tell(sentence, style="red")
    return status


def _sentence(error: Exception) -> str:
    if isinstance(error, TraceError):
        return error.message
    if isinstance(error, typer.TyperException):
        return error.format_message()
    if isinstance(error, OSError):
        place = error.filename or "output"
        return f"{place}: {error.strerror or error}; make it usable for you, or name another"
    return (
        f"utcs: a fault of the program itself ({type(error).__name__}: {error}); report it with "
        "what UTCS_DEBUG=1 prints"
    )


def _is_debugging() -> bool:
    return os.environ.get("UTCS_DEBUG") == "1"


if __name__ == "__main__":
    main()
