"""What a report is asked with, and what one of the catalogue is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, TypeAlias

from api.report.document import Draft
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.show import Shown

MAX_ROWS: Final = 20_000
"""The most rows that a report reads for one table; it says where it was cut."""

Progress: TypeAlias = Callable[[str], None]
"""Is told, now and then, how far a report is."""


def silent(_said: str) -> None:
    """Tells nobody."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a report may be asked besides its subject; each takes what it needs of these.

    Attributes:
        depth: How many links to follow at most.
        links: The link types to follow.
        kinds: The kinds to tell of.
        prefix: Only things whose ids begin so.
        of: What stands as rows.
        columns: What stands as columns.
        against: What it is held against, by any of its ids.
    """

    depth: int | None = None
    links: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    prefix: str | None = None
    of: str | None = None
    columns: tuple[str, ...] = ()
    against: str | None = None

    def said(self) -> dict[str, str]:
        """Returns what was asked, by name, as a report states it."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: ", ".join(dict.fromkeys(value)) if isinstance(value, tuple) else str(value)
            for name, value in given.items()
            if value not in (None, (), "")
        }


NO_OPTIONS: Final = Options()


@dataclass(frozen=True, slots=True)
class Asked:
    """One report that is asked for; the thing it is about was found.

    Attributes:
        graph: Where to ask.
        at: Where in time; pinned on both axes, so that all its questions are answered alike.
        about: The thing as it stands then; None if the report is about all.
        options: What else was asked.
        progress: Is told how far the report is.
    """

    graph: Graph
    at: Coordinates
    about: Shown | None
    options: Options = NO_OPTIONS
    progress: Progress = silent

    @property
    def thing(self) -> Shown:
        """The thing that the report is about."""
        assert self.about is not None, "the catalogue says that it takes one"  # noqa: S101
        return self.about

    @property
    def utcs(self) -> Utcs:
        """The id of the thing that the report is about."""
        return self.thing.node.utcs

    @property
    def known_at(self) -> datetime:
        """What was recorded up to then is in the report."""
        assert self.at.known_at is not None, "a report is pinned in time"  # noqa: S101
        return self.at.known_at

    @property
    def name(self) -> str:
        """What the thing is called."""
        return self.thing.node.properties.name


@dataclass(frozen=True, slots=True)
class ReportKind:
    """One report of the catalogue.

    Attributes:
        name: What it is asked for by.
        doc: What it answers, in one sentence.
        make: Asks the graph.
        subjects: The kinds that it can be about; None is any kind; empty, that it is about all.
        needs_subject: Whether it must be told of which.
        takes: The names of the options that it takes.
    """

    name: str
    doc: str
    make: Callable[[Asked], Awaitable[Draft]]
    subjects: frozenset[str] | None = frozenset()
    needs_subject: bool = True
    takes: frozenset[str] = frozenset()
