"""In whose name events are recorded, and how a long batch is cut."""

from typing import Any

import orjson
import pytest

from graph.flows.submit import BATCH_FACTS, ForbiddenError, Principal, _parts, sign, submit
from graph.store.apply import Signed

EDITOR = Principal.of("erik", "editor")
ADMIN = Principal.of("anna", "admin")


def document(number: int = 0, facts: int = 1, **fields: Any) -> dict[str, Any]:
    return {"id": str(number), "source": "urn:t", "data": {"facts": [{}] * facts}} | fields


def parts(batch: list[dict[str, Any]], facts_at_once: int = BATCH_FACTS) -> list[list[Any]]:
    """The documents of each transaction into which a batch is cut."""
    signed = [Signed(one, one) for one in batch]
    return [[one.read for one in part] for part in _parts(signed, facts_at_once)]


def test_roles_include_the_lesser_ones() -> None:
    assert ADMIN.roles == {"reader", "editor", "admin"}
    assert Principal.of("x", "reader").roles == {"reader"}


async def test_reader_may_not_submit() -> None:
    with pytest.raises(ForbiddenError, match="'editor'"):
        await submit(None, [document()], Principal.of("rita", "reader"))  # type: ignore[arg-type]


def test_nobody_but_an_admin_speaks_for_others() -> None:
    said = document(actor="somebody")

    assert sign(said, EDITOR).read == document(actor="erik")
    assert sign(said, ADMIN).read == said


@pytest.mark.parametrize("principal", [EDITOR, ADMIN])
@pytest.mark.parametrize("actor", [{}, {"actor": ""}, {"actor": None}])
def test_unsigned_event_is_the_principals(principal: Principal, actor: dict[str, Any]) -> None:
    signed = sign(orjson.dumps(document(**actor)), principal)

    assert signed.read == document(actor=principal.actor)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"5", b"\xff", b'"x"', b" " * 2_000_000])
def test_what_is_no_object_goes_on_as_it_is(raw: bytes) -> None:
    assert sign(raw, EDITOR).read == raw


def test_long_batch_is_cut_and_loses_nothing() -> None:
    batch = [document(number, facts=100) for number in range(10)]

    cut = parts(batch)

    assert [one for part in cut for one in part] == batch
    assert all(len(part) * 100 <= BATCH_FACTS + 100 for part in cut)


def test_group_is_never_cut() -> None:
    batch = [document(n, facts=100, **({"group": "g"} if n in (1, 8) else {})) for n in range(12)]

    cut = parts(batch)

    homes = [n for n, part in enumerate(cut) if batch[1] in part or batch[8] in part]
    assert len(homes) == 1


def test_caller_says_how_much_goes_together() -> None:
    batch = [document(number, facts=100) for number in range(10)]

    assert [len(part) for part in parts(batch, 500)] == [5, 5]


@pytest.mark.parametrize("data", [None, 5, [], {}, {"facts": None}, {"facts": {}}])
def test_malformed_data_counts_as_one(data: Any) -> None:
    assert parts([document(data=data)]) == [[document(data=data)]]


def test_nothing_has_no_parts() -> None:
    assert parts([]) == []
