"""ReqIF as XML: reading it safely, keeping it word for word, and writing it out again.

White space between ReqIF's own elements means nothing and is dropped; everything inside a value
or a tool extension is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.parsers import expat

from lxml import etree

from ingest.files.rejected import file_error

NAMESPACE: Final = "http://www.omg.org/spec/ReqIF/20110401/reqif.xsd"
"""The namespace of ReqIF 1.0, 1.1 and 1.2 alike (OMG formal/16-07-01, annex A)."""

XHTML: Final = "http://www.w3.org/1999/xhtml"

MAX_XML: Final = 128 * 1024 * 1024
"""The largest ReqIF document that is read: it is held in memory as a tree."""

Element: TypeAlias = Any
"""lxml ships no types."""

_VERBATIM: Final = frozenset(
    f"{{{NAMESPACE}}}{name}" for name in ("THE-VALUE", "THE-ORIGINAL-VALUE", "TOOL-EXTENSIONS")
)
_INDENT: Final = "  "


class _ContentReached(Exception):  # noqa: N818 - a signal, not an error
    """The first element has begun, so no DOCTYPE can follow."""


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
    if len(document) > MAX_XML:
        raise file_error(path, f"is over {MAX_XML:,} bytes; export it in parts", member)
    _refuse_doctype(path, document, member)
    reader = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(document, reader)
    except etree.XMLSyntaxError as error:
        where = f"{member} line {error.lineno} column {error.offset}".strip()
        raise file_error(path, f"not well-formed XML: {error.msg}", where) from error
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


def _refuse_doctype(path: Path, document: bytes, member: str) -> None:
    """Stops at a DOCTYPE: entities can fetch files and grow without bound, and ReqIF has none."""

    def doctype(*_: object) -> None:
        raise file_error(
            path, "has a DOCTYPE, which ReqIF does not use and entity attacks do; remove it", member
        )

    def content(*_: object) -> None:
        raise _ContentReached

    scanner = expat.ParserCreate()
    scanner.StartDoctypeDeclHandler = doctype
    scanner.StartElementHandler = content
    try:
        scanner.Parse(document, True)
    except _ContentReached:
        return
    except expat.ExpatError as error:
        where = f"{member} line {error.lineno} column {error.offset + 1}".strip()
        raise file_error(path, f"not well-formed XML: {error}", where) from error
    except (LookupError, ValueError) as error:  # no such encoding, or one of several bytes
        raise file_error(path, f"{error}; write the document as UTF-8", member) from error
