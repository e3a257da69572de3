"""What the worker does with messages, on a real graph that is now and then not there."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from graph.flows.settle import resend
from graph.flows.submit import Principal, submit
from graph.model.outcome import Reason
from graph.store.apply import apply
from graph.store.database import Graph
from graph.store.errors import GraphUnreachableError, StoreError
from graph.store.letters import list_letters
from graph.store.patience import Patience
from ingest import intake as intake_module
from ingest.intake import Intake
from ingest.messages.cloudevent import Message
from tests.store.saying import event, serial

ADMIN = Principal.of("anna", "admin")
BATCH = {"content-type": "application/cloudevents-batch+json"}


def message(document: Any, **headers: str) -> Message:
    body = document if isinstance(document, bytes) else orjson.dumps(document)
    return Message(body, headers, place="test")


async def no_wait(_: float) -> None:
    """Time does not matter here."""


def make_intake(graph: Graph, **changes: Any) -> Intake:
    return Intake(
        graph,
        Principal.of("worker", "admin"),
        patience=Patience(attempts=3),
        sleep=no_wait,
        **changes,
    )


async def logged(graph: Graph) -> list[str]:
    return [id for (id,) in await graph.read("MATCH (c:Change) RETURN c.id ORDER BY c.seq")]


async def test_good_messages_are_applied_and_bad_ones_are_letters(graph: Graph) -> None:
    sent = [
        message(event(serial("a"), id="1")),
        message(b"\xff"),
        message(event(serial("b", colour="red"), id="2")),
        message(orjson.dumps([event(serial("c"), id="3"), event(serial("d"), id="4")]), **BATCH),
    ]
    intake = make_intake(graph)

    letters = await intake.take(sent)

    assert await logged(graph) == ["1", "3", "4"]
    assert [(letter.message, letter.code) for letter in letters] == [
        (sent[1], Reason.INVALID),
        (sent[2], Reason.INVALID),
    ]
    assert intake.counts == {"applied": 3, "refused": 2}


async def test_messages_that_come_again_change_nothing(graph: Graph) -> None:
    sent = [message(event(serial("a"), id="1")), message(event(serial("b"), id="2"))]
    intake = make_intake(graph)
    await intake.take(sent)

    assert await intake.take([*sent, *sent]) == []

    assert await logged(graph) == ["1", "2"]
    assert intake.counts == {"applied": 2, "duplicate": 4}


async def test_while_the_graph_is_down_it_waits_and_says_so(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str | None] = []

    async def flaky(*args: Any, **more: Any) -> Any:
        told.append(intake.trouble)
        if len(told) < 10:
            raise GraphUnreachableError("graph neo4j: not answering now")
        return await submit(*args, **more)

    monkeypatch.setattr(intake_module, "submit", flaky)
    intake = make_intake(graph)

    assert await intake.take([message(event(serial("a"), id="1"))]) == []

    assert told == [None] + ["graph neo4j: not answering now"] * 9
    assert intake.trouble is None
    assert await logged(graph) == ["1"]


async def test_a_message_that_breaks_the_batch_is_alone_to_blame(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(graph: Graph, batch: Any, *args: Any, **more: Any) -> Any:
        if any(b"poison" in document for document in batch):
            raise StoreError("graph neo4j: the statement was refused")
        return await submit(graph, batch, *args, **more)

    monkeypatch.setattr(intake_module, "submit", breaks)
    sent = [message(event(serial(name), id=name)) for name in ("a", "b", "poison", "c", "d", "e")]

    (letter,) = await make_intake(graph).take(sent)

    assert await logged(graph) == ["a", "b", "c", "d", "e"]
    assert letter.message is sent[2]
    assert (letter.code, len(letter.attempts)) == (Reason.FAILED, 3)
    kept = await graph.read("MATCH (r:Refusal) RETURN r.document, r.code, r.reason")
    assert kept == [[sent[2].body, "failed", letter.reason]]


async def test_every_event_of_a_message_that_fails_is_a_letter_that_can_be_sent_again(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: Any, **__: Any) -> Any:
        raise StoreError("graph neo4j: the statement was refused")

    monkeypatch.setattr(intake_module, "submit", breaks)
    said = event(serial("a"), id="1")
    headers = {f"ce_{name}": str(value) for name, value in said.items() if name != "data"}
    binary = Message(orjson.dumps(said["data"]), headers | {"ce_specversion": "1.0"})
    batch = [event(serial(name), id=name) for name in ("b", "c")]

    await make_intake(graph).take([binary, message(orjson.dumps(batch), **BATCH)])

    letters = (await list_letters(graph)).letters
    outcomes = [await resend(graph, letter.hash, ADMIN) for letter in letters]
    assert {letter.code for letter in letters} == {Reason.FAILED}
    assert [one.outcome and one.outcome.status for (one,) in outcomes] == ["applied"] * 3
    assert set(await logged(graph)) == {"1", "b", "c"}


async def test_a_letter_tells_its_story_in_its_headers(graph: Graph) -> None:
    (letter,) = await make_intake(graph).take([message(b"{", traceparent="00-abc", odd="x")])

    headers = letter.headers()

    assert headers["utcs-code"] == "invalid"
    assert "not JSON" in headers["utcs-reason"]
    assert (headers["utcs-place"], headers["traceparent"]) == ("test", "00-abc")
    assert orjson.loads(headers["utcs-attempts"]) == []


async def test_an_event_that_only_waits_is_no_letter(graph: Graph) -> None:
    late = event({"fact": "end_link", "source": "utcs:TEST:serial:a", "link": "CONTAINS",
                  "target": "utcs:TEST:serial:b", "slot": "1"}, id="late")  # fmt: skip
    intake = make_intake(graph)

    assert await intake.take([message(late)]) == []

    assert intake.counts == {"parked": 1}
    assert [o.status.value for o in await apply(graph, [late])] == ["parked"]
