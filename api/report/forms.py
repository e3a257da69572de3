"""The forms that a report takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from api.report import csv, html, json, jsonld, pdf, xlsx
from api.report.document import Sealed
from graph.model.identifier import shown
from graph.store.errors import BadQuestionError

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Form:
    """One form: what it is called, how its files end, and what writes it.

    Attributes:
        is_text: Whether a terminal can show it.
    """

    name: str
    media_type: str
    doc: str
    render: Callable[[Sealed], bytes]
    is_text: bool = True


FORMS: Final[dict[str, Form]] = {
    form.name: form
    for form in (
        Form("html", "text/html; charset=utf-8", "one page to read and print", html.render),
        Form("pdf", "application/pdf", "PDF/UA-1, tagged", pdf.render, is_text=False),
        Form("xlsx", XLSX, "a workbook, a sheet for each table", xlsx.render, is_text=False),
        Form("csv", "text/csv; charset=utf-8; header=absent", "RFC 4180", csv.render),
        Form("json", "application/json", "all of it, with its hash", json.render),
        Form("jsonld", "application/ld+json", "its provenance, PROV-O", jsonld.render),
    )
}


def get_form(name: str) -> Form:
    """Returns the form of that name.

    Raises:
        BadQuestionError: There is none; the sentence names those that there are.
    """
    if (form := FORMS.get(name)) is not None:
        return form
    near = get_close_matches(name[:20].lower(), FORMS, n=1)
    fix = f"did you mean {near[0]}?" if near else f"use one of {', '.join(FORMS)}"
    raise BadQuestionError(f"format: {shown(name)} is no form of a report; {fix}", field="format")
