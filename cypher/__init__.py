"""Every Cypher statement, one file each, in cypher/<noun>/<verb>.cypher; and how to read one.

Only graph.store imports this. Nothing is assembled here.
"""

import re
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)+")


class UnknownStatementError(LookupError):
    """No Cypher file has that name."""


@cache
def load(name: str) -> str:
    """The text of one statement, such as `load("node/show")` for cypher/node/show.cypher.

    Raises:
        UnknownStatementError: if no such file exists; a mistake of the caller, not of the user.
    """
    if not _NAME.fullmatch(name):
        raise UnknownStatementError(f"cypher name {name!r} is not of the form 'noun/verb'")
    file = files(__name__).joinpath(*f"{name}.cypher".split("/"))
    if not file.is_file():
        raise UnknownStatementError(f"there is no cypher/{name}.cypher; check the name")
    return file.read_text(encoding="utf-8")


def names(noun: str) -> list[str]:
    """The statements of one noun, sorted: `names("schema")` begins "schema/0001_anchor_utcs"."""
    folder = files(__name__).joinpath(noun)
    return sorted(f"{noun}/{file.name.removesuffix('.cypher')}" for file in folder.iterdir())
