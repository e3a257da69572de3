"""Keeps a copy of every row of belief in PostgreSQL: first a snapshot, then what changes, entry by entry.

The cursor moves in the transaction that writes the rows, so that after any failure it says what is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import orjson
from psycopg import AsyncConnection, sql
from psycopg.conninfo import make_conninfo

from graph.model.time import format_utc, from_micros, to_micros
from graph.store.changes import Entry, changes
from graph.store.database import Graph
from graph.store.rows import Rows, changed_rows, rows_page, settled_head
from graph.store.touched import touched
from ingest.followers.postgres.errors import MirrorError, translated
from ingest.followers.postgres.schema import analyse, name, upgrade
from ingest.followers.postgres.tables import THINGS, Table, kind_table, link_table

_GIVE_UP: Final[dict[str, str | int]] = {
    "application_name": "utcs mirror",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that is gone without a word is noticed within half a minute."""

_SESSION: Final = "SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '30s'"
"""So that a worker that was stopped in the middle does not hold up the one that took over."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the mirror is, or its snapshot while it is being taken."""

    seq: int
    recorded_at: datetime


class Mirror:
    """The follower that keeps the mirror; its cursor is in PostgreSQL.

    Args:
        graph: Where the rows come from.
        uri: Where they go: `postgresql://user:password@host/database`.
    """

    name = "postgres"

    def __init__(self, graph: Graph, uri: str) -> None:
        self._graph = graph
        self._uri = uri
        self._connection: AsyncConnection[Any]
        self._place: _Place

    async def resume(self, seq: int) -> int:
        """Returns how far the mirror is; takes the snapshot first, or the rest of it.

        Raises:
            MirrorError: PostgreSQL does not answer, or its schema is not one that can be used.
        """
        with translated():
            self._connection = await AsyncConnection.connect(
                make_conninfo(self._uri, **_GIVE_UP), autocommit=True
            )
            await self._connection.execute(_SESSION)
            await upgrade(self._connection)
            self._place = await self._find_place() or await self._take_snapshot()
        await self._check_log(self._place)
        return self._place.seq

    async def close(self) -> None:
        """Gives the connection back."""
        if hasattr(self, "_connection"):
            await self._connection.close()

    async def take(self, entries: Sequence[Entry]) -> None:
        """Brings the mirror to what was known when the last of some entries was recorded.

        Raises:
            MirrorError: PostgreSQL does not answer, or another process moved the mirror.
        """
        if not entries:
            return
        about = await touched(self._graph, entries)
        things = [*dict.fromkeys(thing for one in about for thing in one.things)]
        links = [*dict.fromkeys(link for one in about for link in one.links)]
        place = _Place(entries[-1].seq, entries[-1].recorded_at)
        since, until = to_micros(self._place.recorded_at), to_micros(place.recorded_at)
        with translated():
            async with self._connection.transaction():
                await self._check_place()
                async for rows in changed_rows(self._graph, things, links, since, until):
                    await _write(self._connection, rows)
                await self._connection.execute(
                    "UPDATE utcs.mirror SET seq = %s, recorded_at = %s",
                    (place.seq, place.recorded_at),
                )
        self._place = place

    async def _find_place(self) -> _Place | None:
        found = await self._connection.execute("SELECT seq, recorded_at FROM utcs.mirror")
        return next((_Place(*row) for row in await found.fetchall() if row[0] is not None), None)

    async def _check_log(self, place: _Place) -> None:
        """Sees that the mirror is one of this very log, and not of one that was there before."""
        entries = await changes(self._graph, place.seq - 1, 1) if place.seq else ()
        if place.seq and [entry.recorded_at for entry in entries] != [place.recorded_at]:
            raise MirrorError(
                f"PostgreSQL: the mirror knows an entry {place.seq} of {format_utc(place.recorded_at)} "
                "that is not in the change log; if the graph was restored or made anew, drop the schema "
                "utcs, and the mirror is made anew"
            )

    async def _check_place(self) -> None:
        """Holds everybody else off, if the mirror is where we left it."""
        found = await self._connection.execute("SELECT seq FROM utcs.mirror FOR UPDATE")
        if await found.fetchone() != (self._place.seq,):
            raise MirrorError(
                f"PostgreSQL: the mirror is no longer at entry {self._place.seq}, where we left it; "
                "see that one graph alone writes to this database"
            )

    async def _take_snapshot(self) -> _Place:
        """Copies all rows as they were known at one entry, page by page, from where it was left."""
        place, after = await self._begun() or await self._begin()
        until = to_micros(place.recorded_at)
        while True:
            last, rows = await rows_page(self._graph, after, until)
            if last is None:
                break
            async with self._connection.transaction():
                await _write(self._connection, rows)
                await self._connection.execute(
                    "UPDATE utcs.mirror SET snapshot_after = %s", (last,)
                )
            after = last
        await self._connection.execute(
            "UPDATE utcs.mirror SET seq = snapshot_seq, recorded_at = snapshot_at,"
            " snapshot_seq = NULL, snapshot_at = NULL, snapshot_after = NULL"
        )
        await analyse(self._connection)
        return place

    async def _begun(self) -> tuple[_Place, str] | None:
        found = await self._connection.execute(
            "SELECT snapshot_seq, snapshot_at, snapshot_after FROM utcs.mirror"
        )
        rows = await found.fetchall()
        return next(((_Place(seq, at), after) for seq, at, after in rows if seq is not None), None)

    async def _begin(self) -> tuple[_Place, str]:
        head = await settled_head(self._graph)
        await self._connection.execute(
            "UPDATE utcs.mirror SET snapshot_seq = %s, snapshot_at = %s, snapshot_after = ''",
            (head.seq, head.recorded_at),
        )
        return _Place(head.seq, head.recorded_at), ""


async def _write(connection: AsyncConnection[Any], rows: Rows) -> None:
    """Adds rows that are new, and says of those that are there since when they are believed no longer."""
    told: defaultdict[Table, list[dict[str, Any]]] = defaultdict(list)
    things: dict[str, tuple[int, str]] = {}
    for row in rows.things:
        utcs, kind = row["utcs"], row["kind"]
        told[kind_table(kind)].append(
            kind_table(kind).row(row, utcs=utcs, version=row["n"], hash=row["hash"])
        )
        things[utcs] = min(things.get(utcs, (row["recorded_at"], kind)), (row["recorded_at"], kind))
    for source, link, target, row in rows.links:
        ends = {"source": source, "target": target}
        slot = {"slot": row["slot"]} if "slot" in row else {}
        told[link_table(link)].append(link_table(link).row(row, **ends, **slot))
    told[THINGS] = [
        {"utcs": utcs, "kind": kind, "recorded_at": from_micros(at)}
        for utcs, (at, kind) in things.items()
    ]
    for table, some in told.items():
        if some:
            await connection.execute(_upsert(table), (orjson.dumps(some).decode(),))


@cache
def _upsert(table: Table) -> sql.Composed:
    return sql.SQL(
        "INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, %s::json)"
        " ON CONFLICT ({key}) DO {otherwise}"
    ).format(
        table=name(table.name),
        key=sql.SQL(", ").join(map(sql.Identifier, table.key)),
        otherwise=sql.SQL(
            "NOTHING" if table is THINGS else "UPDATE SET superseded_at = excluded.superseded_at"
        ),
    )
