"""Reads what an operation asks of things: into one neutral question, and the shapes of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from graphql import FragmentSpreadNode, GraphQLObjectType, InlineFragmentNode
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import get_argument_values

from api import shape as shapes
from api.errors import LimitError
from api.paging import read_connection
from api.shape import Faults, Key, RowShape, Shape, shape_row
from api.values import Values
from api.vocabulary import Form, LinkField, PropertyField, ThingType, thing_types
from graph.model import ontology
from graph.store.selection import Column, Hop, Page, Property, Row

Details: TypeAlias = list[FieldDetails]
Grouped: TypeAlias = dict[str, Details]

KIND: Final = Property("kind")
UTCS: Final = Property("utcs")
TYPENAME: Final = "__typename"

MAX_COST: Final = 200_000
"""The most things that one operation may read: the sum over its lists of the products of `first`."""

MAX_LISTS: Final = 200
"""The most lists and single links that one statement may hold, wherever they stand."""

MAX_FIELDS: Final = 5_000
"""The most fields that one operation may select once its fragments are followed everywhere."""

_SHAPES: Final[dict[Form, Shape]] = {
    Form.MICROS: shapes.tell_micros,
    Form.CHECKED: shapes.tell_checked,
    Form.JSON: shapes.tell_json,
}
_LINK_FIELDS: Final[dict[str, tuple[str, Shape | None]]] = {
    "validFrom": ("valid_from", shapes.tell_micros),
    "validTo": ("valid_to", shapes.tell_micros),
    "recordedAt": ("recorded_at", shapes.tell_micros),
    "made": ("made", None),
    "slot": ("slot", None),
}


class Asked(NamedTuple):
    """A column, and what is made of its value."""

    column: Column
    shape: Shape


class View(NamedTuple):
    """Columns of a thing, and what is made of a row of them."""

    columns: tuple[Column, ...]
    shape: RowShape


class Columns:
    """Collects columns, each once, and tells the place of each."""

    def __init__(self) -> None:
        self.places: dict[Column, int] = {}

    def place(self, column: Column) -> int:
        """Returns where the column stands in the row."""
        return self.places.setdefault(column, len(self.places))

    def all(self) -> tuple[Column, ...]:
        """Returns the columns in order; one at least, for a row must have one."""
        return tuple(self.places) or (UTCS,)


@dataclass(slots=True)
class Reading:
    """Reads selections of one operation.

    Attributes:
        executor: What runs the operation: it knows fragments, directives and variables.
        values: The values that the question needs.
        faults: Where shapes count errors.
        cost: How many things may be read at most, so far.
        lists: How many lists stand in the statement, so far: each is a part that must be planned.
        fields: How many fields are selected, fragments followed, so far.
    """

    executor: Any
    values: Values = field(default_factory=Values)
    faults: Faults = field(default_factory=Faults)
    cost: int = 0
    lists: int = 0
    fields: int = 0
    _many: int = 1
    _asked: dict[tuple[Any, ...], tuple[Asked, int, int]] = field(default_factory=dict)

    def arguments(self, type_name: str, details: Details) -> dict[str, Any]:
        """Returns the arguments of a field, with variables and defaults in place."""
        first = details[0]
        field_def = self.executor.schema.get_type(type_name).fields[first.node.name.value]
        return get_argument_values(
            field_def, first.node, self.executor.variable_values, first.fragment_variable_values
        )

    @contextmanager
    def repeated(self, times: int) -> Iterator[None]:
        """Counts what is read inside as read so many times over."""
        outer, self._many = self._many, max(1, self._many * times)
        self.cost += self._many
        self._count(1, 0)
        check("things", self.cost, MAX_COST, "QUERY_TOO_COSTLY")
        yield
        self._many = outer

    def _count(self, lists: int, fields: int) -> None:
        self.lists += lists
        self.fields += fields
        check("lists", self.lists, MAX_LISTS, "QUERY_TOO_LARGE")
        check("fields", self.fields, MAX_FIELDS, "QUERY_TOO_LARGE")

    def view(self, type_name: str, details: Details) -> View:
        """Returns what a selection on things of a type asks of each."""
        each = thing_types()[type_name]
        columns = Columns()
        groups = self._groups(each, details)
        if len(groups) == 1:
            (kinds, grouped), *_ = groups
            shape = shape_row(self._keys(kinds, grouped, columns))
            return View(columns.all(), shape)
        by_kind: dict[str, RowShape] = {}
        for kinds, grouped in groups:
            by_kind.update(dict.fromkeys(kinds, shape_row(self._keys(kinds, grouped, columns))))
        place = columns.place(KIND)  # last, so that the keys of one kind tell the first columns
        return View(columns.all(), shapes.shape_by_kind(by_kind, place))

    def grouped(self, type_name: str, details: Details) -> Grouped:
        """Returns the fields selected on an object type, by response key."""
        runtime_type: GraphQLObjectType = self.executor.schema.get_type(type_name)
        found: Grouped = self.executor.collect_subfields(runtime_type, details).grouped_field_set
        self._count(0, len(found))
        return found

    def _groups(self, each: ThingType, details: Details) -> list[tuple[tuple[str, ...], Grouped]]:
        """The kinds that a thing may have, by which fragments apply to them, and what each selects."""
        conditions = self._conditions(details) & thing_types().keys()
        groups: dict[frozenset[str], list[str]] = {}
        for kind in each.kinds:
            fitting = frozenset(name for name in conditions if kind in thing_types()[name].kinds)
            groups.setdefault(fitting, []).append(kind)
        return [
            (tuple(kinds), self.grouped(ontology.label(kinds[0]), details))
            for kinds in groups.values()
        ]

    def _conditions(self, details: Details) -> set[str]:
        """The types that fragments in a selection ask for."""
        found: set[str] = set()
        seen: set[str] = set()
        pending = [d.node.selection_set for d in details if d.node.selection_set]
        while pending:
            for selection in pending.pop().selections:
                fragment: Any = selection
                if isinstance(selection, FragmentSpreadNode):
                    if selection.name.value in seen:
                        continue
                    seen.add(selection.name.value)
                    fragment = self.executor.fragment_definitions[selection.name.value]
                elif not isinstance(selection, InlineFragmentNode):
                    continue
                if fragment.type_condition:
                    found.add(fragment.type_condition.name.value)
                pending.append(fragment.selection_set)
        return found

    def _keys(self, kinds: tuple[str, ...], grouped: Grouped, columns: Columns) -> list[Key]:
        each = thing_types()[ontology.label(kinds[0])]
        return [self._key(name, each, kinds, details, columns) for name, details in grouped.items()]

    def _key(
        self, name: str, each: ThingType, kinds: tuple[str, ...], details: Details, columns: Columns
    ) -> Key:
        asked = details[0].node.name.value
        if asked == TYPENAME:
            if len(kinds) == 1:
                return Key(name, None, constant=each.name)
            return Key(name, columns.place(KIND), ontology.label)
        wanted = each.fields[asked]
        if isinstance(wanted, PropertyField):
            return _property_key(name, each, wanted, columns)
        column, shape = self._link(each, wanted, details)
        return Key(name, columns.place(column), shape)

    def _link(self, each: ThingType, wanted: LinkField, details: Details) -> Asked:
        """What a link field asks: read once, though several kinds may share its selection."""
        known = (*(id(one.node) for one in details), wanted)
        if known not in self._asked:
            lists, fields = self.lists, self.fields
            asked = self._read_link(each, wanted, details)
            self._asked[known] = asked, self.lists - lists, self.fields - fields
            return asked
        asked, lists, fields = self._asked[known]  # read once, but it stands in the statement again
        self._count(lists, fields)
        return asked

    def _read_link(self, each: ThingType, wanted: LinkField, details: Details) -> Asked:
        if not wanted.single:
            return Asked(*read_connection(self, each.name, wanted.end, wanted.hop, details))
        with self.repeated(1):
            view = (
                self.link_view(wanted.hop, details)
                if wanted.of_link
                else self.view(wanted.end, details)
            )
        page = Page(wanted.hop, view.columns, limit=self.values.add(1))
        return Asked(page, shapes.nullable(shapes.shape_only(view.shape), self.faults))

    def link_view(self, hop: Hop, details: Details) -> View:
        """Returns what a selection on the link that led to a thing asks."""
        columns = Columns()
        keys = [
            _link_key(name, hop, one, columns)
            for name, one in self.grouped("Link", details).items()
        ]
        return View(columns.all(), shape_row(keys))


def check(what: str, number: int, limit: int, code: str) -> None:
    """Raises LimitError if an operation asks for more than is allowed."""
    if number > limit:
        raise LimitError(
            f"the operation asks for {number:,} {what}, at most {limit:,} are allowed; "
            "ask for fewer with `first`, most of all where lists stand in lists, or in several operations",
            code=code, number=number, limit=limit,
        )  # fmt: skip


def _property_key(name: str, each: ThingType, wanted: PropertyField, columns: Columns) -> Key:
    shape = _SHAPES.get(wanted.form)
    if wanted.enum:
        shape = shapes.tell_enum(
            wanted.enum.__name__, frozenset(value.value for value in wanted.enum)
        )
    required = f"{each.name}.{wanted.name}" if wanted.required else None
    is_list = wanted.form is Form.STRINGS
    return Key(name, columns.place(wanted.column), shape, required, is_list)


def _link_key(name: str, hop: Hop, details: Details, columns: Columns) -> Key:
    asked = details[0].node.name.value
    if asked == TYPENAME:
        return Key(name, None, constant="Link")
    if asked == "link":
        return Key(name, None, constant=hop.link)
    if asked == "properties":
        carried = ontology.get_link_type(hop.link).properties
        if carried is None:
            return Key(name, None)
        names = tuple(carried.model_fields)
        row = Row(tuple(Property(each, "link") for each in names))
        return Key(name, columns.place(row), shapes.tell_stated(names))
    stored, shape = _LINK_FIELDS[asked]
    required = None if asked in ("validTo", "slot") else f"Link.{asked}"
    return Key(name, columns.place(Property(stored, "link")), shape, required)
