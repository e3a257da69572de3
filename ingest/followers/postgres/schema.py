"""Makes the tables and views of the mirror, and adds to them what a later release knows of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

from psycopg import AsyncConnection, sql

from graph.model import ontology
from graph.model.canonical import canonical_bytes, sha256_hex
from ingest.followers.postgres.errors import MirrorError
from ingest.followers.postgres.tables import (
    SCHEMA,
    THINGS,
    Table,
    kind_table,
    link_table,
    tables,
)

_LOCK: Final = 0x75746373  # "utcs"

_MIRROR: Final = """
CREATE TABLE IF NOT EXISTS utcs.mirror (
  is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
  seq bigint,
  recorded_at timestamptz,
  snapshot_seq bigint,
  snapshot_at timestamptz,
  snapshot_after text,
  made_for text
)
"""
"""Where the mirror is: `seq` is null until its first snapshot is complete."""

_NOW: Final = sql.SQL(
    "superseded_at = 'infinity' AND NOT ended AND valid_from <= now() AND valid_to > now()"
)
_NOT_NOW: Final = ("superseded_at", "ended")
"""Columns that say the same in every row of what is true and known now."""

Held = Mapping[str, Mapping[str, str]]
"""The columns of each table as the database has them, with their types, in their order there."""


async def upgrade(connection: AsyncConnection[Any]) -> None:
    """Makes what is missing of the mirror; nothing is ever dropped.

    Raises:
        MirrorError: A column holds another type than this release needs.
    """
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        await connection.execute("CREATE SCHEMA IF NOT EXISTS utcs")
        await connection.execute(_MIRROR)
        await connection.execute("INSERT INTO utcs.mirror DEFAULT VALUES ON CONFLICT DO NOTHING")
        made_for = await connection.execute("SELECT made_for FROM utcs.mirror")
        if await made_for.fetchone() != (_release(),):
            await _make(connection)
            await connection.execute("UPDATE utcs.mirror SET made_for = %s", (_release(),))


async def analyse(connection: AsyncConnection[Any]) -> None:
    """Lets PostgreSQL look at what the tables hold.

    Until it has, it compiles plans for rows that are not there: what is installed in one aircraft took 2 s
    before and 10 ms after (60,000 units, 2026-11).
    """
    for table in (THINGS, *tables()):
        await connection.execute(sql.SQL("ANALYZE {}").format(name(table.name)))


def name(table: str) -> sql.Identifier:
    """Returns the quoted name of a table, with its schema."""
    return sql.Identifier(SCHEMA, table)


async def _make(connection: AsyncConnection[Any]) -> None:
    held = await _held(connection)
    for table in (THINGS, *tables()):
        for statement in _missing(table, held.get(table.name)):
            await connection.execute(statement)
    held = await _held(connection)
    for view in _views(held):
        await connection.execute(view)
    await connection.execute(_configuration().encode())


def _release() -> str:
    """Returns what tells the schema of this release from all others."""
    columns = [[t.name, t.columns, list(t.key)] for t in (THINGS, *tables())]
    return sha256_hex(canonical_bytes([columns, _configuration()]))


def _configuration() -> str:
    return files(__package__).joinpath("configuration.sql").read_text(encoding="utf-8")


async def _held(connection: AsyncConnection[Any]) -> Held:
    rows = await connection.execute(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)"
        " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'utcs'::regnamespace AND c.relkind = 'r'"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum"
    )
    held: defaultdict[str, dict[str, str]] = defaultdict(dict)
    async for table, column, type in rows:
        held[table][column] = type.replace("timestamp with time zone", "timestamptz")
    return held


def _missing(table: Table, held: Mapping[str, str] | None) -> Iterator[sql.Composed]:
    """Yields the statements that make a table, or those of its columns that are not there."""
    if held is None:
        columns = [_column(name, type) for name, type in table.columns.items()]
        key = sql.SQL(", ").join(map(sql.Identifier, table.key))
        yield sql.SQL("CREATE TABLE {} ({}, PRIMARY KEY ({}))").format(
            name(table.name), sql.SQL(", ").join(columns), key
        )
        if "target" in table.columns:
            yield sql.SQL("CREATE INDEX ON {} (target)").format(name(table.name))
        return
    for column, type in table.columns.items():
        if column not in held:
            yield sql.SQL("ALTER TABLE {} ADD COLUMN {}").format(
                name(table.name), _column(column, type)
            )
        elif held[column] != type:
            raise MirrorError(
                f"PostgreSQL: {SCHEMA}.{table.name}.{column} is {held[column]}, and {type} is needed; "
                f"rename that column, or drop the schema {SCHEMA} and have the mirror made anew"
            )


def _column(column: str, type: str) -> sql.Composed:
    return sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(type))


def _views(held: Held) -> Iterator[sql.Composed]:
    """Yields what makes the views of what is true and known now; an aircraft is among the serials."""
    for kind in ontology.kinds():
        columns = [c for c in held[kind_table(kind).name] if c not in _NOT_NOW]
        wanted = [k for k in ontology.kinds() if kind in ontology.lineage(k)]
        parts = [_part(kind_table(k).name, columns, held, k) for k in wanted]
        yield _view(kind, sql.SQL(" UNION ALL ").join(parts))
    for link in ontology.link_types():
        table = link_table(link).name
        columns = [c for c in held[table] if c not in _NOT_NOW]
        yield _view(table, _part(table, columns, held, None))


def _view(table: str, query: sql.Composed) -> sql.Composed:
    return sql.SQL("CREATE OR REPLACE VIEW {} AS {}").format(name(f"{table}_now"), query)


def _part(table: str, columns: list[str], held: Held, kind: str | None) -> sql.Composed:
    told: list[sql.Composable] = [
        sql.Identifier(c) if c in held[table] else sql.SQL("NULL") for c in columns
    ]
    if kind is not None:
        told.insert(0, sql.SQL("{}::text AS kind").format(sql.Literal(kind)))
    return sql.SQL("SELECT {} FROM {} WHERE {}").format(sql.SQL(", ").join(told), name(table), _NOW)
