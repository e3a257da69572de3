"""One operation as one question to the store: all root fields that list or find things."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from graphql.error import located_error

from api.paging import read_connection
from api.reading import Details, Reading
from api.shape import Shape, nullable
from api.vocabulary import THING, plural, type_of
from graph.model import ontology
from graph.model.alias import Alias
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.select import place_in_time, select
from graph.store.selection import Aliased, Kinds, Named, Page, Property, Root, Row, Source

TIMEOUT_S: Final = 15.0
"""How long one operation may keep the graph busy."""


@cache
def list_kinds() -> Mapping[str, str]:
    """Returns the kind that each root list is of, by field name."""
    return {plural(ontology.label(kind)): kind for kind in ontology.kinds()}


def is_planned(field_name: str) -> bool:
    """Whether a root field is answered by the plan; all others have resolvers."""
    return field_name in ("thing", "things") or field_name in list_kinds()


@dataclass(slots=True)
class Plan:
    """What an operation asks of things, and the answers once they are there."""

    graph: Graph
    reading: Reading
    roots: dict[str, Root] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    _answers: asyncio.Task[dict[str, Any]] | None = None

    def add(self, name: str, details: Details) -> None:
        """Adds a root field.

        Raises:
            GraphQLError: An argument is wrong, or the operation asks for too much.
        """
        try:
            page, shape = self._read(details)
        except Exception as error:
            raise located_error(error, [one.node for one in details], [name]) from error
        self.shapes[name] = shape
        self.roots[name] = self._placed(page, self.reading.arguments("Query", details))

    async def answer(self, name: str) -> Any:
        """Returns the answer to a root field; the first that is asked for asks for all."""
        if self._answers is None:
            self._answers = asyncio.create_task(self._ask())
        return self.shapes[name]((await self._answers)[name])

    async def _ask(self) -> dict[str, Any]:
        values = self.reading.values.items
        row = await select(self.graph, tuple(self.roots.values()), values, timeout_s=TIMEOUT_S)
        return dict(zip(self.roots, row, strict=True))

    def _placed(self, page: Page, arguments: dict[str, Any]) -> Root:
        as_of: datetime | None = arguments.get("asOf")
        at = Coordinates(as_of, arguments.get("knownAt"))
        era, world, knowledge = place_in_time(at, self.graph.clock())
        add = self.reading.values.add
        return Root(page, era, add(world), add(knowledge))

    def _read(self, details: Details) -> tuple[Page, Shape]:
        name = details[0].node.name.value
        if name == "thing":
            return self._read_one(details)
        if name == "things":
            kinds = self.reading.arguments("Query", details).get("kinds") or ()
            source = Kinds(tuple(dict.fromkeys(kind.value for kind in kinds)))
            return read_connection(self.reading, "Query", THING, source, details)
        kind = list_kinds()[name]
        return read_connection(
            self.reading, "Query", type_of(frozenset({kind})), Kinds((kind,)), details
        )

    def _read_one(self, details: Details) -> tuple[Page, Shape]:
        given = self.reading.arguments("Query", details)["id"]
        source = self._identified(given)
        with self.reading.repeated(1):
            view = self.reading.view(THING, details)
        page = Page(
            source,
            (Property("utcs"), Row(view.columns)),
            limit=self.reading.values.add(_CANDIDATES),
        )
        return page, nullable(only_one(given, view.shape), self.reading.faults)

    def _identified(self, text: str) -> Source:
        text = text.strip()
        if text.startswith("utcs:"):
            return Named(self.reading.values.add([str(Utcs.parse(text, kinds=ontology.kinds()))]))
        keys = [str(alias) for alias in Alias.guess(text)]
        if not keys:
            raise BadQuestionError(
                f"id: {text[:80]!r} is no identifier of any known form", field="id"
            )
        return Aliased(self.reading.values.add(keys))


_CANDIDATES: Final = 5


def only_one(given: str, shape: Any) -> Shape:
    """Returns the function that shapes the one thing found, or null; several are an error."""

    def tell(rows: list[list[Any]]) -> dict[str, Any] | None:
        if len(rows) > 1:
            found = ", ".join(utcs for utcs, _ in rows)
            raise BadQuestionError(
                f"id: {given[:80]!r} means several things: {found}; give one of these", field="id"
            )
        return shape(rows[0][1]) if rows else None

    return tell
