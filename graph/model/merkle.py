"""Merkle roots as of RFC 6962 §2.1, over hashes that are already leaf hashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

EMPTY_ROOT: Final = sha256().digest()
"""The root of no leaves: the hash of the empty string."""


def root(leaves: Sequence[bytes]) -> bytes:
    """Returns the Merkle Tree Hash of the leaves, in the given order.

    RFC 6962 splits n leaves at the largest power of two below n. Joining neighbours level by level
    and carrying a last one without neighbour upwards unchanged builds the same tree.

    Args:
        leaves: Leaf hashes of 32 bytes, SHA-256(0x00 ‖ data), see `graph.model.canonical.leaf_hash`.
    """
    level = list(leaves)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0]


def set_root(hashes: Iterable[bytes]) -> bytes:
    """Returns the root of a set: of the distinct leaf hashes in ascending byte order."""
    return root(sorted(set(hashes)))
