"""Every form of a report, read back by a reader that is not ours."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pypdf
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from api.report import csv as as_csv
from api.report import html, jsonld, pdf, reqif, xlsx
from api.report.document import Draft, ReportError, Sealed, Section, Table
from api.report.forms import FORMS, get_form
from api.report.json import read
from api.report.words import legible
from graph.store.errors import BadQuestionError
from tests.unit.api.drafts import COLUMNS, HOSTILE, WHEN, hostile, make_sealed, row

PROV = Namespace("http://www.w3.org/ns/prov#")
NAIVE = WHEN.replace(tzinfo=None)
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")


class Page(HTMLParser):
    """Collects tags, attributes and text; a table as rows of cells."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.text, self.is_cell = "", False
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        self.is_cell = tag in ("td", "th")
        if self.is_cell:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.is_cell = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.is_cell:
            self.rows[-1][-1] += data


def sheets(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def pages(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def pdf_text(content: bytes) -> str:
    return " ".join(page.extract_text() for page in pages(content).pages).replace("\u200b", "")


def records(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("name", [name for name in FORMS if name != "reqif"])
def test_the_same_report_is_the_same_bytes_and_states_its_hash(name: str) -> None:
    sealed = hostile()

    content = FORMS[name].render(sealed)
    again = FORMS[name].render(read(FORMS["json"].render(sealed)))

    assert content == again
    if name == "xlsx":
        told = {row[0].value: row[1].value for row in sheets(content)["Report"].iter_rows()}
        assert told["SHA-256"] == sealed.sha256
    else:
        text = pdf_text(content) if name == "pdf" else content.decode()
        assert sealed.sha256 in text


@pytest.mark.parametrize("name", ["html", "pdf", "csv"])
def test_times_baseline_asker_and_what_is_cut_are_stated(name: str) -> None:
    content = FORMS[name].render(make_sealed(row()))

    text = re.sub(r"\s+", " ", pdf_text(content) if name == "pdf" else content.decode())
    for said in (
        "2025-06-30T12:00:00.25Z", "change log up to number 1,234", "utcs:TEST:baseline:B-1", "ab" * 32,
        "anna", "History: cut at 1 of 2 rows",
    ):  # fmt: skip
        assert said in text, said


def test_no_form_hides_text_or_turns_it_about() -> None:
    sealed = hostile()

    for name in ("html", "csv"):
        assert not HIDDEN.search(FORMS[name].render(sealed).decode().replace("\r\n", "\n")), name
    values = [c.value for s in sheets(xlsx.render(sealed)) for r in s.iter_rows() for c in r]
    assert not any(HIDDEN.search(value) for value in values if isinstance(value, str))
    assert "⟨U+202E⟩7-10⟨U+202C⟩" in pdf_text(pdf.render(sealed))


def test_html_is_one_accessible_page_in_which_text_stays_text() -> None:
    page = Page(html.render(hostile()))

    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "base", "form"}
    assert all(not name.startswith("on") for _, attrs in page.tags for name in attrs)
    hrefs = {attrs["href"] for tag, attrs in page.tags if tag == "a"}
    assert all(href and href.startswith("#") for href in hrefs)
    assert ("html", {"lang": "en"}) in page.tags
    assert {"main", "header", "h1", "caption", "thead"} <= names
    assert all(attrs.get("scope") == "col" for tag, attrs in page.tags if tag == "th")
    assert legible(HOSTILE[0]) in page.text
    cells = [row[0] for row in page.rows]
    assert [legible(text) for text in HOSTILE] == cells[1 : len(HOSTILE) + 1]


def test_csv_is_rfc_4180_and_no_field_is_a_formula() -> None:
    content = as_csv.render(hostile())

    found = records(content)
    assert len({len(record) for record in found}) == 1
    assert content.endswith(b"\r\n")
    assert b"\r" not in content.replace(b"\r\n", b"")
    start = found.index(["text", "unit", "mass [kg]", "flights", "day", "moment", "open"])
    told = [record[0] for record in found[start + 1 : start + 1 + len(HOSTILE)]]
    assert [text.removeprefix("'") for text in told] == [legible(text) for text in HOSTILE]
    for record in found:
        for field in record:
            assert not field.startswith(("=", "+", "@", "\t", "＝"))
            assert not field.startswith("-") or field[1:].replace(".", "").isdigit()
    assert found[start + 1][1:] == [
        "utcs:TEST:serial:S-1~" + found[start + 1][1][-1], "0.125", "1", "2025-06-30",
        "2025-06-30T12:00:00.25Z", "yes",
    ]  # fmt: skip


def test_xlsx_has_real_numbers_and_times_and_no_formula() -> None:
    book = sheets(xlsx.render(hostile()))

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "inlineStr"}
    assert all(cell.hyperlink is None for cell in cells)
    units = book.worksheets[1]
    heading, first = (tuple(c.value for c in row) for row in units.iter_rows(max_row=2))
    assert heading == ("text", "unit", "mass [kg]", "flights", "day", "moment", "open")
    assert first[2:] == (
        0.125, 1, NAIVE.replace(hour=0, microsecond=0), NAIVE, "yes",
    )  # fmt: skip
    assert [row[0].value for row in units.iter_rows(min_row=2, max_row=len(HOSTILE) + 1)] == [
        legible(text) for text in HOSTILE
    ]
    assert units.freeze_panes == "A2"
    assert units.auto_filter.ref.startswith("A1:G")
    assert book.properties.created == NAIVE.replace(microsecond=0)


def test_xlsx_takes_what_excel_does_not(tmp_path: Any) -> None:
    """Excel has no sheet History, counts characters in UTF-16, and knows no day before 1900."""
    astral = "🚀" * 20_000
    sealed = make_sealed(row(astral), row("a" * 32_767, 2), heading="a/b:c?" * 9)

    book = sheets(xlsx.render(sealed))

    names = book.sheetnames
    assert names[0] == "Report"
    assert names[2] == "History of it"
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    cell, whole = (book.worksheets[1].cell(number, 1).value for number in (2, 3))
    assert len(cell.encode("utf-16-le")) // 2 <= xlsx.MAX_CHARS
    assert cell.endswith("(cut here: 20,000 characters; the JSON form has all)")
    assert whole == "a" * 32_767
    old = sheets(xlsx.render(hostile())).worksheets[1].cell(len(HOSTILE) + 3, 5).value
    assert old == "1850-01-01"


def test_numbers_with_more_digits_than_excel_keeps_are_text() -> None:
    cells = (*row()[:2], Decimal("0.1234567890123456789"), 2**60, *row()[4:])

    written = next(sheets(xlsx.render(make_sealed(cells))).worksheets[1].iter_rows(min_row=2))

    assert [written[2].value, written[3].value] == [
        "0.1234567890123456789", "1,152,921,504,606,846,976",
    ]  # fmt: skip


def test_pdf_is_ua_1_tagged_titled_and_in_english() -> None:
    found = pages(pdf.render(hostile()))

    root: Any = found.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert found.metadata is not None
    assert found.metadata.title == legible(HOSTILE[0])
    assert {"/H1", "/Table", "/TR", "/TH", "/TD"} <= structure(root["/StructTreeRoot"])
    fonts = [font.get_object() for font in fonts_of(found)]
    assert fonts
    assert all("/FontFile3" in font or "/FontFile2" in font for font in fonts)


def structure(node: Any) -> set[str]:
    """All structure types below a node."""
    told, open_nodes = set[str](), [node]
    while open_nodes:
        one = open_nodes.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            open_nodes += one
        elif isinstance(one, dict):
            told |= {str(one["/S"])} if "/S" in one else set()
            open_nodes += [one["/K"]] if "/K" in one else []
    return told


def fonts_of(found: pypdf.PdfReader) -> list[Any]:
    """The descriptors of all fonts."""
    descriptors = []
    for page in found.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            for inner in font.get_object().get("/DescendantFonts", [font]):
                descriptors.append(inner.get_object()["/FontDescriptor"])
    return descriptors


def test_pdf_sets_text_as_text_and_says_what_it_has_no_glyph_for() -> None:
    text = re.sub(r"\s+", " ", pdf_text(pdf.render(hostile())))

    assert "#sys.inputs *bold* $x$ \\ _y_ // <label> @ref" in text
    assert "=HYPERLINK(" in text
    assert "⟨U+4E2D⟩⟨U+6587⟩ ⟨U+1F680⟩" in text


def test_pdf_has_a_glyph_for_all_that_it_does_not_write_as_a_number() -> None:
    shown = [chr(code) for code in range(0x20, 0x3000) if not pdf._UNSET.match(chr(code))]
    kept = "".join(c for c in shown if unicodedata.normalize("NFC", c) == c)

    content = pdf.render(make_sealed(*(row(kept[i : i + 200]) for i in range(0, len(kept), 200))))

    assert len(kept) > 2000
    assert content.startswith(b"%PDF-")


def test_pdf_repeats_headings_numbers_pages_and_breaks_what_has_no_blank() -> None:
    rows = [row("A" * 3000), row("b " * 20_000, 2), *(row(number=n) for n in range(3, 200))]

    found = pages(pdf.render(make_sealed(*rows)))

    texts = [page.extract_text() for page in found.pages]
    assert len(texts) > 5
    assert all(f"page {n} of {len(texts)}" in text for n, text in enumerate(texts, start=1))
    assert sum("flights" in text for text in texts) >= len(texts) - 2
    assert "cut here: 40,000 characters" in " ".join(texts).replace("\n", " ")


def test_an_id_on_a_page_can_be_copied_where_there_is_room() -> None:
    """And where there is none, it is broken, so that nothing runs into anything."""
    long_id = "utcs:AMPEL360:requirement:REQ-28-STACK-AVAILABILITY"
    roomy = make_sealed(row(long_id))
    wide = Section("Wide", table=Table(COLUMNS[:1] * 12, ((long_id,) * 12,)))
    crowded = replace(roomy, report=replace(roomy.report, draft=Draft("Wide", (wide,))))

    told, broken = (
        " ".join(page.extract_text() for page in pages(pdf.render(one)).pages)
        for one in (roomy, crowded)
    )

    assert long_id in told
    assert long_id not in broken
    assert broken.count("AVAILABILITY") == 12


def test_a_column_without_an_entry_is_named_and_takes_no_room() -> None:
    text = pdf_text(pdf.render(make_sealed((None, *row()[1:]))))

    assert "Without an entry, and so not shown: text." in re.sub(r"\s+", " ", text)


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib"
)  # its parser uses what it deprecates
def test_provenance_is_prov_o_that_needs_no_network() -> None:
    sealed = make_sealed(row())

    graph = Graph().parse(data=jsonld.render(sealed), format="json-ld")

    report = URIRef(jsonld.digest_name(sealed.sha256))
    assert (report, RDF.type, PROV.Entity) in graph
    (activity,) = graph.objects(report, PROV.wasGeneratedBy)
    (agent,) = graph.objects(activity, PROV.wasAssociatedWith)
    assert Literal("anna") in set(graph.objects(agent))
    used = {str(one) for one in graph.objects(activity, PROV.used)}
    assert {
        "utcs:TEST:serial:S-1@3", "urn:utcs:change:12", "utcs:TEST:aircraft:A-1", "utcs:TEST:baseline:B-1",
    } <= used  # fmt: skip
    version = URIRef("utcs:TEST:serial:S-1@3")
    assert list(graph.objects(version, PROV.specializationOf)) == [URIRef("utcs:TEST:serial:S-1")]


def test_only_a_matrix_is_reqif() -> None:
    with pytest.raises(ReportError, match="only the report matrix"):
        reqif.render(make_sealed(row()))
    with pytest.raises(BadQuestionError, match="only the report matrix can be written as reqif"):
        get_form("reqif", "status")
    assert get_form("reqif", "matrix").name == "reqif"


def test_a_form_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(BadQuestionError, match="'xls' is no form of a report; did you mean xlsx"):
        get_form("xls")


def test_a_pdf_of_more_rows_than_anybody_prints_is_refused() -> None:
    sealed = make_sealed(*[row()] * (pdf.MAX_ROWS + 1))

    with pytest.raises(ReportError, match="take xlsx, csv or html, or ask for less"):
        pdf.render(sealed)


def test_what_typst_cannot_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_data", lambda _sealed: {"title": 1})

    with pytest.raises(ReportError, match="typst cannot set this report"):
        pdf.render(make_sealed(row()))


def long(rows: int) -> Sealed:
    return make_sealed(*(row(f"Relief valve {n}", n) for n in range(1, rows + 1)))


@pytest.mark.parametrize(
    ("name", "most_s"), [("html", 10), ("csv", 10), ("xlsx", 15), ("json", 10)]
)
def test_twenty_thousand_rows_take_seconds(name: str, most_s: float) -> None:
    sealed = long(20_000)
    began = time.process_time()

    content = FORMS[name].render(sealed)

    assert time.process_time() - began < most_s
    assert len(content) < 20_000_000


@pytest.mark.slow
def test_a_pdf_of_many_rows_leaves_no_memory_behind() -> None:
    """Typst keeps what it has set: 300 MB for 5,000 rows, which a service would never get back."""
    script = (
        "import resource, sys; sys.path.insert(0, '.');"
        "from tests.unit.api.test_report_forms import long; from api.report import pdf;"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024;"
        "sealed, before = long(3_000), used(); assert pdf.render(sealed).startswith(b'%PDF');"
        "print(used() - before)"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert int(done.stdout) < 60


def test_json_of_the_document_is_what_the_file_holds() -> None:
    sealed = make_sealed(row())

    whole = json.loads(FORMS["json"].render(sealed))

    assert whole["report"]["coordinates"] == {
        "as_of": "2025-06-30T12:00:00.250000Z", "known_at": "2025-06-30T12:00:00.250000Z", "seq": 1234,
    }  # fmt: skip
    assert whole["report"]["sections"][1]["cut"] == "cut at 1 of 2 rows"
