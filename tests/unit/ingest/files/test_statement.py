from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.event import MAX_BYTES, EventError, read_event
from graph.model.identifier import Utcs, local_part
from ingest.files.statement import Speaker, make_event, put_link, put_node

TIME = datetime(2026, 1, 1, tzinfo=UTC)
SPEAKER = Speaker("urn:x", "me", "ACME")
A, B = Utcs("ACME", "requirement", "A"), Utcs("ACME", "requirement", "B")


def make(
    key: str = "A", speaker: Speaker = SPEAKER, time: datetime = TIME, **properties: Any
) -> Any:
    return make_event(speaker, key, [put_node(A, {"name": "a"} | properties)], time)


@given(st.text(min_size=1))
def test_every_foreign_id_becomes_a_local_part(foreign: str) -> None:
    assert Utcs("ACME", "requirement", local_part(foreign)).local


@given(st.lists(st.text(min_size=1, max_size=100), min_size=2, max_size=2, unique=True))
def test_two_foreign_ids_stay_two(foreign: list[str]) -> None:
    assert local_part(foreign[0]) != local_part(foreign[1])


def test_id_that_fits_is_left_alone() -> None:
    assert local_part("cES1014.2_a-B") == "cES1014.2_a-B"


def test_event_reads_back_from_its_canonical_form_with_its_id() -> None:
    event = make(text="shall")

    assert read_event(event.canonical()) == event
    assert event.subject == A


@pytest.mark.parametrize(
    "other",
    [
        make(text="other"),
        make(speaker=Speaker("urn:y", "me", "ACME")),
        make(speaker=Speaker("urn:x", "you", "ACME")),
        make(speaker=Speaker("urn:x", "me", "ACME", rank=1)),
        make(time=datetime(2026, 1, 2, tzinfo=UTC)),
    ],
)
def test_whatever_differs_makes_another_id(other: Any) -> None:
    """Otherwise the graph would refuse the second as a reuse of the first one's identity."""
    assert make().id == make().id
    assert make().id != other.id


def test_long_key_is_cut_and_the_hash_kept() -> None:
    assert len(make(key="k" * 500).id) <= 200


def test_event_over_the_limit_is_refused() -> None:
    with pytest.raises(EventError, match="over the limit of 1,048,576"):
        make(extra={"x": "x" * MAX_BYTES})


def test_wrong_fact_is_refused_by_field() -> None:
    with pytest.raises(EventError, match="nmae"):
        put_node(A, {"name": "a", "nmae": "b"})
    with pytest.raises(EventError, match="NOPE"):
        put_link(A, "NOPE", B)
    with pytest.raises(EventError, match="slot"):
        put_link(A, "DERIVES_FROM", B, slot="1")
    with pytest.raises(EventError, match="cannot stand there"):
        put_link(A, "CONTAINS", B, slot="1")
