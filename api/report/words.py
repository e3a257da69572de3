"""What every form of a report says in words: cells, the head, and text that hides nothing."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from api.moment import moment
from api.report.document import Cell, Sealed
from graph.model.identifier import Utcs

_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
"""What is not seen, or makes other text be seen in another order than it is written."""


def legible(text: str) -> str:
    """Returns text in which whatever would hide is seen: U+202E becomes ⟨U+202E⟩.

    The JSON form has the text as it is.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else _HIDDEN.sub(code_point, text)


def code_point(found: re.Match[str]) -> str:
    """Returns a character as its number."""
    return f"⟨U+{ord(found[0]):04X}⟩"


def words(cell: Cell) -> str:
    """Returns a cell as people read it; nothing known is nothing written."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Utcs):
        return cell.checked
    if isinstance(cell, datetime):
        return moment(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return legible(cell) if isinstance(cell, str) else number(cell)


def spaced(value: Enum | str) -> str:
    """Returns a value of the ontology as people read it: `not_applicable` as `not applicable`."""
    return str(value.value if isinstance(value, Enum) else value).replace("_", " ")


def number(value: int | Decimal) -> str:
    """Returns a number as people read it."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,f}"


def head(sealed: Sealed) -> list[tuple[str, str]]:
    """Returns what stands at the head of every form: of what, when, by whom, and its hash."""
    report, place = sealed.report, sealed.report.place
    subject, baseline = report.subject, report.draft.baseline
    said = [
        ("Report", report.kind),
        ("Subject", "" if subject is None else subject.checked),
        *((name.capitalize(), legible(value)) for name, value in report.options),
        ("True at", exactly(place.as_of)),
        ("As known at", f"{exactly(place.known_at)}, change log up to number {place.seq:,}"),
        ("Baseline", "" if baseline is None else f"{baseline.utcs.checked}, root {baseline.root}"),
        *(
            (legible(one.name).capitalize(), f"{number(one.value)} {one.unit}".rstrip())
            for one in report.draft.figures
        ),
        ("Extent", "; ".join(map(legible, report.notes)) or "complete"),
        ("Asked by", legible(sealed.asked_by)),
        ("SHA-256", sealed.sha256),
    ]
    return [(name, value) for name, value in said if value]


def exactly(when: datetime) -> str:
    """Returns a moment such that it can be asked for again."""
    return f"{when:%Y-%m-%dT%H:%M:%S.%f}".rstrip("0").rstrip(".") + "Z"
