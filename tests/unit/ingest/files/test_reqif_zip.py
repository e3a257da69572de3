import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from graph.model.engineering import Document
from ingest.files import reqif_zip
from ingest.files.rejected import FileError
from ingest.files.reqif_zip import open_archive, pack


def archive(*members: Any, **changes: Any) -> Any:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            for field, value in changes.items():
                setattr(info, field, value)
            file.writestr(info, content)
    return written.getvalue()


def test_sample_archive_loads_with_its_attachment(samples: Path, read: Any) -> None:
    loaded = read(samples / "h2_tank.reqifz")

    assert loaded.rejected == []
    (attached,) = (t for t in loaded.things.values() if isinstance(t, Document) and t.sha256)
    assert (attached.name, attached.media_type) == ("files/tank.svg", "image/svg+xml")
    assert len([link for link in loaded.links if link[0] == "_h2-tank-exchange"]) == 1


def test_archive_says_the_same_of_its_document_as_the_document(samples: Path, read: Any) -> None:
    alone, packed = read(samples / "h2_tank.reqif"), read(samples / "h2_tank.reqifz")

    assert alone.facts == packed.facts[: len(alone.facts)]


def test_sample_archive_is_the_sample_document(samples: Path) -> None:
    ((name, document),) = open_archive(samples / "h2_tank.reqifz").documents()

    assert (name, document) == ("h2_tank.reqif", (samples / "h2_tank.reqif").read_bytes())


def test_several_documents_in_one_archive_all_load(
    read_text: Any, reqif: Any, spec_object: Any
) -> None:
    other = reqif(spec_object("b")).replace('IDENTIFIER="doc"', 'IDENTIFIER="doc2"')

    loaded = read_text(
        "a.reqifz", archive(("1.reqif", reqif(spec_object("a"))), ("2.reqif", other))
    )

    assert loaded.things.keys() == {"doc", "doc2", "a", "b"}


def test_packing_is_deterministic_and_reads_back(tmp_path: Path) -> None:
    contents = {"b.reqif": b"<x/>", "a/ä.png": b"\0\1"}
    path = tmp_path / "a.reqifz"
    path.write_bytes(pack(contents))

    assert pack(contents) == pack(dict(reversed(contents.items())))
    assert open_archive(path).content("a/ä.png") == b"\0\1"
    assert open_archive(path).content("none") is None


@pytest.mark.parametrize(
    "name", ["../x.reqif", "a/../../x.reqif", "/etc/x.reqif", "C:x.reqif", "..\\x.reqif"]
)
def test_name_that_leads_out_is_refused(read_text: Any, reqif: Any, name: Any) -> None:
    with pytest.raises(FileError, match=r"leads out of the archive|backslash, colon or NUL"):
        read_text("a.reqifz", archive(("ok.reqif", reqif()), (name, b"x")))


def test_link_is_refused(read_text: Any, reqif: Any) -> None:
    with pytest.raises(FileError, match="is a symbolic link"):
        read_text("a.reqifz", archive(("a.reqif", reqif()), external_attr=0o120777 << 16))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_name_that_stands_twice_is_refused(read_text: Any, reqif: Any) -> None:
    with pytest.raises(FileError, match="stands in the archive twice"):
        read_text("a.reqifz", archive(("a.reqif", reqif()), ("a.reqif", reqif())))


def test_encrypted_member_is_refused(read_text: Any, reqif: Any) -> None:
    content = bytearray(archive(("a.reqif", reqif())))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(FileError, match="is encrypted"):
        read_text("a.reqifz", bytes(content))


def test_bomb_is_refused_by_what_it_says(
    read_text: Any, reqif: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reqif_zip, "MAX_TOTAL", 1_000_000)
    bomb = [(f"{number}.bin", bytes(400_000)) for number in range(3)]

    with pytest.raises(FileError, match=r"unpacks to 1,20\d,\d\d\d bytes; at most 1,000,000"):
        read_text("a.reqifz", archive(("a.reqif", reqif()), *bomb))


def test_bomb_that_lies_about_its_size_is_refused(read_text: Any, reqif: Any) -> None:
    content = bytearray(archive(("a.reqif", reqif()), ("b.bin", bytes(10_000_000))))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")

    with pytest.raises(FileError, match="is damaged"):
        read_text("a.reqifz", bytes(content))


def test_document_over_the_limit_is_refused(
    read_text: Any, reqif: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reqif_zip, "MAX_XML", 1000)

    with pytest.raises(FileError, match="or than 1,000 bytes"):
        read_text("a.reqifz", archive(("a.reqif", reqif())))


def test_too_many_members_are_refused(
    read_text: Any, reqif: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reqif_zip, "MAX_MEMBERS", 2)

    with pytest.raises(FileError, match="has 3 members; at most 2"):
        read_text("a.reqifz", archive(("a.reqif", reqif()), ("b", b""), ("c", b"")))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"PK\x03\x04 and nothing more", "is a damaged zip archive"),
        (archive(("a.txt", b"x")), "holds no .reqif document"),
        (archive(("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"")), "is an office file"),
    ],
    ids=str.split("damaged empty office"),
)
def test_zip_that_is_no_reqif_archive_is_refused(
    read_text: Any, content: Any, problem: Any
) -> None:
    with pytest.raises(FileError, match=problem):
        read_text("a.reqifz", content)


def test_damaged_member_is_refused(read_text: Any, reqif: Any) -> None:
    content = bytearray(archive(("a.reqif", reqif())))
    content[60:90] = bytes(30)

    with pytest.raises(FileError, match=r"a\.reqif: is damaged"):
        read_text("a.reqifz", bytes(content))


def test_malformed_document_is_named(read_text: Any) -> None:
    with pytest.raises(FileError, match=r"a.reqifz, in/x.reqif line 1 column \d+: not well-formed"):
        read_text("a.reqifz", archive(("in/x.reqif", b"<a")))
