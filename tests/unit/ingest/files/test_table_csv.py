import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.model.engineering import ProductLevel, Requirement, RequirementStatus
from ingest.files.mapping import MAX_CELL
from ingest.files.rejected import FileError

HEADER = "id,name,text\n"
OURS = """
name = "ours"
kind = "requirement"
{more}
[id]
column = "Nr"
{id}
[columns]
"Nr" = "number"
"Title" = "name"
{columns}
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Any:
    def write(more: Any = "", id: Any = "", columns: Any = "", after: Any = "") -> Any:
        path = tmp_path / "mapping.toml"
        path.write_text(OURS.format(more=more, id=id, columns=columns) + after)
        return path

    return write


def test_nasa_requirements_load_with_text_rationale_and_name(public_data: Path, read: Any) -> None:
    loaded = read(public_data / "requirements" / "cfe_functional_requirements.csv")

    assert loaded.rejected == []
    assert len(loaded.things) == 397
    first = loaded.things["cES1000"]
    assert isinstance(first, Requirement)
    assert first.name == "ES: Housekeeping Message"
    assert first.number == "cES1000"
    assert first.level is ProductLevel.SOFTWARE
    assert first.text is not None
    assert first.text.startswith("Upon receipt of a Message, the cFE shall generate")
    assert "\n- ES Invalid Command Counter" in first.text
    assert first.rationale == "Generate housekeeping message for system awareness and management."


def test_nasa_numbers_become_derivations(public_data: Path, read: Any) -> None:
    loaded = read(public_data / "requirements" / "cfe_functional_requirements.csv")

    assert ("cES1014.2.1", "DERIVES_FROM", "cES1014.2") in loaded.links
    assert ("cES1014.2", "DERIVES_FROM", "cES1014") in loaded.links
    children = {source for source, _, _ in loaded.links}
    assert children == {local for local in loaded.things if re.search(r"\.\d", local)}
    assert {target for _, _, target in loaded.links} <= loaded.things.keys()


def test_sample_keeps_what_has_no_property(samples: Path, read: Any) -> None:
    loaded = read(samples / "requirements.csv")

    assert loaded.rejected == []
    vacuum = loaded.things["H2-111"]
    assert isinstance(vacuum, Requirement)
    assert (
        vacuum.text
        == "The tank wall shall hold a vacuum of 1e-3 Pa or better\nover the life of the tank."
    )
    assert vacuum.status is RequirementStatus.APPROVED
    assert vacuum.extra == {"source chapter": "2.1.1"}
    assert {t for s, _, t in loaded.links if s == "H2-112"} == {"H2-110", "H2-120"}


def test_things_come_before_links(read_text: Any) -> None:
    loaded = read_text("a.csv", "id,name,parent\nB,child,A\nA,parent,\n")

    assert [fact.fact for fact in loaded.facts] == ["put_node", "put_node", "put_link"]


def test_same_file_gives_same_events(samples: Path, read: Any) -> None:
    assert read(samples / "requirements.csv").ids == read(samples / "requirements.csv").ids


def test_changed_row_gives_another_event_and_others_stay(read_text: Any) -> None:
    before = read_text("a.csv", HEADER + "A,one,x\nB,two,y\n").ids
    after = read_text("a.csv", HEADER + "A,one,x\nB,two,z\n").ids

    assert before[0] == after[0]
    assert before[1] != after[1]


@pytest.mark.parametrize(
    "changes", [{"actor": "other"}, {"source": "urn:other"}, {"authority": "XX"}]
)
def test_id_follows_everything_the_event_says(read_text: Any, changes: Any) -> None:
    assert (
        read_text("a.csv", HEADER + "A,one,x\n").ids
        != read_text("a.csv", HEADER + "A,one,x\n", **changes).ids
    )


def test_time_is_given_or_when_the_file_was_written(read_text: Any) -> None:
    given = datetime(2025, 5, 1, tzinfo=UTC)

    assert read_text("a.csv", HEADER + "A,one,x\n", at=given).facts[0].valid_from == given
    assert read_text("a.csv", HEADER + "A,one,x\n").facts[0].valid_from == datetime(
        2026, 1, 1, tzinfo=UTC
    )


def test_table_is_stated_when_it_is_loaded_unless_it_says_when(read_text: Any) -> None:
    """So that of two tables about one instant the one that was loaded later holds."""
    content, early = "id,name,parent\nA,one,\nB,two,A\n", datetime(2025, 5, 1, tzinfo=UTC)

    now = read_text("a.csv", content, at=early)
    given = read_text("a.csv", content, at=early, stated=early)

    assert {event.time for event in now.events} == {datetime(2026, 7, 1, tzinfo=UTC)}
    assert {event.time for event in given.events} == {early}
    assert {fact.valid_from for fact in now.facts} == {early}
    assert set(now.ids).isdisjoint(given.ids)


def test_naive_time_is_refused(read_text: Any) -> None:
    with pytest.raises(FileError, match="has no offset"):
        read_text("a.csv", HEADER + "A,one,x\n", at=datetime(2025, 5, 1))  # noqa: DTZ001


def test_byte_order_mark_is_no_part_of_the_first_column(read_text: Any) -> None:
    assert read_text("a.csv", b"\xef\xbb\xbf" + HEADER.encode() + b"A,one,x\n").things.keys() == {
        "A"
    }


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_recognised(read_text: Any, delimiter: Any) -> None:
    content = (HEADER + "A,one,x\n").replace(",", delimiter)

    assert read_text("a.csv", content).things["A"].name == "one"


def test_formulas_are_data(read_text: Any) -> None:
    loaded = read_text("a.csv", HEADER + 'A,"=HYPERLINK(""http://x"",""y"")",+1\n')

    assert loaded.things["A"].name == '=HYPERLINK("http://x","y")'


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,one", "line 3: 2 cells, but the header names 3 columns"),
        ("A,one,x,y", "line 3: 4 cells"),
        (",one,x", "the id is empty"),
        ("A B,one,x", "contains ' '"),
        ("X,again,x", "line 3: 'X' already stands on line 2"),
        ("A,,x", "name: is missing"),
        ("A,o\0ne,x", "column 'name': NUL at character 2"),
        (f"A,{'n' * 301},x", "name: is too long; give at most 300 characters"),
        (f"A,one,{'t' * 100_001}", "text: is too long; give at most 100,000 characters"),
        (f"A,one,{'t' * (MAX_CELL + 1)}", "a cell is over 1,048,576 characters"),
        ('A,"one"x,x', "not CSV"),
        ('A,"one,x', "a quotation mark is never closed"),
    ],
)
def test_bad_row_is_rejected_and_the_others_load(read_text: Any, row: Any, reason: Any) -> None:
    loaded = read_text("a.csv", f"{HEADER}X,fine,x\n{row}\n")

    assert loaded.things.keys() == {"X"}
    assert len(loaded.rejected) == 1
    assert reason in loaded.reasons[0]


def test_rows_after_a_bad_one_load(read_text: Any) -> None:
    loaded = read_text("a.csv", HEADER + "A,one\nB,two,x\n\n,,\nC,three,y\n")

    assert loaded.things.keys() == {"B", "C"}


def test_wrong_encoding_rejects_its_rows_and_names_the_byte(read_text: Any) -> None:
    loaded = read_text("a.csv", HEADER.encode() + b"A,Stra\xdfe,x\nB,two,x\n")

    assert loaded.things.keys() == {"B"}
    assert (
        "column 'name': byte 0xdf at character 5 is not UTF-8; save the file as UTF-8"
        in loaded.reasons[0]
    )
    assert "\\udcdf" in loaded.rejected[0].raw


def test_declared_encoding_is_used(read_text: Any, mapping: Any) -> None:
    content = "Nr,Title\nA,Straße\n".encode("cp1252")

    loaded = read_text("a.csv", content, mapping=mapping('encoding = "cp1252"'))

    assert loaded.things["A"].name == "Straße"


def test_declared_encoding_that_is_wrong_is_told(read_text: Any, mapping: Any) -> None:
    with pytest.raises(FileError, match=r"is not utf-16: .*; set `encoding` in the mapping"):
        read_text("a.csv", b"Nr,Title\nA,B\n ", mapping=mapping('encoding = "utf-16"'))


def test_utf16_is_told(read_text: Any) -> None:
    with pytest.raises(FileError, match="is UTF-16; save it as UTF-8"):
        read_text("a.csv", (HEADER + "A,one,x\n").encode("utf-16"))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a,b\n1,2\n", r"no mapping fits its columns \(a, b\)"),
        ("id,name,name\n1,2,3\n", "column 'name' stands there twice"),
        ('id,"name\n', "the header cannot be read"),
        (",,\n", "is empty; the first row must name the columns"),
        ("", "is empty"),
    ],
)
def test_file_without_a_usable_header_is_refused(
    read_text: Any, content: Any, problem: Any
) -> None:
    with pytest.raises(FileError, match=problem):
        read_text("a.csv", content)


def test_missing_column_is_named_with_those_there(read_text: Any, mapping: Any) -> None:
    with pytest.raises(FileError, match=r"column 'Title' is missing; the file has 'Nr', 'Other'"):
        read_text("a.csv", "Nr,Other\nA,b\n", mapping=mapping())


def test_id_pattern_values_constants_and_replacements(read_text: Any, mapping: Any) -> None:
    path = mapping(
        id="pattern = 'REQ (?P<local>.+)'\nreplace = {'/' = '.'}",
        columns='"How" = "verification_method"',
        after='[constants]\nowner = "Tank team"\n[values.verification_method]\nT = "test"\n',
    )

    loaded = read_text("a.csv", "Nr,Title,How\nREQ 7/1,one,T\nX,two,T\n", mapping=path)

    requirement = loaded.things["7.1"]
    assert isinstance(requirement, Requirement)
    assert (requirement.verification_method, requirement.owner) == ("test", "Tank team")
    assert "'X' does not fit the pattern" in loaded.reasons[0]


def test_whole_numbers_and_lists_reach_other_kinds(read_text: Any, tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    columns = '"i" = "name"\n"bays" = "bays"\n"approvals" = "approvals"\n"also" = "aliases"\n'
    path.write_text(f'name = "x"\nkind = "facility"\n[id]\ncolumn = "i"\n[columns]\n{columns}')

    loaded = read_text(
        "a.csv", "i,bays,approvals,also\nH1,4,Part-145; ISO 17025,erp:12\nH2,many,,\n", mapping=path
    )

    hangar = loaded.things["H1"]
    assert (hangar.bays, hangar.approvals) == (4, ("Part-145", "ISO 17025"))
    assert [str(alias) for alias in hangar.aliases] == ["erp:12"]
    assert "line 3: bays" in loaded.reasons[0]


def test_nearest_ancestor_in_the_file_is_the_parent(read_text: Any, mapping: Any) -> None:
    path = mapping(after="[parent]\ncolumn = 'Nr'\npattern = '(?P<parent>.+)\\.\\d+'\n")

    loaded = read_text("a.csv", "Nr,Title\nA.1.2.3,leaf\nA.1,top\nB.1,orphan\n", mapping=path)

    assert loaded.links == {("A.1.2.3", "DERIVES_FROM", "A.1")}


def test_parent_that_is_not_in_the_file_may_be_in_the_graph(read_text: Any) -> None:
    loaded = read_text("a.csv", "id,name,parent\nA,one,ELSEWHERE\n")

    assert loaded.links == {("A", "DERIVES_FROM", "ELSEWHERE")}


def test_impossible_parent_loses_the_link_only(read_text: Any) -> None:
    loaded = read_text("a.csv", "id,name,parent\nA,one,B C\n")

    assert loaded.things.keys() == {"A"}
    assert "column 'parent'" in loaded.reasons[0]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("columns", [9_999, 100_000])
def test_header_of_very_many_columns_is_refused_at_once_and_in_short(
    read_text: Any, columns: int
) -> None:
    """100,000 columns were compared each with each, and a message listed them all."""
    with pytest.raises(FileError) as caught:
        read_text("wide.csv", ",".join(f"column{number}" for number in range(columns)) + "\n")

    assert len(caught.value.message) < 1000


def test_columns_that_a_mapping_misses_are_not_all_listed(read_text: Any, mapping: Any) -> None:
    header = ",".join(f"column{number}" for number in range(500))

    with pytest.raises(FileError, match="'column19' and 480 more: rename"):
        read_text("wide.csv", f"{header}\n", mapping=mapping())
