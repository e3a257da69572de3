"""`utcs`: all verbs in one command, and what its exit status says.

0: done. 1: the answer is no (not found, not complete, refused). 2: the input is wrong. 3: a part
that is needed does not answer.
"""

from __future__ import annotations

import os
import sys
from typing import Final

import typer

from cli import demo, export, load, questions, serve
from cli.local import commands
from cli.local.errors import LocalError
from cli.output import tell
from graph.errors import TraceError
from graph.store.errors import GraphUnreachableError, NotFoundError, QueryTimeoutError

NO: Final = 1
BAD_INPUT: Final = 2
NOT_ANSWERING: Final = 3

app = typer.Typer(
    name="utcs",
    help="A digital thread for aircraft and the factories that build them.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: utcs demo",
)
for _panel, _verbs in {
    "Start and stop": (demo.demo, serve.up, commands.down, commands.status, commands.doctor),
    "Ask": (questions.show, questions.trace, questions.impact),
    "Files": (load.load, export.export),
    "Serve": (serve.serve, serve.login),
}.items():
    for _verb in _verbs:
        app.command(rich_help_panel=_panel)(_verb)


def main() -> None:
    """Runs the command that was typed; errors become one sentence and an exit status."""
    try:
        app()
    except TraceError as error:
        tell(error.message, style="red")
        sys.exit(exit_status(error))
    except BrokenPipeError:
        # Whoever read our output has seen enough, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def exit_status(error: TraceError) -> int:
    """Returns the exit status that an error stands for."""
    if isinstance(error, LocalError):
        return error.exit_code
    if isinstance(error, NotFoundError):
        return NO
    if isinstance(error, GraphUnreachableError | QueryTimeoutError):
        return NOT_ANSWERING
    return BAD_INPUT


if __name__ == "__main__":
    main()
