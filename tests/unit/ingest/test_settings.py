"""What a worker can be told, and what cannot be meant."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from ingest import work
from ingest.settings import Settings

TOLD = {"UTCS_QUEUE_URI": "kafka://a:1", "UTCS_NEO4J_URI": "bolt://a", "UTCS_NEO4J_PASSWORD": "x"}


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TOLD.items():
        monkeypatch.setenv(name, value)


def make(**changes: Any) -> Settings:
    return Settings(**changes)


def test_topics_of_debezium_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTCS_DEBEZIUM_TOPICS", "shop.a, shop.b,")
    monkeypatch.setenv("UTCS_DEBEZIUM_MAPPING", "shop.toml")

    settings = make()

    assert settings.debezium_topics == ("shop.a", "shop.b")
    assert settings.debezium_mapping == Path("shop.toml")


@pytest.mark.parametrize(
    ("name", "value"),
    [("UTCS_DEBEZIUM_TOPICS", "shop.a"), ("UTCS_DEBEZIUM_MAPPING", "shop.toml")],
)
def test_topics_and_mapping_go_together(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["work"])

    assert work.main() == 2
    assert capsys.readouterr().err == (
        "UTCS_DEBEZIUM_MAPPING: goes together with UTCS_DEBEZIUM_TOPICS; set both or neither\n"
    )


def test_a_password_for_postgresql_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTCS_POSTGRES_URI", "postgresql://utcs:secret@host/db")

    assert "secret" not in repr(make())
