"""Where a question stands in time, in the words of the store; and how to ask it there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from graph.model.time import Coordinates, format_micros, from_micros
from graph.store.compile import was_one_of
from graph.store.database import Graph, Row
from graph.store.errors import StoreError
from graph.store.refresh import refresh
from graph.store.select import place_in_time
from graph.store.selection import Era
from graph.store.text import fill

ATTEMPTS: Final = 5

CURRENT: Final = Coordinates()
"""True now, as known now."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A place on both axes of time, and which of the stored forms answers there.

    Attributes:
        era: Which of the stored forms answers.
        world: When it is true, in microseconds since 1970.
        knowledge: When it is known, in microseconds since 1970.
        at: As the caller put it.
    """

    era: Era
    world: int
    knowledge: int
    at: Coordinates

    @classmethod
    def of(cls, graph: Graph, at: Coordinates) -> Moment:
        """Returns the moment that the coordinates mean, by the clock of the graph."""
        return cls(*place_in_time(at, graph.clock()), at)

    @property
    def is_now(self) -> bool:
        """Whether the copies on the anchors answer."""
        return self.era is Era.NOW

    @property
    def day(self) -> date:
        """The day in the world that it falls on, in UTC."""
        return from_micros(self.world).date()

    def types(self, links: Iterable[str]) -> str:
        """Returns the relationship types that hold these link types at this moment: `X|X_PAST`."""
        return self.era.relationship_types(links)

    def holds(self, link: str, types: Collection[str]) -> str:
        """Returns the condition that a relationship of some link types holds at this moment.

        Each condition costs up to a third of a traversal, so none is asked that is true anyway: unless
        earlier knowledge is asked for, the type says that a link is believed (2026-11).
        """
        if self.era is not Era.KNOWN:
            return fill("link/holds", link=link)
        return fill("link/known_then", link=link, types=was_one_of(link, types))

    def holds_row(self, row: str) -> str:
        """Returns the condition that a version row is the one that holds at this moment."""
        return fill("thing/row_now" if self.is_now else "thing/row_then", row=row)

    def exists(self, anchor: str) -> str:
        """Returns the condition that a thing exists at this moment."""
        if self.is_now:
            return fill("thing/exists_now", anchor=anchor)
        return fill("thing/exists_then", anchor=anchor, holds=self.holds_row("row"))

    def things(self) -> str:
        """Returns the clause that finds things of `$kinds`, each with `itself` as it is said to be."""
        if self.is_now:
            return fill("thing/of_kinds_now")
        return fill("thing/of_kinds_then", holds=self.holds_row("itself"))

    def name(self, anchor: str) -> str:
        """Returns the expression for what a thing is called at this moment."""
        return self.said(anchor, "name")

    def said(self, anchor: str, name: str) -> str:
        """Returns the expression for a property of a thing, as it is at this moment."""
        if self.is_now:
            return fill("thing/said_now", anchor=anchor, name=name)
        return fill("thing/said_then", anchor=anchor, name=name, holds=self.holds_row("row"))

    async def ask(
        self,
        graph: Graph,
        text: str,
        parameters: Mapping[str, Any],
        *,
        timeout_s: float | None = None,
    ) -> Row | None:
        """Returns the one row of a statement, or None; never from copies that the clock overtook.

        The last column of the statement says whether there are such copies: see `thing/stale`. They
        are renewed then, and the question is asked again.
        """
        times = {"world": self.world, "knowledge": self.knowledge}
        for _ in range(ATTEMPTS):
            now = graph.clock()
            rows = await graph.read(text, {**times, **parameters, "now": now}, timeout_s=timeout_s)
            if not rows:
                return None
            (row,) = rows
            if not (row.pop() and self.is_now):
                return row
            await refresh(graph)
        raise StoreError("copies on anchors go stale faster than they are refreshed; ask again")

    def __str__(self) -> str:
        world = "now" if self.at.as_of is None else f"as of {format_micros(self.world)}"
        if self.at.known_at is None:
            return world
        return f"{world}, as known at {format_micros(self.knowledge)}"
