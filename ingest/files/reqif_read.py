"""ReqIF 1.0 to 1.2 into events: the document, its requirements, and how they depend on each other."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from graph.errors import TraceError
from graph.model.alias import Alias, AliasError
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.time import TimeError, parse_utc
from ingest.files import reqif_object
from ingest.files.rejected import FileError, Rejected, file_error
from ingest.files.reqif_links import BELOW, LISTED, RELATED, link_of
from ingest.files.reqif_object import Types, references, type_of, values
from ingest.files.reqif_skeleton import EXTRA, page_id, pages, skeleton
from ingest.files.reqif_xml import fragment, parse, tag
from ingest.files.reqif_zip import Attachment, open_archive
from ingest.files.safe_xml import MAX_XML, Element
from ingest.files.statement import Speaker, make_event, put_link, put_node

_SPECIFICATION: Final = "specification"


def read_reqif(
    path: Path,
    *,
    speaker: Speaker,
    now: datetime,
    at: datetime | None = None,
    stated: datetime | None = None,
) -> Iterator[Event | Rejected]:
    """Yields the events of a ReqIF document: the document first, then requirements, then links.

    An object is true from its LAST-CHANGE on, unless `at` says otherwise, as stated when the document
    was made, unless `stated` says otherwise; so a later export of the same objects adds to their history.

    Args:
        path: The document.
        speaker: On whose word.
        now: When it was stated if `at` is given and the document does not say when it was made.
        at: From when it is all true.
        stated: When it was stated.

    Raises:
        FileError: The document is not ReqIF, is dangerous, or lacks what everything else needs.
    """
    with path.open("rb") as file:
        document = file.read(MAX_XML + 1)
    yield from _Exchange(path, document, "", speaker, _Times(now, at, stated)).events()


def read_reqifz(
    path: Path,
    *,
    speaker: Speaker,
    now: datetime,
    at: datetime | None = None,
    stated: datetime | None = None,
) -> Iterator[Event | Rejected]:
    """Yields the events of every ReqIF document in an archive, and of what is attached to it.

    Raises:
        FileError: The archive or a document in it cannot be read.
    """
    archive = open_archive(path)
    exchanges = []
    for name, document in archive.documents():
        exchanges.append(_Exchange(path, document, name, speaker, _Times(now, at, stated)))
        yield from exchanges[-1].events()
    for attachment in archive.attachments():
        for exchange in exchanges:
            yield exchange.attached(attachment)


class _Times(NamedTuple):
    """When it is loaded, and from when it is true and when it was stated, where that is given."""

    now: datetime
    at: datetime | None
    stated: datetime | None


class _Exchange:
    """One pass through one document."""

    def __init__(
        self, path: Path, document: bytes, member: str, speaker: Speaker, times: _Times
    ) -> None:
        self.path, self.member, self.speaker, self.at = path, member, speaker, times.at
        self.root = parse(path, document, member)
        self.header = self._header()
        made = self._made()
        self.begin = self.at or made or times.now
        self.said = times.stated or made or times.now
        self.types = Types.of(self.root)
        self.document = speaker.name("document", self.header.get("IDENTIFIER"))
        self.since: dict[str, datetime] = {}
        self.used: dict[str, int] = {}
        self.linked: set[tuple[Utcs, str, Utcs, datetime]] = set()

    def events(self) -> Iterator[Event | Rejected]:
        self._refuse_ambiguous_types()
        objects = list(self.root.iter(tag("SPEC-OBJECT")))
        stated = [self._stated(element) for element in objects]
        relations = [self._related(element) for element in self.root.iter(tag("SPEC-RELATION"))]
        rest = [*self._listed(), *self._grouped()]
        try:
            described = list(self._described())
        except TraceError as error:
            raise self._error(error.message) from error
        yield from described
        yield from stated
        yield from filter(None, relations)
        yield from rest

    def attached(self, attachment: Attachment) -> Event | Rejected:
        """Returns the event about a file that lies beside the document in its archive."""
        utcs = self.speaker.name("document", f"{self.document.local}/{attachment.name}")
        held = {"member": attachment.name, "bytes": attachment.size, "archive": self.path.name}
        properties = {
            "name": reqif_object.cut(attachment.name, reqif_object.MAX_NAME),
            "media_type": mimetypes.guess_type(attachment.name)[0],
            "sha256": attachment.sha256,
            "extra": {EXTRA: held},
        }
        try:
            node = put_node(utcs, properties, self.begin)
            facts: list[Fact] = [node, put_link(self.document, RELATED, utcs, self.begin)]
            return make_event(self.speaker, attachment.name, facts, self.said)
        except TraceError as error:
            return Rejected(attachment.name, error.message, attachment.sha256)

    def _header(self) -> Element:
        header = self.root.find(f"{tag('THE-HEADER')}/{tag('REQ-IF-HEADER')}")
        if header is None or not header.get("IDENTIFIER"):
            raise self._error("REQ-IF-HEADER with an IDENTIFIER is missing; export the file anew")
        return header

    def _made(self) -> datetime | None:
        """Returns when the document was made; None if it does not say so and need not."""
        written = self.header.findtext(tag("CREATION-TIME")) or ""
        try:
            return parse_utc(written.strip(), "CREATION-TIME")
        except TimeError as error:
            if self.at:
                return None
            raise self._error(
                f"{error.message}; mend it, or say from when it holds with --at"
            ) from error

    def _refuse_ambiguous_types(self) -> None:
        lines: dict[str, int] = {}
        for container in self.root.iter(tag("DATATYPES"), tag("SPEC-TYPES")):
            for element in container.iter():
                identifier = element.get("IDENTIFIER") if isinstance(element.tag, str) else None
                if identifier in lines:
                    raise self._error(
                        f"IDENTIFIER {identifier!r} is declared twice, on line {lines[identifier]} "
                        f"and line {element.sourceline}; give one of them another",
                    )
                if identifier:
                    lines[identifier] = element.sourceline

    def _described(self) -> Iterator[Event]:
        """Yields the document itself, with the skeleton that is left after all rejections."""
        title = (self.header.findtext(tag("TITLE")) or "").strip() or self.path.stem
        number = self.header.get("IDENTIFIER")
        held = list(pages(skeleton(self.root)))
        for page, extra in enumerate(held, start=1):
            about = "" if page == 1 else f" (page {page} of {len(held)})"
            properties = {
                "name": reqif_object.cut(title, reqif_object.MAX_NAME - 30) + about,
                "number": number if len(number) <= reqif_object.MAX_NUMBER else None,
                "category": _SPECIFICATION,
                "aliases": _aliases(number) if page == 1 else (),
                "extra": extra,
            }
            fact = put_node(page_id(self.document, page), properties, self.begin)
            yield make_event(self.speaker, f"{number} page {page}", [fact], self.said)

    def _stated(self, element: Element) -> Event | Rejected:
        identifier = element.get("IDENTIFIER")
        try:
            self._claim(element)
            since = self._since(element)
            stated = reqif_object.properties(element, self.types)
            held = {"type": self._type_name(element), "xml": fragment(element)}
            read = {value.name: value.text for value in values(element, self.types) if value.text}
            extra = {EXTRA: held} | ({"attributes": read} if read else {})
            stated |= {"aliases": _aliases(identifier), "extra": extra}
            fact = put_node(self._name(identifier), stated, since)
            event = make_event(self.speaker, identifier, [fact], self.said)
        except TraceError as error:
            return self._rejected(element, error.message)
        self.since[identifier] = since
        return event

    def _related(self, element: Element) -> Event | Rejected | None:
        """Returns the event about a relation; the skeleton keeps the relation word for word."""
        try:
            self._claim(element)
            ends = [self._known(element, name) for name in ("SOURCE", "TARGET")]
            since = max([self._since(element), *(self.since[end] for end in ends)])
            source, target = (self._name(end) for end in ends)
            link = link_of(self._type_name(element))
            if self._is_linked(source, link, target, since):
                return None
            reference = {"reference": element.get("IDENTIFIER")}
            fact = put_link(source, link, target, since, properties=reference)
            return make_event(self.speaker, element.get("IDENTIFIER"), [fact], self.said)
        except TraceError as error:
            return self._rejected(element, error.message)

    def _listed(self) -> Iterator[Event | Rejected]:
        """Yields where each object stands in the document; drops entries without an object."""
        dropped: set[Element] = set()
        listed: set[str] = set()
        for sequence, entry in enumerate(list(self.root.iter(tag("SPEC-HIERARCHY")))):
            if not dropped.isdisjoint(entry.iterancestors()):
                continue
            try:
                facts = self._placed(entry, sequence, listed)
                if facts:
                    yield make_event(self.speaker, self._place(entry, sequence), facts, self.said)
            except TraceError as error:
                dropped.add(entry)
                reason = f"{error.message}; the entry and all below it are left out"
                yield self._rejected(entry, reason)

    def _placed(self, entry: Element, sequence: int, listed: set[str]) -> list[Fact]:
        """Returns the facts that an object stands in the document and under the one above it.

        An object may stand in several places; the first counts as its place in the document.
        """
        identifier = self._known(entry, "OBJECT")
        since = max(self.begin, self.since[identifier])
        place = {"sequence": sequence, "reference": entry.get("IDENTIFIER")}
        child = self._name(identifier)
        facts: list[Fact] = []
        if identifier not in listed:
            facts.append(put_link(child, LISTED, self.document, since, properties=place))
            listed.add(identifier)
        above = entry.getparent().getparent()
        if above.tag == entry.tag:
            parent = self._known(above, "OBJECT")
            since = max(since, self.since[parent])
            if not self._is_linked(child, BELOW, self._name(parent), since):
                facts.append(put_link(child, BELOW, self._name(parent), since, properties=place))
        return facts

    def _is_linked(self, source: Utcs, link: str, target: Utcs, since: datetime) -> bool:
        """Whether the document stated that link already: two that differ would take turns at each load."""
        key = (source, link, target, since)
        known = key in self.linked
        self.linked.add(key)
        return known

    def _place(self, entry: Element, sequence: int) -> str:
        return f"{self.header.get('IDENTIFIER')} {self._known(entry, 'OBJECT')} {sequence}"

    def _grouped(self) -> Iterator[Rejected]:
        """Drops from the groups of relations those that could not be read."""
        for reference in list(self.root.iter(tag("SPEC-RELATION-REF"))):
            if reference.text not in self.used:
                problem = f"{reference.text!r} is not among the relations that could be read"
                yield self._rejected(reference, f"{problem}; the group keeps its others")

    def _claim(self, element: Element) -> None:
        """Checks that an object or relation can be told apart and that what it refers to is there."""
        identifier = element.get("IDENTIFIER")
        if not identifier:
            raise TraceError("IDENTIFIER is missing; give one")
        if identifier in self.used:
            line = self.used[identifier]
            raise TraceError(
                f"IDENTIFIER {identifier!r} already stands on line {line}; give another"
            )
        self.used[identifier] = element.sourceline
        for reference in references(element):
            if reference not in self.types.defined:
                raise TraceError(f"it refers to {reference!r}, which the file does not declare")

    def _known(self, element: Element, name: str) -> str:
        """Returns the identifier of the spec object that a part of an element refers to."""
        identifier = next((e.text or "" for e in element.iterfind(f"{tag(name)}/*")), "")
        if identifier not in self.since:
            raise TraceError(
                f"{name} {identifier!r} is not among the spec objects that could be read"
            )
        return identifier

    def _since(self, element: Element) -> datetime:
        written = element.get("LAST-CHANGE")
        if self.at or not written:
            return self.begin
        return parse_utc(written.strip(), "LAST-CHANGE")

    def _name(self, identifier: str) -> Utcs:
        return self.speaker.name("requirement", identifier)

    def _type_name(self, element: Element) -> str:
        return self.types.names.get(type_of(element) or "", "")

    def _rejected(self, element: Element, reason: str) -> Rejected:
        """Takes an element out of the document and says why."""
        name = element.tag.rpartition("}")[2]
        where = f"line {element.sourceline}, {name} {element.get('IDENTIFIER') or ''}".strip()
        rejected = Rejected(f"{self.member} {where}".strip(), reason, fragment(element))
        element.getparent().remove(element)
        return rejected

    def _error(self, problem: str) -> FileError:
        return file_error(self.path, problem, self.member)


def _aliases(identifier: str) -> tuple[str, ...]:
    """Returns the alias that a ReqIF identifier is; one that breaks the rule of xsd:ID is none."""
    try:
        return (str(Alias.parse("reqif", identifier)),)
    except AliasError:
        return ()
