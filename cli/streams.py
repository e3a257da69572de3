"""Standard output and error of one command: always open, for any character, and whole at the end."""

from __future__ import annotations

import io
import os
import sys
from typing import Final

from cli.output import UNWRITABLE, tell

_BAD_INPUT: Final = 2


def prepare() -> None:
    """Makes both streams usable: closed ones are opened, and no character is too foreign for them."""
    sys.stdout = sys.stdout or _reopened(1, os.O_RDONLY)  # writing fails, as on what is closed
    sys.stderr = sys.stderr or _reopened(2, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def finish(status: int) -> int:
    """Returns the exit status once all of the answer is written, or the one that says it cannot be."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_rest()
        return status  # whoever reads has seen enough, as `head` does
    except OSError as error:
        _drop_rest()
        if status != _BAD_INPUT:  # then it was told already
            tell(UNWRITABLE.format(error.strerror), style="red")
        return _BAD_INPUT
    return status


def _reopened(descriptor: int, flags: int) -> io.TextIOWrapper:
    """Returns a stream on a descriptor that was closed, which no file of ours may then get by chance."""
    null = os.open(os.devnull, flags)
    if null != descriptor:
        os.dup2(null, descriptor)
        os.close(null)
    return io.TextIOWrapper(io.BufferedWriter(io.FileIO(descriptor, "w")), encoding="utf-8")


def _drop_rest() -> None:
    """Lets Python's own last flush succeed; it would print a message of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
