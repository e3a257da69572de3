"""The forms that a report takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from api.report import csv, html, json, jsonld, pdf, reqif, xlsx
from api.report.document import Sealed
from graph.model.identifier import shown
from graph.store.errors import BadQuestionError

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Form:
    """One form: what it is called, how its files end, and what writes it.

    Attributes:
        is_text: Whether a terminal can show it.
        only: The one report that takes this form; None if all do.
    """

    name: str
    media_type: str
    doc: str
    render: Callable[[Sealed], bytes]
    is_text: bool = True
    only: str | None = None

    def suits(self, report: str) -> bool:
        """Whether a report takes this form."""
        return self.only in (None, report)


FORMS: Final[dict[str, Form]] = {
    form.name: form
    for form in (
        Form("html", "text/html; charset=utf-8", "one page to read and print", html.render),
        Form("pdf", "application/pdf", "PDF/UA-1, tagged", pdf.render, is_text=False),
        Form("xlsx", XLSX, "a workbook, a sheet for each table", xlsx.render, is_text=False),
        Form("csv", "text/csv; charset=utf-8; header=absent", "RFC 4180", csv.render),
        Form("json", "application/json", "all of it, with its hash", json.render),
        Form("reqif", "application/xml", "ReqIF 1.2", reqif.render, only="matrix"),
        Form("jsonld", "application/ld+json", "its provenance, PROV-O", jsonld.render),
    )
}


def get_form(name: str, report: str | None = None) -> Form:
    """Returns the form of that name, for a report if it is known which.

    Raises:
        BadQuestionError: There is none; the sentence names those that there are.
    """
    form = FORMS.get(name)
    if form is not None and (report is None or form.suits(report)):
        return form
    if form is not None:
        raise BadQuestionError(
            f"format: only the report {form.only} can be written as {name}; take html or json",
            field="format",
        )
    near = get_close_matches(name[:20].lower(), FORMS, n=1)
    fix = f"did you mean {near[0]}?" if near else f"use one of {', '.join(FORMS)}"
    raise BadQuestionError(f"format: {shown(name)} is no form of a report; {fix}", field="format")
