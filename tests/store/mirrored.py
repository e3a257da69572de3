"""Rows of belief of serials and what they contain, as the graph holds them and as the mirror does."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection, sql

from graph.model.time import FAR
from graph.store.database import Graph

Row = tuple[Any, ...]

_TIMES = ("valid_from", "valid_to", "recorded_at", "superseded_at")

_VERSIONS = """
MATCH (:Anchor)-[:VERSION]->(v:Version)
RETURN v.utcs, v.n, v.hash, v.name, coalesce(v.off, false), v.made,
       v.valid_from, v.valid_to, v.recorded_at, v.superseded_at
"""
_LINKS = """
MATCH (s:Anchor)-[r:!VERSION]->(t:Anchor)
RETURN s.utcs, coalesce(r.was, split(type(r), '_PAST')[0]), t.utcs, r.slot, coalesce(r.off, false), r.made,
       r.valid_from, r.valid_to, r.recorded_at, r.superseded_at
"""


async def graph_rows(graph: Graph) -> list[Row]:
    """Every row of the graph."""
    return [tuple(r) for r in [*await graph.read(_VERSIONS), *await graph.read(_LINKS)]]


def as_known(rows: list[Row], known: int) -> set[Row]:
    """The rows that were believed at some moment up to one, as they looked then."""
    return {
        (*row[:-1], row[-1] if row[-1] <= known else FAR)
        for row in rows
        if row[-2] <= known and row[-2] < row[-1]
    }


async def mirror_rows(connection: AsyncConnection[Any]) -> list[Row]:
    """Every row of the mirror."""
    times = sql.SQL(", ").join(map(_micros, _TIMES))
    serials = sql.SQL("SELECT utcs, version, hash, name, ended, made, {} FROM utcs.serial").format(
        times
    )
    links = sql.SQL(
        "SELECT source, 'CONTAINS', target, slot, ended, made, {} FROM utcs.contains"
    ).format(times)
    made = sql.SQL(
        "SELECT source, 'INSTANCE_OF', target, NULL, ended, made, {} FROM utcs.instance_of"
    ).format(times)
    rows: list[Row] = []
    for query in (serials, links, made):
        rows += await (await connection.execute(query)).fetchall()
    return rows


def _micros(column: str) -> sql.Composed:
    return sql.SQL(
        "CASE WHEN isfinite({0}) THEN (extract(epoch FROM {0}) * 1000000)::bigint ELSE {1} END"
    ).format(sql.Identifier(column), sql.Literal(FAR))
