"""One spelling for text that means the same: what may be cleansed without knowing what it says.

Nothing here guesses. A character is only replaced by the one that it stands for: a no-break space by a
space, a typographic dash in a code by the hyphen-minus that is on the plate.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, Final, get_args, get_type_hints

from graph.model.kind import Code, Kind, Line, Name

_UNSEEN: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphen, zero-width space, word joiner, byte order mark: nobody sees them. Joiners mean something."""

_BLANKS: Final = re.compile(r"\s+")

HYPHENS: Final = dict.fromkeys(
    [*range(0x2010, 0x2016), 0x2043, 0x2212, 0xFE58, 0xFE63, 0xFF0D], "-"
)
"""Dashes that stand for the hyphen-minus on the plate."""

_WIDE: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""Full-width forms of ASCII, as East Asian keyboards give them (Unicode, block FF00)."""


def clean_line(text: str) -> str:
    """Returns a line of text in Unicode's composed form, with one space between words and none around."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return _BLANKS.sub(" ", seen).strip()


def clean_code(text: str) -> str:
    """Returns a number or code with plain hyphens and plain letters; its case and length are its own."""
    return clean_line(text.translate({**_WIDE, **HYPHENS}))


@cache
def lines(kind: type[Kind]) -> frozenset[str]:
    """Returns the properties of a kind that hold one line of text which is no code."""
    return _holding(kind, Line) | _holding(kind, Name)


@cache
def codes(kind: type[Kind]) -> frozenset[str]:
    """Returns the properties of a kind that hold a number or another code."""
    return _holding(kind, Code)


def _holding(kind: type[Kind], form: Any) -> frozenset[str]:
    mark = form.__metadata__[0]
    hints = get_type_hints(kind, include_extras=True)
    return frozenset(
        name
        for name in kind.model_fields
        if any(mark is one for part in _arms(hints[name]) for one in _marks(part))
    )


def _arms(hint: Any) -> tuple[Any, ...]:
    """Returns a type, or those of a union: `Number | None` is a number and nothing."""
    return (hint,) if hasattr(hint, "__metadata__") else get_args(hint)


def _marks(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__metadata__", ())
