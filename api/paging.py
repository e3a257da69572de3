"""Reads what an operation asks of a page of things: nodes, edges, cursors, totals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from api.conditions import read_filter
from api.cursors import read_cursor, write_cursor
from api.filters import Direction
from api.shape import (
    FieldError,
    Key,
    RowShape,
    Shape,
    nullable,
    shape_row,
    shape_rows,
    tell_micros,
    under,
)
from api.types import MAX_FIRST
from api.vocabulary import Form, PropertyField, ThingType, thing_types
from graph.model import ontology
from graph.store.errors import BadQuestionError
from graph.store.selection import After, Column, Groups, Hop, Order, Page, Property, Row, Source

if TYPE_CHECKING:
    from api.reading import Details, Reading, View

Rows: TypeAlias = list[list[Any]]

Part: TypeAlias = Callable[[Rows, list[Any], bool], Any]
"""Tells one key of a connection from its rows, what was counted, and whether there is more."""

_NO_ROWS: Final = {"totalCount", "groups", "__typename"}
_UTCS: Final = Property("utcs")
_SLOT: Final = Property("slot", "link")


def read_connection(
    reading: Reading, parent: str, end: str, source: Source, details: Details
) -> tuple[Page, Shape]:
    """Returns what a connection asks, and the shape of its answer.

    Args:
        reading: The operation it stands in.
        parent: The type that the field belongs to.
        end: The type of the things.
        source: Where they come from.
        details: The field, as it is selected.

    Raises:
        BadQuestionError: An argument is out of bounds, or a cursor is wrong.
    """
    paged = _Paged(reading, end, source, reading.arguments(parent, details))
    grouped = reading.grouped(f"{end}Connection", details)
    only_total = {fields[0].node.name.value for fields in grouped.values()} <= _NO_ROWS
    for name, fields in grouped.items():
        if fields[0].node.name.value == "groups":  # counted once, however many things are listed
            paged.add_groups(name, fields)
    with reading.repeated(1 if only_total else paged.first):
        for name, fields in grouped.items():
            paged.add(name, fields)
    return paged.page(), paged.finished()


class _Paged:
    """One connection: what it asks of each row, and how its answer is put together."""

    def __init__(
        self, reading: Reading, end: str, source: Source, arguments: dict[str, Any]
    ) -> None:
        self.reading = reading
        self.end = end
        self.source = source
        each = thing_types()[end]
        self.first = _first(arguments)
        self.order = tuple(_order(one, each) for one in arguments.get("orderBy") or ())
        self.position = (
            *(one.property for one in self.order),
            _UTCS,
            *[_SLOT] * _is_slotted(source),
        )
        self.list_of = repr((source, self.order))
        self.after = self._after(arguments.get("after"))
        given = arguments.get("filter")
        self.where = read_filter(given, each, reading.values) if given else None
        self.columns: list[Row] = []
        self.parts: list[tuple[str, Callable[[], Part]]] = []
        self.only_list: tuple[str, Callable[[], RowShape]] | None = None
        self.total = False
        self.groups: dict[str, Groups] = {}
        self.grouped: dict[str, Callable[[], Part]] = {}
        self.more = False
        self._cursor_place: int | None = None

    def add(self, name: str, details: Details) -> None:
        """Adds one key of the connection."""
        asked = details[0].node.name.value
        if asked == "__typename":
            self.parts.append((name, lambda: lambda *_: f"{self.end}Connection"))
        elif asked == "totalCount":
            self.total = True
            self.parts.append((name, lambda: lambda _rows, counted, _more: counted[0]))
        elif asked == "groups":
            self.parts.append((name, self.grouped[name]))
        elif asked == "nodes":
            self._list(name, self._view(self.reading.view(self.end, details)))
        elif asked == "edges":
            self._list(name, self._edge(details))
        else:
            self._page_info(name, details)

    def add_groups(self, name: str, details: Details) -> None:
        """Reads a counting by a property; `add` puts it in its place among the keys."""
        arguments = self.reading.arguments(f"{self.end}Connection", details)
        wanted, first = _property(arguments, thing_types()[self.end]), _first(arguments)
        with self.reading.repeated(first):
            limit = self.reading.values.add(first + 1)  # one more, to know whether that is all
            grouped = self.reading.grouped("Counts", details)
            tells = {
                key: self._counts(fields, wanted.form, first) for key, fields in grouped.items()
            }
        self.groups[name] = Groups(_column(wanted), limit)
        place = len(self.groups) - 1

        def make() -> Part:
            at = place + self.total

            def tell(_rows: Rows, counted: list[Any], _more: bool) -> dict[str, Any]:
                return {key: told(counted[at]) for key, told in tells.items()}

            return tell

        self.grouped[name] = make

    def _counts(self, details: Details, form: Form, first: int) -> Callable[[Rows], Any]:
        """Returns the function that tells one key of a counting, of pairs that it leaves as they are."""
        asked = details[0].node.name.value
        if asked == "__typename":
            return lambda _pairs: "Counts"
        if asked == "complete":
            return lambda pairs: len(pairs) <= first
        tell_value = tell_micros if form is Form.MICROS else None
        keys = {
            "__typename": lambda key: Key(key, None, constant="ValueCount"),
            "value": lambda key: Key(key, 0, tell_value),
            "count": lambda key: Key(key, 1),
        }
        grouped = self.reading.grouped("ValueCount", details)
        shape = shape_row([keys[one[0].node.name.value](key) for key, one in grouped.items()])
        shape_all = shape_rows(shape)
        return lambda pairs: shape_all([[*pair] for pair in pairs[:first]])

    def page(self) -> Page:
        """Returns the page to ask for; one row more than wanted where it matters that there is more."""
        columns: tuple[Column, ...] = tuple(self.columns)
        limit = self.reading.values.add(self.first + self.more) if columns else None
        if len(self.columns) == 1:
            columns = self.columns[0].columns
        groups = tuple(self.groups.values())
        return Page(
            self.source, columns, self.where, self.order, self.after, limit, self.total, groups
        )

    def finished(self) -> Shape:
        """Returns the function that makes the connection of what the store answered."""
        if self.only_list is not None and len(self.parts) == 1:
            name, make_row = self.only_list
            return under(name, shape_rows(make_row()))  # the usual case, at half the cost
        parts = [(name, make()) for name, make in self.parts]
        has_rows, first = bool(self.columns), self.first
        is_list = has_rows + self.total + len(self.groups) > 1

        def shape(value: Any) -> dict[str, Any]:
            counted: list[Any] = value if is_list else [value]
            rows: Rows = counted.pop(0) if has_rows else []
            more = len(rows) > first
            if more:
                del rows[first:]
            answer = {}
            name = ""
            try:
                for name, part in parts:
                    answer[name] = part(rows, counted, more)
            except FieldError as error:
                error.path.insert(0, name)
                raise
            return answer

        return shape

    def _list(self, name: str, make: Callable[[], RowShape]) -> None:
        def part() -> Part:
            shape_all = shape_rows(make())
            return lambda rows, _counted, _more: shape_all(rows)

        self.only_list = name, make
        self.parts.append((name, part))

    def _view(self, view: View) -> Callable[[], RowShape]:
        """Asks a view of each row. Alone, it is the row; which is known only when all is read."""
        place = len(self.columns)
        self.columns.append(Row(view.columns))

        def make() -> RowShape:
            if len(self.columns) == 1:
                return view.shape
            return lambda row: view.shape(row[place])

        return make

    def _edge(self, details: Details) -> Callable[[], RowShape]:
        grouped = self.reading.grouped(f"{self.end}Edge", details)
        made = [(name, self._edge_part(fields)) for name, fields in grouped.items()]
        self._ask_rows()

        def make() -> RowShape:
            parts = [(name, part()) for name, part in made]

            def shape(row: list[Any]) -> dict[str, Any]:
                answer = {}
                name = ""
                try:
                    for name, part in parts:
                        answer[name] = part(row)
                except FieldError as error:
                    error.path.insert(0, name)
                    raise
                return answer

            return shape

        return make

    def _edge_part(self, details: Details) -> Callable[[], Shape]:
        asked = details[0].node.name.value
        if asked == "__typename":
            return lambda: lambda _row: f"{self.end}Edge"
        if asked == "cursor":
            return self._cursor()
        if asked == "node":
            return self._view(self.reading.view(self.end, details))
        if not isinstance(self.source, Hop):
            return lambda: lambda _row: None
        view = self._view(self.reading.link_view(self.source, details))
        return lambda: nullable(view(), self.reading.faults)

    def _cursor(self) -> Callable[[], Shape]:
        if self._cursor_place is None:
            self._cursor_place = len(self.columns)
            self.columns.append(Row(self.position))
        place = self._cursor_place

        def make() -> Shape:
            if len(self.columns) == 1:
                return lambda row: write_cursor(self.list_of, row)
            return lambda row: write_cursor(self.list_of, row[place])

        return make

    def _page_info(self, name: str, details: Details) -> None:
        grouped = self.reading.grouped("PageInfo", details)
        asked = {key: fields[0].node.name.value for key, fields in grouped.items()}
        wanted = set(asked.values())
        self.more = self.more or "hasNextPage" in wanted
        cursor = self._cursor() if wanted & {"startCursor", "endCursor"} else None
        if wanted - {"__typename"}:
            self._ask_rows()

        def make() -> Part:
            mark = cursor() if cursor else None

            def tell(rows: Rows, _counted: list[Any], more: bool) -> dict[str, Any]:
                told: dict[str, Any] = {
                    "__typename": "PageInfo",
                    "hasNextPage": more,
                    "hasPreviousPage": self.after is not None,
                    "startCursor": mark(rows[0]) if mark and rows else None,
                    "endCursor": mark(rows[-1]) if mark and rows else None,
                }
                return {key: told[name] for key, name in asked.items()}

            return tell

        self.parts.append((name, make))

    def _ask_rows(self) -> None:
        """Makes sure that rows are asked for, be it only to count them."""
        if not self.columns:
            self.columns.append(Row((_UTCS,)))

    def _after(self, cursor: str | None) -> After | None:
        if cursor is None:
            return None
        add = self.reading.values.add
        position = read_cursor(self.list_of, cursor, len(self.position))
        ordered, (utcs, *slot) = position[: len(self.order)], position[len(self.order) :]
        values = tuple(None if value is None else add(value) for value in ordered)
        return After(values, add(utcs), *(add(value) for value in slot))


def _first(arguments: dict[str, Any]) -> int:
    first: int = arguments["first"]
    if not 0 <= first <= MAX_FIRST:
        raise BadQuestionError(
            f"first: {first} is out of bounds; ask for 0 to {MAX_FIRST}, and for the rest with after",
            field="first",
        )
    return first


def _order(given: dict[str, Any], each: ThingType) -> Order:
    return Order(_column(_property(given, each)), given.get("direction") is Direction.DESC)


def _property(given: dict[str, Any], each: ThingType) -> PropertyField:
    wanted = each.fields[given["by"].value]
    assert isinstance(wanted, PropertyField)  # noqa: S101 - the schema lets nothing else through
    return wanted


def _column(wanted: PropertyField) -> Property:
    assert isinstance(wanted.column, Property)  # noqa: S101 - the schema lets nothing else through
    return wanted.column


def _is_slotted(source: Source) -> bool:
    return isinstance(source, Hop) and ontology.get_link_type(source.link).slotted
