"""`utcs replay` over a real graph: what could not be taken is found, understood, settled, and recorded."""

from __future__ import annotations

import io
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from cli.connect import ask
from graph.flows.submit import Principal, submit
from tests.e2e.conftest import Utcs
from tests.store.saying import event, serial

EDITOR = Principal.of("erik", "editor")

pytestmark = pytest.mark.timeout(300)


def bad(id: str, **attributes: Any) -> bytes:
    """An event with a property that nothing has."""
    return orjson.dumps(event(serial(id, colour="red"), id=id, **attributes))


def good(id: str, **attributes: Any) -> bytes:
    return orjson.dumps(event(serial(id), id=id, **attributes))


def refuse(*documents: bytes) -> list[str]:
    """Sends documents, all of which are refused, and returns their hashes."""
    ask(lambda graph: submit(graph, documents, EDITOR))
    return [sha256(document).hexdigest() for document in documents]


def test_letters_are_listed_and_shown_to_the_byte(utcs: Utcs) -> None:
    ((first, broken), spaced) = refuse(b'{"a": \xff}\n', b"x"), bad("s", source="urn:other")
    refuse(spaced)

    listed = utcs("replay", "list")
    of_other = utcs("replay", "list", "--source", "urn:other", "--json")
    shown = utcs("replay", "show", first[:6])
    data = orjson.loads(utcs("replay", "show", first, "--json").out)

    assert (listed.code, len(listed.out.splitlines())) == (0, 3)
    assert "3 in all" in listed.err
    assert [one["id"] for one in orjson.loads(of_other.out)["letters"]] == ["s"]
    assert "byte 6 is not UTF-8" in shown.out
    assert (data["document_base64"], data["is_whole"]) == ("eyJhIjog/30K", True)
    assert data["actor"] == "erik"
    assert utcs("replay", "list", "--code", "cycle").out == ""
    assert utcs("replay", "show", broken, "--json").out.find('"document": "x"') > 0


def test_bytes_can_be_taken_out_mended_and_sent_instead(
    utcs: Utcs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hash,) = refuse(bad("e"))
    file = tmp_path / "mended.json"
    file.write_bytes(bad("e"))

    again = utcs("replay", "resend", hash, "--with", str(file))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(good("e"))))
    done = utcs("replay", "resend", hash, "--with", "-", "--reason", "no colour")
    shown = utcs("replay", "show", hash)

    assert (again.code, done.code) == (1, 0)
    assert "refused" in again.out
    assert "colour" in again.out
    assert f"{hash[:12]}  applied  urn:test  e  number 1" in done.out
    assert "because: no colour" in shown.out
    assert f"sent: {sha256(good('e')).hexdigest()}" in shown.out
    assert "applied, number 1 of the change log" in shown.out
    assert utcs("replay", "list").out == ""
    assert "mended" in utcs("replay", "list", "--state", "all").out


def test_raw_writes_the_bytes_as_they_were_sent(
    utcs: Utcs, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = b'{"a": \xff}\r\n\x00'
    (hash,) = refuse(document)
    written = io.BytesIO()

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, write_through=True))
    code = utcs("replay", "show", hash, "--raw").code

    assert (code, written.getvalue()) == (0, document)


def test_many_are_sent_at_once_after_a_dry_run_says_how_many(utcs: Utcs) -> None:
    refuse(*(bad(f"e{n}", group="g") for n in range(2)), bad("x"), bad("y", source="urn:other"))
    chosen = ("--all", "--source", "urn:test", "--code", "invalid")

    dry = utcs("replay", "resend", *chosen, "--dry-run")
    sent = utcs("replay", "resend", *chosen)
    gone = utcs("replay", "discard", *chosen, "--reason", "a test bench")
    left = orjson.loads(utcs("replay", "list", "--json").out)["letters"]

    assert (dry.code, dry.out) == (0, "3\n")
    assert (sent.code, sent.out.count("refused"), "0 settled, 3 not" in sent.err) == (1, 3, True)
    assert (gone.code, gone.out.count("discarded")) == (0, 3)
    assert [(one["id"], one["attempts"]) for one in left] == [("y", 1)]


def test_status_tells_how_many_are_open(utcs: Utcs) -> None:
    refuse(b"\xff", b"\xfe")

    told = utcs("status")
    counted = orjson.loads(utcs("status", "--json").out)["dead_letters_open"]

    assert "2 dead letters are open" in told.err
    assert counted == 2


def test_letter_that_somebody_settled_is_a_no(utcs: Utcs) -> None:
    (hash,) = refuse(b"\xff")
    first = utcs("replay", "discard", hash, "--reason", "noise")

    late = utcs("replay", "resend", hash)

    assert (first.code, late.code) == (0, 1)
    assert "was discarded already" in late.err


def test_what_is_typed_wrong_is_bad_input(utcs: Utcs, tmp_path: Path) -> None:
    (hash,) = refuse(b"\xff")
    huge = tmp_path / "huge"
    huge.write_bytes(b"x" * 2_000_000)

    answers = {
        words: utcs("replay", *words).code
        for words in [
            ("list", "--state", "odd"), ("list", "--code", "odd"), ("list", "--since", "today"),
            ("show", "xyz"), ("resend",), ("resend", hash, "--all"), ("discard", hash),
            ("resend", hash, "--with", str(huge)), ("resend", hash, "--with", str(tmp_path / "no")),
            ("resend", "--all", "--with", str(huge)), ("discard", hash, "--reason", " "),
        ]
    }  # fmt: skip

    assert set(answers.values()) == {2}, answers
    assert utcs("replay", "show", "abcdef").code == 1
