"""How the fleet is told: identifiers, moments, facts and the events of each source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from graph.model.event import Event
from graph.model.fact import EndLink, Fact, Facts, PutLink, PutNode, RetireNode
from graph.model.identifier import Utcs
from graph.model.kind import Kind

AUTHORITY: Final = "AMPEL360"

LAUNCHED: Final = datetime(2017, 1, 9, 8, tzinfo=UTC)
"""The first requirement."""

CERTIFIED: Final = datetime(2022, 3, 15, 10, tzinfo=UTC)
"""The day of the type certificate."""

NOW: Final = datetime(2025, 11, 3, 6, tzinfo=UTC)
"""Where the story stops; nothing in it is later, except what is due or expires."""


def stream(seed: int, *area: str | int) -> Random:
    """Returns the random numbers of one area, which other areas cannot shift."""
    return Random("/".join(map(str, (seed, *area))))  # noqa: S311 — a story, not a secret


def utcs(kind: str, local: str) -> Utcs:
    """Returns the identifier of a thing of the fleet."""
    return Utcs(AUTHORITY, kind, local)


def days(count: float) -> timedelta:
    """Returns a span in whole seconds, so that times read like those of real records."""
    return timedelta(seconds=round(count * 86_400))


def put(thing: Utcs, properties: Kind, at: datetime | None = None) -> Fact:
    """States what a thing is."""
    return PutNode(utcs=thing, properties=properties, valid_from=at)


def retire(thing: Utcs, reason: str) -> Fact:
    """States that a thing is no more."""
    return RetireNode(utcs=thing, reason=reason)


def link(source: Utcs, name: str, target: Utcs, slot: str | None = None, **carried: Any) -> Fact:
    """States that one thing depends on another."""
    return PutLink(source=source, link=name, target=target, slot=slot, properties=carried)


def end(source: Utcs, name: str, target: Utcs, slot: str | None = None) -> Fact:
    """States that it does no longer."""
    return EndLink(source=source, link=name, target=target, slot=slot)


class Source:
    """A system that tells what happens, with the pseudonym of the account it uses."""

    def __init__(self, name: str) -> None:
        """Names the system, such as plm, mes or amos."""
        self._source = f"urn:ampel360:{name}"
        self._account = f"svc-{name}"

    def event(
        self, id: str, time: datetime, facts: Iterable[Fact], actor: str | None = None
    ) -> Event:
        """Returns one happening; its subject is the thing that the first fact speaks of."""
        told = tuple(facts)
        return Event(
            id=id,
            source=self._source,
            subject=_spoken_of(told[0]),
            time=time,
            actor=actor or self._account,
            data=Facts(facts=told),
        )


def _spoken_of(fact: Fact) -> Utcs | None:
    if isinstance(fact, PutNode | RetireNode):
        return fact.utcs
    return fact.source if isinstance(fact, PutLink | EndLink) else None


PLM: Final = Source("plm")
MES: Final = Source("mes")
ERP: Final = Source("erp")
AMOS: Final = Source("amos")
LIMS: Final = Source("lims")
QMS: Final = Source("qms")
CAOS: Final = Source("caos")
OPS: Final = Source("ops")
MLOPS: Final = Source("mlops")
AUTHORITY_FEED: Final = Source("easa")
