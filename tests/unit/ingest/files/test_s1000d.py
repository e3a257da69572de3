"""S1000D data modules: what each is, and what it refers to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.model.engineering import Publication
from ingest.files.rejected import FileError

SAMPLE = "DMC-H2-A-28-41-03-00A-520A-A_003-00_EN-US.XML"
CODE = (
    'modelIdentCode="H2" systemDiffCode="A" systemCode="28" subSystemCode="4" subSubSystemCode="1" '
    'assyCode="03" disassyCode="00" disassyCodeVariant="A" infoCode="520" infoCodeVariant="A" '
    'itemLocationCode="A"'
)
DATE = '<issueDate year="2026" month="02" day="16"/>'


def module(code: str = CODE, items: str = DATE, content: str = "", before: str = "") -> str:
    return (
        f"<?xml version='1.0'?>{before}<dmodule ><identAndStatusSection><dmAddress><dmIdent>"
        f"<dmCode {code}/></dmIdent><dmAddressItems>{items}</dmAddressItems></dmAddress>"
        f"</identAndStatusSection><content>{content}</content></dmodule>"
    )


def test_data_module_becomes_a_publication_with_what_it_refers_to(samples: Path, read: Any) -> None:
    loaded = read(samples / SAMPLE)

    assert loaded.rejected == []
    (local, held), *_ = loaded.things.items()
    assert isinstance(held, Publication)
    assert local == "DMC-H2-A-28-41-03-00A-520A-A"
    assert [str(alias) for alias in held.aliases] == ["dmc:H2-A-28-41-03-00A-520A-A"]
    assert (held.name, held.issue) == ("Cryogenic pump - Remove procedure", "003-00")
    assert (held.issue_type, held.info_code, held.ata_chapter) == ("changed", "520", "28-41-03")
    assert (held.language, held.issued_on) == ("en-US", date(2026, 2, 16))
    assert held.applicability == "MSN 10001 thru 10012, post SB H2-28-0007"
    assert held.originator == "AMPEL360 Hydrogen Systems"
    assert loaded.links == {
        (local, "REFERS_TO", "DMC-H2-A-00-00-00-00A-022A-D"),
        (local, "REFERS_TO", "DMC-H2-A-28-41-03-00A-720A-A"),
        (local, "REFERS_TO", "DMC-H2-A-28-10-00-00A-920A-A"),
        (local, "DOCUMENTS", "LH2-SEAL-7"),
        (local, "DOCUMENTS", "LH2-PUMP-1"),
    }
    assert {fact.valid_from for fact in loaded.facts} == {datetime(2026, 2, 16, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("chapter", "found"),
    [
        ('systemCode="28" subSystemCode="4" subSubSystemCode="1" assyCode="0300"', "28-41"),
        ('systemCode="28" subSystemCode="A" subSubSystemCode="1" assyCode="03"', "28"),
        ('systemCode="D00" subSystemCode="0" subSubSystemCode="0" assyCode="00"', None),
    ],
)
def test_chapter_is_as_deep_as_its_digits(read_text: Any, chapter: str, found: str | None) -> None:
    old = 'systemCode="28" subSystemCode="4" subSubSystemCode="1" assyCode="03"'

    (held,) = read_text("a.xml", module(CODE.replace(old, chapter))).things.values()

    assert held.ata_chapter == found


def test_reference_that_cannot_be_read_loses_no_other(read_text: Any) -> None:
    bad = CODE.replace('infoCode="520"', 'infoCode="?"')
    references = f"<dmRef><dmRefIdent><dmCode {bad}/></dmRefIdent></dmRef><dmRef/>"

    loaded = read_text("a.xml", module(content=references + '<partRef partNumberValue="P1"/>'))

    assert {target for _, _, target in loaded.links} == {"P1"}
    assert loaded.reasons[0].startswith("line 1, dmRef: dmCode: alias dmc: ")
    assert loaded.reasons[1] == "line 1, dmRef: dmCode is missing; give one"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (module(code=CODE.replace('infoCode="520"', "")), "dmCode: infoCode is missing; give it"),
        (module(items=""), "issueDate is missing; give one"),
        (module(items='<issueDate year="2026" month="13" day="1"/>'), "issueDate: "),
        ("<dmodule ><idstatus/></dmodule>", "is S1000D before issue 4.0; convert it"),
        ("<dmodule ></dmodule>", "is no data module"),
        ("<dmodule ><x></dmodule>", "not well-formed XML"),
        (module(before='<!DOCTYPE dmodule [<!ENTITY a "aaaa">]>'), "declares the entity 'a'"),
        (
            module(before='<!DOCTYPE dmodule [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
            "declares the entity 'a', as attacks do",
        ),
        (module(before='<!DOCTYPE dmodule [<!ENTITY % a SYSTEM "http://x">]>'), "the entity 'a'"),
    ],
)
def test_data_module_that_is_no_use_or_dangerous_is_refused(
    read_text: Any, content: str, problem: str
) -> None:
    with pytest.raises(FileError, match=problem):
        read_text("a.xml", content)


def test_pictures_that_a_doctype_declares_are_never_fetched(samples: Path, read: Any) -> None:
    assert "NDATA" in (samples / SAMPLE).read_text()
    assert read(samples / SAMPLE).events
