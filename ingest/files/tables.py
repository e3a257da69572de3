"""How the rows of a foreign database become things: one TOML file for all tables of a database."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from graph.errors import TraceError
from graph.model import ontology
from graph.model.event import explain
from ingest.files.mapping import IdColumn, Mapping
from ingest.files.rejected import file_error
from ingest.files.statement import Speaker


class LinkColumn(IdColumn):
    """A column that names another thing, such as a foreign key.

    `link` may be either name of a link type: `SUPPLIED_BY` leaves the row's thing, `INSTALLED_IN`, which is
    CONTAINS read backwards, arrives at it.
    """

    link: str
    kind: str
    slot: str | None = Field(default=None, description="The column that names the slot, if any.")

    @model_validator(mode="after")
    def _declared(self) -> LinkColumn:
        try:
            ontology.get_kind(self.kind)
            ontology.get_link_type(self.forward)
        except TraceError as error:
            raise ValueError(error.message) from error
        return self

    @property
    def forward(self) -> str:
        """The name of the link type, along the arrow."""
        return _inverses().get(self.link, self.link)

    @property
    def arrives(self) -> bool:
        """Whether the link points to the thing of the row."""
        return self.link in _inverses()


def _inverses() -> dict[str, str]:
    return {link.inverse: link.name for link in ontology.link_types().values()}


class TableMapping(Mapping):
    """How the rows of one table become things of one kind; columns and values as for files."""

    table: str = Field(
        description="`schema.table`, or `database.table` where there are no schemas."
    )
    links: tuple[LinkColumn, ...] = ()

    @model_validator(mode="after")
    def _has_no_parent(self) -> TableMapping:
        if self.parent is not None:
            raise ValueError("parent: is for files; name the column in [[tables.links]]")
        return self

    @property
    def used(self) -> frozenset[str]:
        """Every column that the mapping speaks of."""
        slots = {link.slot for link in self.links if link.slot}
        return super().used | {link.column for link in self.links} | slots


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
    try:
        return Tables.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise file_error(path, f"cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise file_error(path, f"is not TOML: {error}") from error
    except ValidationError as error:
        raise file_error(path, f"is not a mapping: {explain(error)}") from error
