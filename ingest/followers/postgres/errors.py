"""What can go wrong between the graph and its mirror. Errors of psycopg end here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from graph.errors import TraceError


class MirrorError(TraceError):
    """The mirror cannot be written; the sentence says why."""


@contextmanager
def translated() -> Iterator[None]:
    """Turns the errors of psycopg into ours."""
    try:
        yield
    except psycopg.Error as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise MirrorError(f"PostgreSQL: {said}") from error
