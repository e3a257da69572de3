"""The ordinary way to answer: graphql-core's own completion, with a resolver on every field.

It knows the rows of belief and nothing of the compiler: times, links, filters and orders are
evaluated here in the plainest way there is.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from typing import Any

import strawberry
from graphql import ExecutionResult, GraphQLSchema, execute, parse
from strawberry.schema.config import StrawberryConfig

from api.filters import kind_names, link_names
from api.plan import list_kinds
from api.queries.root import make_query
from api.scalars import SCALARS
from api.types import made_types
from api.vocabulary import Form, LinkField, PropertyField, ThingType, thing_types
from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.time import FAR, format_utc, from_micros, to_micros
from graph.store.database import Graph
from graph.store.selection import Hop

VERSIONS = "MATCH (:Anchor)-[:VERSION]->(v:Version) RETURN properties(v)"
LINKS = """
MATCH (s:Anchor)-[r:!VERSION]->(t:Anchor)
RETURN s.utcs, coalesce(r.was, split(type(r), '_PAST')[0]), t.utcs, properties(r)
"""


@dataclass
class Link:
    """One link that holds."""

    source: str
    name: str
    target: str
    row: dict[str, Any]


class Belief:
    """What holds at one place in time."""

    def __init__(self, versions: list[Any], links: list[Any], world: int, known: int) -> None:
        def holds(row: dict[str, Any]) -> bool:
            is_true = row["valid_from"] <= world < row["valid_to"]
            return bool(is_true and row["recorded_at"] <= known < row["superseded_at"])

        self.things = {row["utcs"]: Thing(self, row) for (row,) in versions if holds(row)}
        self.links = [Link(*link) for link in links if holds(link[3])]

    def all(self, kinds: frozenset[str]) -> list[Thing]:
        return [t for t in self.things.values() if not kinds or ontology.fits(t.row["kind"], kinds)]


@dataclass
class Thing:
    """A thing as it holds, and the link that led to it."""

    belief: Belief
    row: dict[str, Any]
    link: Link | None = None

    def over(self, hop: Hop) -> list[Thing]:
        mine = self.row["utcs"]
        found = []
        for link in self.belief.links:
            here, there = (link.source, link.target) if hop.forward else (link.target, link.source)
            if link.name == hop.link and here == mine:
                found.append(Thing(self.belief, self.belief.things[there].row, link))
        return found


class Reference:
    """Answers operations from the rows of belief, by a resolver on every field."""

    def __init__(self, versions: list[Any], links: list[Any], now: int) -> None:
        self.rows = versions, links
        self.now = now
        self.schema = _schema()
        _CURRENT[0] = self

    @classmethod
    async def of(cls, graph: Graph, now: int) -> Reference:
        return cls(await graph.read(VERSIONS), await graph.read(LINKS), now)

    def answer(self, text: str, variables: dict[str, Any]) -> ExecutionResult:
        result = execute(self.schema, parse(text), variable_values=variables)
        assert isinstance(result, ExecutionResult)
        return result

    def belief(self, arguments: dict[str, Any]) -> Belief:
        as_of, known_at = arguments.get("asOf"), arguments.get("knownAt")
        world = self.now if as_of is None else to_micros(as_of)
        return Belief(*self.rows, world, FAR - 1 if known_at is None else to_micros(known_at))


_CURRENT: list[Any] = [None]
TOLD = ("Link", "PageInfo", "Counts", "ValueCount")


@cache
def _schema() -> GraphQLSchema:
    made = strawberry.Schema(
        make_query(),
        types=list(made_types().values()),
        config=StrawberryConfig(scalar_map=dict(SCALARS)),
    )
    schema: Any = made._schema
    for name, each in thing_types().items():
        core = schema.get_type(name)
        core.is_type_of = None
        core.resolve_type = lambda thing, *_: ontology.label(thing.row["kind"])
        for field_name, field in each.fields.items():
            core.fields[field_name].resolve = _resolver(field)
    for name in [n for n in schema.type_map if n.endswith(("Connection", "Edge")) or n in TOLD]:
        for field_name, core_field in schema.get_type(name).fields.items():
            core_field.resolve = lambda value, _info, key=field_name: value[key]
        if name.endswith("Connection"):
            schema.get_type(name).fields["groups"].resolve = _counted
    roots = schema.query_type.fields
    roots["thing"].resolve = _one
    roots["things"].resolve = _listed("Thing", None)
    for name, kind in list_kinds().items():
        roots[name].resolve = _listed(ontology.label(kind), kind)
    made_schema: GraphQLSchema = schema
    return made_schema


def _one(_root: Any, _info: Any, id: str, **arguments: Any) -> Thing | None:
    found: Thing | None = _CURRENT[0].belief(arguments).things.get(str(Utcs.parse(id)))
    return found


def _listed(name: str, kind: str | None) -> Callable[..., Any]:
    def resolve(_root: Any, _info: Any, **arguments: Any) -> Any:
        chosen = [k.value for k in arguments.get("kinds") or ()] if kind is None else [kind]
        things = _CURRENT[0].belief(arguments).all(frozenset(chosen))
        return _page(things, arguments, thing_types()[name])

    return resolve


def _resolver(field: PropertyField | LinkField) -> Callable[..., Any]:
    if isinstance(field, PropertyField):
        return lambda thing, _info: _told(field, thing.row)
    if field.of_link:
        return lambda thing, _info: next((_link(t) for t in thing.over(field.hop)), None)
    if field.single:
        return lambda thing, _info: next(iter(thing.over(field.hop)), None)
    end = thing_types()[field.end]
    return lambda thing, _info, **arguments: _page(thing.over(field.hop), arguments, end)


def _stored(field: PropertyField, row: dict[str, Any]) -> Any:
    name = field.column.name  # type: ignore[union-attr]
    return row.get("n" if name == "version" else name)


def _told(field: PropertyField, row: dict[str, Any]) -> Any:
    value = _stored(field, row)
    if value is None:
        return [] if field.form is Form.STRINGS else None
    if field.form is Form.MICROS:
        return None if value == FAR else from_micros(value)
    if field.form is Form.CHECKED:
        return Utcs.parse(value).checked
    if field.form is Form.JSON:
        return json.loads(value)
    if field.form is Form.KIND:
        return kind_names()(value)
    return field.enum(value) if field.enum else value


def _link(thing: Thing) -> dict[str, Any] | None:
    if thing.link is None:
        return None
    row, declared = thing.link.row, ontology.get_link_type(thing.link.name)
    carried = declared.properties.model_fields if declared.properties else {}
    return {
        "link": link_names()(thing.link.name),
        "validFrom": from_micros(row["valid_from"]),
        "validTo": None if row["valid_to"] == FAR else from_micros(row["valid_to"]),
        "recordedAt": from_micros(row["recorded_at"]),
        "made": row["made"],
        "slot": row.get("slot"),
        "properties": {n: row[n] for n in carried if n in row} if declared.properties else None,
    }


def _page(things: list[Thing], arguments: dict[str, Any], each: ThingType) -> dict[str, Any]:
    given = arguments.get("filter") or {}
    kept = [thing for thing in things if fits(thing, given)]
    kept.sort(key=lambda t: (t.row["utcs"], (t.link and t.link.row.get("slot")) or ""))
    for order in reversed(arguments.get("orderBy") or []):
        field: Any = thing_types()[each.name].fields[order["by"].value]
        down = order.get("direction") is not None and order["direction"].value == "DESC"
        kept.sort(key=partial(_rank, field), reverse=down)
    first = arguments["first"]
    shown = kept[:first]
    return {
        "nodes": shown,
        "edges": [{"cursor": None, "node": thing, "link": _link(thing)} for thing in shown],
        "pageInfo": {"hasNextPage": len(kept) > first, "hasPreviousPage": False},
        "totalCount": len(kept),
        "all": (each, kept),
    }


def _counted(connection: dict[str, Any], _info: Any, by: Enum, first: int) -> dict[str, Any]:
    each, things = connection["all"]
    field: Any = each.fields[by.value]
    numbers = Counter(_stored(field, thing.row) for thing in things)
    ranked = sorted(
        numbers.items(),
        key=lambda pair: (-pair[1], pair[0] is None, 0 if pair[0] is None else pair[0]),
    )
    told = [{"value": _as_json(field, value), "count": number} for value, number in ranked[:first]]
    return {"values": told, "complete": len(ranked) <= first}


def _as_json(field: PropertyField, value: Any) -> Any:
    is_moment = field.form is Form.MICROS and value is not None
    return format_utc(from_micros(value)) if is_moment else value


def _rank(field: PropertyField, thing: Thing) -> tuple[bool, Any]:
    value = _stored(field, thing.row)
    return value is None, 0 if value is None else value


def fits(thing: Thing, given: dict[str, Any]) -> bool:
    """Whether a thing fits a filter."""
    return all(_fits_part(thing, name, value) for name, value in given.items())


def _fits_part(thing: Thing, name: str, value: Any) -> bool:
    if name == "and":
        return all(fits(thing, one) for one in value)
    if name == "or":
        return any(fits(thing, one) for one in value)
    if name == "not":
        return not fits(thing, value)
    if name == "hasLink":
        return all(_fits_link(thing, one) for one in value)
    field: Any = thing_types()[ontology.label(thing.row["kind"])].fields[name]
    stored = _stored(field, thing.row)
    return all(_compared(stored, operator, _plain(v, field.form)) for operator, v in value.items())


def _fits_link(thing: Thing, given: dict[str, Any]) -> bool:
    name = given["link"].value
    is_forward = name in ontology.link_types()
    forward = {link.inverse: link.name for link in ontology.link_types().values()}
    hop = Hop(name if is_forward else forward[name], is_forward)
    found = any(fits(one, given.get("to") or {}) for one in thing.over(hop))
    return bool(found == given.get("exists", True))


def _plain(value: Any, form: Form) -> Any:
    if isinstance(value, list):
        return [_plain(one, form) for one in value]
    if isinstance(value, Enum):
        return value.value
    if form is Form.MICROS and not isinstance(value, bool):
        return to_micros(value)
    if form is Form.DATE_TIME and not isinstance(value, bool):
        return format_utc(value)
    return value.isoformat() if form is Form.DATE and not isinstance(value, bool) else value


def _compared(stored: Any, operator: str, value: Any) -> bool:
    if operator == "isNull":
        return bool((stored is None) == value)
    if operator == "ne":
        return bool(stored != value)
    if stored is None:
        return False
    tests: dict[str, Callable[[], bool]] = {
        "eq": lambda: stored == value,
        "in": lambda: stored in value,
        "gt": lambda: stored > value,
        "gte": lambda: stored >= value,
        "lt": lambda: stored < value,
        "lte": lambda: stored <= value,
        "contains": lambda: value in stored,
        "startsWith": lambda: stored.startswith(value),
        "endsWith": lambda: stored.endswith(value),
        "has": lambda: value in stored,
    }
    return tests[operator]()
