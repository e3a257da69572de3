"""Whether a JSON Schema takes all that an earlier one took: senders of the earlier one must not be broken.

Sound rather than complete: what it cannot compare, it reports. A law in `test_schema_compatibility` holds
it against documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from jsonschema import Draft202012Validator

Schema = dict[str, Any]

_LEAST: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_MOST: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_TOLD: Final = frozenset(
    {"$schema", "$id", "$defs", "title", "description", "examples", "default", "x-unit"}
)
_COMPARED: Final = frozenset(
    {"$ref", "type", "enum", "const", "anyOf", "oneOf", "discriminator", "allOf", "if", "then"}
    | {"properties", "required", "additionalProperties", "propertyNames", "items", "pattern"}
    | {*_LEAST, *_MOST}
)
_CHOICE: Final = re.compile(r"([^()]*)\(([a-z0-9|-]+)\)([^()]*)")
"""A pattern that is free in one place only, in which it takes some words: `^utcs:…:(part|serial):`."""


class Comparison:
    """Finds what a released schema took and the current one does not.

    Args:
        released: What senders rely on.
        current: What would take its place.
    """

    def __init__(self, released: Schema, current: Schema) -> None:
        self._released = released
        self._current = current
        self._seen: dict[tuple[str, str], list[str]] = {}

    def breaks(self) -> list[str]:
        """Returns a sentence for each, with the place; none if no sender can be broken."""
        return list(dict.fromkeys(self._narrowed(self._released, self._current, "event")))

    def _narrowed(self, old: Any, new: Any, place: str) -> list[str]:
        if new is True or old is False or (isinstance(new, dict) and not new.keys() - _TOLD):
            return []
        if new is False:
            return [f"{place}: is not taken any more; was it removed or renamed?"]
        if old is True or not old.keys() - _TOLD:
            return [f"{place}: was anything, and is {_told(new)} now"]
        names = (old.get("$ref", ""), new.get("$ref", ""))
        if not any(names):
            return list(self._differences(old, new, place))
        before, now = _followed(self._released, old), _followed(self._current, new)
        place = _name(old, place)
        if not all(names):
            return self._narrowed(before, now, place)
        if names not in self._seen:
            self._seen[names] = []  # met again within itself
            self._seen[names] = self._narrowed(before, now, place)
        return self._seen[names]

    def _differences(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        alternatives = old.get("anyOf") or old.get("oneOf")
        values = _values(old)
        if alternatives is not None:
            rest = _without_choices(old)
            for one in alternatives:
                whole = rest | _followed(self._released, one) if rest else one
                yield from self._narrowed(whole, new, _name(one, place))
        elif values is not None:
            yield from self._lost_values(values, new, place)
        else:
            yield from self._restrictions(old, new, place)

    def _restrictions(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        for keyword in sorted(new.keys() - _TOLD - _COMPARED):
            if old.get(keyword) != new[keyword]:
                yield f"{place}: {keyword} cannot be compared; teach tests/compatibility.py how"
        for check in (_types, _bounds, _pattern, self._members, self._items, self._rules):
            yield from check(old, new, place)
        wanted = new.get("anyOf") or new.get("oneOf")
        if "oneOf" in new and "discriminator" not in new:
            yield f"{place}: oneOf cannot be compared without a discriminator"
        if wanted is not None:
            found = [self._narrowed(old, one, place) for one in wanted]
            yield from min(found, key=len)

    def _lost_values(self, values: list[Any], new: Schema, place: str) -> Iterator[str]:
        current = Draft202012Validator(new | {"$defs": self._current.get("$defs", {})})
        lost = [value for value in values if not current.is_valid(value)]
        if lost:
            yield f"{place}: {', '.join(map(repr, lost))} not taken any more"

    def _members(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        for name in sorted({*new.get("required", ())} - {*old.get("required", ())}):
            yield f"{place}.{name}: is required now, and was not"
        known, wanted = old.get("properties", {}), new.get("properties", {})
        others = old.get("additionalProperties", True), new.get("additionalProperties", True)
        for name in sorted(known.keys() | wanted.keys()):
            pair = known.get(name, others[0]), wanted.get(name, others[1])
            yield from self._narrowed(*pair, f"{place}.{name}")
        yield from self._narrowed(*others, f"{place}.*")
        names = old.get("propertyNames", True), new.get("propertyNames", True)
        yield from self._narrowed(*names, f"{place}, a name in it")

    def _items(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        yield from self._narrowed(old.get("items", True), new.get("items", True), f"{place}[]")

    def _rules(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        """Compares what holds under a condition, and what holds besides."""
        known = old.get("allOf", [])
        for rule in new.get("allOf", []):
            if "if" not in rule:
                found = [
                    self._narrowed(one, rule, place) for one in (*known, _without_choices(old))
                ]
                yield from min(found, key=len)
                continue
            before = [one for one in known if one.get("if") == rule["if"]]
            if before:
                where = f"{place} with {_condition(rule['if'])}"
                yield from self._narrowed(before[0]["then"], rule["then"], where)
            elif not _is_impossible(rule["if"], old):
                yield f"{place}: has a new rule where {_condition(rule['if'])}"


def _name(schema: Any, place: str) -> str:
    """Returns the name of the definition that a schema refers to; else where it stands."""
    named = schema.get("$ref", "") if isinstance(schema, dict) else ""
    return named.rpartition("/")[2] or place


def _followed(document: Schema, schema: Any) -> Any:
    if not isinstance(schema, dict) or "$ref" not in schema:
        return schema
    return document["$defs"][schema["$ref"].rpartition("/")[2]]


def _without_choices(schema: Schema) -> Schema:
    """Returns what holds whichever alternative is taken."""
    apart = _TOLD | {"anyOf", "oneOf", "discriminator"}
    return {name: value for name, value in schema.items() if name not in apart}


def _told(schema: Schema) -> str:
    return str({name: value for name, value in schema.items() if name not in _TOLD})[:100]


def _values(schema: Schema) -> list[Any] | None:
    """Returns the values of a schema that takes certain ones only."""
    if "const" in schema:
        return [schema["const"]]
    return schema.get("enum")


def _kinds(schema: Schema) -> set[str] | None:
    """Returns the JSON types that a schema takes; None for all."""
    named = schema.get("type")
    if named is None:
        return None
    types = {named} if isinstance(named, str) else set(named)
    return types | {"integer"} if "number" in types else types


def _types(old: Schema, new: Schema, place: str) -> Iterator[str]:
    before, now = _kinds(old), _kinds(new)
    if now is not None and (before is None or before - now):
        was = "anything" if before is None else " or ".join(sorted(before))
        yield f"{place}: was {was}, and is {' or '.join(sorted(now))} now"
    if _values(new) is not None:
        yield f"{place}: takes certain values only now: {_values(new)}"


def _bounds(old: Schema, new: Schema, place: str) -> Iterator[str]:
    for names, is_narrower in ((_LEAST, _is_more), (_MOST, _is_less)):
        for name in names:
            if name in new and is_narrower(new[name], old.get(name)):
                yield f"{place}: {name} was {old.get(name, 'open')}, and is {new[name]} now"


def _is_more(now: float, before: float | None) -> bool:
    return before is None or now > before


def _is_less(now: float, before: float | None) -> bool:
    return before is None or now < before


def _pattern(old: Schema, new: Schema, place: str) -> Iterator[str]:
    if "pattern" in new and not _takes_all(old.get("pattern"), new["pattern"]):
        yield f"{place}: the pattern was {old.get('pattern', 'open')}, and is {new['pattern']} now"


def _takes_all(before: str | None, now: str) -> bool:
    if before == now:
        return True
    old, new = _choice(before or ""), _choice(now)
    return bool(old and new and old[0] == new[0] and old[1] <= new[1])


def _choice(pattern: str) -> tuple[tuple[str, str], set[str]] | None:
    found = _CHOICE.fullmatch(pattern)
    return None if found is None else ((found[1], found[3]), set(found[2].split("|")))


def _is_impossible(condition: Schema, old: Schema) -> bool:
    """Whether no document that was taken meets a condition: it is about what was not there before."""
    return any(
        _excludes(old.get("properties", {}).get(name, {}), wanted)
        for name, wanted in condition.get("properties", {}).items()
    )


def _excludes(old: Schema, wanted: Schema) -> bool:
    values = _values(old)
    if values is not None and "const" in wanted:
        return wanted["const"] not in values
    asked = _choice(wanted.get("pattern", ""))
    known = [_choice(one.get("pattern", "")) for one in (old, *old.get("allOf", ()))]
    return asked is not None and any(
        one is not None and one[0] == asked[0] and not one[1] & asked[1] for one in known
    )


def _condition(schema: Schema) -> str:
    return " and ".join(
        f"{name} {one.get('const') or one.get('pattern') or one}"
        for name, one in schema.get("properties", {}).items()
    )
