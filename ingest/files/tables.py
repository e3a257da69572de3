"""How the rows of a foreign database become things: one TOML file for all tables of a database."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ingest.files.mapping import Mapping
from ingest.files.statement import Speaker
from ingest.files.toml import read_toml


class TableMapping(Mapping):
    """How the rows of one table become things of one kind; columns and values as for files."""

    table: str = Field(
        description="`schema.table`, or `database.table` where there are no schemas."
    )

    @model_validator(mode="after")
    def _has_rows(self) -> TableMapping:
        if self.parent is not None:
            raise ValueError("parent: is for files; name the column in [[tables.links]]")
        if not self.things:
            raise ValueError("things: rows that are links alone are for files; leave it out")
        return self


class Tables(BaseModel):
    """A declared mapping from the tables of one database; see docs/integrator.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1, description="The `source` of its events.")
    authority: str = Field(description="Who issued the identifiers in it.")
    actor: str = "debezium"
    rank: int = Field(default=50, ge=0, le=99)
    tables: tuple[TableMapping, ...] = Field(min_length=1)

    @property
    def speaker(self) -> Speaker:
        """On whose word the rows are taken."""
        return Speaker(self.source, self.actor, self.authority, self.rank)

    def find(self, table: str) -> TableMapping | None:
        """Returns the mapping of a table, if it has one."""
        return next((mapping for mapping in self.tables if mapping.table == table), None)


def read_tables(path: Path) -> Tables:
    """Returns the mapping in a TOML file.

    Raises:
        FileError: The file is not there, not TOML, or not a mapping.
    """
    return read_toml(path, Tables, "a mapping of tables")
