"""The words of an expression, each with the column where it begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from graph.model.applicability.span import ExpressionError
from graph.model.applicability.term import MAX_LENGTH, MAX_VALUE
from graph.model.identifier import named
from graph.model.spelling import HYPHENS

TERMS: Final = ("all", "MSN", "type", "model", "part", "installed", "pre", "post", "aircraft", "loaded",
                "delivered", "manufactured", "date")  # fmt: skip
"""The words with which a term begins."""

KEYWORDS: Final = frozenset(
    {*map(str.lower, TERMS), "and", "or", "not", "serial", "at", "before", "from", "to"}
)
"""Words that mean something; as a value, each is quoted."""

_MARKS: Final = frozenset("(),")
_WORD: Final = re.compile(r'[^\s(),"]+')
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        text: What it says; of a quoted one, what stands between the quotes.
        column: Where it begins, counted from 1.
        is_quoted: Whether it stood in quotes, so that it is a value whatever it says.
    """

    text: str
    column: int
    is_quoted: bool = False

    @property
    def keyword(self) -> str:
        """The word as a keyword, or a parenthesis or comma; empty for a value."""
        lower = self.text.lower()
        return lower if not self.is_quoted and (lower in KEYWORDS or lower in _MARKS) else ""

    @property
    def is_end(self) -> bool:
        """Whether the expression is over."""
        return not self.text and not self.is_quoted


def words(text: str) -> Iterator[Word]:
    """Yields the words of an expression, and an empty one at its end.

    Raises:
        ExpressionError: It is too long, or a quote is not closed.
    """
    if len(text) > MAX_LENGTH:
        problem = f"the expression has {len(text):,} characters, over the limit of {MAX_LENGTH:,}"
        raise ExpressionError(f"{problem}; split it into several rules", column=MAX_LENGTH)
    plain, place = text.translate(HYPHENS), 0
    while place < len(plain):
        if plain[place].isspace():
            place += 1
            continue
        word, place = _word(plain, place)
        yield word
    yield Word("", len(plain) + 1)


def _word(text: str, place: int) -> tuple[Word, int]:
    column = place + 1
    if text[place] in _MARKS:
        return Word(text[place], column), place + 1
    if text[place] == '"':
        found = _QUOTED.match(text, place)
        if found is None:
            raise ExpressionError(
                f'column {column}: the quote is not closed; add a "', column=column
            )
        word = Word(_ESCAPED.sub(r"\1", found[1]), column, is_quoted=True)
    else:
        found = _WORD.match(text, place)
        assert found is not None, "what is neither blank nor a mark is a word"  # noqa: S101
        word = Word(found[0], column)
    if len(word.text) > MAX_VALUE or (word.is_quoted and not word.text.strip()):
        problem = f"has {len(word.text)} characters, 1 to {MAX_VALUE} are allowed"
        raise ExpressionError(f"column {column}: the value {problem}", column=column)
    for symbol in word.text:
        if not symbol.isprintable():
            raise ExpressionError(
                f"column {column}: {named(symbol)} is in a value; leave it out", column=column
            )
    return word, found.end()
