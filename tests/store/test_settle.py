"""Dead letters are kept to the byte, settled by one person each, and remember what was done about them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

import cypher
from graph.flows.settle import discard, resend
from graph.flows.submit import ForbiddenError, Principal, submit
from graph.model.event import MAX_BYTES, Event
from graph.model.outcome import Reason, Status
from graph.store.apply import apply
from graph.store.changes import changes
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.expire import expire
from graph.store.letters import (
    OPEN,
    Selection,
    State,
    count_letters,
    list_letters,
    open_letter,
)
from graph.store.settle import SettledError
from tests.store.saying import contains, correct, event, put, retire, serial

ANNA, BERT = Principal.of("anna", "admin"), Principal.of("bert", "admin")
EDITOR = Principal.of("erik", "editor")


def hash_of(document: bytes) -> str:
    return sha256(document).hexdigest()


async def refuse(graph: Graph, *documents: Any, by: Principal = EDITOR) -> list[str]:
    """Has documents refused together and returns the hashes of their letters."""
    outcomes = await submit(graph, list(documents), by)
    assert {outcome.status for outcome in outcomes} == {Status.REFUSED}
    return [hash_of(d if isinstance(d, bytes) else orjson.dumps(d)) for d in documents]


def bad(local: str = "a", **attributes: Any) -> dict[str, Any]:
    """An event with a property that nothing has."""
    return event(serial(local, colour="red"), **attributes)


def dangling(**attributes: Any) -> dict[str, Any]:
    """An event that is refused as long as serial a is installed in b."""
    return event(retire("a"), on=5, **attributes)


async def install(graph: Graph) -> str:
    """Installs serial a in b and returns the id of the event that says so."""
    installed = event(contains("b", "a"), on=1)
    await apply(graph, [event(serial("a"), serial("b")), installed])
    return str(installed["id"])


async def history(graph: Graph, hash: str) -> list[tuple[str, str, str | None]]:
    """What was done about a letter: by whom, what, and how it ended."""
    opened = await open_letter(graph, hash)
    return [
        (one.actor, one.action.value, one.outcome.status.value if one.outcome else None)
        for one in opened.settlements
    ]


@pytest.mark.parametrize(
    "document",
    [
        b'{"broken": \xff\xfe\x00}',
        b"",
        b"\n not json \r\n",
        '{"id": "ä", "id": "ö"}'.encode("utf-16"),
        b'{"id": "1",  "source": "urn:test", "data": {"facts": [{"fact": "\xc3\xa4"}]}}\n',
        orjson.dumps(bad(serial="x" * 1000)).ljust(MAX_BYTES),
        b"x" * (MAX_BYTES + 1),
    ],
    ids=["broken", "empty", "text", "utf-16", "spaced", "1 MiB", "over 1 MiB"],
)
async def test_what_was_sent_is_kept_to_the_byte(graph: Graph, document: bytes) -> None:
    (hash,) = await refuse(graph, document)

    opened = await open_letter(graph, hash)

    assert opened.document == document
    assert opened.is_whole
    assert (opened.letter.size, opened.letter.actor) == (len(document), "erik")


async def test_far_too_large_is_kept_in_part_and_not_sent_again(graph: Graph) -> None:
    (hash,) = await refuse(graph, b"x" * 5_000_000)

    opened = await open_letter(graph, hash)

    assert (len(opened.document), opened.is_whole) == (4 * 1024 * 1024, False)
    with pytest.raises(BadQuestionError, match="not all 5,000,000 bytes are kept"):
        await resend(graph, hash, ANNA)


async def test_letter_is_applied_in_the_name_of_its_sender_once_its_cause_is_gone(
    graph: Graph,
) -> None:
    installed = await install(graph)
    (hash,) = await refuse(graph, dangling(actor="someone else"))
    await apply(graph, [event(correct(installed))])

    (done,) = await resend(graph, hash, ANNA, reason="the installation was wrong")

    last = (await changes(graph))[-1]
    opened = await open_letter(graph, hash)
    assert done.outcome is not None
    assert (done.outcome.status, done.outcome.seq) == (Status.APPLIED, last.seq)
    assert (done.sent, done.reason, done.number) == (hash, "the installation was wrong", 1)
    assert last.actor == "erik"
    assert opened.settlements == (done,)
    assert opened.letter.state is State.RESENT
    assert await count_letters(graph) == 0


async def test_what_an_admin_passed_on_stays_anothers(graph: Graph) -> None:
    installed = await install(graph)
    (hash,) = await refuse(graph, dangling(actor="gateway"), by=BERT)
    await apply(graph, [event(correct(installed))])

    await resend(graph, hash, ANNA)

    assert (await changes(graph))[-1].actor == "gateway"


async def test_letter_that_is_refused_again_stays_open_and_counts(graph: Graph) -> None:
    (hash,) = await refuse(graph, b'{"spaced":   1}')

    (done,) = await resend(graph, hash, ANNA)

    letter = (await open_letter(graph, hash)).letter
    assert not done.is_settled
    assert (letter.state, letter.attempts) == (State.OPEN, 2)
    assert await history(graph, hash) == [("anna", "resent", "refused")]
    assert await count_letters(graph) == 1


async def test_mended_document_settles_the_letter_and_is_kept_beside_it(graph: Graph) -> None:
    (hash,) = await refuse(graph, bad(id="e"))
    still_bad, good = orjson.dumps(bad(id="e", on=1)), orjson.dumps(event(serial("a"), id="e"))

    tried = await resend(graph, hash, ANNA, mended=still_bad)
    done = await resend(graph, hash, BERT, mended=good, reason="no colour")

    letter = (await open_letter(graph, hash)).letter
    rows = await graph.read("MATCH (s:Settlement) RETURN s.document ORDER BY s.number")
    assert [tried[0].is_settled, done[0].is_settled] == [False, True]
    assert (letter.state, letter.attempts) == (State.MENDED, 2)
    assert await history(graph, hash) == [
        ("anna", "mended", "refused"),
        ("bert", "mended", "applied"),
    ]
    assert [done[0].sent, [bytes(kept) for (kept,) in rows]] == [hash_of(good), [still_bad, good]]
    assert await count_letters(graph, replace(OPEN, state=None)) == 1  # a try is no further letter


async def test_discarded_letter_stays_readable_with_who_and_why(graph: Graph) -> None:
    (hash,) = await refuse(graph, b"\xff")

    await discard(graph, hash, ANNA, " noise of a test bench ")

    opened = await open_letter(graph, hash[:8])
    (done,) = opened.settlements
    assert (opened.letter.state, opened.document) == (State.DISCARDED, b"\xff")
    assert (done.actor, done.reason, done.sent, done.outcome) == (
        "anna", "noise of a test bench", None, None,
    )  # fmt: skip
    assert [await count_letters(graph, replace(OPEN, state=s)) for s in (State.OPEN, None)] == [
        0,
        1,
    ]


async def test_settled_letter_that_is_refused_anew_is_open_with_its_history(graph: Graph) -> None:
    (hash,) = await refuse(graph, b"\xff")
    await discard(graph, hash, ANNA, "noise")

    await refuse(graph, b"\xff")

    assert (await open_letter(graph, hash)).letter.state is State.OPEN
    await discard(graph, hash, BERT, "noise again")
    assert await history(graph, hash) == [("anna", "discarded", None), ("bert", "discarded", None)]


async def test_of_two_who_settle_at_once_one_wins_and_the_other_is_told(graph: Graph) -> None:
    installed = await install(graph)
    (hash,) = await refuse(graph, dangling())
    await apply(graph, [event(correct(installed))])
    before = len(await changes(graph))

    answers = await asyncio.gather(
        *(resend(graph, hash, who) for who in (ANNA, BERT)),
        *(discard(graph, hash, who, "old") for who in (ANNA, BERT)),
        return_exceptions=True,
    )

    lost = [answer for answer in answers if isinstance(answer, BaseException)]
    state = (await open_letter(graph, hash)).letter.state
    assert [type(one) for one in lost] == [SettledError] * 3
    assert f"was {state} already" in str(lost[0])
    assert len(await history(graph, hash)) == 1
    assert len(await changes(graph)) - before == (state is State.RESENT)


async def test_settling_of_a_letter_that_is_settled_applies_nothing(graph: Graph) -> None:
    (hash,) = await refuse(graph, bad(id="e"))
    await discard(graph, hash, ANNA, "noise")

    with pytest.raises(SettledError, match="was discarded already"):
        await resend(graph, hash, BERT, mended=orjson.dumps(event(serial("a"), id="e")))

    assert await changes(graph) == ()


async def test_group_is_sent_again_as_a_whole(graph: Graph) -> None:
    installed = await install(graph)
    hashes = await refuse(graph, event(serial("c"), group="g"), dangling(group="g"))
    await apply(graph, [event(correct(installed))])

    done = await resend(graph, hashes[0], ANNA)

    assert {one.letter for one in done} == set(hashes)
    assert [one.outcome and one.outcome.status for one in done] == [Status.APPLIED] * 2
    assert await count_letters(graph) == 0


async def test_group_with_one_event_mended_goes_as_a_whole_and_is_not_torn_apart(
    graph: Graph,
) -> None:
    wrong = event(serial("d", colour="red"), group="g", id="d")
    (good, broken) = await refuse(graph, event(serial("c"), group="g"), wrong)
    alone = event(serial("d"), id="d")

    with pytest.raises(BadQuestionError, match="of group 'g' of source 'urn:test'"):
        await resend(graph, broken, ANNA, mended=orjson.dumps(alone))
    done = await resend(graph, broken, ANNA, mended=orjson.dumps(alone | {"group": "g"}))

    assert {one.letter: one.action for one in done} == {
        good: State.RESENT,
        broken: State.MENDED,
    }
    assert await count_letters(graph) == 0


async def test_correction_that_was_refused_can_be_sent_again(graph: Graph) -> None:
    first, second = event(serial("a")), event(put("utcs:TEST:serial:a", serial_number="a"), on=1)
    await apply(graph, [first, second])
    correction = event(correct(second["id"]))
    await apply(graph, [correction])
    (hash,) = await refuse(graph, event(correct(second["id"])))

    (done,) = await resend(graph, hash, ANNA)

    assert done.outcome is not None
    assert (done.outcome.status, done.outcome.code) == (Status.REFUSED, Reason.CORRECTION)


async def test_parked_letter_is_settled_and_opens_again_under_its_hash_when_it_expires(
    graph: Graph,
) -> None:
    sent = orjson.dumps(event(contains("a", "b"), on=1), option=orjson.OPT_INDENT_2)
    await submit(graph, [sent], EDITOR)
    graph.clock = lambda: 4_000_000_000_000_000
    await expire(graph)
    letter = (await list_letters(graph)).letters[0]

    (done,) = await resend(graph, letter.hash, ANNA)
    graph.clock = lambda: 5_000_000_000_000_000
    await expire(graph)

    opened = await open_letter(graph, hash_of(sent))
    assert (letter.code, letter.actor) == ("expired", "erik")
    assert done.outcome is not None
    assert done.outcome.status is Status.PARKED
    assert (opened.document, opened.letter.state, opened.letter.attempts) == (sent, State.OPEN, 2)
    assert await history(graph, letter.hash) == [("anna", "resent", "parked")]


async def test_failed_transaction_settles_nothing(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hash,) = await refuse(graph, bad(id="e"))

    async def fail(*_: Any) -> None:
        raise OSError("cut")

    with monkeypatch.context() as broken:
        broken.setattr("graph.store.settle.record_settlements", fail)
        with pytest.raises(OSError, match="cut"):
            await resend(graph, hash, ANNA, mended=orjson.dumps(event(serial("a"), id="e")))

    assert await changes(graph) == ()
    assert await history(graph, hash) == []
    assert await count_letters(graph) == 1


async def test_letters_are_listed_page_by_page_and_by_what_they_have_in_common(
    graph: Graph,
) -> None:
    for number in range(3):
        graph.clock = lambda at=number + 10: at * 1_000_000  # type: ignore[misc]
        await refuse(graph, bad(id=f"e{number}"), b"\xff%d" % number)
    seen, after = [], None

    while True:
        page = await list_letters(graph, first=2, after=after)
        seen += [letter.hash for letter in page.letters]
        if (after := page.next) is None:
            break

    times = [(await open_letter(graph, hash)).letter.last_at for hash in seen]
    one = times[2]
    assert len(set(seen)) == page.total == 6
    assert times == sorted(times, reverse=True)
    assert await count_letters(graph, Selection(source="urn:test")) == 3
    assert await count_letters(graph, Selection(code=Reason.INVALID)) == 6
    assert await count_letters(graph, Selection(code=Reason.CYCLE)) == 0
    assert await count_letters(graph, Selection(since=one)) == 4
    assert await count_letters(graph, Selection(until=one)) == 2
    with pytest.raises(BadQuestionError, match="not a cursor of letters"):
        await list_letters(
            graph, Selection(source="x"), after=(await list_letters(graph, first=2)).next
        )


async def test_letter_is_found_by_as_much_of_its_hash_as_tells_it_from_others(
    graph: Graph,
) -> None:
    rows = [{"hash": f"abcdef{n}".ljust(64, "0"), "at": 0} for n in range(2)]
    async with graph.transaction() as tx:
        await tx.run(
            "UNWIND $rows AS row CREATE (:Refusal {hash: row.hash, code: 'invalid', reason: 'x', "
            "event: 'é', size: 2, attempts: 1, first_at: 0, last_at: 0, state: 'open'})",
            rows=rows,
        )

    opened = await open_letter(graph, "ABCDEF1")

    assert (opened.letter.hash, opened.document) == (rows[1]["hash"], "é".encode())
    assert not opened.is_whole
    with pytest.raises(BadQuestionError, match="several begin abcdef"):
        await open_letter(graph, "abcdef")
    with pytest.raises(NotFoundError, match="begins abcdee"):
        await open_letter(graph, "abcdee")
    for wrong in ("", "abc", "xyz123", "a" * 65, "\ud800"):
        with pytest.raises(BadQuestionError, match="no hash of a dead letter"):
            await open_letter(graph, wrong)


async def test_letter_of_an_earlier_release_is_open_readable_and_can_be_sent_again(
    graph: Graph,
) -> None:
    said = Event.model_validate(event(serial("a"), actor="gateway")).canonical()
    old = (
        "CREATE (:Refusal {hash: $hash, source: 'urn:test', id: 'e', code: 'expired', reason: 'x', "
    )
    times = "event: $event, size: 1, attempts: 1, first_at: 0, last_at: 0})"
    async with graph.transaction() as tx:
        await tx.run(old + times, hash=hash_of(said), event=said.decode())
        await tx.run("schema/0021_open_refusals")

    (letter,) = (await list_letters(graph)).letters
    opened = await open_letter(graph, letter.hash)
    (done,) = await resend(graph, letter.hash, ANNA)

    assert (opened.document, opened.is_whole, letter.actor) == (said, True, None)
    assert done.is_settled
    assert (await changes(graph))[-1].actor == "gateway"


async def test_only_admins_settle_and_a_reason_is_text(graph: Graph) -> None:
    (hash,) = await refuse(graph, b"\xff")

    for settling in (resend(graph, hash, EDITOR), discard(graph, hash, EDITOR, "x")):
        with pytest.raises(ForbiddenError, match="'admin'"):
            await settling
    for reason in ("", "  ", "x" * 1001, "bell \x07"):
        with pytest.raises(BadQuestionError, match="reason: "):
            await discard(graph, hash, ANNA, reason)
    assert await history(graph, hash) == []


def test_no_statement_changes_or_deletes_what_was_recorded() -> None:
    root = Path(cypher.__file__).parent
    texts = [file.read_text(encoding="utf-8") for file in root.rglob("*.cypher")]

    written = [text for text in texts if "CREATE (s:Settlement)" in text]
    about = [text for text in texts if "Settlement" in text or "Refusal" in text]
    assert len(written) == 1
    assert [text for text in about if "DELETE" in text] == []
