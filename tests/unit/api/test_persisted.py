"""Documents by their hash: the protocol, its bound, and the strict mode."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError

from api import persisted
from api.persisted import Documents

TEXT = "{ __typename }"


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
    documents = Documents.of_folder(tmp_path)

    assert documents.text(None, by_hash(TEXT)) == TEXT
    assert documents.text(TEXT, None) == TEXT
    for given in (
        {"given": "{ other }", "extensions": None},
        {"given": "{ other }", "extensions": by_hash("{ other }")},
    ):
        with pytest.raises(GraphQLError, match="only known documents") as caught:
            documents.text(**given)
        assert code(caught.value) == "DOCUMENT_NOT_ALLOWED"
