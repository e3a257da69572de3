"""Documents by their hash: the protocol, its bound, and the strict mode."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError

from api import persisted
from api.persisted import Documents, DocumentsError
from api.schema import make_schema
from api.serve import main, read_documents
from api.settings import Settings

TEXT = "{ __typename }"
SCHEMA = make_schema()._schema


def by_hash(text: str, **changes: Any) -> dict[str, Any]:
    asked = {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest()} | changes
    return {"persistedQuery": asked}


def code(error: GraphQLError) -> object:
    return (error.extensions or {})["code"]


def test_a_document_that_was_sent_once_goes_by_its_hash() -> None:
    documents = Documents()

    with pytest.raises(GraphQLError, match=r"^PersistedQueryNotFound$") as caught:
        documents.text(None, by_hash(TEXT))
    sent = documents.text(TEXT, by_hash(TEXT))

    assert code(caught.value) == "PERSISTED_QUERY_NOT_FOUND"
    assert sent == documents.text(None, by_hash(TEXT)) == TEXT


def test_a_hash_of_another_text_is_refused_and_keeps_nothing() -> None:
    documents = Documents()

    with pytest.raises(GraphQLError, match="provided sha does not match query"):
        documents.text("{ other }", by_hash(TEXT))
    with pytest.raises(GraphQLError, match="NotFound"):
        documents.text(None, by_hash(TEXT))


def test_the_store_is_bounded_and_forgets_the_least_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(persisted, "MAX_DOCUMENTS", 2)
    documents = Documents()
    for text in ("{ a }", "{ b }"):
        documents.text(text, by_hash(text))
    documents.text(None, by_hash("{ a }"))
    documents.text("{ c }", by_hash("{ c }"))

    assert documents.text(None, by_hash("{ a }")) == "{ a }"
    with pytest.raises(GraphQLError, match="NotFound"):
        documents.text(None, by_hash("{ b }"))


@pytest.mark.parametrize(
    "changes", [{"sha256Hash": "x"}, {"sha256Hash": 7}, {"version": 2}, {"sha256Hash": "A" * 64}]
)
def test_a_malformed_request_names_the_field(changes: dict[str, Any]) -> None:
    with pytest.raises(GraphQLError, match=r"extensions\.persistedQuery: give"):
        Documents().text(None, by_hash(TEXT, **changes))


def test_the_strict_mode_executes_known_documents_only(tmp_path: Path) -> None:
    (tmp_path / "known.graphql").write_text(TEXT, encoding="utf-8")
    documents = Documents.of_folder(tmp_path, SCHEMA)

    assert documents.text(None, by_hash(TEXT)) == TEXT
    assert documents.text(TEXT, None) == TEXT
    for given in (
        {"given": "{ other }", "extensions": None},
        {"given": "{ other }", "extensions": by_hash("{ other }")},
    ):
        with pytest.raises(GraphQLError, match="only known documents") as caught:
            documents.text(**given)
        assert code(caught.value) == "DOCUMENT_NOT_ALLOWED"


def test_folders_in_the_folder_are_read_and_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    content = b"query parts {\r\n  parts { totalCount }\r\n}\n"
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "parts.graphql").write_bytes(content)
    documents = Documents.of_folder(tmp_path, SCHEMA)

    asked = {"persistedQuery": {"version": 1, "sha256Hash": sha256(content).hexdigest()}}

    assert documents.text(None, asked) == content.decode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "line 1, column 1: Syntax Error: Unexpected <EOF>"),
        (b"{ parts { ", "Syntax Error"),
        (b"{ parts {\n  colour } }", "line 2, column 3: Cannot query field 'colour'"),
        (b"fragment F on Part { name }", "Fragment 'F' is never used"),
        (b"{ a\xff }", "cannot be read: 'utf-8' codec"),
        (b"{" + b"a " * 5000 + b"}", "more than 4000 tokens"),
        (b"{ parts { nodes " + b"{ hasComponent { nodes " * 9 + b"{ utcs }" + b"} }" * 9 + b"} }", "nest"),
    ],
)  # fmt: skip
def test_a_file_that_could_not_be_executed_is_named(
    tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "wrong.graphql").write_bytes(content)

    with pytest.raises(DocumentsError, match=f"^UTCS_DOCUMENTS: {tmp_path}/wrong.graphql .*{why}"):
        Documents.of_folder(tmp_path, SCHEMA)


def test_a_folder_that_is_missing_or_empty_or_relative_is_refused(tmp_path: Path) -> None:
    for folder, why in (
        (tmp_path / "none", "is no folder"),
        (tmp_path, "holds no .graphql file"),
        (Path("documents"), "is no absolute path"),
    ):
        with pytest.raises(DocumentsError, match=f"^UTCS_DOCUMENTS: {folder} {why}"):
            Documents.of_folder(folder, SCHEMA)


@pytest.mark.parametrize("folder", ["", "{}/none"])
def test_a_wrong_setting_ends_the_process_with_status_2_before_the_graph_is_asked(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("UTCS_HOME", str(tmp_path))
    monkeypatch.setenv("UTCS_NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("UTCS_NEO4J_PASSWORD", "unused")
    monkeypatch.setenv("UTCS_DOCUMENTS", folder.format(tmp_path))

    assert main() == 2
    assert capsys.readouterr().err.startswith("UTCS_DOCUMENTS: ")


def test_without_the_setting_anything_is_executed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UTCS_DOCUMENTS", raising=False)
    told = {"home": tmp_path, "neo4j_uri": "bolt://127.0.0.1:1", "neo4j_password": "unused"}

    assert not read_documents(Settings(**told).documents).is_closed  # type: ignore[arg-type]
