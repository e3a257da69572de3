"""What a ReqIF spec object means as a requirement: which of its attributes are which property.

ReqIF leaves the names of attributes to the author. The names that the implementation guide of
ProSTEP iViP fixes come first (`ReqIF.Text`, …), then those that common tools use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from graph.model.engineering import (
    Priority,
    ProductLevel,
    RequirementCategory,
    RequirementStatus,
    VerificationMethod,
)
from ingest.files.reqif_xml import plain_text, tag
from ingest.files.safe_xml import Element

MAX_NAME: Final = 300
MAX_TEXT: Final = 100_000
MAX_NUMBER: Final = 100

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "name": ("chaptername", "name", "title", "summary", "object heading", "object short text"),
    "text": ("text", "object text", "description", "requirement text", "statement"),
    "rationale": ("rationale", "justification"),
    "number": ("foreignid", "id", "object identifier", "requirement id", "number"),
    "status": ("status", "foreignstate", "state"),
    "priority": ("priority",),
    "level": ("level",),
    "category": ("category", "classification"),
    "verification_method": ("verification method", "verification_method", "verification"),
}
_WORDS: Final[dict[str, frozenset[str]]] = {
    "status": frozenset(RequirementStatus),
    "priority": frozenset(Priority),
    "level": frozenset(ProductLevel),
    "category": frozenset(RequirementCategory),
    "verification_method": frozenset(VerificationMethod),
}
_LIMITS: Final = {"name": MAX_NAME, "text": MAX_TEXT, "rationale": MAX_TEXT}


@dataclass(frozen=True, slots=True)
class Types:
    """The declarations that values refer to, by identifier.

    Attributes:
        names: The long name of every declaration: types, attributes, datatypes and enumeration values.
        defined: Every identifier that is declared.
    """

    names: dict[str, str] = field(default_factory=dict)
    defined: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element) -> Types:
        """Returns the declarations in a document."""
        types = cls()
        for container in ("DATATYPES", "SPEC-TYPES"):
            for part in root.iter(tag(container)):
                for element in part.iter():
                    if identifier := element.get("IDENTIFIER"):
                        types.defined[identifier] = element.tag
                        types.names[identifier] = element.get("LONG-NAME") or identifier
        return types


@dataclass(frozen=True, slots=True)
class Value:
    """One attribute value of a spec object, and the element that holds it."""

    name: str
    text: str
    element: Element


def values(element: Element, types: Types) -> Iterator[Value]:
    """Yields the values of an object, relation or specification, in the order of the file."""
    for value in element.iterfind(f"{tag('VALUES')}/*"):
        if isinstance(value.tag, str):
            name = types.names.get(definition(value) or "", "")
            yield Value(name, _read(value, types), value)


def definition(value: Element) -> str | None:
    """Returns the identifier of the attribute definition that a value belongs to."""
    return next((e.text for e in value.iterfind(f"{tag('DEFINITION')}/*")), None)


def type_of(element: Element) -> str | None:
    """Returns the identifier of the type of an object, relation or specification."""
    return next((e.text for e in element.iterfind(f"{tag('TYPE')}/*")), None)


def references(element: Element) -> Iterator[str]:
    """Yields every declaration that an object or relation refers to."""
    for part in element.iter(tag("TYPE"), tag("DEFINITION"), tag("VALUES")):
        for child in part:
            if isinstance(child.tag, str) and child.tag.endswith("-REF"):
                yield child.text or ""


def origins(found: list[Value]) -> dict[str, Value]:
    """Returns the value that each property of a requirement is read from."""
    chosen: dict[str, Value] = {}
    for property_name, names in _NAMES.items():
        by_name = {
            _plain_name(v.name): v for v in reversed(found) if v.text and _fits(property_name, v)
        }
        if name := next((name for name in names if name in by_name), None):
            chosen[property_name] = by_name[name]
    return chosen


def properties(element: Element, types: Types) -> dict[str, Any]:
    """Returns what a spec object states about its requirement, apart from `extra`."""
    found = list(values(element, types))
    stated = {name: property_value(name, value.text) for name, value in origins(found).items()}
    if "name" not in stated:
        stated["name"] = _other_name(element, stated)
    if description := element.get("DESC"):
        stated["description"] = cut(description, MAX_TEXT)
    return stated


def property_value(name: str, text: str) -> str:
    """Returns a value as the property holds it: enumerations in lower case, long text cut."""
    if name in _WORDS:
        return _word(text)
    if name == "name":
        text = " ".join(text.split())
    return cut(text, _LIMITS.get(name, MAX_NUMBER))


def cut(text: str, limit: int) -> str:
    """Returns the text within the limit; the whole of it stays in the ReqIF element."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _other_name(element: Element, stated: dict[str, Any]) -> str:
    first_line = str(stated.get("text", "")).partition("\n")[0]
    candidates = (element.get("LONG-NAME"), first_line, element.get("IDENTIFIER"))
    return cut(next(c for c in candidates if c and c.strip()).strip(), MAX_NAME)


def _read(value: Element, types: Types) -> str:
    plain = value.get("THE-VALUE")
    if plain is not None:
        return str(plain).strip()
    formatted = value.find(tag("THE-VALUE"))
    if formatted is not None:
        return plain_text(formatted)
    chosen = value.iterfind(f"{tag('VALUES')}/{tag('ENUM-VALUE-REF')}")
    return ", ".join(types.names.get(ref.text or "", ref.text or "") for ref in chosen)


def _plain_name(name: str) -> str:
    return name.lower().removeprefix("reqif.").strip()


def _word(text: str) -> str:
    return text.strip().lower().replace(" ", "_").replace("-", "_")


def _fits(property_name: str, value: Value) -> bool:
    """Says whether a property can hold a value: only then is it read from that attribute."""
    if property_name in _WORDS:
        return _word(value.text) in _WORDS[property_name]
    return property_name != "number" or (len(value.text) <= MAX_NUMBER and "\n" not in value.text)
