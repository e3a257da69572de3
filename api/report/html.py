"""A report as one HTML page that needs nothing else: for reading, for printing, for a mail."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from api.report.document import Column, Sealed, Type
from api.report.template import templates
from api.report.words import head, legible, words

if TYPE_CHECKING:
    from jinja2 import Template


def render(sealed: Sealed) -> bytes:
    """Returns the report as HTML, UTF-8."""
    return _template().render(draft=sealed.report.draft, head=head(sealed)).encode()


@cache
def _template() -> Template:
    made = templates(lstrip_blocks=True)
    made.filters["legible"], made.filters["words"] = legible, words
    made.filters["class"] = _class
    return made.get_template("report.html")


def _class(column: Column) -> str:
    """Returns how a column is set: numbers to the right, ids and times so that they never break."""
    return {Type.NUMBER: "n", Type.ID: "id", Type.DAY: "t", Type.MOMENT: "t"}.get(column.type, "")
