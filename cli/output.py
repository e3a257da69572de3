"""What the terminal shows: coloured tables for people, plain rows for pipes, JSON when asked.

Answers go to stdout, everything else to stderr, so that a pipe carries answers alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Final

import orjson
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.plain import plain
from graph.errors import TraceError


class _Terminal(Console):
    def on_broken_pipe(self) -> None:
        """Leaves it to the caller; Rich would end the program, with status 1 and half of its work."""
        raise


out: Final = _Terminal(highlight=False, soft_wrap=True)
err: Final = _Terminal(stderr=True, highlight=False, soft_wrap=True)

UNWRITABLE: Final = "standard output: cannot be written ({}); send it elsewhere or make room"

_GAP: Final = "  "
"""What stands between the columns of a table."""

# Text of the graph comes from anywhere; an escape sequence in it must not reach the terminal.
_CONTROLS: Final = dict.fromkeys((*range(32), *range(127, 160)), "·") | {9: " ", 10: " "}


def clean(value: object) -> str:
    """Returns foreign text on one line, without anything that a terminal would obey."""
    return str(value).translate(_CONTROLS)


class OutputError(TraceError):
    """Standard output takes no more."""


@contextmanager
def _answering() -> Iterator[None]:
    """Names the stream if it cannot be written; a reader who has seen enough is no such error."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(UNWRITABLE.format(error.strerror)) from error


def say(text: str, style: str = "") -> None:
    """Prints one line of an answer."""
    with _answering():
        out.print(Text(clean(text), style=style))


def tell(text: str, style: str = "dim") -> None:
    """Prints one line about what is going on, to stderr; nobody may be listening."""
    with suppress(OSError):
        err.print(Text(clean(text), style=style))


def json_out(answer: Any) -> None:
    """Prints an answer as JSON, indented for people, whole for programs."""
    with _answering():
        sys.stdout.write(_as_json(plain(answer)) + "\n")


def _as_json(answer: Any) -> str:
    """Returns JSON in characters that the stream can take, escaped where it must be."""
    try:
        text = orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode()
        text.encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, orjson.JSONEncodeError):  # a file's name may be no UTF-8
        return json.dumps(answer, indent=2)
    return text


def write_out(content: bytes) -> None:
    """Writes an answer as it is, for a pipe or a file."""
    with _answering():
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def rows(headings: Sequence[str], lines: Iterable[Sequence[object]], *, number: int = -1) -> None:
    """Prints a table; in a pipe, one line for each row with tabs between, and no heading.

    Args:
        headings: One for each column.
        lines: The rows.
        number: The column that holds numbers, if one does.
    """
    cells = [[clean(cell) for cell in line] for line in lines]
    with _answering():
        if not out.is_terminal:
            for line in cells:
                sys.stdout.write("\t".join(line) + "\n")
        elif widths := _widths([headings, *cells], out.width):
            out.print(_table(headings, cells, widths, number))
        else:
            for line in cells:
                out.print(Text(_GAP.join(line)))


def _table(
    headings: Sequence[str], cells: list[list[str]], widths: list[int], number: int
) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, len(_GAP), 0, 0))
    for place, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        table.add_column(
            heading, justify="right" if place == number else "left", width=width, overflow="fold"
        )
    for line in cells:
        table.add_row(*map(Text, line))
    return table


def _widths(lines: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Returns how wide each column is when all fit; None if words, such as ids, would break."""
    columns = list(zip(*lines, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    least = [max(cell_len(w) for cell in c for w in (cell.split() or [""])) for c in columns]
    room -= len(_GAP) * (len(columns) - 1)
    while (excess := sum(widths) - room) > 0:
        slack, place = max((w - n, i) for i, (w, n) in enumerate(zip(widths, least, strict=True)))
        if slack == 0:
            return None
        widths[place] -= min(slack, excess)
    return widths


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
