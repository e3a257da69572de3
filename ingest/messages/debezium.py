"""Database change capture inward: Debezium's change events become events of the thread.

What an event says follows from its message alone, and its id begins with the position in the log of the
database: a message that comes again is a duplicate, and of two changes of one instant the later one stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph.errors import TraceError
from graph.model.event import Event, EventError
from graph.model.fact import EndLink, Fact, PutLink, RetireNode
from graph.model.identifier import Utcs
from ingest.files.statement import Speaker, make_event, put_node
from ingest.files.table import joined
from ingest.files.tables import TableMapping, Tables
from ingest.messages.cloudevent import Message
from ingest.messages.envelope import Envelope, Row, read_envelope

_FULL = "let the database log whole rows (PostgreSQL: ALTER TABLE … REPLICA IDENTITY FULL)"


def read_change(message: Message, tables: Tables) -> list[Event]:
    """Returns the event that a message of Debezium stands for; none for a tombstone.

    Raises:
        EventError: It is no change of a row of a table that is mapped, or what it says is not valid.
    """
    if not message.body:
        return []  # Kafka's mark that older messages of the key may go; the deletion came before
    change = read_envelope(message.body)
    mapping = tables.find(change.table)
    if mapping is None:
        known = ", ".join(m.table for m in tables.tables)
        raise EventError(f"source.table: {change.table} is not mapped; {known} are")
    try:
        facts = list(_Reading(tables.speaker, mapping, change).facts())
    except TraceError as error:
        raise EventError(error.message) from error
    key = f"{change.position}/{change.table}/{change.operation}"
    return [make_event(tables.speaker, key, facts, change.time)]


@dataclass(frozen=True, slots=True)
class _Reading:
    speaker: Speaker
    mapping: TableMapping
    change: Envelope

    def facts(self) -> Iterator[Fact]:
        """Yields what the change says: a thing and its links, or that they are no more."""
        before, after = self.change.before, self.change.after
        if self.change.operation == "d":
            if before is None:
                raise EventError(f"before: missing, so the row that is gone has no name; {_FULL}")
            yield from map(_end, self._links(before))
            yield RetireNode(utcs=self._thing(before), reason="The row was deleted.")
            return
        if after is None:
            raise EventError(f"after: missing, and op is {self.change.operation!r}")
        yield put_node(self._thing(after), self.mapping.properties(after))
        old = self._links_before(before) if self.change.operation == "u" else []
        new = list(self._links(after))
        kept = {_key(link) for link in new}
        yield from (_end(link) for link in old if _key(link) not in kept)
        yield from (link for link in new if link not in old)

    def _links_before(self, before: Row | None) -> list[PutLink]:
        if before is None and self.mapping.links:
            raise EventError(f"before: missing, so the links that ended are not known; {_FULL}")
        return list(self._links(before)) if before else []

    def _thing(self, row: Row) -> Utcs:
        mapping = self.mapping
        return mapping.id.names(
            row.get(mapping.id.column, ""), mapping.kind, self.speaker.authority
        )

    def _links(self, row: Row) -> Iterator[PutLink]:
        utcs = self._thing(row)
        for link in self.mapping.links:
            yield from joined(utcs, link, row, self.speaker.authority)


def _key(link: PutLink) -> tuple[Utcs, str, Utcs, str | None]:
    return link.source, link.link, link.target, link.slot


def _end(link: PutLink) -> EndLink:
    return EndLink(source=link.source, link=link.link, target=link.target, slot=link.slot)
