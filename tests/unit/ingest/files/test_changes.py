from datetime import UTC, datetime

from graph.model.event import Event
from graph.model.fact import Fact, PutLink
from graph.model.identifier import Utcs
from ingest.files.changes import Unchanged, changed
from ingest.files.statement import Speaker, make_event, put_link, put_node

A, B = (Utcs("ACME", "requirement", local) for local in "AB")
SINCE = datetime(2026, 1, 15, tzinfo=UTC)


def event() -> Event:
    facts: list[Fact] = [put_node(A, {"name": "one"}, SINCE), put_link(A, "DERIVES_FROM", B, SINCE)]
    stated = datetime(2026, 7, 1, tzinfo=UTC)
    return make_event(Speaker("file:a.csv", "me", "ACME"), "A #1", facts, stated)


def test_event_of_which_nothing_is_believed_is_sent_as_it_is() -> None:
    assert changed(event(), (False, False)) == event()


def test_event_of_which_all_is_believed_is_not_sent() -> None:
    assert changed(event(), (True, True)) == Unchanged(event())


def test_only_what_is_not_believed_is_stated_under_an_id_of_its_own() -> None:
    """An id stands for one content: the same id with less in it would be refused."""
    whole = event()

    part = changed(whole, (True, False))

    assert isinstance(part, Event)
    assert part.facts == whole.facts[1:]
    assert isinstance(part.facts[0], PutLink)
    assert part.id.startswith("A #1#")
    assert part.id != whole.id
    assert (part.time, part.source, part.actor) == (whole.time, whole.source, whole.actor)
    assert part == changed(whole, (True, False))
