"""A question as one Cypher statement, whatever its nesting: the only code that assembles Cypher.

The text is made of the fragments in cypher/selection, of labels, link types and property names of
the ontology, and of parameters: nothing that a caller wrote ever stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from graph.model import ontology
from graph.store.selection import (
    After,
    Aliased,
    All,
    AnyOf,
    Column,
    Compare,
    Condition,
    Era,
    Groups,
    Hop,
    Kinds,
    Linked,
    Missing,
    Named,
    Not,
    Operator,
    Order,
    Page,
    Property,
    Root,
    Row,
    Source,
    Statement,
    Value,
)
from graph.store.text import fill

UTCS = Property("utcs")
SLOT = Property("slot", "link")


@lru_cache(maxsize=1024)
def compile_question(roots: tuple[Root, ...]) -> str:
    """Returns the statement that answers all roots in one row, with a last column `stale`."""
    answers = (
        f"{_page(root.page, _Place(root.era, _value(root.world), _value(root.knowledge)))} AS root{i}"
        for i, root in enumerate(roots)
    )
    return fill("selection/answer", roots=",\n  ".join(answers))


def parameter(place: int) -> str:
    """Returns the name of the parameter that carries the value at a place."""
    return f"p{place}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the statement we are: the time, and how deep, which makes variables distinct."""

    era: Era
    world: str
    knowledge: str
    depth: int = 0

    @property
    def anchor(self) -> str:
        return f"a{self.depth}"

    @property
    def link(self) -> str:
        return f"r{self.depth}"

    @property
    def row(self) -> str:
        """The variable that holds the thing's properties: the anchor itself now, else a version."""
        return self.anchor if self.era is Era.NOW else f"v{self.depth}"

    def deeper(self) -> _Place:
        return replace(self, depth=self.depth + 1)


def _page(page: Page, outer: _Place) -> str:
    place = outer.deeper()
    path, conditions = _source(page.source, outer, place)
    where = [] if page.where is None else [_condition(page.where, place)]
    every = _all(conditions + where)
    parts = [_rows(page, path, conditions, where, place)] if page.columns else []
    if page.total or not (parts or page.groups):
        parts.append(fill("selection/total", path=path, conditions=every))
    parts += [_groups(groups, path, every, place) for groups in page.groups]
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"


def _groups(groups: Groups, path: str, conditions: str, place: _Place) -> str:
    # Both would do for both; but of 60,000 things the first takes 40 ms, the other 200 (2026-11).
    name = "selection/groups" if place.depth == 1 else "selection/groups_of_each"
    return fill(
        name,
        path=path,
        conditions=conditions,
        property=_of(groups.property, place),
        limit=_value(groups.limit),
    )


def _rows(page: Page, path: str, conditions: list[str], where: list[str], place: _Place) -> str:
    ties = [Order(UTCS)] + [Order(SLOT)] * _is_slotted(page.source)
    after = [] if page.after is None else [_after(page.order, page.after, place)]
    order = [
        _of(o.property, place) + (" DESC" if o.descending else "") for o in (*page.order, *ties)
    ]
    if kind := _only_kind(page, place):
        path = f"({place.anchor}:Anchor)"
        conditions = [f"{place.anchor}.kind = '{kind}'", *_in_order(place)]
        order.insert(0, f"{place.anchor}.kind")  # the same for all, and the first key of the index
    assert page.limit is not None, "a page with columns has a limit"  # noqa: S101 - our own mistake
    return fill(
        "selection/rows",
        path=path,
        conditions=_all(conditions + where + after),
        carried=_carried(page.source, place),
        order=", ".join(order),
        limit=_value(page.limit),
        columns=", ".join(_column(column, place) for column in page.columns),
    )


def _carried(source: Source, place: _Place) -> str:
    link = [place.link] if isinstance(source, Hop) else []
    names = ", ".join(dict.fromkeys([place.anchor, place.row, *link]))
    return f"DISTINCT {names}" if isinstance(source, Aliased) else names


def _is_slotted(source: Source) -> bool:
    return isinstance(source, Hop) and ontology.get_link_type(source.link).slotted


def _source(source: Source, outer: _Place, place: _Place) -> tuple[str, list[str]]:
    """Returns the pattern that finds the things of a source, and its conditions."""
    version = "" if place.era is Era.NOW else f"-[:VERSION]->({place.row}:Version)"
    holds = [] if place.era is Era.NOW else [_holds_then(place.row, place)]
    match source:
        case Hop():
            path, holds_link = _hop(source, outer, place)
            return path + version, [holds_link, *holds]
        case Kinds(names):
            return _kinds(names, place, version, holds)
        case Named(ids):
            return f"({place.anchor}:Anchor){version}", [
                f"{place.anchor}.utcs IN {_value(ids)}", *_exists(place), *holds,
            ]  # fmt: skip
        case Aliased(keys):
            path = f"(alias:Alias)-[:NAMES]->({place.anchor}:Anchor){version}"
            carries = f"any(key IN {place.row}.aliases WHERE key IN {_value(keys)})"
            return path, [f"alias.key IN {_value(keys)}", carries, *holds]


def _kinds(
    names: tuple[str, ...], place: _Place, version: str, holds: list[str]
) -> tuple[str, list[str]]:
    if place.era is Era.NOW:
        if not names:
            return f"({place.anchor}:Anchor)", _in_order(place)
        return f"({place.anchor}:{'|'.join(map(ontology.label, names))})", []
    one_of = ", ".join(f"'{kind}'" for kind in _fitting(names))
    return f"({place.anchor}:Anchor){version}", [f"{place.anchor}.kind IN [{one_of}]"] * bool(
        names
    ) + holds


def _only_kind(page: Page, place: _Place) -> str | None:
    """The kind of a page of one kind in the order of ids, now: an index has such pages in order.

    A scan of the label and a sort took 31 ms of 61,600 parts, the index 6 (2026-11).
    """
    if place.era is not Era.NOW or page.order or not isinstance(page.source, Kinds):
        return None
    fitting = _fitting(page.source.names)
    return fitting[0] if len(fitting) == 1 else None


def _in_order(place: _Place) -> list[str]:
    """What lets an index that ends in the id yield things in its order: all have one, but it asks."""
    return [f"{place.anchor}.utcs IS NOT NULL", *_exists(place)]


def _fitting(names: tuple[str, ...]) -> list[str]:
    return [kind for kind in ontology.kinds() if ontology.fits(kind, frozenset(names))]


def _exists(place: _Place) -> list[str]:
    """An anchor carries a version number only while the thing exists now."""
    return [f"{place.anchor}.version IS NOT NULL"] if place.era is Era.NOW else []


def _hop(hop: Hop, outer: _Place, place: _Place) -> tuple[str, str]:
    name = ontology.get_link_type(hop.link).name
    left, right = ("-", "->") if hop.forward else ("<-", "-")
    types = place.era.relationship_types([name])
    if place.era is Era.KNOWN:
        holds = f"{_holds_then(place.link, place)} AND {was_one_of(place.link, [name])}"
    else:
        holds = fill("selection/holds", x=place.link, world=place.world)
    return f"({outer.anchor}){left}[{place.link}:{types}]{right}({place.anchor})", holds


def was_one_of(link: str, types: Iterable[str]) -> str:
    """Returns the condition that a past belief is about a link of some types; other rows say it by theirs."""
    names = ", ".join(f"'{name}'" for name in types)
    return fill("link/was", link=link, types=names)


def _holds_then(variable: str, place: _Place) -> str:
    return fill("selection/holds_then", x=variable, world=place.world, knowledge=place.knowledge)


def _column(column: Column, place: _Place) -> str:
    match column:
        case Property():
            return _of(column, place)
        case Statement(name):
            if place.era is not Era.NOW:
                return f"{place.row}.{name}"
            row = f"v{place.depth}"
            return fill("selection/current_statement", anchor=place.anchor, row=row, name=name)
        case Row(columns):
            return f"[{', '.join(_column(inner, place) for inner in columns)}]"
        case Page():
            return _page(column, place)


def _of(item: Property, place: _Place) -> str:
    if item.of == "link":
        return f"{place.link}.{item.name}"
    if item.name == "version" and place.era is not Era.NOW:
        return f"{place.row}.n"
    return f"{place.row}.{item.name}"


def _condition(condition: Condition, place: _Place) -> str:
    match condition:
        case Compare(item, Operator.HAS, value):
            return f"{_value(value)} IN {_of(item, place)}"
        case Compare(item, operator, value):
            return f"{_of(item, place)} {operator.value} {_value(value)}"
        case Missing(item):
            return f"{_of(item, place)} IS NULL"
        case All(conditions):
            return f"({' AND '.join(_condition(c, place) for c in conditions) or 'true'})"
        case AnyOf(conditions):
            return f"({' OR '.join(_condition(c, place) for c in conditions) or 'false'})"
        case Not(inner):
            return f"NOT coalesce({_condition(inner, place)}, false)"
        case Linked():
            return _linked(condition, place)


def _linked(condition: Linked, outer: _Place) -> str:
    place = outer.deeper()
    path, conditions = _source(condition.hop, outer, place)
    if condition.condition is not None:
        conditions.append(_condition(condition.condition, place))
    return fill("selection/linked", path=path, conditions=_all(conditions))


def _after(order: tuple[Order, ...], after: After, place: _Place) -> str:
    """The condition that a row stands after the last one of the page before.

    Neo4j sorts missing values last, or first when descending (Cypher manual, ORDER BY).
    """
    text = f"{_of(UTCS, place)} > {_value(after.utcs)}"
    if after.slot is not None:
        slot = f"{_of(SLOT, place)} > {_value(after.slot)}"
        text += f" OR ({_same(_of(UTCS, place), after.utcs)} AND {slot})"
    for each, value in reversed([*zip(order, after.values, strict=True)]):
        name = _of(each.property, place)
        text = " OR ".join([*_beyond(each, name, value), f"({_same(name, value)} AND ({text}))"])
    return f"({text})"


def _beyond(order: Order, name: str, value: Value | None) -> Iterator[str]:
    if value is None:
        if order.descending:
            yield f"{name} IS NOT NULL"
    elif order.descending:
        yield f"{name} < {_value(value)}"
    else:
        yield f"{name} > {_value(value)}"
        yield f"{name} IS NULL"


def _same(name: str, value: Value | None) -> str:
    return f"{name} IS NULL" if value is None else f"{name} = {_value(value)}"


def _all(conditions: list[str]) -> str:
    return " AND ".join(conditions) or "true"


def _value(value: Value) -> str:
    return f"${parameter(value.place)}"
