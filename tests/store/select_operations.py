"""Random valid operations over things: fields, aliases, fragments, directives, variables, arguments."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from api.plan import list_kinds
from api.vocabulary import THING, Form, LinkField, PropertyField, ThingType, thing_types, type_of
from graph.model import ontology

COUNTS = ["value count", "count value", "value", "count __typename", "n: count a: value b: value"]
RANGED = {Form.STRING, Form.INT, Form.FLOAT, Form.DATE, Form.DATE_TIME, Form.MICROS}


@dataclass
class Scene:
    """What operations may speak of."""

    kinds: list[str]
    ids: list[str]
    values: dict[Form, list[Any]]
    times: list[str]
    known: list[str]


@dataclass
class Writer:
    """Writes one operation; each name it gives is new, so that nothing clashes."""

    draw: st.DrawFn
    scene: Scene
    fragments: list[str] = field(default_factory=list)
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    count: int = 0
    nested: int = 0

    def new(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def one_of(self, items: Any) -> Any:
        return self.draw(st.sampled_from(list(items)))

    def value(self, type_name: str, text: str, value: Any) -> str:
        """A value as a literal, or as a variable."""
        if not self.chance(40):
            return text
        name = self.new("v")
        self.variables[name] = (type_name, value)
        return f"${name}"

    def directive(self) -> str:
        if not self.chance(12):
            return ""
        wanted = self.chance(60)
        shown = self.value("Boolean!", json.dumps(wanted), wanted)
        return f" @{self.one_of(['include', 'skip'])}(if: {shown})"

    def selection(self, type_name: str, depth: int) -> str:
        parts = [self.part(type_name, depth) for _ in range(self.draw(st.integers(1, 4)))]
        return "{ " + " ".join([*parts, self.one_of(["utcs", "__typename"])]) + " }"

    def part(self, type_name: str, depth: int) -> str:
        each = thing_types()[type_name]
        if self.nested < 3 and self.chance(20):
            return self.fragment(each, depth)
        if depth and each.links and self.chance(50):
            links = [link for link in each.links if self.is_there(link)]
            if links:
                return self.link(self.one_of(links), depth)
        if self.chance(10):
            return f"{self.new('t')}: __typename{self.directive()}"
        wanted = self.one_of(each.properties)
        alias = (
            ""
            if wanted.name in thing_types()[THING].fields and self.chance(50)
            else f"{self.new('p')}: "
        )
        return f"{alias}{wanted.name}{self.directive()}"

    def is_there(self, link: LinkField) -> bool:
        return link.of_link or bool(set(thing_types()[link.end].kinds) & set(self.scene.kinds))

    def fragment(self, each: ThingType, depth: int) -> str:
        names = [
            name
            for name, other in thing_types().items()
            if set(other.kinds) & set(each.kinds) & set(self.scene.kinds)
        ]
        name = self.one_of(names)
        self.nested += 1
        body = self.selection(name, depth)
        self.nested -= 1
        if self.chance(50):
            return f"... on {name}{self.directive()} {body}"
        fragment = self.new("F")
        self.fragments.append(f"fragment {fragment} on {name} {body}")
        return f"...{fragment}{self.directive()}"

    def link(self, link: LinkField, depth: int) -> str:
        alias = f"{self.new('l')}: "
        if link.of_link:
            return f"{alias}{link.name}{self.directive()} {self.link_told()}"
        if link.single:
            return f"{alias}{link.name}{self.directive()} {self.selection(link.end, depth - 1)}"
        page = self.paging(link.end) + self.directive()
        return f"{alias}{link.name}{page} {self.connection(link.end, depth - 1)}"

    def link_told(self) -> str:
        names = [
            "link",
            "validFrom",
            "validTo",
            "recordedAt",
            "made",
            "slot",
            "properties",
            "__typename",
        ]
        return (
            "{ "
            + " ".join(self.draw(st.lists(st.sampled_from(names), min_size=1, unique=True)))
            + " }"
        )

    def connection(self, end: str, depth: int) -> str:
        choices: dict[str, Callable[[], str]] = {
            "nodes": lambda: f"{self.new('n')}: nodes {self.selection(end, depth)}",
            "edges": lambda: f"{self.new('e')}: edges {{ {self.edge(end, depth)} }}",
            "total": lambda: "totalCount",
            "info": lambda: "pageInfo { hasNextPage hasPreviousPage __typename }",
            "name": lambda: "__typename",
            "groups": lambda: self.groups(end),
        }
        wanted = self.draw(st.lists(st.sampled_from(sorted(choices)), min_size=1, max_size=3))
        return "{ " + " ".join(str(choices[name]()) for name in wanted) + " }"

    def groups(self, end: str) -> str:
        names = [f.name for f in thing_types()[end].properties if f.is_orderable]
        likely = [name for name in ("kind", "status", "category", "validFrom") if name in names]
        by = self.one_of(likely if self.chance(50) else names)  # these have several things a value
        arguments = [f"by: {self.value(f'{end}OrderBy!', by, by)}"]
        if self.chance(50):
            first = self.draw(st.integers(0, 4))
            arguments.append(f"first: {self.value('Int!', str(first), first)}")
        told = {
            "values": f"{self.new('v')}: values {{ {self.one_of(COUNTS)} }}",
            "all": f"{self.new('c')}: complete __typename",
        }
        shown = self.draw(st.lists(st.sampled_from(["values", "all"]), min_size=1, max_size=3))
        parts = [told["values"], *(told[name] for name in shown)]
        body = " ".join(dict.fromkeys(parts))
        return f"{self.new('g')}: groups({', '.join(arguments)}){self.directive()} {{ {body} }}"

    def edge(self, end: str, depth: int) -> str:
        node = f"node {self.selection(end, depth)} " if self.chance(80) else ""
        return f"{node}link {self.link_told()}{self.one_of(['', ' __typename'])}"

    def paging(self, end: str, *more: str) -> str:
        given = list(more)
        if self.chance(60):
            first = self.draw(st.integers(0, 6))
            given.append(f"first: {self.value('Int!', str(first), first)}")
        each = thing_types()[end]
        if self.chance(40):
            given.append(f"orderBy: {self.ordering(each)}")
        if self.chance(40):
            given.append(f"filter: {self.filter(each, 2)}")
        return f"({', '.join(given)})" if given else ""

    def ordering(self, each: ThingType) -> str:
        ordered = [f for f in each.properties if f.is_orderable]
        orders = [
            f"{{by: {self.one_of(ordered).name}{self.one_of(['', ', direction: DESC', ', direction: ASC'])}}}"
            for _ in range(self.draw(st.integers(0, 2)))
        ]
        return f"[{', '.join(orders)}]"

    def filter(self, each: ThingType, depth: int) -> str:
        parts: dict[str, str] = {}
        for _ in range(self.draw(st.integers(0, 2))):
            name = self.filter_name(each, depth)
            if name not in parts:
                parts[name] = self.filter_part(each, name, depth)
        return "{" + ", ".join(f"{name}: {text}" for name, text in parts.items()) + "}"

    def filter_name(self, each: ThingType, depth: int) -> str:
        if depth and self.chance(30):
            return str(self.one_of(["and", "or", "not"]))
        if self.chance(20):
            return "hasLink"
        return str(self.one_of([f.name for f in each.properties if f.is_comparable]))

    def filter_part(self, each: ThingType, name: str, depth: int) -> str:
        if name == "not":
            return self.filter(each, depth - 1)
        if name in ("and", "or"):
            several = [self.filter(each, depth - 1) for _ in range(self.draw(st.integers(0, 2)))]
            return f"[{', '.join(several)}]"
        if name == "hasLink":
            link = self.one_of(ontology.link_types().values())
            linked = self.one_of([link.name, link.inverse])
            exists = self.one_of(["", ", exists: false", ", exists: true"])
            to = f", to: {self.filter(thing_types()[THING], 0)}" if self.chance(40) else ""
            return f"[{{link: {linked}{exists}{to}}}]"
        wanted = each.fields[name]
        assert isinstance(wanted, PropertyField)
        return self.comparison(wanted)

    def comparison(self, wanted: PropertyField) -> str:
        operators = ["isNull", "has"] if wanted.form is Form.STRINGS else ["eq", "ne", "isNull"]
        operators += ["gt", "gte", "lt", "lte"] * (wanted.form in RANGED)
        operators += ["in"] * (wanted.form not in (Form.BOOLEAN, Form.STRINGS))
        operators += ["contains", "startsWith", "endsWith"] * (wanted.form is Form.STRING)
        operator = self.one_of(operators)
        if operator == "isNull":
            return f"{{isNull: {self.one_of(['true', 'false'])}}}"
        if operator == "in":
            several = [self.literal(wanted)[0] for _ in range(self.draw(st.integers(0, 3)))]
            return f"{{in: [{', '.join(several)}]}}"
        text, type_name, value = self.literal(wanted)
        return f"{{{operator}: {self.value(type_name, text, value)}}}"

    def literal(self, wanted: PropertyField) -> tuple[str, str, Any]:
        """A value to compare with: as text, its type, and itself."""
        if wanted.enum:
            chosen = self.one_of(wanted.enum).value
            return chosen, wanted.enum.__name__, chosen
        if wanted.form is Form.KIND:
            kind = self.one_of(self.scene.kinds)
            return kind, "KindName", kind
        form = Form.STRING if wanted.form is Form.STRINGS else wanted.form
        value = self.one_of(self.scene.values[form])
        type_name = "DateTime" if form is Form.MICROS else form.value
        return json.dumps(value), type_name, value

    def root(self) -> str:
        depth = self.draw(st.integers(0, 3))
        when = self.when()
        alias = f"{self.new('r')}: "
        if self.chance(20):
            id = self.one_of(self.scene.ids)
            arguments = ", ".join([f"id: {self.value('String!', json.dumps(id), id)}", *when])
            return f"{alias}thing({arguments}) {self.selection(THING, depth)}"
        if self.chance(20):
            kinds = self.draw(st.lists(st.sampled_from(self.scene.kinds), max_size=3))
            several = [f"kinds: [{', '.join(kinds)}]"] if kinds or self.chance(30) else []
            return f"{alias}things{self.paging(THING, *several, *when)} {self.connection(THING, depth)}"
        name, kind = self.one_of([(n, k) for n, k in list_kinds().items() if k in self.scene.kinds])
        end = type_of(frozenset({kind}))
        return f"{alias}{name}{self.paging(end, *when)} {self.connection(end, depth)}"

    def when(self) -> list[str]:
        given = []
        if self.chance(40):
            time = self.one_of(self.scene.times)
            given.append(f"asOf: {self.value('DateTime', json.dumps(time), time)}")
        if self.chance(25):
            given.append(f"knownAt: {json.dumps(self.one_of(self.scene.known))}")
        return given


@st.composite
def operations(draw: st.DrawFn, scene: Scene) -> tuple[str, dict[str, Any]]:
    """One operation and its variables."""
    writer = Writer(draw, scene)
    roots = [writer.root() for _ in range(draw(st.integers(1, 3)))]
    declared = ", ".join(
        f"${name}: {type_name}" for name, (type_name, _) in writer.variables.items()
    )
    head = f"query({declared})" if declared else "query"
    text = "\n".join([f"{head} {{ {' '.join(roots)} }}", *writer.fragments])
    return text, {name: value for name, (_, value) in writer.variables.items()}
