"""Which links the relations and the hierarchy of ReqIF become."""

from __future__ import annotations

from typing import Final

LISTED: Final = "SPECIFIED_IN"
"""From a requirement to the document that lists it."""

BELOW: Final = "PLACED_UNDER"
"""From a requirement to the one above it in the hierarchy of a specification."""

DERIVED: Final = "DERIVES_FROM"
RELATED: Final = "REFERS_TO"

_DERIVING: Final = ("deriv", "refine", "satisf", "decompos", "implement", "parent", "detail")


def link_of(type_name: str) -> str:
    """Returns the link type for a relation, by the name that its author gave its type.

    ReqIF draws a relation from the requirement that answers to the one that demands, as the thread
    does. Only a name that says so claims that the one derives from the other.
    """
    name = type_name.lower()
    return DERIVED if any(word in name for word in _DERIVING) else RELATED
