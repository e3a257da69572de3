from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.drop.journal import Drop, Intent, JournalError, open_journal
from ingest.drop.settings import DropSettings

NOW = datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=UTC)
ONE = Intent("a-1-5.jsonl", NOW, NOW, 1, 5)
DONE = Drop("a-1-5.jsonl", 3, "00", "file:///x", "2026-03-01T08:00:00.000000Z", ("note",))


def test_journal_remembers_what_was_begun_and_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal"

    with open_journal(path) as journal:
        assert (journal.begun, journal.unfinished, journal.last) == (None, False, 0)
        journal.begin(ONE)
    with open_journal(path) as journal:
        assert (journal.begun, journal.unfinished, journal.last) == (ONE, True, 0)
        journal.end(DONE)
    with open_journal(path) as journal:
        assert (journal.begun, journal.unfinished, journal.last) == (ONE, False, 5)


def test_line_that_was_cut_off_never_was(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with open_journal(path) as journal:
        journal.begin(ONE)
        journal.end(DONE)
        whole = path.read_bytes()
        journal.begin(Intent("a-6-7.jsonl", NOW, NOW, 6, 7))
    path.write_bytes(path.read_bytes()[:-9])

    with open_journal(path) as journal:
        assert (journal.begun, journal.unfinished, journal.last) == (ONE, False, 5)
    assert path.read_bytes() == whole


def test_one_worker_at_a_time_holds_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal"

    with open_journal(path), pytest.raises(JournalError, match="is held by another worker"):
        open_journal(path).__enter__()
    with open_journal(path):
        pass


def test_damaged_journal_and_one_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    (bad := tmp_path / "bad").write_text('{"begun": {}}\n')

    with pytest.raises(JournalError, match="bad, line 1 is damaged"):
        open_journal(bad).__enter__()
    with pytest.raises(JournalError, match="cannot be written"):
        open_journal(bad / "x").__enter__()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "every_s, cron: one of them must say when"),
        ({"every_s": 5, "cron": "* * * * *"}, "every_s, cron: one of them"),
        ({"cron": "* * *"}, "has 3 fields"),
        ({"every_s": 5, "document": "utcs:ACME:part:X"}, "is a part; name a document"),
        ({"every_s": 5, "form": "reqifz"}, "files: is missing"),
    ],
)
def test_drop_that_cannot_be_meant_is_refused(given: Any, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        DropSettings(name="a", url="file:///x", journal=Path("/j"), **given)
