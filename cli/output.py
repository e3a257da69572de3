"""What the terminal shows: coloured tables for people, plain rows for pipes, JSON when asked.

Answers go to stdout, everything else to stderr, so that a pipe carries answers alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.plain import plain

out: Final = Console(highlight=False, soft_wrap=True)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True)

# Text of the graph comes from anywhere; an escape sequence in it must not reach the terminal.
_CONTROLS: Final = dict.fromkeys((*range(32), *range(127, 160)), "·") | {9: " ", 10: " "}


def clean(value: object) -> str:
    """Returns foreign text on one line, without anything that a terminal would obey."""
    return str(value).translate(_CONTROLS)


def say(text: str, style: str = "") -> None:
    """Prints one line of an answer."""
    out.print(Text(clean(text), style=style))


def tell(text: str, style: str = "dim") -> None:
    """Prints one line about what is going on, to stderr."""
    err.print(Text(clean(text), style=style))


def json_out(answer: Any) -> None:
    """Prints an answer as JSON, indented for people, whole for programs."""
    sys.stdout.write(orjson.dumps(plain(answer), option=orjson.OPT_INDENT_2).decode() + "\n")


def rows(headings: Sequence[str], lines: Iterable[Sequence[object]], *, number: int = -1) -> None:
    """Prints a table; in a pipe, one line for each row with tabs between, and no heading.

    Args:
        headings: One for each column.
        lines: The rows.
        number: The column that holds numbers, if one does.
    """
    if not out.is_terminal:
        for line in lines:
            sys.stdout.write("\t".join(clean(cell) for cell in line) + "\n")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for place, heading in enumerate(headings):
        if place == number:
            table.add_column(heading, justify="right", no_wrap=True)
        else:
            table.add_column(heading, overflow="fold")
    for line in lines:
        table.add_row(*(Text(clean(cell)) for cell in line))
    out.print(table)


def moment(when: datetime | None) -> str:
    """Returns a time as people read it; no time is `now`."""
    if when is None:
        return "now"
    if when.microsecond:
        return f"{when:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0") + "Z"
    return (
        f"{when:%Y-%m-%d}"
        if not (when.hour or when.minute or when.second)
        else f"{when:%Y-%m-%dT%H:%M:%SZ}"
    )
