"""Real files in a real graph: loaded whole, recognised when they come again, and given back."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.model.engineering import Requirement
from graph.model.event import Event
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome, Status
from graph.model.product import Serial
from graph.model.time import Coordinates, from_micros
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import NotFoundError
from graph.store.neighbours import neighbours
from graph.store.resolve import resolve
from graph.store.show import Standing, show
from graph.store.trace import trace
from ingest.files.changes import Unchanged, read_changes
from ingest.files.rejected import Rejected
from ingest.files.reqif_export import export_reqif, export_reqifz
from ingest.files.reqif_write import ExportError
from ingest.files.reqif_xml import canonical, parse
from ingest.files.reqif_zip import open_archive

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
TANK = Utcs("ACME", "document", "_h2-tank-exchange")


@pytest.fixture(scope="session")
def public_data() -> Path:
    folder = Path(os.environ.get("UTCS_PUBLIC_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.fail(f"public data is not at {folder}; set UTCS_PUBLIC_DATA")
    return folder


async def load(graph: Graph, path: Path, **arguments: Any) -> list[Outcome]:
    """Loads a file whole; nothing in it may be rejected, and what is unchanged has no outcome."""
    arguments = {"authority": "ACME", "actor": "tester"} | arguments
    read = [item async for item in read_changes(graph, path, **arguments)]
    assert [item for item in read if isinstance(item, Rejected)] == []
    return await apply_all(graph, [item for item in read if isinstance(item, Event)])


async def apply_all(graph: Graph, events: list[Event]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for start in range(0, len(events), 100):
        outcomes += await apply(graph, events[start : start + 100])
    return outcomes


def counted(outcomes: Iterable[Outcome]) -> Counter[Status]:
    return Counter(outcome.status for outcome in outcomes)


async def test_nasa_requirements_load_and_come_again_as_unchanged(
    graph: Graph, public_data: Path
) -> None:
    path = public_data / "requirements" / "cfe_functional_requirements.csv"

    first = await load(graph, path, authority="NASA")
    again = await load(graph, path, authority="NASA")

    assert first[0].reason is None
    assert counted(first).keys() == {Status.APPLIED}
    assert again == []
    leaf = Utcs("NASA", "requirement", "cES1014.2.1")
    shown = (await show(graph, leaf)).node
    assert shown.version == 1
    assert isinstance(shown.properties, Requirement)
    assert shown.properties.name == "ES: System Log - Overwrite On Full"
    reached = {str(item.utcs.local) for item in (await trace(graph, leaf)).things}
    assert reached == {"cES1014.2", "cES1014"}


async def test_changed_row_is_a_new_version(graph: Graph, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)

    path.write_text("id,name,text\nA,one,old\nB,two,same\n")
    await load(graph, path, at=early)
    path.write_text("id,name,text\nA,one,new\nB,two,same\n")
    await load(graph, path, at=late)

    utcs = Utcs("ACME", "requirement", "A")
    now = (await show(graph, utcs)).node
    then = (await show(graph, utcs, at=Coordinates(as_of=early))).node
    assert isinstance(now.properties, Requirement)
    assert isinstance(then.properties, Requirement)
    assert (now.properties.text, then.properties.text) == ("new", "old")


def table(path: Path, *words: str) -> Path:
    """Writes a table of rows that derive from the first, each with its word."""
    rows = [f"R{n},row {n},{word},{'R0' if n else ''}" for n, word in enumerate(words)]
    path.write_text("\n".join(["id,name,text,parent", *rows]) + "\n")
    return path


async def words(graph: Graph, count: int) -> list[str | None]:
    """Returns what the text of each row is today."""
    found = [await show(graph, Utcs("ACME", "requirement", f"R{n}")) for n in range(count)]
    return [
        one.node.properties.text for one in found if isinstance(one.node.properties, Requirement)
    ]


async def test_what_the_file_says_now_holds_whatever_it_said_before_of_that_day(
    graph: Graph, tmp_path: Path
) -> None:
    """Both loads speak of one instant; which row won used to hang on the hash in its id."""
    path, day = tmp_path / "a.csv", datetime(2026, 1, 15, tzinfo=UTC)
    old, new = ["old"] * 20, ["new"] * 20

    first = await load(graph, table(path, *old), at=day)
    moments = [from_micros(graph.clock())]
    then = await load(graph, table(path, *new), at=day)
    moments.append(from_micros(graph.clock()))
    after_then = await words(graph, 20)
    back = await load(graph, table(path, *old), at=day)
    moments.append(from_micros(graph.clock()))
    after_back = await words(graph, 20)
    again = await load(graph, path, at=day)

    assert (counted(first), len(first)) == ({Status.APPLIED: 39}, 39)
    assert counted(then) == counted(back) == {Status.APPLIED: 20}
    assert [outcome.code for outcome in (*then, *back)] == [None] * 40
    assert (after_then, after_back) == (new, old)
    assert again == []
    utcs = Utcs("ACME", "requirement", "R7")
    said = [(await show(graph, utcs, at=Coordinates(known_at=known))).node for known in moments]
    assert [node.properties.text for node in said if isinstance(node.properties, Requirement)] == [
        "old",
        "new",
        "old",
    ]
    assert [node.version for node in said] == [1, 2, 3]


async def test_rows_and_links_that_did_not_change_get_no_version(
    graph: Graph, tmp_path: Path
) -> None:
    path, day = tmp_path / "a.csv", datetime(2026, 1, 15, tzinfo=UTC)
    later = datetime(2026, 3, 1, tzinfo=UTC)
    await load(graph, table(path, "a", "b", "c"), at=day)

    one = await load(graph, table(path, "a", "B", "c"), at=day, source="urn:another")
    newer = await load(graph, path, at=later)

    assert len(one) == 1
    assert newer == []
    assert (await show(graph, Utcs("ACME", "requirement", "R2"))).node.version == 1
    assert (await show(graph, Utcs("ACME", "requirement", "R1"))).node.version == 2


async def test_load_that_was_cut_off_is_completed_by_repeating_it(
    graph: Graph, tmp_path: Path
) -> None:
    path, day = table(tmp_path / "a.csv", *["x"] * 20), datetime(2026, 1, 15, tzinfo=UTC)
    arguments: Any = {"authority": "ACME", "actor": "tester", "at": day}
    items = [item async for item in read_changes(graph, path, **arguments)]
    await apply_all(graph, [item for item in items[:7] if isinstance(item, Event)])

    repeated = [item async for item in read_changes(graph, path, **arguments)]
    outcomes = await apply_all(graph, [item for item in repeated if isinstance(item, Event)])

    assert counted(outcomes) == {Status.APPLIED: 32}
    assert sum(isinstance(item, Unchanged) for item in repeated) == 7
    assert await load(graph, path, at=day) == []


async def test_what_others_said_since_stands_when_a_file_comes_again(
    graph: Graph, tmp_path: Path
) -> None:
    path, day = table(tmp_path / "a.csv", "ours"), datetime(2026, 1, 15, tzinfo=UTC)
    await load(graph, path, at=day)
    utcs = Utcs("ACME", "requirement", "R0")
    fact = {"fact": "put_node", "utcs": str(utcs), "properties": {"name": "R", "text": "theirs"}}
    said = {"id": "1", "source": "urn:x", "actor": "me", "time": "2026-02-01T00:00:00Z"}
    await apply(graph, [said | {"data": {"facts": [fact]}}])

    assert await load(graph, path, at=day) == []
    assert await words(graph, 1) == ["theirs"]


@pytest.mark.parametrize("name", ["eclipse_rmf", "polarion"])
async def test_public_reqif_comes_out_of_the_graph_as_it_went_in(
    graph: Graph, public_data: Path, name: str
) -> None:
    path = public_data / "reqif" / f"{name}.reqif"

    first = await load(graph, path)
    again = await load(graph, path)
    document = await resolve(
        graph, f"reqif:{parse(path, path.read_bytes())[0][0].get('IDENTIFIER')}"
    )
    exported = await export_reqif(graph, document)

    assert counted(first).keys() == {Status.APPLIED}
    assert again == []
    assert exported.notes == ()
    assert same(exported.document, path.read_bytes())


async def test_reqif_archive_comes_out_with_its_attachments(graph: Graph, tmp_path: Path) -> None:
    path = SAMPLES / "h2_tank.reqifz"
    assert counted(await load(graph, path)).keys() == {Status.APPLIED}

    exported = await export_reqifz(graph, TANK, path)

    (out := tmp_path / "out.reqifz").write_bytes(exported.document)
    archive = open_archive(out)
    ((_, document),) = archive.documents()
    assert same(document, (SAMPLES / "h2_tank.reqif").read_bytes())
    assert archive.content("files/tank.svg") == open_archive(path).content("files/tank.svg")


async def test_attachment_that_is_missing_or_another_is_told(graph: Graph, tmp_path: Path) -> None:
    await load(graph, SAMPLES / "h2_tank.reqifz")

    with pytest.raises(ExportError, match=r"files/tank\.svg: is not in .*; put it there"):
        await export_reqifz(graph, TANK, tmp_path)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "tank.svg").write_text("<svg/>")
    with pytest.raises(ExportError, match="is another; its SHA-256 must be"):
        await export_reqifz(graph, TANK, tmp_path)


async def test_export_follows_what_was_changed_in_the_graph(graph: Graph) -> None:
    path = SAMPLES / "h2_tank.reqif"
    await load(graph, path)
    utcs = Utcs("ACME", "requirement", "so-boil-off")
    held = (await show(graph, utcs)).node.properties
    properties = held.model_dump(mode="json", exclude_none=True) | {
        "text": "At most 0.4 % per hour."
    }
    ended = {
        "fact": "end_link",
        "source": str(utcs),
        "link": "DERIVES_FROM",
        "target": "utcs:ACME:requirement:so-containment",
    }
    facts = [{"fact": "put_node", "utcs": str(utcs), "properties": properties}, ended]
    time = "2026-06-01T00:00:00Z"
    changed = {"id": "1", "source": "urn:x", "actor": "me", "time": time, "data": {"facts": facts}}
    (outcome,) = await apply(graph, [changed])
    assert outcome.status is Status.APPLIED, outcome.reason

    exported = await export_reqif(graph, TANK)
    before = await export_reqif(graph, TANK, at=Coordinates(as_of=datetime(2026, 5, 1, tzinfo=UTC)))

    assert b"<xhtml:div>At most 0.4 % per hour.</xhtml:div>" in exported.document
    assert b'LAST-CHANGE="2026-06-01T00:00:00.000000Z"' in exported.document
    assert [note.partition(":")[0] for note in exported.notes] == ["so-boil-off", "sr-1"]
    assert before.notes == ()
    assert same(before.document, path.read_bytes())


def exchange(path: Path, *changes: tuple[str, str]) -> Path:
    """Writes a later exchange of the sample, with some of its text replaced."""
    text = (SAMPLES / "h2_tank.reqif").read_text()
    made = ("2026-02-10T09:00:00+01:00", "2026-03-10T09:00:00+01:00")
    for old, new in (made, *changes):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)
    return path


async def test_later_exchange_without_changes_states_the_document_alone(
    graph: Graph, tmp_path: Path
) -> None:
    later = exchange(tmp_path / "later.reqif")

    await load(graph, SAMPLES / "h2_tank.reqif")
    outcomes = await load(graph, later)

    assert counted(outcomes) == {Status.APPLIED: 1}
    assert same((await export_reqif(graph, TANK)).document, later.read_bytes())


@pytest.mark.parametrize("at", [None, datetime(2026, 1, 5, tzinfo=UTC)])
async def test_later_exchange_gives_a_version_to_what_changed_and_to_nothing_else(
    graph: Graph, tmp_path: Path, at: datetime | None
) -> None:
    later = exchange(tmp_path / "later.reqif", ("at most 0.5", "at most 0.3"))
    changed, same_as_before = (
        Utcs("ACME", "requirement", local) for local in ("so-boil-off", "so-containment")
    )

    await load(graph, SAMPLES / "h2_tank.reqif", at=at)
    outcomes = await load(graph, later, at=at)
    again = await load(graph, later, at=at)

    assert counted(outcomes) == {Status.APPLIED: 2}
    assert again == []
    assert (await show(graph, changed)).node.version == 2
    assert (await show(graph, same_as_before)).node.version == 1
    exported = await export_reqif(graph, TANK)
    assert exported.notes == ()
    assert same(exported.document, later.read_bytes())


async def test_document_that_did_not_come_by_reqif_is_told(graph: Graph) -> None:
    await load(graph, SAMPLES / "requirements.csv")

    with pytest.raises(ExportError, match="is not a document that came by ReqIF"):
        await export_reqif(graph, Utcs("ACME", "requirement", "H2-100"))
    with pytest.raises(NotFoundError):
        await export_reqif(graph, TANK)


async def test_gs1_examples_load_with_nothing_refused(graph: Graph, public_data: Path) -> None:
    for path in sorted((public_data / "epcis").iterdir()):
        outcomes = await load(graph, path)
        assert counted(outcomes).keys() <= {Status.APPLIED, Status.DUPLICATE}, (path, outcomes)

    tray = Utcs("ACME", "serial", "grai.4012345555554.987")
    on_the_second = Coordinates(as_of=datetime(2019, 11, 2, 13, tzinfo=UTC))
    held = await neighbours(graph, tray, direction="out", links=["CONTAINS"], at=on_the_second)
    assert [link.utcs.local for link in held.links] == ["giai.400000112345"]
    assert (await neighbours(graph, tray, direction="out", links=["CONTAINS"])).total == 0


async def test_epcis_sample_packs_and_unpacks(graph: Graph) -> None:
    outcomes = await load(graph, SAMPLES / "receiving.jsonld")
    again = await load(graph, SAMPLES / "receiving.jsonld")

    assert counted(outcomes).keys() == {Status.APPLIED}, outcomes
    assert counted(again).keys() == {Status.DUPLICATE}
    box = await resolve(graph, "urn:epc:id:sscc:4012345.0000000001")
    packed = Coordinates(as_of=datetime(2026, 3, 3, 12, tzinfo=UTC))
    assert (await neighbours(graph, box, direction="out", links=["CONTAINS"], at=packed)).total == 2
    assert (await neighbours(graph, box, direction="out", links=["CONTAINS"])).total == 0


async def test_scan_takes_nothing_back_of_what_is_known(graph: Graph) -> None:
    """A later EPCIS event mentions a serial; what its owner said of it must stand."""
    await load(graph, SAMPLES / "receiving.jsonld")
    utcs = await resolve(graph, "urn:epc:id:sgtin:4012345.011111.1")
    properties = {"name": "Valve", "serial_number": "1", "owner": "ACME"}
    fact = {"fact": "put_node", "utcs": str(utcs), "properties": properties}
    said = {"id": "1", "source": "urn:plm", "actor": "plm", "time": "2020-01-01T00:00:00Z"}
    await apply(graph, [said | {"data": {"facts": [fact]}}])

    await load(graph, SAMPLES / "receiving.jsonld", actor="another")

    held = (await show(graph, utcs)).node.properties
    assert isinstance(held, Serial)
    assert (held.name, held.owner) == ("Valve", "ACME")


async def test_thing_exists_since_it_was_first_scanned_whichever_file_came_first(
    graph: Graph, tmp_path: Path
) -> None:
    seen: dict[str, Any] = {
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "eventTimeZoneOffset": "+00:00",
    }
    seen |= {"epcList": ["urn:epc:id:sgtin:4012345.011111.1"]}
    times = ["2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z"]
    late, early = (tmp_path / name for name in ("late.json", "early.json"))
    for path, time in zip((late, early), times, strict=True):
        path.write_text(json.dumps({"epcisBody": {"eventList": [seen | {"eventTime": time}]}}))

    await load(graph, late)
    utcs = await resolve(graph, "urn:epc:id:sgtin:4012345.011111.1")
    first = (await show(graph, utcs)).node.valid_from
    outcomes = await load(graph, early)

    assert first == datetime(2026, 3, 1, tzinfo=UTC)
    assert counted(outcomes).keys() == {Status.APPLIED}, outcomes
    assert (await show(graph, utcs)).node.valid_from == datetime(2026, 2, 1, tzinfo=UTC)
    assert (await neighbours(graph, utcs, direction="out", links=["INSTANCE_OF"])).total == 1
    january = Coordinates(as_of=datetime(2026, 1, 1, tzinfo=UTC))
    assert (await show(graph, utcs, at=january)).standing is not Standing.THERE
    assert counted(await load(graph, early)).keys() == {Status.DUPLICATE}


async def test_code_means_the_thing_that_bears_it(graph: Graph) -> None:
    alias = "sgtin:04012345111118/1"
    properties = {"name": "Valve", "serial_number": "1", "aliases": [alias]}
    fact = {"fact": "put_node", "utcs": "utcs:PLM:serial:V-1", "properties": properties}
    said = {"id": "1", "source": "urn:plm", "actor": "plm", "time": "2020-01-01T00:00:00Z"}
    await apply(graph, [said | {"data": {"facts": [fact]}}])

    outcomes = await load(graph, SAMPLES / "receiving.jsonld")

    assert counted(outcomes).keys() == {Status.APPLIED}, outcomes
    packed = Coordinates(as_of=datetime(2026, 3, 3, 12, tzinfo=UTC))
    box = await resolve(graph, "urn:epc:id:sscc:4012345.0000000001")
    held = await neighbours(graph, box, direction="out", links=["CONTAINS"], at=packed)
    assert Utcs("PLM", "serial", "V-1") in {link.utcs for link in held.links}


async def test_file_that_empties_a_box_ends_what_another_file_packed(
    graph: Graph, tmp_path: Path
) -> None:
    document = json.loads((SAMPLES / "receiving.jsonld").read_text())
    *before, last = document["epcisBody"]["eventList"]
    (packing := tmp_path / "1.jsonld").write_text(json.dumps({"epcisBody": {"eventList": before}}))
    (emptying := tmp_path / "2.jsonld").write_text(json.dumps({"epcisBody": {"eventList": [last]}}))

    await load(graph, packing)
    first = await load(graph, emptying)
    again = await load(graph, emptying)

    assert counted(first).keys() == {Status.APPLIED}
    assert counted(again).keys() == {Status.DUPLICATE}
    box = await resolve(graph, "urn:epc:id:sscc:4012345.0000000001")
    assert (await neighbours(graph, box, direction="out", links=["CONTAINS"])).total == 0


def same(one: bytes, other: bytes) -> bool:
    here = Path("made.reqif")
    return canonical(parse(here, one)) == canonical(parse(here, other))
