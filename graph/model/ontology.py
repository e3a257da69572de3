"""The registry of kinds and link types: the one place where the rest of the code looks them up."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Final

from graph.errors import TraceError
from graph.model.kind import Kind
from graph.model.link import LinkType

FAMILIES: Final = (
    "engineering", "product", "change", "maintenance", "resources", "quality", "operation",
    "production", "learning", "governance",
)  # fmt: skip


class OntologyError(TraceError):
    """A kind or link type is unknown, or a thing does not fit its declaration."""


@cache
def kinds() -> dict[str, type[Kind]]:
    """Returns every kind by its identifier word, in the order of declaration."""
    modules = [import_module(f"graph.model.{family}") for family in FAMILIES]
    found = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Kind)
        and value.__module__ == module.__name__
    ]
    return {kind.kind: kind for kind in found}


@cache
def link_types() -> dict[str, LinkType]:
    """Returns every link type by name, in the order of declaration."""
    from graph.model.links import LINKS

    return {link.name: link for link in LINKS}


def _instead(name: str, known: Collection[str]) -> str:
    """Returns what to write instead: the names that look alike, or all that there are."""
    near = get_close_matches(str(name)[:80], known, n=3)
    return f"did you mean {' or '.join(near)}?" if near else f"use one of {', '.join(known)}"


def get_kind(kind: str) -> type[Kind]:
    """Returns the class of a kind, or says which kinds there are."""
    try:
        return kinds()[kind]
    except KeyError:
        raise OntologyError(
            f"kind: {kind!r:.80} is not in the ontology; {_instead(kind, kinds())}"
        ) from None


def get_link_type(name: str) -> LinkType:
    """Returns a link type, or says which there are."""
    try:
        return link_types()[name]
    except KeyError:
        raise OntologyError(
            f"link: {name!r:.80} is not in the ontology; {_instead(name, link_types())}"
        ) from None


@cache
def link_as_read(reads: str) -> tuple[LinkType, bool]:
    """Returns the link type of a name or an inverse, and whether it is read along the arrow."""
    for link in link_types().values():
        if reads in (link.name, link.inverse):
            return link, reads == link.name
    known = [name for link in link_types().values() for name in (link.name, link.inverse)]
    raise OntologyError(f"link: {reads!r:.80} is not in the ontology; {_instead(reads, known)}")


@cache
def lineage(kind: str) -> tuple[str, ...]:
    """Returns a kind and the kinds it extends, nearest first: aircraft, serial."""
    classes = get_kind(kind).__mro__
    return tuple(c.kind for c in classes if issubclass(c, Kind) and c is not Kind)


@cache
def label(kind: str) -> str:
    """Returns the graph label and GraphQL type name of a kind: `CertBasis` for certbasis."""
    return get_kind(kind).__name__


@cache
def fits(kind: str, allowed: frozenset[str]) -> bool:
    """Says whether a kind, or one that it extends, is among those allowed."""
    return not allowed.isdisjoint(lineage(kind))
