"""Certificates as documents: block by block what the record says, and nothing that it does not say."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest

from api.report import pdf
from api.report.catalogue import REPORTS
from api.report.document import Sealed
from api.report.json import read, render
from api.report.make import make
from api.report.reports.certificate import COPY, UNSIGNED
from graph.model.time import Coordinates
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from tests.store.changing import stated
from tests.store.linking import as_of, id_of, link, tell, thing
from tests.store.saying import event
from tests.store.working import completed, signed_off, station

FORM: dict[str, Any] = {
    "form": "easa_form_1", "number": "F1-77", "authority": "EASA", "organisation": "Test Works",
    "approval_number": "DE.145.0077", "order_reference": "PO-5", "work": "repaired",
    "remarks": "Seal exchanged.", "statement": "In accordance with Part-145.", "status": "valid",
    "issued_at": "2025-01-03T00:00:00Z",
}  # fmt: skip

SAID_BY = {
    "1": "authority", "3": "number", "4": "organisation", "5": "order_reference", "12": "remarks",
    "14a": "work", "14c": "approval_number",
}  # fmt: skip
"""Each block, and the property of the certificate that fills it."""


async def certified(graph: Graph, **changes: Any) -> None:
    """States a pump with a certificate that was signed."""
    said = {name: value for name, value in (FORM | changes).items() if value is not None}
    await tell(graph, event(
        stated("cora", "certifying staff"),
        thing("part-1", name="Fuel pump"),
        thing("serial-1", serial_number="S-77"),
        link("serial-1", "INSTANCE_OF", "part-1"),
        thing("release-1", **said),
        link("serial-1", "CERTIFIED_BY", "release-1"),
        link("release-1", "SIGNED_BY", "person-cora", "certified", authorisation="L-cora"),
        on=3,
    ))  # fmt: skip


async def document(
    graph: Graph, kind: str, about: str, at: Coordinates | None = None
) -> tuple[Sealed, dict[str, str], dict[str, str]]:
    """Returns a certificate as a document: its blocks or facts, and why others are empty."""
    made = await make(
        graph, REPORTS[kind], str(id_of(about)), asked_by="auditor", at=at or Coordinates()
    )
    tables = {one.heading: one.table.rows for one in made.report.draft.sections if one.table}
    entries = tables.get("Blocks", ()) or tables.get("Certificate", ())
    return (
        made,
        {str(row[0]): str(row[-1]) for row in entries},
        {str(row[0]): str(row[2]) for row in tables["Left empty"]},
    )


def items(made: Sealed) -> list[tuple[Any, ...]]:
    (found,) = (one.table for one in made.report.draft.sections if one.heading == "Items")
    assert found is not None
    return [row[:6] for row in found.rows]


async def test_each_block_says_what_the_record_does(graph: Graph) -> None:
    await certified(graph)

    made, blocks, empty = await document(graph, "form-1", "serial-1")

    assert {name: blocks[name] for name in ("1", "3", "4", "5", "12", "14c", "14e")} == {
        "1": "EASA", "3": "F1-77", "4": "Test Works", "5": "PO-5", "12": "Seal exchanged.",
        "14c": "DE.145.0077", "14e": "03 Jan 2025",
    }  # fmt: skip
    assert blocks["14a"].startswith("[X] Part-145.A.50 Release to Service\n[ ] Other regulation")
    assert blocks["14d"].startswith("person-cora (a pseudonym")
    assert items(made) == [("1", "Fuel pump", "part-1", "1", "S-77", "REPAIRED")]
    assert empty == {
        "4": "the address: the record holds none", "14b": UNSIGNED, "13b": UNSIGNED,
        **dict.fromkeys(("13a", "13c", "13d", "13e"), "block 11 asks for the other of blocks 13 and 14"),
    }  # fmt: skip


async def test_a_block_for_which_the_record_says_nothing_is_empty_and_named(graph: Graph) -> None:
    await certified(graph)

    for on, (block, name) in enumerate(SAID_BY.items(), start=4):
        said = {key: value for key, value in FORM.items() if key != name}
        await tell(graph, event(thing("release-1", **said), on=on))
        _, blocks, empty = await document(graph, "form-1", "serial-1")

        assert blocks[block] == "", block
        assert empty[block] == "the record does not say"
        unfilled = {name for name, entry in blocks.items() if not entry}
        assert unfilled | {"4"} == set(empty).difference({"11"})  # 4: the address; 11: of the items


async def test_a_bare_certificate_makes_an_empty_form(graph: Graph) -> None:
    facts = [thing("release-1", form="faa_8130_3")]
    await tell(graph, event(*facts, on=3))

    made, blocks, empty = await document(graph, "form-1", "release-1")

    assert "FAA Form 8130-3" in made.report.draft.title
    assert set(blocks.values()) == {""}
    assert set(empty) == {*blocks, "6 to 11"}
    assert items(made) == []


async def test_new_parts_are_certified_in_block_13_and_a_batch_by_its_number(graph: Graph) -> None:
    said = FORM | {"form": "faa_8130_3", "work": "new", "quantity": "12"}
    await tell(graph, event(
        thing("part-1", name="Filter"), thing("batch-1", number="24-06"), thing("stock-1", number="ST-1"),
        link("batch-1", "INSTANCE_OF", "part-1"), link("stock-1", "INSTANCE_OF", "part-1"),
        thing("release-1", **said),
        link("batch-1", "CERTIFIED_BY", "release-1"), link("stock-1", "CERTIFIED_BY", "release-1"),
        on=3,
    ))  # fmt: skip

    made, blocks, empty = await document(graph, "form-1", "stock-1")

    assert blocks["13a"].startswith("[X] Approved design data")
    assert (blocks["13c"], blocks["14a"], blocks["14c"]) == ("DE.145.0077", "", "")
    assert items(made) == [("1", "Filter", "part-1", "12", "Batch 24-06", "NEW")]
    assert "block 11 asks" in empty["14a"]


async def test_a_rule_is_ticked_only_where_the_record_names_it(graph: Graph) -> None:
    await certified(graph, statement="In accordance with CAR-145X.", approval_number="KZ.77")

    _, blocks, _ = await document(graph, "form-1", "serial-1")

    assert blocks["14a"] == (
        "[ ] Part-145.A.50 Release to Service\n[ ] Other regulation specified in block 12\n"
        "In accordance with CAR-145X."
    )


async def test_the_newest_that_holds_is_told_and_one_that_does_not_says_so(graph: Graph) -> None:
    await certified(graph)
    later = FORM | {"number": "F1-78", "issued_at": "2025-01-05T00:00:00Z", "status": "revoked"}
    await tell(graph, event(
        thing("release-2", **later), link("serial-1", "CERTIFIED_BY", "release-2"), on=5,
    ))  # fmt: skip

    newest, blocks, _ = await document(graph, "form-1", "serial-1")
    revoked, other, _ = await document(graph, "form-1", "release-2")
    before, _, _ = await document(graph, "form-1", "serial-1", as_of(4))

    def notice(made: Sealed) -> tuple[str, ...]:
        return made.report.draft.sections[0].prose

    assert (blocks["3"], other["3"]) == ("F1-77", "F1-78")
    assert notice(newest) == (
        COPY, "1 more of this sort are on record; this is the newest that holds."
    )  # fmt: skip
    assert notice(revoked) == (COPY, "The record says that it is revoked.")
    assert notice(before) == (COPY,)


async def test_a_release_of_work_is_told_with_its_sign_offs(graph: Graph) -> None:
    await station(graph, work_performed="Filter exchanged.", references=["AMM 28-31 rev 4"])
    with pytest.raises(
        BadQuestionError, match="has no CRS on record; it is in_work, and misses: performed: nobody"
    ):
        await document(graph, "crs", "workorder-1")  # fmt: skip
    await signed_off(graph)
    await completed(graph)

    made, facts, empty = await document(graph, "crs", "workorder-1")

    assert (facts["Maintenance carried out"], facts["Maintenance data"]) == (
        "Filter exchanged.", "AMM 28-31 rev 4",
    )  # fmt: skip
    assert (facts["Certifying staff"], facts["Licence or authorisation"]) == (
        "person-cora",
        "L-cora",
    )
    assert empty["Signature"] == UNSIGNED
    signed = next(one.table for one in made.report.draft.sections if one.heading == "Sign-offs")
    assert signed is not None
    assert {row[0] for row in signed.rows} == {"performed", "inspected", "certified"}
    assert read(render(made)) == made
    with pytest.raises(
        BadQuestionError,
        match="has no EASA Form 1 or FAA Form 8130-3 on record; what it has is CRS",
    ):
        await document(graph, "form-1", "workorder-1")  # fmt: skip
    with pytest.raises(BadQuestionError, match="the report crs is about a release or workorder"):
        await document(graph, "crs", "aircraft-1")


async def test_the_pdf_is_the_form_and_says_on_each_page_that_it_is_a_copy(graph: Graph) -> None:
    await certified(graph, remarks="Torque 12 Nm. #strong[x]", organisation=None)
    made, blocks, _ = await document(graph, "form-1", "serial-1")

    found = pypdf.PdfReader(io.BytesIO(pdf.render(made)))
    first = " ".join(found.pages[0].extract_text().split())

    for page in found.pages:
        assert "not the signed original" in page.extract_text()
        assert "COPY OF THE RECORD" in page.extract_text()
    for number in (*blocks, "6", "7", "8", "9", "10", "11"):
        assert f"{number}. " in first
    for entry in (
        "F1-77",
        "Fuel pump",
        "S-77",
        "REPAIRED",
        "DE.145.0077",
        "#strong[x]",
        "03 Jan 2025",
    ):
        assert entry in first, entry
    assert found.metadata is not None
    assert found.metadata.title == "AUTHORISED RELEASE CERTIFICATE, EASA FORM 1"
    assert "/StructTreeRoot" in found.trailer["/Root"]  # type: ignore[operator]


async def test_a_column_that_nothing_fills_leaves_the_others_in_their_places(graph: Graph) -> None:
    await tell(graph, event(
        thing("serial-1", name="A pump"), thing("release-1", **FORM),
        link("serial-1", "CERTIFIED_BY", "release-1"), on=3,
    ))  # fmt: skip
    made, _, empty = await document(graph, "form-1", "serial-1")

    first = " ".join(pypdf.PdfReader(io.BytesIO(pdf.render(made))).pages[0].extract_text().split())

    assert items(made) == [("1", "A pump", None, "1", None, "REPAIRED")]
    assert "11. Status/Work 1 A pump 1 REPAIRED" in first
    assert (empty["8"], empty["10"]) == ("item 1: the record does not say",) * 2
