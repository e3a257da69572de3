"""The reference of the ontology as Markdown: what `docs/ontology.md` holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from importlib import import_module
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel

from graph.model import ontology
from graph.model.alias import Alias
from graph.model.kind import Kind, Unit
from graph.model.link import LinkType

_PREAMBLE: Final = """\
# Ontology

Every kind of thing in the thread, what it may carry, and how things hang together. This page is
made from the code in `graph/model`; change it there, and write it anew with

```
python -m graph.model.reference > docs/ontology.md
```

**A link points from the thing that depends to the thing it depends on.** So "why?" follows the
arrows, and "what is affected?" goes against them.

A quantity is a decimal of at most 15 significant digits in the one unit that its name ends in. It
is written as a number (`12.5`) or with that unit (`"12.5 kg"`); another unit is refused. A moment
is an RFC 3339 time with its offset, a day is `YYYY-MM-DD`.
"""

_WORDS: Final[dict[Any, str]] = {
    str: "text",
    bool: "yes or no",
    int: "whole number",
    Decimal: "decimal",
    datetime: "moment",
    date: "day",
    Alias: "alias",
    dict: "JSON object",
}


def reference() -> str:
    """Returns the whole reference."""
    return "\n".join([_PREAMBLE, *_contents(), *_base(), *_families(), *_links()])


def _contents() -> Iterator[str]:
    yield from _table(("family", "what it is about", "kinds"), map(_family_row, ontology.FAMILIES))


def _family_row(family: str) -> tuple[str, str, str]:
    return (
        f"[{family}](#{family}-family)",
        _about(family),
        ", ".join(f"[{kind}](#{kind})" for kind in _kinds_of(family)),
    )


def _base() -> Iterator[str]:
    yield "## Every kind\n\nBesides its own properties, each thing carries these.\n"
    yield from _properties(Kind)


def _families() -> Iterator[str]:
    for family in ontology.FAMILIES:
        yield f"## {family.capitalize()} family\n\n{_about(family)}\n"
        for kind in _kinds_of(family):
            yield from _kind(kind)


def _kind(kind: str) -> Iterator[str]:
    cls = ontology.get_kind(kind)
    above = ontology.lineage(kind)[1:]
    extends = f" Also has all that a [{above[0]}](#{above[0]}) has." if above else ""
    yield f"### {kind}\n\n{cls.__doc__}{extends}\n"
    yield from _properties(cls, ontology.get_kind(above[0]) if above else Kind)
    yield from _ends(kind)


def _properties(cls: type[BaseModel], base: type[BaseModel] | None = None) -> Iterator[str]:
    known = base.model_fields.keys() if base else set()
    rows = []
    for name, field in cls.model_fields.items():
        if name not in known:
            type_, unit = _described(field.annotation, field.metadata)
            needed = " (required)" if field.is_required() else ""
            rows.append((f"`{name}`{needed}", type_, unit, field.description or ""))
    yield from _table(("property", "type", "unit", "meaning"), rows)


def _ends(kind: str) -> Iterator[str]:
    links = ontology.link_types().values()
    out = [link.name for link in links if ontology.fits(kind, link.sources)]
    into = [link.inverse for link in links if ontology.fits(kind, link.targets)]
    for words, names in (("Links from it", out), ("Links to it, read backwards", into)):
        if names:
            yield f"{words}: {', '.join(f'`{name}`' for name in names)}.\n"


def _links() -> Iterator[str]:
    yield "## Links\n"
    yield (
        "*one* at an end: only one such thing at any one instant. *acyclic*: nothing may reach "
        "itself. *suspect*: a change of the target puts the link in doubt until somebody looks. "
        "*slotted*: each link names a slot of its source, which holds one target at a time.\n"
    )
    heads = ("link", "backwards", "from", "to", "what it claims", "rules", "carries")
    yield from _table(heads, map(_link_row, ontology.link_types().values()))
    yield "## What links carry\n"
    carried = {link.properties for link in ontology.link_types().values() if link.properties}
    for cls in sorted(carried, key=lambda cls: cls.__name__):
        yield f"### {cls.__name__}\n\n{cls.__doc__}\n"
        yield from _properties(cls)


def _link_row(link: LinkType) -> tuple[str, ...]:
    carries = link.properties.__name__ if link.properties else ""
    return (
        f"`{link.name}`",
        f"`{link.inverse}`",
        _kind_list(link.sources) + (" *(one)*" if link.max_in else ""),
        _kind_list(link.targets) + (" *(one)*" if link.max_out else ""),
        link.doc,
        ", ".join(rule for rule in ("acyclic", "suspect", "slotted") if getattr(link, rule)),
        f"[{carries}](#{carries.lower()})" if carries else "",
    )


def _kind_list(kinds: Iterable[str]) -> str:
    return ", ".join(f"[{kind}](#{kind})" for kind in ontology.kinds() if kind in kinds)


def _described(annotation: Any, marks: Iterable[Any] = ()) -> tuple[str, str]:
    """Returns what a reader is told of a type: its word, and its unit if it has one."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        (inner,) = (arm for arm in get_args(annotation) if arm is not type(None))
        return _described(inner, marks)
    if hasattr(annotation, "__metadata__"):
        return _described(annotation.__origin__, [*annotation.__metadata__, *marks])
    if origin is tuple:
        return f"list of {_described(get_args(annotation)[0])[0]}", ""
    unit = next((mark.symbol for mark in marks if isinstance(mark, Unit)), "")
    plain = origin or annotation
    if issubclass(plain, StrEnum):
        return "one of " + ", ".join(f"`{member.value}`" for member in plain), unit
    return _WORDS[plain], unit


def _about(family: str) -> str:
    """Returns what the family's file says of itself after its name."""
    first = str(import_module(f"graph.model.{family}").__doc__).splitlines()[0]
    about = first.partition(": ")[2]
    return about[0].upper() + about[1:]


def _kinds_of(family: str) -> list[str]:
    return [kind for kind, cls in ontology.kinds().items() if cls.family == family]


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + " --- |" * len(heads)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


if __name__ == "__main__":
    import sys

    sys.stdout.write(reference())
