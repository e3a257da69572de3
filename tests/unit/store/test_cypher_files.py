"""Each Cypher file says what it does, what it needs and what it returns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cypher

ROOT = Path(cypher.__file__).parent
NAMES = sorted(f.relative_to(ROOT).with_suffix("").as_posix() for f in ROOT.rglob("*.cypher"))
SOURCES = "\n".join(
    file.read_text(encoding="utf-8") for file in (ROOT.parent / "graph" / "store").glob("*.py")
)

PARAMETER = re.compile(r"\$([a-z_]+)")


def parts(name: str) -> tuple[list[str], str]:
    """The comment lines at the head of a file, without their slashes, and its statement."""
    lines = cypher.load(name).splitlines()
    header = [line.removeprefix("//").strip() for line in lines if line.startswith("//")]
    return header, "\n".join(line for line in lines if not line.startswith("//"))


def is_whole(name: str) -> bool:
    """Whether the file is a statement as it stands, and not a fragment or one with gaps to fill."""
    header, statement = parts(name)
    return not header[0].startswith("Fragment: ") and "«" not in statement


STATEMENTS = [name for name in NAMES if is_whole(name)]


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_is_a_sentence(name: str) -> None:
    header, statement = parts(name)

    assert re.match(r"(Fragment: )?\w", header[0]), header[0]
    assert " ".join(header).find(".") > 0
    assert statement.strip()
    assert not statement.rstrip().endswith(";")


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_header_names_each_parameter_and_no_other(name: str) -> None:
    header, statement = parts(name)
    declared = {m[1] for line in header if (m := re.match(r"\$([a-z_]+): \w", line))}

    assert declared == set(PARAMETER.findall(statement))


@pytest.mark.parametrize("name", [n for n in STATEMENTS if not n.startswith("schema/")])
def test_the_header_says_what_is_returned_and_gives_sample_parameters(name: str) -> None:
    header, statement = parts(name)
    sample = next((line for line in header if line.startswith(":param {")), "")

    assert any(line.startswith("Returns ") for line in header)
    assert set(PARAMETER.findall(statement)) <= set(re.findall(r"([a-z_]+):", sample))


@pytest.mark.parametrize("name", NAMES)
def test_every_way_that_may_be_long_has_a_bound(name: str) -> None:
    _, statement = parts(name)

    assert not re.search(r"\*\d*(\.\.)?\]|\*\]|\)\+|\)\*|,\}", statement)


@pytest.mark.parametrize("name", [n for n in NAMES if not n.startswith("schema/")])
def test_every_file_is_used(name: str) -> None:
    noun, _, verb = name.partition("/")
    by_era = re.sub(r"_(now|then)$", "", name)

    assert any(f'"{text}"' in SOURCES for text in (name, by_era)) or (
        f'"{noun}/{{' in SOURCES and f'"{verb}"' in SOURCES
    ), f"cypher/{name}.cypher is used by nothing in graph/store"
