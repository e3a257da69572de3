"""What a scheme of foreign ids is: the forms it is written in, and the one value they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from graph.errors import TraceError
from graph.model.identifier import named, shown

MAX_LENGTH: Final = 2000
"""The most characters an alias has; beyond lies no id, and patterns need not look at it."""

Parts = dict[str, str]
"""The named parts of an id, as its scheme names them; a part that is absent is left out."""


class AliasError(TraceError):
    """A text is no id of its scheme; the sentence says why, and how one is written.

    Attributes:
        scheme: The scheme it was read as.
        value: The text that was given.
    """

    scheme: str
    value: str


class UnfitError(Exception):
    """Raised by the rules of a scheme, with the problem and its fix; stays inside this folder."""


def _unchanged(parts: Parts) -> Parts:
    return parts


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of foreign ids.

    Attributes:
        name: The word before the colon in a key.
        source: The specification and clause that defines it.
        form: How an id is written, in words, for messages.
        example: A canonical value.
        forms: Patterns of every written form, the canonical one first; groups name the parts.
        value: Writes parts as the canonical value.
        printed: Writes parts as the scheme itself prints them.
        settle: Verifies the parts that a pattern found and brings them to one form.
        upper: Whether letters are capital, so that small ones mean the same.
    """

    name: str
    source: str
    form: str
    example: str
    forms: tuple[re.Pattern[str], ...]
    value: Callable[[Parts], str]
    printed: Callable[[Parts], str]
    settle: Callable[[Parts], Parts] = _unchanged
    upper: bool = True

    def read(self, text: str) -> Parts:
        """Returns the parts of an id in any of its written forms.

        Raises:
            AliasError: The text has none of the forms, or its check digit is wrong.
        """
        if not isinstance(text, str):
            raise self._error("", f"text is needed, not {type(text).__name__}")
        if len(text) > MAX_LENGTH:
            raise self._error(text, f"has {len(text)} characters, at most {MAX_LENGTH} are allowed")
        found = self._match(text.upper() if self.upper and text.isascii() else text)
        if found is None:
            raise self._error(text, self._misfit(text))
        try:
            return self.settle({name: part for name, part in found.items() if part is not None})
        except UnfitError as error:
            raise self._error(text, str(error)) from None

    def _match(self, text: str) -> dict[str, str | None] | None:
        found = (form.fullmatch(text) for form in self.forms)
        return next((match.groupdict() for match in found if match), None)

    def _misfit(self, text: str) -> str:
        foreign = next((c for c in text if not (c.isascii() and c.isprintable())), None)
        contains = f"contains {named(foreign)} and " if foreign else ""
        return f"{contains}does not fit; {self.form}, as in {self.example}"

    def _error(self, text: str, problem: str) -> AliasError:
        sentence = f"alias {self.name}: {shown(text)} {problem}"
        return AliasError(sentence, scheme=self.name, value=text)
