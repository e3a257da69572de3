"""XML from anywhere, read so that it can neither fetch anything nor grow."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, TypeAlias
from xml.parsers import expat

from lxml import etree

from ingest.files.rejected import file_error

MAX_XML: Final = 128 * 1024 * 1024
"""The largest document that is read: it is held in memory as a tree."""

Element: TypeAlias = Any
"""lxml ships no types."""


class _ContentReached(Exception):  # noqa: N818 - a signal, not an error
    """The first element has begun, so no declaration can follow."""


def parse_xml(
    path: Path, document: bytes, form: str, member: str = "", *, takes_pictures: bool = False
) -> Element:
    """Returns the root element of a document.

    Args:
        path: The file, for messages.
        document: Its content.
        form: What it should be, for messages.
        member: The name inside an archive, for messages.
        takes_pictures: Whether a DOCTYPE may declare files that are not XML, which are never read.

    Raises:
        FileError: It is too large, has a DOCTYPE or an entity, or is not well-formed.
    """
    if len(document) > MAX_XML:
        raise file_error(path, f"is over {MAX_XML:,} bytes; export it in parts", member)
    _refuse_declarations(path, document, form, member, takes_pictures)
    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(document, reader)
    except etree.XMLSyntaxError as error:
        where = f"{member} line {error.lineno} column {error.offset}".strip()
        raise file_error(path, f"not well-formed XML: {error.msg}", where) from error


def _refuse_declarations(
    path: Path, document: bytes, form: str, member: str, takes_pictures: bool
) -> None:
    """Stops at a DOCTYPE, or at an entity that would be read: it can fetch files and grow without bound."""

    def doctype(*_: object) -> None:
        if not takes_pictures:
            problem = f"has a DOCTYPE, which {form} does not use and entity attacks do; remove it"
            raise file_error(path, problem, member)

    def entity(name: str, *declared: object) -> None:
        if declared[-1] is None:  # no notation, so it stands for text
            problem = f"declares the entity {name!r:.80}, as attacks do; write what it stands for"
            raise file_error(path, problem, member)

    def content(*_: object) -> None:
        raise _ContentReached

    scanner = expat.ParserCreate()
    scanner.StartDoctypeDeclHandler = doctype
    scanner.EntityDeclHandler = entity
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
