"""Statements are found by name, and only below cypher/."""

from pathlib import Path

import pytest

import cypher


def test_every_statement_can_be_loaded() -> None:
    root = Path(cypher.__file__).parent
    names = [f.relative_to(root).with_suffix("").as_posix() for f in root.rglob("*.cypher")]

    assert all(cypher.load(name).strip() for name in names)


@pytest.mark.parametrize(
    "name", ["../pyproject", "/etc/passwd", "node", "node/../x", "Node/put", ""]
)
def test_a_name_that_is_not_noun_slash_verb_is_refused(name: str) -> None:
    with pytest.raises(cypher.UnknownStatementError, match="noun/verb"):
        cypher.load(name)


def test_an_unknown_statement_is_named() -> None:
    with pytest.raises(cypher.UnknownStatementError, match=r"cypher/no/such\.cypher"):
        cypher.load("no/such")
