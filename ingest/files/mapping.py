"""Column mappings: how the columns of a table become the properties of one kind of thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from graph.errors import TraceError
from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.store.node import plain_type
from ingest.files.rejected import FileError, file_error
from ingest.files.toml import read_toml

LIST_SEPARATOR: Final = ";"
"""What stands between the values of a property that holds several, such as `aliases`."""

MAX_CELL: Final = 1024 * 1024
"""A cell beyond this is a quotation mark that was never closed, or does not belong in a graph."""

_LISTED: Final = 20
_LONGEST: Final = 80
"""How many columns a message lists, and how many characters of each."""

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}")
_BUILT_IN: Final = Path(__file__).with_name("mappings")


def _compiled(group: str) -> Any:
    """Makes the type of a regular expression that must have one named group."""

    def check(pattern: str) -> str:
        try:
            groups = re.compile(pattern).groupindex
        except re.error as error:
            raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
        if group not in groups:
            raise ValueError(f"{pattern!r} needs a group (?P<{group}>…)")
        return pattern

    return Annotated[str, AfterValidator(check)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Naming(_Part):
    """How a cell names a thing."""

    column: str
    pattern: _compiled("local") = "(?P<local>.+)"  # type: ignore[valid-type]
    replace: dict[str, str] = Field(default_factory=dict)

    def local(self, cell: str) -> str:
        """Returns the local part that a cell names.

        Raises:
            TraceError: The cell is empty, or the pattern does not fit it.
        """
        if not cell:
            raise TraceError(f"column {self.column!r}: the id is empty; give one")
        found = re.fullmatch(self.pattern, cell, re.DOTALL)
        if found is None:
            raise TraceError(
                f"column {self.column!r}: {cell[:80]!r} does not fit the pattern {self.pattern!r}"
            )
        local = str(found["local"])
        for old, new in self.replace.items():
            local = local.replace(old, new)
        return local


class IdColumn(_Naming):
    """Where the identifier of a row comes from."""

    def names(self, cell: str, kind: str, authority: str) -> Utcs:
        """Returns the identifier that a cell means."""
        return Utcs(authority, kind, self.local(cell))


class LinkColumn(_Naming):
    """Where the things come from that a row is linked to.

    Attributes:
        kind: Of those things.
        authority: Who issued their numbers; by default whoever issued those of the rows.
        separator: What stands between several in one cell.
        reversed: Whether they depend on the row, instead of the row on them.
        slot: The column that names the slot, for slotted link types.
        properties: Columns and the properties of the link that they hold.
    """

    link: str
    kind: str
    authority: str | None = Field(default=None, pattern=r"^[A-Z0-9]{2,16}$")
    separator: str = Field(default=LIST_SEPARATOR, min_length=1)
    reversed: bool = False
    slot: str | None = None
    properties: dict[str, str] = Field(default_factory=dict)

    def names(self, cell: str, authority: str) -> Utcs:
        """Returns the identifier that a cell, or one part of it, means."""
        return Utcs(self.authority or authority, self.kind, self.local(cell))

    @property
    def used(self) -> frozenset[str]:
        """Every column that it speaks of."""
        return frozenset({self.column, *self.properties} | ({self.slot} if self.slot else set()))

    def require_fit(self, kind: str) -> None:
        """Holds the link against the ontology.

        Raises:
            TraceError: There is no such link type, kind or property, or it joins no such kinds.
        """
        declared = ontology.get_link_type(self.link)
        ontology.get_kind(self.kind)
        ends = (self.kind, kind) if self.reversed else (kind, self.kind)
        for end, allowed in zip(ends, (declared.sources, declared.targets), strict=True):
            if not ontology.fits(end, allowed):
                raise TraceError(
                    f"links: {self.link} does not join a {ends[0]} to a {ends[1]}; it goes from "
                    f"{' or '.join(sorted(declared.sources))} to "
                    f"{' or '.join(sorted(declared.targets))}"
                )
        if declared.slotted != (self.slot is not None):
            needs = "needs the column of its slot" if declared.slotted else "takes no slot"
            raise TraceError(f"links: {self.link} {needs}")
        known = declared.properties.model_fields if declared.properties else {}
        if unknown := set(self.properties.values()) - set(known):
            raise TraceError(
                f"links: {self.link} carries no {min(unknown)!r}; "
                f"use one of {', '.join(known) or 'none'}"
            )


class ParentColumn(_Part):
    """Where the things come from that a row depends on.

    With a `pattern`, the cell is a number that contains the number of its parent; the nearest
    ancestor that stands in the file counts. Without, the cell lists the parents.
    """

    column: str
    pattern: _compiled("parent") | None = None  # type: ignore[valid-type]
    separator: str = Field(default=";", min_length=1)
    link: str = "DERIVES_FROM"


class Mapping(_Part):
    """A declared mapping from columns to properties; see docs/loading.md.

    Attributes:
        things: Whether each row states a thing; if not, rows state links alone, as those of a bill
            of material do, and `id` names what they are links of.
    """

    name: str
    kind: str
    things: bool = True
    encoding: str = "utf-8-sig"
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    optional: frozenset[str] = frozenset()
    id: IdColumn
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str | bool | int] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    parent: ParentColumn | None = None
    links: tuple[LinkColumn, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Mapping:
        """Holds every property and the link type against the ontology."""
        try:
            kind = ontology.get_kind(self.kind)
            if self.parent:
                ontology.get_link_type(self.parent.link)
            for link in self.links:
                link.require_fit(self.kind)
            "".encode(self.encoding)
        except (TraceError, LookupError) as error:
            raise ValueError(str(error)) from error
        for name in {*self.columns.values(), *self.constants, *self.values}:
            _check_property(kind, name)
        if self.things and not self.columns:
            raise ValueError("columns: is missing; say which column is which property")
        if not self.things and (self.columns or not self.links):
            raise ValueError("things: rows that are no things need `links`, and no `columns`")
        return self

    @property
    def used(self) -> frozenset[str]:
        """Every column that the mapping speaks of."""
        return frozenset({self.id.column, *self.columns} | self.linking)

    @property
    def linking(self) -> frozenset[str]:
        """Every column that speaks of links."""
        parents = frozenset({self.parent.column} if self.parent else ())
        return parents.union(*(link.used for link in self.links))

    @property
    def required(self) -> frozenset[str]:
        """The columns without which a file cannot be read by this mapping."""
        return self.used - self.optional

    def properties(self, row: dict[str, str]) -> dict[str, Any]:
        """Returns the properties that a row states; columns without a mapping go to `extra`."""
        extra = {column: cell for column, cell in row.items() if cell and column not in self.used}
        given: dict[str, Any] = {
            name: self._value(name, row[column])
            for column, name in self.columns.items()
            if row.get(column)
        }
        return {**self.constants, **given} | ({"extra": extra} if extra else {})

    def _value(self, name: str, cell: str) -> Any:
        """Returns a cell as its property takes it; what does not fit is left for validation."""
        cell = self.values.get(name, {}).get(cell, cell)
        form = plain_type(ontology.get_kind(self.kind).model_fields[name].annotation)
        if get_origin(form) is tuple:
            return [part.strip() for part in cell.split(LIST_SEPARATOR) if part.strip()]
        return int(cell) if form is int and _WHOLE.fullmatch(cell.strip()) else cell


def read_mapping(path: Path) -> Mapping:
    """Returns the mapping in a TOML file.

    Raises:
        FileError: The file is not there, not TOML, or not a mapping.
    """
    return read_toml(path, Mapping, "a mapping")


@cache
def built_in() -> tuple[Mapping, ...]:
    """Returns the mappings that come with the product."""
    return tuple(read_mapping(path) for path in sorted(_BUILT_IN.glob("*.toml")))


def choose(path: Path, header: Iterable[str]) -> Mapping:
    """Returns the built-in mapping whose columns are all in the header.

    Raises:
        FileError: None fits; the sentence lists the columns and what would be needed.
    """
    found = frozenset(header)
    fitting = [mapping for mapping in built_in() if mapping.required <= found]
    if not fitting:
        raise _unknown_columns(path, found)
    return max(fitting, key=lambda mapping: len(mapping.used & found))


def require_columns(path: Path, mapping: Mapping, header: Sequence[str]) -> None:
    """Refuses a file without a column that its mapping needs.

    Raises:
        FileError: One is missing; the sentence lists those that are there.
    """
    if missing := mapping.required - set(header):
        raise file_error(
            path,
            f"column {listed(map(repr, sorted(missing)))} is missing; the file has "
            f"{listed(map(repr, header))}: rename it there or in the mapping",
            "line 1",
        )


def listed(names: Iterable[str]) -> str:
    """Returns the names of columns as a message may list them: not all, and none at length."""
    every = [name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…" for name in names]
    more = f" and {len(every) - _LISTED:,} more" if len(every) > _LISTED else ""
    return ", ".join(every[:_LISTED]) + more


def _unknown_columns(path: Path, found: frozenset[str]) -> FileError:
    wanted = "; ".join(f"{m.name}: {', '.join(sorted(m.required))}" for m in built_in())
    return file_error(
        path,
        f"no mapping fits its columns ({listed(sorted(found))}); rename them to one of "
        f"({wanted}), or declare your own with --mapping",
        "line 1",
    )


def _check_property(kind: type[Kind], name: str) -> None:
    if name not in kind.model_fields or name == "extra":
        names = ", ".join(n for n in kind.model_fields if n != "extra")
        raise ValueError(f"a {kind.kind} has no property {name!r}; use one of {names}")
