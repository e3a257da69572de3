"""ReqIF as XML: reading it safely, keeping it word for word, and writing it out again.

White space between ReqIF's own elements means nothing and is dropped; everything inside a value
or a tool extension is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from ingest.files.rejected import file_error
from ingest.files.safe_xml import Element, parse_xml

NAMESPACE: Final = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
"""The namespace of ReqIF 1.0, 1.1 and 1.2 alike (OMG formal/16-07-01, annex A)."""

XHTML: Final = "http://www.w3.org/1999/xhtml"

_VERBATIM: Final = frozenset(
    f"{{{NAMESPACE}}}{name}" for name in ("THE-VALUE", "THE-ORIGINAL-VALUE", "TOOL-EXTENSIONS")
)
_INDENT: Final = "  "


def tag(name: str) -> str:
    """Returns the qualified name of a ReqIF element."""
    return f"{{{NAMESPACE}}}{name}"


def parse(path: Path, document: bytes, member: str = "") -> Element:
    """Returns the root element of a ReqIF document, without insignificant white space.

    Args:
        path: The file, for messages.
        document: Its content.
        member: The name inside an archive, for messages.

    Raises:
        FileError: The document is too large, has a DOCTYPE, is not well-formed, or not ReqIF.
    """
    root = parse_xml(path, document, "ReqIF", member)
    if root.tag != tag("REQ-IF"):
        raise file_error(
            path, f"the root element is {root.tag!r}, but ReqIF has REQ-IF in {NAMESPACE}", member
        )
    strip(root)
    return root


def strip(root: Element) -> None:
    """Drops the white space between ReqIF's own elements."""
    for element in _structure(root):
        if element.tag in _VERBATIM:
            continue
        if len(element) and not (element.text or "").strip():
            element.text = None
        for child in element:
            if not (child.tail or "").strip():
                child.tail = None


def indent(root: Element, depth: int = 0) -> None:
    """Puts ReqIF's own elements on lines of their own; values stay as they are."""
    for element in _structure(root):
        if element.tag in _VERBATIM or not len(element) or element.text:
            continue
        level = depth + sum(1 for _ in element.iterancestors())
        element.text = "\n" + _INDENT * (level + 1)
        for child in element:
            child.tail = element.text
        element[-1].tail = "\n" + _INDENT * level


def fragment(element: Element) -> str:
    """Returns an element as text that can stand alone, with the namespaces it needs."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def from_fragment(text: str) -> Element:
    """Returns the element of a fragment that `fragment` wrote."""
    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))


def whole(root: Element) -> bytes:
    """Returns the document as UTF-8 bytes with its declaration."""
    indent(root)
    before = [etree.tostring(node, encoding="UTF-8") for node in root.itersiblings(preceding=True)]
    after = [etree.tostring(node, encoding="UTF-8") for node in root.itersiblings()]
    body = etree.tostring(root, encoding="UTF-8", with_tail=False)
    lines = [b'<?xml version="1.0" encoding="UTF-8"?>', *reversed(before), body, *after]
    return b"\n".join(map(bytes, lines)) + b"\n"


def canonical(root: Element) -> bytes:
    """Returns the document in Canonical XML 2.0, for comparing: equal bytes, equal documents."""
    return bytes(etree.tostring(root, method="c14n2", with_comments=True))


def plain_text(element: Element) -> str:
    """Returns what people read in a formatted value: its words, one line for each block."""
    written: list[str] = []
    _collect(element, written)
    text = re.sub(rf"[\s{_EDGE}]*{_EDGE}[ {_EDGE}]*", "\n", "".join(written))
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def _collect(element: Element, written: list[str]) -> None:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    block = name in _BLOCKS
    if block:
        written.append(_EDGE)
    if name and element.text:
        written.append(_flat(element.text))
    for child in element:
        _collect(child, written)
        if child.tail:
            written.append(_flat(child.tail))
    if block or name in _ENDING:
        written.append(_ENDING.get(name, _EDGE))


_BLOCKS: Final = frozenset(
    {
        "address", "blockquote", "div", "dl", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
        "li", "ol", "p", "pre", "table", "tr", "ul",
    }
)  # fmt: skip
"""Elements of XHTML that stand on lines of their own."""

_EDGE: Final = "\f"
"""Where a block begins or ends; no such character can stand in XML 1.0."""

_ENDING: Final = {"br": "\n", "td": " ", "th": " "}


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _structure(root: Element) -> Iterator[Element]:
    """Yields ReqIF's own elements, without what stands inside values and tool extensions."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        if element.tag not in _VERBATIM:
            waiting.extend(child for child in element if isinstance(child.tag, str))
