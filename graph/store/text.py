"""Cypher text with its gaps filled: with names of the ontology and with integers, nothing else.

Values are always parameters. What a caller wrote never stands in a statement.
"""

from __future__ import annotations

from functools import cache

import cypher


def fill(name: str, /, **pieces: str | int) -> str:
    """Returns the text of a file in `cypher/` with each `«gap»` filled, and without its comments.

    Raises:
        KeyError: A gap was left open, or a piece has no gap; a mistake of the caller, not the user.
    """
    text = _text(name)
    for gap, piece in pieces.items():
        if f"«{gap}»" not in text:
            raise KeyError(f"cypher/{name}.cypher has no gap «{gap}»")
        text = text.replace(f"«{gap}»", str(piece))
    if "«" in text:
        raise KeyError(f"cypher/{name}.cypher has a gap left: «{text.split('«')[1].split('»')[0]}»")
    return text


@cache
def _text(name: str) -> str:
    lines = cypher.load(name).splitlines()
    return "\n".join(line for line in lines if not line.startswith("//")).strip()
