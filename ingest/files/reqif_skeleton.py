"""The skeleton of a ReqIF document: all of it but the content of its spec objects.

It is kept on the document's node, in pages where it is large. A spec object leaves its place and
identifier behind; its content is on the requirement, so that what the graph knows of the
requirement today is what is written out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from lxml import etree

from graph.model.engineering import Document, Requirement
from graph.model.identifier import Utcs, local_part
from ingest.files.reqif_xml import from_fragment, tag
from ingest.files.safe_xml import Element

EXTRA: Final = "reqif"
"""The entry of `extra` that holds what only ReqIF knows."""

PAGE: Final = 200_000
"""Characters on a page: in UTF-8 and as JSON, a page stays below the limit of an event."""


def skeleton(root: Element) -> str:
    """Empties every spec object of the document in place, and returns what is left as text."""
    for element in list(root.iter(tag("SPEC-OBJECT"))):
        parent = element.getparent()
        empty = parent.makeelement(element.tag, IDENTIFIER=element.get("IDENTIFIER"))
        parent.replace(element, empty)
    return str(etree.tostring(root.getroottree(), encoding="unicode"))


def pages(text: str) -> Iterator[dict[str, Any]]:
    """Yields what `extra` of each page of a document holds; there is at least one."""
    count = max(1, -(-len(text) // PAGE))
    for number in range(1, count + 1):
        part = text[(number - 1) * PAGE : number * PAGE]
        yield {EXTRA: {"skeleton": part, "page": number, "pages": count}}


def page_id(document: Utcs, number: int) -> Utcs:
    """Returns the identifier of a page; the first page is the document itself."""
    if number == 1:
        return document
    return Utcs(document.authority, document.kind, local_part(f"{document.local}.page{number}"))


def page_count(document: Document) -> int | None:
    """Returns on how many nodes the skeleton stands, or None if the document is not ReqIF."""
    count = _entry(document).get("pages")
    return count if isinstance(count, int) else None


def member_of(document: Document) -> str | None:
    """Returns the path of an attachment in its archive, or None if the document is none."""
    member = _entry(document).get("member")
    return member if isinstance(member, str) else None


def joined(held: Sequence[Document]) -> Element:
    """Returns the root of the skeleton that the pages hold, in their order."""
    return from_fragment("".join(str(_entry(page)["skeleton"]) for page in held))


def object_xml(requirement: Requirement) -> str | None:
    """Returns the spec object as it was read, or None if the requirement did not come by ReqIF."""
    xml = _entry(requirement).get("xml")
    return xml if isinstance(xml, str) else None


def _entry(thing: Document | Requirement) -> dict[str, Any]:
    held = thing.extra.get(EXTRA)
    return held if isinstance(held, dict) else {}
