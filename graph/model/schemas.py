"""JSON Schemas (draft 2020-12) of kinds, link types and events, derived from the ontology.

They say what a JSON Schema can say. What it cannot, reading the event still checks: check
characters, cycles, how many significant digits a decimal has.

`python -m graph.model.schemas > docs/schemas/event.json` releases the schema of events: from then on senders
may rely on it, and a test fails when a change would break them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, get_args

import orjson
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from graph.model import ontology
from graph.model.event import DATA_TYPES, Event
from graph.model.fact import Fact
from graph.model.link import LinkType

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


class _Plain(GenerateJsonSchema):
    """Leaves out the titles that only repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def kind_schema(kind: str) -> Schema:
    """Returns the schema of the properties of a kind.

    Raises:
        OntologyError: There is no such kind.
    """
    schema = ontology.get_kind(kind).model_json_schema(schema_generator=_Plain)
    return _headed(f"kind:{kind}", schema)


def link_schema(link: str) -> Schema:
    """Returns the schema of a link of one type: its ends, its slot and what it carries.

    Raises:
        OntologyError: There is no such link type.
    """
    declared = ontology.get_link_type(link)
    carried: Schema = {}
    if declared.properties is not None:
        carried = declared.properties.model_json_schema(schema_generator=_Plain)
    definitions = carried.pop("$defs", {})
    schema = {
        "title": link,
        "description": declared.doc,
        "type": "object",
        "properties": {"link": {"const": link}} | _link_rules(declared, carried),
        "required": ["source", "link", "target"] + ["slot"] * declared.slotted,
    }
    return _headed(f"link:{link}", schema | ({"$defs": definitions} if definitions else {}))


def event_schema() -> Schema:
    """Returns the schema of an event: its envelope, and every fact it may assert."""
    carried = {link.properties for link in ontology.link_types().values() if link.properties}
    models: list[type[BaseModel]] = [Event, *ontology.kinds().values()]
    models += sorted(carried, key=lambda model: model.__name__)
    _, document = models_json_schema(
        [(model, "validation") for model in models], schema_generator=_Plain
    )
    definitions = document["$defs"]
    event = definitions.pop("Event")
    event["additionalProperties"] = {"type": ["string", "integer", "boolean"]}
    event["propertyNames"] = {"pattern": "^[a-z0-9]{1,20}$"}
    event["properties"]["type"]["enum"] = list(DATA_TYPES)
    for fact in get_args(get_args(Fact)[0]):
        definitions[fact.__name__]["required"].append("fact")
    definitions["PutNode"]["properties"]["properties"] = {"type": "object"}
    definitions["PutNode"]["properties"]["utcs"]["allOf"] = [{"pattern": _named(ontology.kinds())}]
    definitions["PutNode"]["allOf"] = [_node_rule(kind) for kind in ontology.kinds()]
    for fact in ("PutLink", "EndLink"):
        links = ontology.link_types()
        definitions[fact]["properties"]["link"] = {"enum": list(links)}
        definitions[fact]["allOf"] = [_link_rule(link) for link in links.values()]
    return _headed("event", event | {"$defs": definitions})


def _node_rule(kind: str) -> Schema:
    """Returns the rule that a thing of this kind has the properties of this kind."""
    return {
        "if": {"properties": {"utcs": {"pattern": _named([kind])}}},
        "then": {"properties": {"properties": {"$ref": f"#/$defs/{ontology.label(kind)}"}}},
    }


def _link_rule(link: LinkType) -> Schema:
    """Returns the rule that a link of this type has the ends, slot and properties of this type."""
    carried: Schema = {}
    if link.properties is not None:
        carried = {"$ref": f"#/$defs/{link.properties.__name__}"}
    rules: Schema = {"properties": _link_rules(link, carried)}
    if link.slotted:
        rules["required"] = ["slot"]
    return {"if": {"properties": {"link": {"const": link.name}}}, "then": rules}


def _link_rules(link: LinkType, carried: Schema) -> Schema:
    return {
        "source": {"type": "string", "pattern": _named(_standing(link.sources))},
        "target": {"type": "string", "pattern": _named(_standing(link.targets))},
        "slot": {"type": "string"} if link.slotted else {"type": "null"},
        "properties": carried or {"type": "object", "maxProperties": 0},
    }


def _standing(allowed: frozenset[str]) -> list[str]:
    """Returns the kinds that may stand where these are allowed, those that extend them included."""
    return [kind for kind in ontology.kinds() if ontology.fits(kind, allowed)]


def _named(kinds: Collection[str]) -> str:
    return f"^utcs:[A-Z0-9]{{2,16}}:({'|'.join(kinds)}):"


def _headed(name: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, "$id": f"urn:utcs:schema:{name}"} | schema


def written(schema: Schema) -> bytes:
    """Returns a schema as JSON with one definition on a line, so that changes can be read."""
    lines = [
        b"%s: %s" % (orjson.dumps(name), orjson.dumps(value))
        for name, value in schema.items()
        if name != "$defs"
    ]
    definitions = [
        b"  %s: %s" % (orjson.dumps(name), orjson.dumps(value))
        for name, value in sorted(schema.get("$defs", {}).items())
    ]
    lines.append(b'"$defs": {\n%s\n}' % b",\n".join(definitions))
    return b"{\n%s\n}\n" % b",\n".join(lines)


if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(written(event_schema()))
