"""A ReqIF document from what the graph holds of it.

What nobody changed since the import comes out word for word; a property that was changed in the
graph is written into the attribute it was read from; relations follow the links.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from graph.errors import TraceError
from graph.model.engineering import Document, Requirement
from graph.model.identifier import local_part
from graph.model.time import format_utc
from ingest.files import reqif_object
from ingest.files.reqif_links import link_of
from ingest.files.reqif_object import Types, Value, origins, references, type_of, values
from ingest.files.reqif_skeleton import joined, object_xml
from ingest.files.reqif_xml import XHTML, from_fragment, strip, tag, whole
from ingest.files.safe_xml import Element

Link = tuple[str, str, str]
"""The local part of the source, the link type, and the local part of the target."""

_UNWRITTEN: Final = frozenset({"extra", "aliases"})


class ExportError(TraceError):
    """A document cannot be written as ReqIF; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Held:
    """A requirement as the graph holds it, and since when."""

    requirement: Requirement
    since: datetime


@dataclass(frozen=True, slots=True)
class Exported:
    """A ReqIF document.

    Attributes:
        document: The document, UTF-8.
        notes: Where it says other than what was read, or less than the graph; empty when neither.
    """

    document: bytes
    notes: tuple[str, ...]


def object_ids(pages: Sequence[Document]) -> list[str]:
    """Returns the local part of every requirement that the document is made of."""
    return [local_part(e.get("IDENTIFIER")) for e in joined(pages).iter(tag("SPEC-OBJECT"))]


def write_reqif(
    pages: Sequence[Document], requirements: Mapping[str, Held], links: Mapping[Link, datetime]
) -> Exported:
    """Returns the document that the pages, requirements and links make.

    Args:
        pages: The nodes that hold the skeleton, in order.
        requirements: What `object_ids` names, by local part; one that is gone is left out.
        links: The links between these requirements, and since when each holds.

    Raises:
        ExportError: The result would refer to something that is not in it.
    """
    writer = _Writer(joined(pages), requirements, links)
    return writer.written()


class _Writer:
    """One pass over one skeleton."""

    def __init__(
        self, root: Element, requirements: Mapping[str, Held], links: Mapping[Link, datetime]
    ) -> None:
        self.root, self.requirements, self.links = root, requirements, links
        self.types = Types.of(root)
        self.notes: list[str] = []
        self.objects: dict[str, str] = {}

    def written(self) -> Exported:
        for empty in list(self.root.iter(tag("SPEC-OBJECT"))):
            self._fill(empty)
        self._drop_entries()
        known = self._keep_relations()
        for link in sorted(self.links.keys() - known):
            self._add_relation(link)
        strip(self.root)
        _validate(self.root)
        return Exported(whole(self.root), tuple(self.notes))

    def _fill(self, empty: Element) -> None:
        identifier = empty.get("IDENTIFIER")
        held = self.requirements.get(local_part(identifier))
        xml = object_xml(held.requirement) if held else None
        if held is None or xml is None:
            self.notes.append(f"{identifier}: the requirement is gone or did not come by ReqIF")
            empty.getparent().remove(empty)
            return
        element = from_fragment(xml)
        empty.getparent().replace(empty, element)
        self.objects[identifier] = local_part(identifier)
        if self._update(element, held.requirement):
            element.set("LAST-CHANGE", format_utc(held.since))

    def _update(self, element: Element, requirement: Requirement) -> bool:
        """Writes properties that changed since the import into their attributes."""
        read = reqif_object.properties(element, self.types)
        sources = origins(list(values(element, self.types)))
        changed = False
        for name in sorted(Requirement.model_fields.keys() - _UNWRITTEN):
            now = getattr(requirement, name)
            if str(now) == str(read.get(name)):
                continue
            done = name in sources and self._write(sources[name], "" if now is None else str(now))
            changed |= done
            verb = "was written into" if done else "finds no place in"
            self.notes.append(f"{element.get('IDENTIFIER')}: {name} changed and {verb} the object")
        return changed

    def _write(self, value: Value, text: str) -> bool:
        name = etree.QName(value.element).localname
        if name == "ATTRIBUTE-VALUE-STRING":
            value.element.set("THE-VALUE", text)
        elif name == "ATTRIBUTE-VALUE-XHTML":
            _write_xhtml(value.element, text)
        elif name == "ATTRIBUTE-VALUE-ENUMERATION":
            return self._write_choice(value.element, text)
        else:
            return False
        return True

    def _write_choice(self, element: Element, word: str) -> bool:
        chosen = self._choice(reqif_object.definition(element) or "", word)
        holder = element.find(tag("VALUES"))
        if chosen is None or holder is None:
            return False
        for old in list(holder):
            holder.remove(old)
        etree.SubElement(holder, tag("ENUM-VALUE-REF")).text = chosen
        return True

    def _choice(self, definition: str, word: str) -> str | None:
        """Returns the enumeration value of an attribute that means a word."""
        datatypes = {e.get("IDENTIFIER"): e for e in self._declared("DATATYPES")}
        attributes = {e.get("IDENTIFIER"): e for e in self._declared("SPEC-TYPES")}
        declared = attributes.get(definition)
        datatype = datatypes.get(type_of(declared)) if declared is not None else None
        for choice in datatype.iter(tag("ENUM-VALUE")) if datatype is not None else ():
            if reqif_object.property_value("status", choice.get("LONG-NAME") or "") == word:
                return str(choice.get("IDENTIFIER"))
        return None

    def _declared(self, container: str) -> Iterator[Element]:
        return (e for part in self.root.iter(tag(container)) for e in part.iter(etree.Element))

    def _drop_entries(self) -> None:
        """Takes entries of requirements that are gone out of the hierarchy; those below move up."""
        for entry in list(self.root.iter(tag("SPEC-HIERARCHY"))):
            if _referred(entry, "OBJECT") in self.objects:
                continue
            parent, children = entry.getparent(), entry.find(tag("CHILDREN"))
            for child in list(children) if children is not None else []:
                entry.addprevious(child)
            parent.remove(entry)

    def _keep_relations(self) -> set[Link]:
        """Drops relations whose link holds no longer, and returns the links of the others."""
        known: set[Link] = set()
        for element in list(self.root.iter(tag("SPEC-RELATION"))):
            link = self._link(element)
            if link in self.links:
                known.add(link)
                continue
            identifier = element.get("IDENTIFIER")
            self.notes.append(
                f"{identifier}: the link holds no longer, so the relation is left out"
            )
            element.getparent().remove(element)
            for reference in list(self.root.iter(tag("SPEC-RELATION-REF"))):
                if reference.text == identifier:
                    reference.getparent().remove(reference)
        return known

    def _link(self, element: Element) -> Link:
        source, target = (local_part(_referred(element, end)) for end in ("SOURCE", "TARGET"))
        return source, link_of(self.types.names.get(type_of(element) or "", "")), target

    def _add_relation(self, link: Link) -> None:
        """Writes a link that was made in the graph as a new relation."""
        identifiers = {local: identifier for identifier, local in self.objects.items()}
        if link[0] not in identifiers or link[2] not in identifiers:
            return
        digest = hashlib.sha256(" ".join(link).encode()).hexdigest()[:32]
        relation = etree.SubElement(self._container("SPEC-RELATIONS"), tag("SPEC-RELATION"))
        relation.set("IDENTIFIER", f"utcs-{digest}")
        relation.set("LAST-CHANGE", format_utc(self.links[link]))
        for name, local in (("SOURCE", link[0]), ("TARGET", link[2])):
            end = etree.SubElement(relation, tag(name))
            etree.SubElement(end, tag("SPEC-OBJECT-REF")).text = identifiers[local]
        holder = etree.SubElement(relation, tag("TYPE"))
        etree.SubElement(holder, tag("SPEC-RELATION-TYPE-REF")).text = self._relation_type(link)
        self.notes.append(f"utcs-{digest}: a link made in the graph was added as a relation")

    def _relation_type(self, link: Link) -> str:
        for element in self.root.iter(tag("SPEC-RELATION-TYPE")):
            if link_of(element.get("LONG-NAME") or "") == link[1]:
                return str(element.get("IDENTIFIER"))
        identifier = f"utcs-{link[1].lower().replace('_', '-')}"
        added = etree.SubElement(self._container("SPEC-TYPES"), tag("SPEC-RELATION-TYPE"))
        added.set("IDENTIFIER", identifier)
        added.set("LAST-CHANGE", format_utc(self.links[link]))
        added.set("LONG-NAME", link[1])
        return identifier

    def _container(self, name: str) -> Element:
        """Returns a part of the content, put in its place by the schema if it is missing."""
        content = self.root.find(f"{tag('CORE-CONTENT')}/{tag('REQ-IF-CONTENT')}")
        if content is None:
            raise ExportError(
                "REQ-IF-CONTENT is missing from the skeleton; import the document again"
            )
        found = content.find(tag(name))
        if found is None:
            found = content.makeelement(tag(name))
            before = [e for e in content if _rank(e) <= _CONTENT.index(name)]
            content.insert(content.index(before[-1]) + 1 if before else 0, found)
        return found


_CONTENT: Final = (
    "DATATYPES", "SPEC-TYPES", "SPEC-OBJECTS", "SPEC-RELATIONS", "SPECIFICATIONS", "SPEC-RELATION-GROUPS",
)  # fmt: skip
"""The order of the parts of REQ-IF-CONTENT in the schema."""


def _rank(element: Element) -> int:
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    return _CONTENT.index(name) if name in _CONTENT else -1


def _referred(element: Element, name: str) -> str:
    return next((e.text or "" for e in element.iterfind(f"{tag(name)}/*")), "")


def _write_xhtml(element: Element, text: str) -> None:
    """Replaces a formatted value by plain lines."""
    value = element.find(tag("THE-VALUE"))
    if value is None:
        value = etree.SubElement(element, tag("THE-VALUE"))
    for old in list(value):
        value.remove(old)
    first, *rest = text.split("\n")
    block = etree.SubElement(value, f"{{{XHTML}}}div", nsmap={"xhtml": XHTML})
    value.text, block.text = None, first
    for line in rest:
        etree.SubElement(block, f"{{{XHTML}}}br").tail = line


def _validate(root: Element) -> None:
    """Checks that everything referred to is declared; what the reader refuses is never written."""
    declared = Types.of(root).defined
    missing = set(_dangling(root, declared))
    if missing:
        raise ExportError(
            f"the document refers to {', '.join(sorted(missing)[:10])}, which it does not declare; "
            "import the documents that declare it again"
        )


def _dangling(root: Element, declared: dict[str, str]) -> Iterator[str]:
    for element in root.iter(tag("SPEC-OBJECT"), tag("SPEC-RELATION")):
        yield from (reference for reference in references(element) if reference not in declared)
