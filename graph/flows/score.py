"""Scoring sources: how much of what each sends is taken, complete and sound, stated on the source itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from graph.flows.cleanse import SOURCE
from graph.flows.submit import Principal, submit
from graph.model.event import Event
from graph.model.fact import Facts, PutNode
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome
from graph.model.quality_rule import Record
from graph.model.time import from_micros, to_micros
from graph.store.database import Graph
from graph.store.sources import Tally, find_sent, source_records, tally

COUNTS: Final = "quality"
"""Where in a source's `extra` the counts stand that its score was computed from."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one source.

    Attributes:
        uri: The source, as its events carry it.
        utcs: The source as a thing; None where no thing, or more than one, has that `uri`.
        percent: The score, from 0 to 100; None where there is nothing to judge by.
        counts: What it was computed from.
        outcome: What became of the event that states it; None where there was nothing new to state.
    """

    uri: str
    utcs: Utcs | None
    percent: Decimal | None
    counts: Mapping[str, int]
    outcome: Outcome | None = None


async def score_sources(graph: Graph, principal: Principal) -> tuple[Score, ...]:
    """Scores every source, and states the score on those that are things; meant to run once a day.

    Raises:
        ForbiddenError: The principal may not write.
    """
    principal.require("editor")
    now = from_micros(
        graph.clock()
    )  # before anything is read: what is said from here on comes after
    named: defaultdict[str, list[Record]] = defaultdict(list)
    for thing in (await source_records(graph)).values():
        if thing.get("uri") is not None:
            named[thing.get("uri")].append(thing)
    tallies = await tally(graph)
    uris = sorted({*named, *tallies})
    sent = await find_sent(graph, uris)
    scores, events = [], {}
    for uri in uris:
        record = named[uri][0] if len(named[uri]) == 1 else None
        score, event = _score(uri, record, tallies.get(uri, Tally()), sent[uri], principal, now)
        scores.append(score)
        if event is not None:
            events[uri] = event
    outcomes = await submit(graph, list(events.values()), principal) if events else []
    became = dict(zip(events, outcomes, strict=True))
    return tuple(replace(score, outcome=became.get(score.uri)) for score in scores)


def _score(
    uri: str,
    record: Record | None,
    tally: Tally,
    sent: tuple[int, int],
    principal: Principal,
    now: datetime,
) -> tuple[Score, Event | None]:
    """Returns the score of a source, and the event that states it, if it says anything new."""
    accepted, refused = sent
    counts = {
        "accepted": accepted, "refused": refused, "things": tally.things,
        "complete": tally.complete, "complete_of": tally.complete_of,
        "sound": tally.sound, "sound_of": tally.sound_of,
    }  # fmt: skip
    before = record.thing.extra.get(COUNTS) if record else None
    percent = percent_of(counts, before if isinstance(before, dict) else {})
    score = Score(uri, record.utcs if record else None, percent, counts)
    if record is None or percent is None or before == counts:
        return score, None
    said = record.thing.model_dump() | {
        "quality_percent": percent,
        "extra": record.thing.extra | {COUNTS: counts},
    }
    event = Event(
        source=SOURCE,
        id=f"score {record.utcs} {to_micros(now)}",
        subject=record.utcs,
        time=now,
        actor=principal.actor,
        sourcerank=record.rank,
        data=Facts(
            facts=(PutNode(utcs=record.utcs, properties=type(record.thing).model_validate(said)),)
        ),
    )
    return score, event


def percent_of(counts: Mapping[str, int], before: Mapping[str, Any]) -> Decimal | None:
    """Returns the score that counts come to: the mean of three shares, of those that can be told.

    Acceptance: of what was sent since the counts before, how much was accepted. Completeness: of the rules
    of completeness that apply to what holds now as the source says, how much is kept, by weight. Soundness:
    the same of all other rules that find fault.
    """
    accepted, refused = (
        max(counts[name] - _number(before.get(name)), 0) for name in ("accepted", "refused")
    )
    shares = [
        Fraction(good, of)
        for good, of in (
            (accepted, accepted + refused),
            (counts["complete"], counts["complete_of"]),
            (counts["sound"], counts["sound_of"]),
        )
        if of
    ]
    if not shares:
        return None
    mean = sum(shares, Fraction(0)) / len(shares) * 100
    return Decimal(round(mean * 10)) / 10


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
