#!/usr/bin/env python3
"""Verifies an export of a UTCS baseline: `python3 verify_baseline.py FILE [HASH]`.

Needs Python 3.8 and nothing else: neither a database nor software of UTCS. It computes all hashes anew, as
docs/baselines.md of UTCS tells. HASH is that of the baseline's statement, as you got it by another way
(printed, signed, anchored); without it you learn that the file is of one piece, and not who made it.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any


def canonical(value: Any) -> str:
    """RFC 8785, for JSON without fractions: keys by UTF-16 code units, no blanks."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(canonical(k) + ":" + canonical(value[k]) for k in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def leaf(value: Any) -> bytes:
    """RFC 6962, section 2.1: the hash of one entry."""
    return sha256(b"\x00" + canonical(value).encode()).digest()


def merkle(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1: the root over entries in their order."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256().digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + merkle(leaves[:half]) + merkle(leaves[half:])).digest()


def tree(members: dict[bytes, bytes], depth: int = 0) -> bytes:
    """The root over members by their places: up to 64 are a bucket, more are parted by 4 bits."""
    if len(members) <= 64:
        return sha256(b"\x02" + b"".join(members[place] for place in sorted(members))).digest()
    parts: list[dict[bytes, bytes]] = [{} for _ in range(16)]
    for place, found in members.items():
        parts[int(place.hex()[depth], 16)][place] = found
    hashes = (tree(part, depth + 1) if part else bytes(32) for part in parts)
    return sha256(b"\x01" + b"".join(hashes)).digest()


def read(line: bytes) -> dict[str, Any]:
    """One line, which must be written in canonical form, so that no byte of it can be another."""
    value: dict[str, Any] = json.loads(line.decode())
    known = {"form", "hash", "links", "statement"}
    if (canonical(value) + "\n").encode() != line or set(value) - known:
        raise ValueError("is not in canonical form")
    return value


def member(line: dict[str, Any]) -> tuple[bytes, bytes]:
    """The place of a member, and the hash over what is stated of it and of the links that leave it."""
    said, links = line["statement"], line["links"]
    if said["fact"] != "put_node" or any(link["source"] != said["utcs"] for link in links):
        raise ValueError("is no member with its own links")
    place = sha256(said["utcs"].encode()).digest()
    return place, sha256(b"\x00" + place + leaf(said) + merkle(sorted(map(leaf, links)))).digest()


def verify(lines: list[bytes], trusted: str | None = None) -> dict[str, Any]:
    """The first line, which tells of the baseline; or a ValueError, which says what is wrong."""
    members: dict[bytes, bytes] = {}
    for number, line in enumerate(lines, 1):
        try:
            if number > 1:
                members.setdefault(*member(read(line)))
            elif leaf(read(line)["statement"]).hex() != read(line)["hash"]:
                raise ValueError("the statement does not have the hash that is given")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"line {number}: {error}") from error
    head = read(lines[0])
    if head["form"] != "utcs.baseline.v1" or trusted not in (None, head["hash"]):
        raise ValueError(f"line 1: is a {head['form']} with the hash {head['hash']}, not {trusted}")
    if not len(members) == len(lines) - 1 == head["statement"]["properties"]["members"]:
        raise ValueError(f"{len(members)} members in {len(lines)} lines are not what is stated")
    if tree(members).hex() != head["statement"]["properties"]["merkle_root"]:
        raise ValueError("the members do not give the Merkle root that is stated: one was altered")
    return head


if __name__ == "__main__":
    try:
        shown = verify(Path(sys.argv[1]).read_bytes().splitlines(keepends=True), *sys.argv[2:3])
    except (OSError, ValueError, LookupError, TypeError) as problem:
        sys.exit(f"NOT VERIFIED: {problem}" if sys.argv[1:] else __doc__)
    told = {**shown["statement"]["properties"], "hash": shown["hash"]}
    sys.stdout.writelines(f"{name:12} {text}\n" for name, text in told.items())
    sys.stdout.write("VERIFIED\n" if sys.argv[2:] else "VERIFIED, if you were given that hash\n")
