"""The command over a real graph: what a person types, and what they get."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.e2e.conftest import Utcs

# Each command opens the graph anew, and a fresh Neo4j plans every question for the first time.
pytestmark = pytest.mark.timeout(300)

SHIP, TANK = "utcs:TEST:aircraft:A-1", "utcs:TEST:serial:T-1"
LINK = {"source": SHIP, "link": "CONTAINS", "target": TANK, "slot": "1"}


def event(id: str, *facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": id,
        "source": "urn:test",
        "time": "2025-01-01T00:00:00Z",
        "data": {"facts": facts},
    }


def put(utcs: str, **properties: Any) -> dict[str, Any]:
    return {"fact": "put_node", "utcs": utcs, "properties": properties}


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """A file with an aircraft, a tank in it, and one line that is wrong."""
    ship = put(SHIP, name="Ship 1", serial_number="1", msn="0001", aliases=["dpp:DPP-H2-001"])
    lines = [
        orjson.dumps(event("1", ship, put(TANK, name="Hydrogen tank", serial_number="T-1"))),
        b'{"broken": \xff}',
        orjson.dumps(event("2", {"fact": "put_link"} | LINK)),
    ]
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"\n".join(lines))
    return file


def test_file_is_loaded_once_and_what_is_wrong_in_it_is_told(utcs: Utcs, events: Path) -> None:
    first, second = utcs("load", str(events)), utcs("load", str(events))

    assert first.code == second.code == 1
    assert first.out == "events.jsonl: 2 applied, 1 not readable\n"
    assert "line 2" in first.err
    assert "UTF-8" in first.err
    assert second.out == "events.jsonl: 2 known already, 1 not readable\n"


def test_only_changed_rows_of_a_table_are_applied(utcs: Utcs, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def load(text: str) -> str:
        path.write_text(f"id,name\nA,{text}\nB,same\n", encoding="utf-8")
        return utcs("load", str(path), "--authority", "TEST", "--at", "2026-01-15").out

    assert load("old") == "a.csv: 2 applied\n"
    assert load("new") == "a.csv: 1 applied, 1 unchanged\n"
    assert load("new") == "a.csv: 2 unchanged\n"
    assert load("old") == "a.csv: 1 applied, 1 unchanged\n"
    assert "old" in utcs("show", "utcs:TEST:requirement:A").out


def test_event_without_effect_is_told(utcs: Utcs, tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    ranked = event("1", put(TANK, name="Ours", serial_number="T-1")) | {"sourcerank": 60}
    lower = event("2", put(TANK, name="Theirs", serial_number="T-1"))
    path.write_bytes(b"\n".join(map(orjson.dumps, (ranked, lower))))

    loaded = utcs("load", str(path))

    assert (loaded.code, loaded.out) == (0, "two.jsonl: 1 applied, 1 without effect\n")
    assert "event 2: " in loaded.err
    assert "ranks higher" in loaded.err


def test_what_is_no_file_is_bad_input(utcs: Utcs, tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")

    missing, nothing, folder = (
        utcs("load", str(tmp_path / "no")),
        utcs("load", str(empty)),
        utcs("load", "."),
    )

    assert missing.code == nothing.code == folder.code == 2
    assert "empty" in nothing.err


def test_thing_is_shown_by_any_of_its_ids(utcs: Utcs, events: Path) -> None:
    utcs("load", str(events))

    shown = utcs("show", "DPP-H2-001")
    data = orjson.loads(utcs("show", SHIP, "--json").out)

    assert shown.code == 0
    assert "Ship 1" in shown.out
    assert "msn\t0001" in shown.out
    assert "→\tCONTAINS\t1" in shown.out
    assert data["node"]["utcs"] == SHIP
    assert data["checked"].startswith(f"{SHIP}~")


def test_trace_ends_with_whether_that_is_all(utcs: Utcs, events: Path) -> None:
    utcs("load", str(events))

    answer = utcs("trace", SHIP)
    data = orjson.loads(utcs("trace", SHIP, "--json").out)

    assert answer.out == f"1\tserial\tHydrogen tank\t{TANK}\n"
    assert answer.err.endswith("Complete: 1 in all; nothing further beyond depth 1\n")
    assert data["complete"] is True


def test_impact_of_a_change_on_maintenance_tells_its_cost_and_what_is_unknown(
    utcs: Utcs, tmp_path: Path
) -> None:
    ecr, part = "utcs:TEST:ecr:1", "utcs:TEST:part:1"
    facts = [
        put(ecr, name="More margin", estimated_cost_eur=5000),
        put(part, name="Seal", number="S-1"),
    ]
    facts.append({"fact": "put_link", "source": ecr, "link": "ABOUT", "target": part})
    path = tmp_path / "change.jsonl"
    path.write_bytes(orjson.dumps(event("1", *facts)))
    utcs("load", str(path))

    answer = utcs("impact", ecr, "--maintenance")
    data = orjson.loads(utcs("impact", ecr, "--maintenance", "--json").out)
    refused = utcs("impact", part, "--maintenance")

    assert answer.out == (
        f"about\trevise\t{part}\tABOUT ecr 1\n"
        f"cost\t5,000 EUR\testimate\testimated_cost_eur of {ecr}\n"
    )
    assert "unknown: labour to embody" in answer.err
    assert answer.err.endswith("Complete; 0 units, 0 aircraft\n")
    assert data["costing"]["costs"][0]["amount"] == "5000"
    assert (refused.code, "no change; name one of ecr" in refused.err) == (2, True)


def test_impact_in_the_past_is_what_it_was(utcs: Utcs, events: Path) -> None:
    utcs("load", str(events))

    now = utcs("impact", TANK)
    before = utcs("impact", TANK, "--as-of", "2024-01-01")

    assert SHIP in now.out
    assert before.code == 1
    assert "it begins at 2025-01-01" in before.err


def test_path_is_explained_link_by_link(utcs: Utcs, events: Path) -> None:
    utcs("load", str(events))

    there, back = utcs("trace", SHIP, "--to", TANK), utcs("trace", TANK, "--to", SHIP)

    assert "└─ CONTAINS [1] → Hydrogen tank" in there.out
    assert "event 2" in there.out
    assert there.out.startswith("Path 1, 1 link\n")
    assert (back.code, back.out) == (1, "")


def test_trace_and_impact_mark_links_in_doubt(utcs: Utcs, tmp_path: Path) -> None:
    design, requirement = "utcs:TEST:design:D-1", "utcs:TEST:requirement:R-1"
    file = tmp_path / "events.jsonl"
    first = [
        put(design, name="Tank"), put(requirement, name="Pressure", text="1 bar."),
        {"fact": "put_link", "source": design, "link": "SATISFIES", "target": requirement},
    ]  # fmt: skip
    changed = event("2", put(requirement, name="Pressure", text="2 bar."))
    changed["time"] = "2025-06-01T00:00:00Z"
    file.write_bytes(orjson.dumps(event("1", *first)) + b"\n" + orjson.dumps(changed))
    assert utcs("load", str(file)).code == 0

    answer, before = utcs("trace", design), utcs("trace", design, "--as-of", "2025-05-01")
    (thing,) = orjson.loads(utcs("trace", design, "--json").out)["things"]
    path = utcs("trace", design, "--to", requirement)
    touched = utcs("impact", requirement)

    assert answer.out == f"1\trequirement\tPressure\t{requirement}\t{design} SATISFIES\n"
    assert "1 link in doubt" in answer.err
    assert before.out == f"1\trequirement\tPressure\t{requirement}\n"
    assert thing["suspects"] == [
        {"link": "SATISFIES", "source": design, "target": requirement, "slot": None}
    ]
    assert "in doubt: an end has changed since" in path.out
    assert touched.out == f"1\tdesign\tTank\t{design}\t{design} SATISFIES\n"


def test_words_that_are_no_id_are_searched_for(utcs: Utcs, events: Path) -> None:
    utcs("load", str(events))

    found, nothing = utcs("show", "hydrogen tank"), utcs("show", "no such words")

    assert (found.code, found.out) == (0, f"serial\tHydrogen tank\t{TANK}\n")
    assert (nothing.code, nothing.out) == (1, "")
    assert "no text holds these words" in nothing.err


def test_id_of_another_time_is_not_answered_with_a_search(utcs: Utcs, events: Path) -> None:
    utcs("load", str(events))

    answer = utcs("show", "dpp:DPP-H2-001", "--as-of", "2024-01-01")

    assert answer.code == 1
    assert f"at another time it names {SHIP}" in answer.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["show", "utcs:TEST:serial:T-2"], 1, "did you mean utcs:TEST:serial:T-1"),
        (["show", f"{TANK}~*"], 2, "check character"),
        (["trace", TANK, "--depth", "0"], 2, "depth: 0"),
        (["trace", TANK, "--links", "CONTAIN"], 2, "did you mean 'CONTAINS'"),
        (["impact", TANK, "--kinds", "prat"], 2, "did you mean 'part'"),
        (["impact", TANK, "--first", "1001"], 2, "first: 1001"),
        (["show", TANK, "--as-of", "2025-01-01T00:00:00"], 2, "--as-of"),
    ],
)
def test_wrong_question_is_told_what_is_wrong(
    utcs: Utcs, events: Path, words: list[str], code: int, told: str
) -> None:
    utcs("load", str(events))

    answer = utcs(*words)

    assert (answer.code, answer.out) == (code, "")
    assert told in answer.err


def test_graph_that_is_down_is_status_3(utcs: Utcs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTCS_NEO4J_URI", "bolt://127.0.0.1:1")

    assert utcs("show", TANK).code == 3


def test_wrong_password_says_what_to_check(utcs: Utcs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UTCS_NEO4J_PASSWORD", "wrong")

    answer = utcs("show", TANK)

    assert answer.code == 3
    assert "_PASSWORD" in answer.err


def test_document_comes_out_as_it_went_in(utcs: Utcs, tmp_path: Path) -> None:
    sample = Path(__file__).parents[1] / "samples" / "h2_tank.reqif"
    written = tmp_path / "out.reqif"
    utcs("load", str(sample), "--authority", "TEST")
    header = re.search(r'REQ-IF-HEADER IDENTIFIER="([^"]+)"', sample.read_text(encoding="utf-8"))
    assert header

    exported = utcs("export", f"reqif:{header[1]}", str(written), "--json")
    again = utcs("load", str(written), "--authority", "TEST")

    assert orjson.loads(exported.out)["notes"] == []
    assert again.out == "out.reqif: 9 unchanged\n"


def test_what_is_no_document_is_not_exported(utcs: Utcs, events: Path, tmp_path: Path) -> None:
    utcs("load", str(events))

    assert utcs("export", TANK, str(tmp_path / "out.reqif")).code == 2
    assert not (tmp_path / "out.reqif").exists()


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("nowhere/out.reqif", "No such file or directory"),
        ("out.txt", "let its name end in .reqif or .reqifz"),
        ("folder.reqif", "Is a directory"),
    ],
)
def test_place_that_cannot_be_written_is_bad_input(
    utcs: Utcs, tmp_path: Path, place: str, told: str
) -> None:
    """A folder that is not there was a traceback, and what was no ReqIF by name was written as it."""
    sample = Path(__file__).parents[1] / "samples" / "h2_tank.reqif"
    (tmp_path / "folder.reqif").mkdir()
    utcs("load", str(sample), "--authority", "TEST")

    answer = utcs("export", "utcs:TEST:document:_h2-tank-exchange", str(tmp_path / place))

    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert {path.name for path in tmp_path.iterdir()} <= {"folder.reqif", "home"}
