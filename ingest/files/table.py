"""Tables of any kind, read by a declared mapping, whichever format their rows come in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from graph.errors import TraceError
from graph.model.event import Event
from graph.model.fact import PutLink
from graph.model.identifier import Utcs
from ingest.files.mapping import LinkColumn, Mapping, ParentColumn
from ingest.files.rejected import Rejected
from ingest.files.statement import Speaker, make_event, put_link, put_node


class Row(dict[str, str]):
    """The cells of one row by column, where it stands in the file, and how it stands there."""

    where: str
    raw: str

    @classmethod
    def of(cls, cells: Iterable[tuple[str, str]], where: str, raw: str) -> Row:
        """Returns a row."""
        row = cls(cells)
        row.where, row.raw = where, raw
        return row


class Table:
    """One pass through one table."""

    def __init__(
        self, mapping: Mapping, speaker: Speaker, stated: datetime, since: datetime
    ) -> None:
        self.mapping, self.speaker, self.stated, self.since = mapping, speaker, stated, since
        self.seen: dict[Utcs, str] = {}
        self.linking: list[tuple[Utcs, Row]] = []

    def events(self, rows: Iterable[Row | Rejected]) -> Iterator[Event | Rejected]:
        """Yields one event for each row, then one for each row and type of link.

        Rows come before links, so that what a row depends on may stand below it.
        """
        for row in rows:
            if isinstance(row, Rejected):
                yield row
            elif self.mapping.things:
                yield self._told(row)
            else:
                yield from self._linked_only(row)
        for utcs, row in self.linking:
            yield from self._linked(utcs, row)

    def _told(self, row: Row) -> Event | Rejected:
        try:
            utcs = self._name(row)
            if utcs in self.seen:
                raise TraceError(f"{utcs.local!r} already stands on {self.seen[utcs]}")
            self.seen[utcs] = row.where
            fact = put_node(utcs, self.mapping.properties(row), self.since)
            event = make_event(self.speaker, utcs.local, [fact], self.stated)
        except TraceError as error:
            return Rejected(row.where, error.message, row.raw)
        if any(row.get(column) for column in self.mapping.linking):
            self.linking.append((utcs, Row.of(self._needed(row), row.where, "")))
        return event

    def _linked_only(self, row: Row) -> Iterator[Event | Rejected]:
        try:
            utcs = self._name(row)
        except TraceError as error:
            yield Rejected(row.where, error.message, row.raw)
        else:
            yield from self._linked(utcs, row)

    def _needed(self, row: Row) -> Iterator[tuple[str, str]]:
        """Yields the cells that links are made of: of a large table no more is kept."""
        return ((name, row[name]) for name in self.mapping.linking if row.get(name))

    def _name(self, row: Row) -> Utcs:
        return self._local(row.get(self.mapping.id.column, "").strip())

    def _linked(self, utcs: Utcs, row: Row) -> Iterator[Event | Rejected]:
        """Yields what a row says of links: one event for each column that speaks of some."""
        parent = self.mapping.parent
        if parent and row.get(parent.column):
            said = partial(self._under, utcs, parent)
            yield from self._said(utcs, row, parent.column, parent.link, said)
        for link in self.mapping.links:
            if row.get(link.column):
                said = partial(self._joined, utcs, link, row)
                yield from self._said(utcs, row, link.column, link.link, said)

    def _said(
        self, utcs: Utcs, row: Row, column: str, link: str, said: Callable[[str], list[PutLink]]
    ) -> Iterator[Event | Rejected]:
        cell = row[column]
        try:
            if facts := said(cell.strip()):
                yield make_event(self.speaker, f"{utcs.local} {link}", facts, self.stated)
        except TraceError as error:
            yield Rejected(row.where, f"column {column!r}: {error.message}", row.raw or cell)

    def _under(self, utcs: Utcs, parent: ParentColumn, cell: str) -> list[PutLink]:
        targets = self._parents(parent, cell)
        return [put_link(utcs, parent.link, target, self.since) for target in targets]

    def _parents(self, parent: ParentColumn, cell: str) -> list[Utcs]:
        if parent.pattern is None:
            return [self._local(name) for name in split(cell, parent.separator)]
        while found := re.fullmatch(parent.pattern, cell, re.DOTALL):
            cell = str(found["parent"])
            if (utcs := self._local(cell)) in self.seen:
                return [utcs]
        return []

    def _joined(self, utcs: Utcs, link: LinkColumn, row: Row, _: str) -> list[PutLink]:
        return joined(utcs, link, row, self.speaker.authority, self.since)

    def _local(self, cell: str) -> Utcs:
        return self.mapping.id.names(cell, self.mapping.kind, self.speaker.authority)


def joined(
    utcs: Utcs,
    link: LinkColumn,
    row: dict[str, str],
    authority: str,
    since: datetime | None = None,
) -> list[PutLink]:
    """Returns the links of a thing that one column of its row speaks of.

    Raises:
        TraceError: The cell names no thing, or the link is not valid.
    """
    carried = {name: row[c].strip() for c, name in link.properties.items() if row.get(c)}
    slot = row.get(link.slot, "").strip() or None if link.slot else None
    facts = []
    for name in split(row.get(link.column, ""), link.separator):
        other = link.names(name, authority)
        source, target = (other, utcs) if link.reversed else (utcs, other)
        facts.append(put_link(source, link.link, target, since, slot=slot, properties=carried))
    return facts


def split(cell: str, separator: str) -> list[str]:
    """Returns the names in a cell, each once."""
    names = (name.strip() for name in cell.split(separator))
    return list(dict.fromkeys(name for name in names if name))
