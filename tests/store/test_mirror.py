"""The mirror in a real PostgreSQL: its types, its views, and what becomes of it when something fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from psycopg import AsyncConnection, OperationalError

from graph.flows.submit import Principal
from graph.flows.suspect import clear_suspect
from graph.model.outcome import Status
from graph.store import rows as rows_module
from graph.store.apply import apply
from graph.store.changes import changes
from graph.store.database import Graph
from graph.store.follow import Pace, follow
from graph.store.patience import Patience
from graph.store.tail import Tail
from ingest.followers.postgres import mirror as mirror_module
from ingest.followers.postgres.errors import MirrorError
from ingest.followers.postgres.mirror import Mirror
from ingest.followers.postgres.tables import tables
from tests.postgres import PostgresServer
from tests.store.conftest import empty
from tests.store.linking import id_of, link, tell, thing
from tests.store.mirrored import as_known, graph_rows, mirror_rows
from tests.store.saying import contains, correct, day, event, put, removed, serial

AIRCRAFT = "utcs:TEST:aircraft:MSN-1"
PACE = Pace(batch=5, idle_s=0.1, lease_s=5, patience=Patience(first_s=0.05, most_s=0.2))


@pytest.fixture
async def mirror(graph: Graph, postgres_uri: str) -> AsyncIterator[Mirror]:
    made = Mirror(graph, postgres_uri)
    yield made
    await made.close()


async def ask(uri: str, query: bytes, *values: str) -> list[tuple[Any, ...]]:
    async with await AsyncConnection.connect(uri, autocommit=True) as connection:
        cursor = await connection.execute(query, values or None)
        return await cursor.fetchall() if cursor.description else []


async def equals_graph(graph: Graph, uri: str) -> bool:
    known = (await changes(graph, first=1000))[-1].recorded_at
    async with await AsyncConnection.connect(uri) as connection:
        mirrored = set(await mirror_rows(connection))
    stored = [r for r in await graph_rows(graph) if ":part:" not in r[0]]
    return mirrored == as_known(stored, int(known.timestamp() * 1_000_000) + 1)


async def test_every_type_arrives_exactly_and_open_ends_are_infinity(
    graph: Graph, mirror: Mirror, postgres_uri: str
) -> None:
    await tell(
        graph,
        event(
            put(AIRCRAFT, serial_number="1", registration="D-ABCD", aliases=["msn:1", "dpp:DPP-H2-001"],
                maximum_takeoff_mass_kg="84500.123456789", manufactured_on="0001-01-01",
                extra={"deep": {"x": [1, True, None]}}, description="x" * 100_000),
            put("utcs:TEST:batch:B", number="B", quantity="1e300"),
            put("utcs:TEST:usage:U", measured_at="9999-12-31T23:59:59.999998Z", total_fh="0.000001"),
        ),
    )  # fmt: skip

    await mirror.resume(0)

    (aircraft,) = await ask(
        postgres_uri,
        b"SELECT registration, aliases, maximum_takeoff_mass_kg, manufactured_on::text, extra,"
        b" length(description), valid_to::text, ended FROM utcs.aircraft",
    )
    assert aircraft == (
        "D-ABCD", ["msn:1", "dpp:DPP-H2-001"], Decimal("84500.123456789"), "0001-01-01",
        {"deep": {"x": [1, True, None]}}, 100_000, "infinity", False,
    )  # fmt: skip
    assert await ask(postgres_uri, b"SELECT quantity FROM utcs.batch") == [(Decimal(10) ** 300,)]
    usage = b"SELECT (measured_at AT TIME ZONE 'UTC')::text, total_fh FROM utcs.usage"
    ((measured_at, total_fh),) = await ask(postgres_uri, usage)
    assert measured_at == "9999-12-31 23:59:59.999998"
    assert total_fh == Decimal("0.000001")


async def test_what_postgresql_could_not_hold_never_gets_into_the_log(
    graph: Graph, mirror: Mirror, postgres_uri: str
) -> None:
    nul, inside = event(serial("a", description="a\0b")), event(serial("b", extra={"k": "\0"}))

    outcomes = await apply(graph, [nul, inside, event(serial("c"))])
    await mirror.resume(0)

    assert [o.status for o in outcomes] == [Status.REFUSED, Status.REFUSED, Status.APPLIED]
    assert await ask(postgres_uri, b"SELECT utcs FROM utcs.serial") == [("utcs:TEST:serial:c",)]


async def test_the_views_tell_what_is_true_now_and_what_is_installed_where(
    graph: Graph, mirror: Mirror, postgres_uri: str
) -> None:
    part = put("utcs:TEST:part:P", number="P-100")
    made = {"fact": "put_link", "source": "utcs:TEST:serial:b", "link": "INSTANCE_OF"}
    await tell(
        graph,
        event(put(AIRCRAFT, serial_number="1"), *map(serial, "abc"), part, on=0),
        event({"fact": "put_link", "source": AIRCRAFT, "link": "CONTAINS",
               "target": "utcs:TEST:serial:a", "slot": "L"}, on=1),
        event(contains("a", "b", "1"), contains("a", "c", "2"),
              made | {"target": "utcs:TEST:part:P", "slot": None}, on=2),
        event(removed("a", "c", "2"), on=3),
        event(serial("c", name="renamed"), on=4),
    )  # fmt: skip

    await mirror.resume(0)

    now = await ask(postgres_uri, b"SELECT kind, utcs, name FROM utcs.serial_now ORDER BY utcs")
    assert [(kind, name) for kind, _, name in now] == [
        ("aircraft", AIRCRAFT), ("serial", "a"), ("serial", "b"), ("serial", "renamed"),
    ]  # fmt: skip
    installed = await ask(
        postgres_uri,
        b"SELECT depth, parent, position, serial, serial_number, part, part_number"
        b" FROM utcs.current_configuration WHERE root = 'utcs:TEST:aircraft:MSN-1' ORDER BY depth",
    )
    assert installed == [
        (1, AIRCRAFT, "L", "utcs:TEST:serial:a", "a", None, None),
        (2, "utcs:TEST:serial:a", "1", "utcs:TEST:serial:b", "b", "utcs:TEST:part:P", "P-100"),
    ]
    then = b"SELECT serial FROM utcs.configuration(%s, %s) WHERE depth = 2"
    assert [s for (s,) in await ask(postgres_uri, then, AIRCRAFT, day(2.5))] == [
        "utcs:TEST:serial:b", "utcs:TEST:serial:c",
    ]  # fmt: skip
    assert await ask(postgres_uri, b"SELECT count(*) FROM utcs.things") == [(5,)]


async def test_why_a_link_still_holds_is_carried_with_the_row_that_says_so(
    graph: Graph, mirror: Mirror, postgres_uri: str
) -> None:
    await tell(
        graph,
        event(
            thing("requirement-1"),
            thing("design-1"),
            link("design-1", "SATISFIES", "requirement-1"),
        ),
        event(thing("requirement-1", text="It shall be green."), on=1),
    )
    await clear_suspect(
        graph, Principal.of("joe", "editor"), reason="The tank is green.", thing=id_of("design-1")
    )

    await mirror.resume(0)

    told = (
        b"SELECT reviewed FROM utcs.satisfies WHERE superseded_at = 'infinity' ORDER BY valid_from"
    )
    assert await ask(postgres_uri, told) == [(None,), ("The tank is green.",)]
    now = b"SELECT reviewed FROM utcs.satisfies_now"
    assert await ask(postgres_uri, now) == [("The tank is green.",)]


async def test_a_new_release_adds_what_is_missing_and_drops_nothing(
    graph: Graph, mirror: Mirror, postgres_uri: str
) -> None:
    await tell(graph, event(serial("a")))
    await mirror.resume(0)
    await mirror.close()
    await ask(
        postgres_uri,
        b"DROP VIEW utcs.serial_now, utcs.tool_now; ALTER TABLE utcs.serial DROP COLUMN description;"
        b" ALTER TABLE utcs.serial ADD COLUMN ours text; DROP TABLE utcs.tool;"
        b" UPDATE utcs.mirror SET made_for = 'an earlier release'",
    )

    done = await mirror.resume(0)
    await tell(graph, event(serial("a", description="new"), on=1))
    await mirror.take(await changes(graph, after=done))

    assert await ask(
        postgres_uri, b"SELECT description, ours FROM utcs.serial_now, (SELECT 1) AS one"
    ) == [("new", None)]
    assert await ask(postgres_uri, b"SELECT count(*) FROM utcs.tool_now") == [(0,)]
    held = b"SELECT count(*) FROM information_schema.tables WHERE table_schema = 'utcs'"
    assert await ask(postgres_uri, held + b" AND table_type = 'BASE TABLE'") == [
        (len(tables()) + 2,)
    ]


async def test_a_column_of_another_type_is_told_and_left_alone(
    mirror: Mirror, postgres_uri: str
) -> None:
    await mirror.resume(0)
    await ask(
        postgres_uri,
        b"DROP VIEW utcs.tool_now; ALTER TABLE utcs.tool ALTER name TYPE bytea USING NULL;"
        b" UPDATE utcs.mirror SET made_for = ''",
    )
    await mirror.close()

    with pytest.raises(MirrorError, match=r"utcs\.tool\.name is bytea, and text is needed"):
        await mirror.resume(0)


async def test_a_snapshot_that_was_cut_off_goes_on_as_of_the_moment_at_which_it_began(
    graph: Graph, mirror: Mirror, postgres_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "AT_ONCE", 1)
    await tell(graph, event(*map(serial, "abcdef")), event(contains("a", "b"), on=1))
    write, pages = mirror_module._write, 0

    async def failing(connection: Any, rows: Any) -> None:
        nonlocal pages
        pages += 1
        await write(connection, rows)
        if pages == 3:
            raise OperationalError("the connection is lost")

    monkeypatch.setattr(mirror_module, "_write", failing)
    with pytest.raises(MirrorError, match="the connection is lost"):
        await mirror.resume(0)
    await mirror.close()
    held = await ask(postgres_uri, b"SELECT seq, snapshot_seq, snapshot_after FROM utcs.mirror")
    await tell(graph, event(serial("a", name="later"), on=2), event(removed("a", "b"), on=3))

    done = await mirror.resume(0)

    assert held == [(None, 2, "utcs:TEST:serial:b")]
    assert (done, pages) == (2, 7), "no page but the lost one is read twice"
    await mirror.take(await changes(graph, after=done))
    assert await equals_graph(graph, postgres_uri)


async def test_one_that_was_overtaken_writes_nothing(
    graph: Graph, mirror: Mirror, postgres_uri: str
) -> None:
    await tell(graph, event(serial("a")))
    await mirror.resume(0)
    await tell(graph, event(serial("b")), event(serial("c")))
    other = Mirror(graph, postgres_uri)
    await other.resume(0)
    await other.take(await changes(graph, after=1))

    with pytest.raises(MirrorError, match="no longer at entry 1"):
        await mirror.take(await changes(graph, after=1, first=1))

    await other.close()
    assert await ask(postgres_uri, b"SELECT seq FROM utcs.mirror") == [(3,)]


async def test_a_mirror_of_another_log_is_refused_and_left_alone(
    graph: Graph, mirror: Mirror, postgres_uri: str
) -> None:
    await tell(graph, event(serial("a")), event(serial("b")))
    await mirror.resume(0)
    await mirror.close()
    await empty(graph)
    for said in (event(serial("c")), event(serial("d"))):
        await tell(graph, said)

        with pytest.raises(MirrorError, match=r"an entry 2 of .* that is not in the change log"):
            await mirror.resume(0)
        await mirror.close()

    assert await ask(postgres_uri, b"SELECT count(*) FROM utcs.serial") == [(2,)]


async def test_a_server_that_does_not_answer_is_told(graph: Graph) -> None:
    mirror = Mirror(graph, "postgresql://utcs:secret@127.0.0.1:1/none")

    with pytest.raises(MirrorError, match="Connection refused") as caught:
        await mirror.resume(0)
    await mirror.close()

    assert "secret" not in caught.value.message


@pytest.mark.slow
async def test_killed_in_the_middle_postgresql_comes_back_to_where_it_was(
    graph: Graph, mirror: Mirror, postgres_uri: str, postgres_server: PostgresServer
) -> None:
    await tell(graph, event(*map(serial, "abcd")))
    following = asyncio.create_task(follow(graph, mirror, Tail(graph), PACE))
    try:
        for round in range(3):
            said = [event(serial(n, name=f"{round}"), on=round) for n in "abcd" for _ in range(5)]
            await tell(graph, *said, event(correct(said[0]["id"]), on=9))
            await asyncio.to_thread(postgres_server.kill)
            await tell(graph, event(contains("a", "b", f"{round}"), on=round + 0.5),
                       event(removed("a", "b", f"{round}"), on=round + 0.7))  # fmt: skip
            await asyncio.to_thread(postgres_server.start)
        head = len(await changes(graph, first=1000))
        async with asyncio.timeout(60):
            while await ask(postgres_uri, b"SELECT seq FROM utcs.mirror") != [(head,)]:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following

    assert await equals_graph(graph, postgres_uri)
