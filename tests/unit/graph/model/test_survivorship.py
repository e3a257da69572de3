"""Which value survives a merge, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.quality_rule import Record
from graph.model.survivorship import Side, survive

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def record(
    local: str, *, rank: int = 50, days: float = 0, kind: str = "part", **said: Any
) -> Record:
    needed = {"name": "Valve", "number": "P-1"} if kind == "part" else {"name": "Valve"}
    return Record(
        utcs=Utcs("TEST", kind, local),
        thing=ontology.get_kind(kind).model_validate(needed | said),
        version=1, since=NOW + timedelta(days=days), source="urn:test", rank=rank, day=NOW.date(),
    )  # fmt: skip


def chosen(survivor: Record, duplicate: Record, **prefer: Any) -> dict[str, tuple[Any, str]]:
    _, choices = survive(survivor, duplicate, prefer)
    return {choice.field: (choice.value, choice.why) for choice in choices}


def test_what_one_alone_says_is_kept_and_what_both_say_is_no_choice() -> None:
    thing, choices = survive(record("a", cage="0AB12"), record("b", mass_kg="1.5"), {})

    assert [(c.field, c.value, c.why) for c in choices] == [
        ("mass_kg", "1.5", "only the duplicate says it")
    ]
    assert thing.model_dump(mode="json")["cage"] == "0AB12"
    assert thing.model_dump(mode="json")["mass_kg"] == "1.5"


@pytest.mark.parametrize(
    ("ours", "theirs", "value", "why"),
    [
        ({"rank": 60}, {"rank": 50, "days": 9}, "A", "the survivor's source has rank 60, the other 50"),
        ({"rank": 50}, {"rank": 60}, "B", "the duplicate's source has rank 60, the other 50"),
        ({}, {"days": 1}, "B",
         "the duplicate says it since 2026-01-02 00:00, the other since 2026-01-01 00:00"),
        ({}, {}, "A", "the survivor's, as nothing else decides"),
    ],
)  # fmt: skip
def test_rank_decides_before_time(ours: Any, theirs: Any, value: str, why: str) -> None:
    survivor, duplicate = record("a", material="A", **ours), record("b", material="B", **theirs)

    assert chosen(survivor, duplicate) == {"material": (value, why)}


def test_of_two_that_say_it_at_once_the_one_that_says_more_wins() -> None:
    survivor, duplicate = record("a", ata_chapter="28"), record("b", ata_chapter="28-41")

    assert chosen(survivor, duplicate) == {"ata_chapter": ("28-41", "the duplicate says more")}


def test_what_is_asked_for_wins_over_all_rules() -> None:
    survivor, duplicate = record("a", rank=60, material="A"), record("b", material="B")

    assert chosen(survivor, duplicate, material=Side.DUPLICATE) == {
        "material": ("B", "as asked: the duplicate's")
    }


def test_a_value_of_the_duplicate_alone_can_be_left_behind() -> None:
    thing, _ = survive(record("a"), record("b", material="B"), {"material": Side.SURVIVOR})

    assert thing.model_dump()["material"] is None


def test_all_aliases_are_kept_and_what_has_no_name_is_merged_name_by_name() -> None:
    survivor = record("a", aliases=["erp:1"], extra={"x": 1, "y": 1})
    duplicate = record("b", days=1, aliases=["erp:2", "erp:1"], extra={"y": 2, "z": {"deep": [1]}})

    thing, _ = survive(survivor, duplicate, {})

    assert [str(alias) for alias in thing.aliases] == ["erp:1", "erp:2"]
    assert thing.extra == {"x": 1, "y": 2, "z": {"deep": [1]}}


def test_merging_with_oneself_under_another_id_changes_nothing() -> None:
    one = record("a", cage="0AB12", mass_kg="1.5", aliases=["erp:1"], extra={"x": "0.1"})

    assert survive(one, replace(one, utcs=Utcs("TEST", "part", "b")), {}) == (one.thing, ())


def test_values_that_do_not_go_together_are_refused() -> None:
    survivor = record("a", aliases=[f"erp:{n}" for n in range(40)])
    duplicate = record("b", aliases=[f"erp:{n}" for n in range(40, 80)])

    with pytest.raises(ValidationError, match="aliases"):
        survive(survivor, duplicate, {})
