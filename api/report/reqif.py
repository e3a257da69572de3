"""A trace matrix as ReqIF 1.2 (OMG formal/16-07-01): its things as spec objects, its links as relations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from api.report.document import Cell, ReportError, Sealed, Table
from api.report.reports.matrix import LINKS, THINGS
from api.report.template import templates
from api.report.words import head, legible
from graph.model.canonical import sha256_hex
from graph.model.identifier import Utcs
from graph.model.time import format_utc

if TYPE_CHECKING:
    from jinja2 import Template

_SHORT: Final = 32
"""So much of a hash is a name."""


@dataclass(frozen=True, slots=True)
class _Thing:
    id: str
    utcs: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class _Link:
    id: str
    type: str
    source: str
    target: str
    in_doubt: bool


def render(sealed: Sealed) -> bytes:
    """Returns the matrix as ReqIF.

    Raises:
        ReportError: The report is no matrix.
    """
    tables = {one.table.columns: one.table for one in sealed.report.draft.sections if one.table}
    if THINGS not in tables or LINKS not in tables:
        raise ReportError("format: only the report matrix can be written as reqif")
    links = list(map(_link, tables[LINKS].rows))
    things = list(_things(tables[THINGS], tables[LINKS]))
    written = _template().render(
        name=f"report-{sealed.sha256[:_SHORT]}",
        title=legible(sealed.report.draft.title),
        comment="; ".join(f"{name}: {value}" for name, value in head(sealed)),
        when=format_utc(sealed.report.place.known_at),
        kinds=sorted({thing.kind for thing in things}),
        types=sorted({link.type for link in links}),
        things=things,
        links=links,
    )
    return written.encode()


@cache
def _template() -> Template:
    return templates().get_template("matrix.reqif")


def _things(things: Table, links: Table) -> Iterator[_Thing]:
    """Yields what stands in the matrix, then what its links only pass, each once."""
    told = {row[0]: row[2] for row in things.rows}
    ends = (end for row in links.rows for end in (row[0], row[2]))
    for utcs, name in {**told, **{end: "" for end in ends if end not in told}}.items():
        assert isinstance(utcs, Utcs)  # noqa: S101 - the columns say so
        yield _Thing(_name(utcs), str(utcs), utcs.kind, legible(str(name)))


def _link(row: tuple[Cell, ...]) -> _Link:
    source, link, target, in_doubt = row
    name = sha256_hex(f"{source} {link} {target}".encode())[:_SHORT]
    return _Link(f"link.{name}", str(link), _name(source), _name(target), bool(in_doubt))


def _name(utcs: Cell) -> str:
    """Returns an id as XML takes one: without colons. Authority and kind have no point, so it is unique."""
    return str(utcs).replace(":", ".")
