"""The script for strangers: it takes what was frozen, and not a byte of anything else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cli import verify_baseline
from cli.verify_baseline import canonical, verify
from graph.model.canonical import canonical_bytes, canonical_json
from graph.model.merkle import root, set_root
from graph.model.prefix_tree import Member, build
from graph.store.prepared import content_hash


def statement(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": {"name": utcs, **properties}}


def export(size: int, **changes: Any) -> bytes:
    """An export as the product writes it, by the product's own functions."""
    lines, members = [], []
    for number in range(size):
        utcs = f"utcs:T:serial:{number}"
        said = statement(
            utcs, extra={"Größe": "ü", "\U0001d11e": 1, "\ufb33": None, "a": [True, "\x1f\u2028"]}
        )
        links = [
            {"fact": "put_link", "source": utcs, "link": "CONTAINS", "target": f"utcs:T:serial:{n}",
             "slot": str(n), "properties": {}} for n in range(number % 4)
        ]  # fmt: skip
        hashes = (bytes.fromhex(content_hash(link)) for link in links)
        members.append(Member(utcs, bytes.fromhex(content_hash(said)), set_root(hashes)))
        lines.append({"links": links, "statement": said})
    tree = build(members)
    head = statement("utcs:T:baseline:B", merkle_root=tree.root.hex(), members=size, **changes)
    first = {"form": "utcs.baseline.v1", "hash": content_hash(head), "statement": head}
    return b"".join(canonical_bytes(line) + b"\n" for line in (first, *lines))


def lines(text: bytes) -> list[bytes]:
    return text.splitlines(keepends=True)


@pytest.mark.parametrize("size", [1, 3, 64, 65, 300])
def test_what_the_product_exports_is_verified(size: int) -> None:
    head = verify(lines(export(size)))

    assert head["statement"]["properties"]["members"] == size
    assert verify(lines(export(size)), head["hash"]) == head


def test_every_byte_counts() -> None:
    """Every byte of a small export, each bit of it, and each left out or doubled."""
    whole = export(3)

    for place in range(len(whole)):
        before, byte, after = whole[:place], whole[place : place + 1], whole[place + 1 :]
        flipped = [bytes([byte[0] ^ 1 << bit]) for bit in range(8)]
        for instead in (*flipped, b"", byte * 2):
            with pytest.raises((ValueError, LookupError, TypeError)):
                verify(lines(before + instead + after))


def test_lines_that_are_swapped_in_are_found() -> None:
    whole, other = lines(export(70)), lines(export(70, description="another"))

    assert verify(whole[:1] + Random(1).sample(whole[1:], 70))["hash"]  # a set has no order
    for bent in (whole[:-1], [*whole, whole[5]], whole[:1] + whole[1:2] * 70, whole[1:], []):
        with pytest.raises((ValueError, LookupError)):
            verify(bent)
    with pytest.raises(ValueError, match="not"):
        verify(other, verify(whole)["hash"])


def test_an_old_python_runs_it_alone_and_says_what_came_out(tmp_path: Path) -> None:
    file, script = tmp_path / "b.jsonl", tmp_path / "verify.py"
    script.write_bytes(Path(verify_baseline.__file__).read_bytes())
    file.write_bytes(export(3))

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-I", str(script), *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    own = verify(lines(export(3)))["hash"]
    code, said = run(str(file), own)
    assert (code, said.splitlines()[-1]) == (0, "VERIFIED")
    assert run(str(file)) == (0, said.replace("VERIFIED", "VERIFIED, if you were given that hash"))
    assert run(str(file), "00" * 32)[0] == 1
    assert run(str(tmp_path / "none"))[0] == 1
    assert "FILE [HASH]" in run()[1]
    file.write_bytes(export(3)[:-3])
    assert run(str(file))[1].startswith("NOT VERIFIED: line 4")


def test_the_script_is_short_enough_to_be_read() -> None:
    assert len(Path(verify_baseline.__file__).read_text(encoding="utf-8").splitlines()) <= 100


def test_its_canonical_form_and_its_roots_are_the_products() -> None:
    value = {"b": [1, {"\U0001d11e": "é", "\ufb33": '"\\/\b\n'}], "a": None, "Z": False, "n": -5}
    leaves = [bytes([n]) * 32 for n in range(9)]

    assert canonical(value).encode() == canonical_json(value)
    for count in range(10):
        assert verify_baseline.merkle(leaves[:count]) == root(leaves[:count])
