from pathlib import Path
from typing import Any

import pytest

from ingest.files.mapping import built_in, read_mapping
from ingest.files.rejected import FileError

GOOD = 'name = "x"\nkind = "requirement"\n[id]\ncolumn = "i"\n[columns]\n"n" = "name"\n'


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(text: Any) -> Any:
        path = tmp_path / "m.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_built_in_mappings_are_valid_and_differ() -> None:
    names = [mapping.name for mapping in built_in()]

    assert len(names) == len(set(names)) >= 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[", "is not TOML"),
        (b"\xff", "is not TOML"),
        ('name = "x"', "is not a mapping: kind: is missing"),
        (GOOD.replace("requirement", "prat"), "is not in the ontology"),
        (
            GOOD.replace('"name"\n', '"nmae"\n'),
            "a requirement has no property 'nmae'; use one of name",
        ),
        (GOOD.replace('"name"\n', '"extra"\n'), "no property 'extra'"),
        (GOOD + "[parent]\ncolumn='p'\nlink='NOPE'\n", "'NOPE' is not in the ontology"),
        (GOOD + "[parent]\ncolumn='p'\npattern='('\n", "is not a regular expression"),
        (GOOD + "[parent]\ncolumn='p'\npattern='(.+)'\n", r"needs a group \(\?P<parent>"),
        ("encoding = 'utf-99'\n" + GOOD, "unknown encoding: utf-99"),
        ("encoding = 'hex'\n" + GOOD, "hex"),
        ("delimiter = ',,'\n" + GOOD, "delimiter"),
        ("surprise = 1\n" + GOOD, "surprise"),
    ],
)
def test_wrong_mapping_is_refused_by_name(written: Any, text: Any, problem: Any) -> None:
    with pytest.raises(FileError, match=problem):
        read_mapping(written(text))


def test_missing_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read: No such file"):
        read_mapping(tmp_path / "none.toml")


def test_mapping_in_the_manual_is_valid_and_does_what_it_says(written: Any, read_text: Any) -> None:
    manual = (Path(__file__).parents[4] / "docs" / "loading.md").read_text("utf-8")
    path = written(manual.partition("```toml\n")[2].partition("```")[0])
    table = "Nr;Title;Demand;How\nREQ 4/2;one;x;T\nREQ 4/2.1;two;y;A\n"

    loaded = read_text("a.csv", table, mapping=path)

    assert loaded.rejected == []
    assert loaded.things["4.2"].verification_method == "test"
