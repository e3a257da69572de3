"""Hypothesis strategies for documents that a JSON Schema takes, of the keywords that our schemas use."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.strategies_ontology import TEXT, json_values

Schema = dict[str, Any]

_MOST_ITEMS = 3
_MOST_CHARS = 30
_LOCAL = "[A-Za-z0-9._-]{1,20}\\Z"


def documents(schema: Schema) -> st.SearchStrategy[Any]:
    """Any document that a schema takes; long texts and lists find nothing that short ones do not."""
    return _Documents(schema).of(schema).filter(Draft202012Validator(schema).is_valid)


class _Documents:
    """What a schema and its definitions take; each definition is made ready once."""

    def __init__(self, root: Schema) -> None:
        self._root = root
        self._named: dict[str, st.SearchStrategy[Any]] = {}

    def of(self, schema: Any) -> st.SearchStrategy[Any]:
        if schema is True or not schema:
            return json_values
        if "$ref" in schema:
            return self._definition(schema["$ref"].rpartition("/")[2])
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return st.one_of(*map(self.of, schema[keyword]))
        if "const" in schema or "enum" in schema:
            return st.sampled_from([schema["const"]] if "const" in schema else schema["enum"])
        return self._of_type(schema)

    def _definition(self, name: str) -> st.SearchStrategy[Any]:
        if name not in self._named:
            self._named[name] = st.deferred(lambda: self.of(self._root["$defs"][name]))
        return self._named[name]

    def _of_type(self, schema: Schema) -> st.SearchStrategy[Any]:
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                least, most = schema.get("minItems", 0), schema.get("maxItems", _MOST_ITEMS)
                items = self.of(schema.get("items", True))
                return st.lists(items, min_size=least, max_size=min(most, _MOST_ITEMS))
            case "string":
                return _string(schema)
            case "integer" | "number":
                least, most = schema.get("minimum", -1000), schema.get("maximum", 1000)
                return st.integers(math.ceil(least), math.floor(most))
            case "boolean":
                return st.booleans()
            case "null":
                return st.none()
            case list() as types:
                return st.one_of(*(self._of_type(schema | {"type": one}) for one in types))
        return json_values

    def _object(self, schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
        """An object, under one of the rules that the schema has for certain objects."""
        rules = [one for one in schema.get("allOf", []) if "if" in one]
        return st.sampled_from(rules or [{}]).flatmap(lambda rule: self._under(schema, rule))

    def _under(self, schema: Schema, rule: Schema) -> st.SearchStrategy[dict[str, Any]]:
        condition, then = rule.get("if", {}), rule.get("then", {})
        properties = dict(schema.get("properties", {}))
        for more in (condition, then):
            properties |= more.get("properties", {})
        required = {name for one in (schema, then) for name in one.get("required", ())}
        required |= condition.get("properties", {}).keys()
        members = {name: self.of(one) for name, one in properties.items()}
        return st.fixed_dictionaries(
            {name: one for name, one in members.items() if name in required},
            optional={name: one for name, one in members.items() if name not in required},
        )


def _string(schema: Schema) -> st.SearchStrategy[str]:
    if schema.get("format") == "date-time":
        return st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
    if schema.get("format") == "date":
        return st.dates().map(lambda day: day.isoformat())
    if "pattern" in schema:
        pattern = schema["pattern"]
        return st.from_regex(pattern + _LOCAL if pattern.endswith("):") else pattern)
    least = schema.get("minLength", 0)
    most = max(least, min(schema.get("maxLength", _MOST_CHARS), _MOST_CHARS))
    return st.text(TEXT, min_size=least, max_size=most)
