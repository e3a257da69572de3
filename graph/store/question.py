"""What may be asked: bounds, names of the ontology, and cursors, checked before Neo4j sees them."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from hashlib import blake2b
from typing import Any, Final

import orjson

from graph.model import ontology
from graph.model.identifier import Utcs, shown
from graph.store.errors import BadQuestionError

MAX_FIRST: Final = 1000
"""The most items on one page."""


def bounded(field: str, value: int, most: int, *, least: int = 1) -> int:
    """Returns a number that a question gives, if it is within its bounds.

    Raises:
        BadQuestionError: It is not; the sentence names the field, the value and the bounds.
    """
    if type(value) is not int or not least <= value <= most:
        raise BadQuestionError(
            f"{field}: {value!r:.40} is out of bounds; give a whole number from {least} to {most:,}",
            field=field,
        )
    return value


def require_unit(utcs: Utcs, *, field: str = "id", because: str | None = None) -> None:
    """Refuses a question about a thing that is no aircraft and no other serialised unit.

    Raises:
        BadQuestionError: It is neither; the sentence says what it is, or `because` of what it will not do.
    """
    if not ontology.fits(utcs.kind, frozenset({"serial"})):
        raise BadQuestionError(
            f"{field}: {utcs} {because or f'is a {utcs.kind}'}; give an aircraft or a serialised unit",
            field=field,
        )


def counted(number: int, noun: str) -> str:
    """Returns a number and its noun as a sentence has them: `1 path`, `1,000 paths`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def chosen_links(links: Iterable[str] | None, field: str = "links") -> tuple[str, ...]:
    """Returns the link types that a question follows, in the order of the ontology; None is all.

    Raises:
        BadQuestionError: One of them is unknown, or none is named.
    """
    return chosen(field, links, ontology.link_types())


def chosen_kinds(kinds: Iterable[str] | None, field: str = "kinds") -> list[str] | None:
    """Returns the kinds that a question is about and those that extend them; None is all.

    Raises:
        BadQuestionError: One of them is unknown, or none is named.
    """
    if kinds is None:
        return None
    wanted = frozenset(chosen(field, kinds, ontology.kinds()))
    return [kind for kind in ontology.kinds() if ontology.fits(kind, wanted)]


def chosen(
    field: str,
    names: Iterable[str] | None,
    known: Collection[str],
    what: str = "in the ontology",
) -> tuple[str, ...]:
    """Returns which of some known names a question means, in the order in which they are known.

    Raises:
        BadQuestionError: One of them is unknown, or none is named.
    """
    if names is None:
        return tuple(known)
    wanted = {names} if isinstance(names, str) else set(names)
    if not wanted:
        raise BadQuestionError(f"{field}: empty; name at least one, or leave it out", field=field)
    for name in wanted.difference(known):
        near = get_close_matches(str(name)[:40], known, n=1, cutoff=0.5)
        fix = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(known)}"
        raise BadQuestionError(f"{field}: {shown(str(name))} is not {what}; {fix}", field=field)
    return tuple(name for name in known if name in wanted)  # one text for any order: one plan


def sealed(question: str, *of: object) -> str:
    """Returns a question with a digest of all that it asks, as its cursors carry it.

    Args:
        question: Its name, such as `trace`.
        of: What makes it this question and no other: the thing, links, kinds, times; not the page.
    """
    return f"{question} {blake2b(repr(of).encode(), digest_size=6).hexdigest()}"


def write_cursor(question: str, *place: str | int | float) -> str:
    """Returns the opaque mark of a place in the answer to a question, which `sealed` gives."""
    return urlsafe_b64encode(orjson.dumps([question, *place])).rstrip(b"=").decode()


def read_cursor(question: str, cursor: str, *types: type) -> list[Any]:
    """Returns the place that `write_cursor` marked.

    Raises:
        BadQuestionError: The text is not a cursor of this question.
    """
    try:
        place: list[Any]
        name, *place = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if name == question and [type(value) for value in place] == list(types):
            return place
    except (ValueError, TypeError, AttributeError):
        pass
    raise BadQuestionError(
        f"after: {shown(str(cursor))} is not a cursor of {question.partition(' ')[0]} asked so; "
        "give the one that came with the page before, unchanged, and ask all else the same",
        field="after",
    )
