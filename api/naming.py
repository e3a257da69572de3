"""Errors in the words of whoever asked: the store says `target` where an address says `to`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graph.errors import TraceError
from graph.model.alias import AliasError
from graph.model.identifier import IdentifierError


@contextmanager
def named(**asked: str) -> Iterator[None]:
    """Renames the field that an error names, as in `with named(target="to")`.

    An identifier that is wrong is in the field `id`, which its own sentence does not say.
    """
    try:
        yield
    except TraceError as error:
        for own, name in asked.items():
            if error.message.startswith(f"{own}: "):
                error.message = f"{name}{error.message[len(own) :]}"
                error.facts["field"] = name
            elif own == "id" and isinstance(error, IdentifierError | AliasError):
                error.message = f"{name}: {error.message}"
                error.facts["field"] = name
        raise
