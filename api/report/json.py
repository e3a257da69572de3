"""A report as JSON: all that it says, its hash, and how to read it back and hold it against that hash.

The hash is the SHA-256 of the member `report` in canonical form (RFC 8785). It holds no number that is not
a whole one of 53 bits, and no member name beyond ASCII, so that any JSON library can write that form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any, Final

import orjson

from api.report.document import (
    BaselineRef,
    Cell,
    Column,
    Draft,
    Figure,
    Place,
    Report,
    ReportError,
    Sealed,
    Section,
    Table,
    Type,
)
from graph.errors import TraceError
from graph.model.canonical import canonical_bytes, sha256_hex
from graph.model.identifier import Utcs
from graph.model.time import format_utc, parse_utc

FORM: Final = "utcs-report-1"
"""The form of the document, so that a later one can be told apart."""


class MismatchError(ReportError):
    """A report does not say what it said when its hash was computed."""


def seal(report: Report, asked_by: str) -> Sealed:
    """Returns the report with the hash of what it says."""
    return Sealed(report, asked_by, sha256_hex(canonical_bytes(written(report))))


def render(sealed: Sealed) -> bytes:
    """Returns the report as JSON, in canonical form."""
    whole = {
        "asked_by": sealed.asked_by,
        "form": FORM,
        "report": written(sealed.report),
        "sha256": sealed.sha256,
    }
    return canonical_bytes(whole) + b"\n"


def read(text: bytes) -> Sealed:
    """Returns the report that `render` wrote, once it was held against its own hash.

    Raises:
        ReportError: The text is no report in this form.
        MismatchError: It says something else than when its hash was computed.
    """
    try:
        whole = orjson.loads(text)
        if not isinstance(whole, dict) or whole.get("form") != FORM:
            raise ReportError(f"file: no report in JSON; its member form must be {FORM!r}")
        report = _report(whole["report"])
        sealed = seal(report, str(whole["asked_by"]))
        stated = whole["sha256"]
        found = sha256_hex(canonical_bytes(whole["report"]))
    except ReportError:
        raise
    except (TraceError, LookupError, TypeError, ValueError, ArithmeticError) as error:
        said = f"{type(error).__name__}: {error}"
        raise ReportError(f"file: no report as utcs writes it ({said:.200})") from error
    if found != stated or sealed.sha256 != stated:
        raise MismatchError(
            f"sha256: the file states {stated!s:.64}, but what it says has {found}; it was altered "
            "after it was made"
        )
    return sealed


def written(report: Report) -> dict[str, Any]:
    """Returns what a report says, as JSON values: what the hash is of."""
    draft, place = report.draft, report.place
    baseline = draft.baseline
    return {
        "kind": report.kind,
        "title": draft.title,
        "subject": None if report.subject is None else str(report.subject),
        "options": dict(report.options),
        "coordinates": {
            "as_of": format_utc(place.as_of),
            "known_at": format_utc(place.known_at),
            "seq": place.seq,
        },
        "baseline": None
        if baseline is None
        else {"utcs": str(baseline.utcs), "root": baseline.root},
        "figures": [
            {"name": one.name, "value": str(one.value), "unit": one.unit} for one in draft.figures
        ],
        "sections": [_section(one) for one in draft.sections],
        "used": list(draft.used),
    }


def _section(section: Section) -> dict[str, Any]:
    table = section.table
    return {
        "heading": section.heading,
        "prose": list(section.prose),
        "cut": section.cut,
        "table": None
        if table is None
        else {
            "columns": [
                {"name": one.name, "type": one.type.value, "unit": one.unit}
                for one in table.columns
            ],
            "rows": [[_plain(cell) for cell in row] for row in table.rows],
        },
    }


def _plain(cell: Cell) -> str | bool | None:
    if cell is None or isinstance(cell, bool | str):
        return cell
    if isinstance(cell, datetime):
        return format_utc(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _report(said: Mapping[str, Any]) -> Report:
    at, baseline, subject = said["coordinates"], said["baseline"], said["subject"]
    draft = Draft(
        title=_text(said["title"]),
        sections=tuple(map(_read_section, said["sections"])),
        figures=tuple(map(_read_figure, said["figures"])),
        used=tuple(map(_text, said["used"])),
        baseline=baseline and BaselineRef(Utcs.parse(baseline["utcs"]), _text(baseline["root"])),
    )
    return Report(
        kind=_text(said["kind"]),
        subject=subject and Utcs.parse(subject),
        options=tuple((_text(name), _text(value)) for name, value in said["options"].items()),
        place=Place(parse_utc(at["as_of"]), parse_utc(at["known_at"]), int(at["seq"])),
        draft=draft,
    )


def _read_section(said: Mapping[str, Any]) -> Section:
    return Section(
        heading=_text(said["heading"]),
        prose=tuple(map(_text, said["prose"])),
        table=said["table"] and _read_table(said["table"]),
        cut=said["cut"] and _text(said["cut"]),
    )


def _read_figure(said: Mapping[str, Any]) -> Figure:
    return Figure(_text(said["name"]), _number(said["value"]), _text(said["unit"]))


def _read_table(said: Mapping[str, Any]) -> Table:
    columns = tuple(
        Column(_text(one["name"]), Type(one["type"]), _text(one["unit"])) for one in said["columns"]
    )
    rows = (
        tuple(
            None if cell is None else _READ[column.type](cell)
            for column, cell in zip(columns, row, strict=True)
        )
        for row in said["rows"]
    )
    return Table(columns, tuple(rows))


def _text(said: Any) -> str:
    if not isinstance(said, str):
        raise TypeError(f"{said!r:.80} is no text")
    return said


def _flag(said: Any) -> bool:
    if not isinstance(said, bool):
        raise TypeError(f"{said!r:.80} is neither true nor false")
    return said


def _number(said: Any) -> int | Decimal:
    """Returns a number as it was: whole, or with its decimals."""
    number = int(said) if _text(said).lstrip("-").isdecimal() else Decimal(said)
    if not isfinite(number):
        raise ValueError(f"{said} is no number")
    return number


_READ: Final[dict[Type, Callable[[Any], Cell]]] = {
    Type.TEXT: _text,
    Type.ID: Utcs.parse,
    Type.NUMBER: _number,
    Type.DAY: date.fromisoformat,
    Type.MOMENT: parse_utc,
    Type.FLAG: _flag,
}
