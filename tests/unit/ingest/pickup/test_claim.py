from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pickup.claim import Claim
from ingest.pickup.manifest import Expected

NOW = datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=UTC)


@given(st.text(st.characters(exclude_characters="/\0"), min_size=1), st.booleans())
def test_claim_is_read_as_it_was_written(name: str, has_manifest: bool) -> None:
    expected = Expected("m", "mark", name, 3, "00") if has_manifest else None
    claim = Claim(name, 3, "mark", "a file", NOW, NOW, expected, "worker", 2, 7)

    assert Claim.read(claim.written()) == claim


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"name": 1}', b"\xff"])
def test_claim_whose_writer_was_cut_off_is_none(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"claim|JSON|Expecting|codec|delimiter"):
        Claim.read(content)
