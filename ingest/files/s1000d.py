"""S1000D data modules (issues 4.0 to 5.0): what each is, and what it refers to; not its text.

See docs/loading.md for what becomes of which element.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from graph.errors import TraceError
from graph.model.alias import Alias, AliasError
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.time import parse_moment
from ingest.files.rejected import Rejected, file_error
from ingest.files.safe_xml import MAX_XML, Element, parse_xml
from ingest.files.statement import Speaker, make_event, put_link, put_node

_ADDRESS: Final = "identAndStatusSection/dmAddress"
_STATUS: Final = "identAndStatusSection/dmStatus"
_ISSUE_TYPES: Final = {
    "new": "new",
    "changed": "changed",
    "rinstate-changed": "reinstated",
    "rinstate-revised": "reinstated",
    "rinstate-status": "reinstated",
    "revised": "revised",
    "status": "status",
    "deleted": "deleted",
}
"""`issueType` of S1000D 5.0 §3.9.5.1 in the words of the ontology."""


def read_s1000d(
    path: Path, *, speaker: Speaker, stated: datetime, at: datetime | None = None
) -> Iterator[Event | Rejected]:
    """Yields the event about a data module, then one for each thing that it refers to.

    Args:
        path: The data module.
        speaker: On whose word.
        stated: When it says so.
        at: From when it is true; by default the day of its issue.

    Raises:
        FileError: It is no data module of issue 4 or later, is dangerous, or does not say what it is.
    """
    with path.open("rb") as file:
        document = file.read(MAX_XML + 1)
    root = parse_xml(path, document, "S1000D", takes_pictures=True)
    if root.find("idstatus") is not None:
        raise file_error(path, "is S1000D before issue 4.0; convert it to 4.0 or later")
    if root.tag != "dmodule" or root.find(_ADDRESS) is None:
        raise file_error(path, "is no data module: dmodule with a dmAddress is expected")
    try:
        module = _Module(root, hashlib.sha256(document).hexdigest(), speaker, stated, at)
        described = module.described()
    except TraceError as error:
        raise file_error(path, error.message) from error
    yield described
    yield from module.referring()


class _Module:
    """One data module."""

    def __init__(
        self, root: Element, sha256: str, speaker: Speaker, stated: datetime, at: datetime | None
    ) -> None:
        self.root, self.sha256, self.speaker, self.stated = root, sha256, speaker, stated
        self.ident, self.items = (
            root.find(f"{_ADDRESS}/dmIdent"),
            root.find(f"{_ADDRESS}/dmAddressItems"),
        )
        code = self.ident.find("dmCode") if self.ident is not None else None
        if code is None:
            raise TraceError("dmIdent: dmCode is missing; give one")
        self.code = data_module_code(code)
        self.attributes = dict(code.attrib)
        self.issued = self._issued()
        self.since = at or parse_moment(self.issued, "issueDate")
        self.utcs = self._named(self.code)

    def described(self) -> Event:
        fact = put_node(self.utcs, self._properties(), self.since)
        return make_event(self.speaker, f"DMC-{self.code}", [fact], self.stated)

    def referring(self) -> Iterator[Event | Rejected]:
        """Yields one event for each thing referred to, so that one that waits keeps no other waiting."""
        met: set[Utcs] = set()
        for element, link in self._references():
            where = f"line {element.sourceline}, {element.tag}"
            try:
                target = self._target(element)
                if target is None or target in met or target == self.utcs:
                    continue
                met.add(target)
                facts: list[Fact] = [put_link(self.utcs, link, target, self.since)]
                yield make_event(self.speaker, f"DMC-{self.code} {link}", facts, self.stated)
            except TraceError as error:
                yield Rejected(where, error.message, str(dict(element.attrib)))

    def _references(self) -> Iterator[tuple[Element, str]]:
        for element in self.root.iter("dmRef", "partRef", "identNumber"):
            yield element, "REFERS_TO" if element.tag == "dmRef" else "DOCUMENTS"

    def _target(self, element: Element) -> Utcs | None:
        """Returns what an element refers to; None if it names nothing."""
        if element.tag == "dmRef":
            code = element.find("dmRefIdent/dmCode")
            if code is None:
                raise TraceError("dmCode is missing; give one")
            return self._named(data_module_code(code))
        number = element.get("partNumberValue") or element.findtext(".//partNumber")
        return self.speaker.name("part", number.strip()) if number and number.strip() else None

    def _properties(self) -> dict[str, Any]:
        title = [
            _text(self.items, f"dmTitle/{n}") for n in ("techName", "infoName", "infoNameVariant")
        ]
        issue, language = self.ident.find("issueInfo"), self.ident.find("language")
        status = self.root.find(_STATUS)
        return {
            "name": " - ".join(filter(None, title))[:300] or f"DMC-{self.code}",
            "number": f"DMC-{self.code}",
            "aliases": [f"dmc:{self.code}"],
            "issue": None if issue is None else f"{issue.get('issueNumber')}-{issue.get('inWork')}",
            "issue_type": _ISSUE_TYPES.get(status.get("issueType", ""))
            if status is not None
            else None,
            "info_code": self.attributes.get("infoCode"),
            "ata_chapter": _ata_chapter(self.attributes),
            "language": None if language is None else _language(language),
            "applicability": _text(status, "applic/displayText"),
            "originator": _company(status, "originator"),
            "classification": _attribute(status, "security", "securityClassification"),
            "sha256": self.sha256,
            "issued_on": self.issued,
            "extra": {"s1000d": self._kept(status)},
        }

    def _kept(self, status: Element) -> dict[str, Any]:
        """Returns what the ontology has no property for."""
        company = _company(status, "responsiblePartnerCompany")
        schema = next(
            (v for k, v in self.root.attrib.items() if k.endswith("SchemaLocation")), None
        )
        form = self.root.xpath("name(content/*[not(self::refs)][1])")
        kept = {"responsible_partner": company, "schema": schema, "content": form}
        return {name: value for name, value in kept.items() if value}

    def _issued(self) -> str:
        date = self.items.find("issueDate") if self.items is not None else None
        if date is None:
            raise TraceError("dmAddressItems: issueDate is missing; give one")
        return "-".join((date.get(part) or "?") for part in ("year", "month", "day"))

    def _named(self, code: str) -> Utcs:
        return self.speaker.name("publication", f"DMC-{code}")


def data_module_code(element: Element) -> str:
    """Returns the data module code that a `dmCode` element holds, in its one spelling.

    Raises:
        TraceError: A part of it is missing or cannot be.
    """
    part = {name: value.strip() for name, value in element.attrib.items()}
    try:
        written = (
            "{modelIdentCode}-{systemDiffCode}-{systemCode}-{subSystemCode}{subSubSystemCode}-{assyCode}"
            "-{disassyCode}{disassyCodeVariant}-{infoCode}{infoCodeVariant}-{itemLocationCode}"
        ).format_map(part)
        if "learnCode" in part:
            written += "-{learnCode}{learnEventCode}".format_map(part)
        return Alias.parse("dmc", written).value
    except KeyError as error:
        raise TraceError(f"dmCode: {error.args[0]} is missing; give it") from error
    except AliasError as error:
        raise TraceError(f"dmCode: {error.message}") from error


def _text(element: Element, path: str) -> str | None:
    found = element.find(path) if element is not None else None
    return (" ".join("".join(found.itertext()).split()) or None) if found is not None else None


def _attribute(element: Element, path: str, name: str) -> str | None:
    found = element.find(path) if element is not None else None
    value: str | None = found.get(name) if found is not None else None
    return value


def _company(status: Element, path: str) -> str | None:
    """Returns the name of a company; its code, if it has no name."""
    return _text(status, f"{path}/enterpriseName") or _attribute(status, path, "enterpriseCode")


def _language(element: Element) -> str | None:
    language, country = element.get("languageIsoCode"), element.get("countryIsoCode")
    if not language:
        return None
    return f"{language.lower()}-{country.upper()}" if country else str(language.lower())


def _ata_chapter(code: dict[str, str]) -> str | None:
    """Returns the chapter as ATA writes it, as deep as the code says it in its digits."""
    chapter, section = code["systemCode"], code["subSystemCode"] + code["subSubSystemCode"]
    if not (chapter.isdigit() and len(chapter) == 2):
        return None
    if not section.isdigit():
        return chapter
    assembly = code["assyCode"]
    return "-".join(
        [chapter, section, *([assembly] if len(assembly) == 2 and assembly.isdigit() else [])]
    )
