"""Where do things with states stand, who signed, and what do they rest on? Now, or at all their moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.model.approval import Rest, Signature, Signer
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.resources import Person, Qualification
from graph.model.time import UtcDatetime, from_micros
from graph.store.compile import was_one_of
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_properties
from graph.store.selection import Era
from graph.store.show import reads
from graph.store.text import fill

RESTS: Final = ("ABOUT", "CAUSED_BY", "IMPLEMENTS", "RECOMMENDS", "RESOLVES")
"""The links that steps look at, in either direction."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement about a thing that has states, and what stood beside it at its moment.

    Attributes:
        version: The number of the statement, as in `@n`.
        hash: The hash of what it says.
        valid_from: From when it holds.
        signatures: Those that held then, with since when each.
        seq: The number of the event that made it in the change log.
        rank: The source rank of that event.
    """

    utcs: Utcs
    thing: Kind
    version: int
    hash: str
    valid_from: UtcDatetime
    signatures: tuple[tuple[Signature, UtcDatetime], ...]
    rests: tuple[Rest, ...]
    seq: int
    source: str
    id: str
    actor: str
    rank: int

    @property
    def state(self) -> str | None:
        """The state that it states, if it states one."""
        state = getattr(self.thing, "status", None)
        return None if state is None else str(state)


async def find_standings(graph: Graph, things: Sequence[Utcs]) -> dict[Utcs, Standing]:
    """Returns where things stand now, without those that are not there; the caller bounds them."""
    asked = {"things": [str(utcs) for utcs in things], "every": False}
    found = await _ask(graph, Moment.of(graph, CURRENT), "lifecycle/named", asked)
    return {one.utcs: one for one in found}


async def find_course(graph: Graph, things: Sequence[Utcs], moment: Moment) -> list[Standing]:
    """Returns all that was said of things up to a moment, in the order of time; the caller bounds them."""
    asked = {"things": [str(utcs) for utcs in things], "every": True}
    return await _ask(graph, moment, "lifecycle/named", asked)


async def walk_courses(
    graph: Graph, kind: str, start: str, limit: int, moment: Moment
) -> list[Standing]:
    """Returns all that was said of a window of the things of a kind, by id and in the order of time."""
    asked = {"kind": kind, "start": start, "limit": limit, "every": True}
    return await _ask(graph, moment, "lifecycle/of_kind", asked)


async def find_signer(graph: Graph, utcs: Utcs) -> Signer:
    """Returns a person with the qualifications that are theirs now; without either, if there is none."""
    moment = Moment.of(graph, CURRENT)
    asked = {"utcs": str(utcs), "world": moment.world, "knowledge": moment.knowledge}
    rows = await graph.read(signer_text(moment), asked)
    return _signer(rows[0][0]) if rows else Signer(utcs, None, ())


def signer_text(moment: Moment) -> str:
    """Returns the statement that finds a person and what they are qualified for."""
    return fill("lifecycle/signer", person=_person(moment))


def standings_text(moment: Moment, things: str) -> str:
    """Returns the statement that finds where things stand, or stood at each of their moments."""
    return fill(
        "lifecycle/standings",
        things=fill(things),
        signed=_types(moment, "SIGNED_BY"),
        signed_holds=_holds(moment, "link", "SIGNED_BY"),
        person=_person(moment),
        rests=_types(moment, *RESTS),
        rest_holds=_holds(moment, "link", *RESTS),
        said=fill("lifecycle/holds_at", row="said"),
        type=fill("link/type", link="link"),
        direction=fill("link/direction", link="link", thing="thing"),
    )


def _person(moment: Moment) -> str:
    return fill(
        "lifecycle/person",
        said=fill("lifecycle/holds_at", row="said"),
        qualified=_types(moment, "QUALIFIED_BY"),
        held=_holds(moment, "held", "QUALIFIED_BY"),
        right=fill("lifecycle/holds_at", row="right"),
    )


def _types(moment: Moment, *links: str) -> str:
    """Returns the relationship types of links at any time of the world."""
    return (Era.KNOWN if moment.era is Era.KNOWN else Era.PAST).relationship_types(links)


def _holds(moment: Moment, link: str, *links: str) -> str:
    holds = fill("lifecycle/holds_at", row=link)
    return f"{holds} AND {was_one_of(link, links)}" if moment.era is Era.KNOWN else holds


async def _ask(
    graph: Graph, moment: Moment, things: str, asked: Mapping[str, Any]
) -> list[Standing]:
    times = {"world": moment.world, "knowledge": moment.knowledge}
    rows = await graph.read(standings_text(moment, things), {**times, **asked})
    return [_standing(*row) for row in rows]


def _standing(
    utcs: str, row: Mapping[str, Any], event: Mapping[str, Any], signed: list[Any], rests: list[Any]
) -> Standing:
    return Standing(
        utcs=Utcs.parse(utcs),
        thing=read_properties(row["kind"], row),
        version=row["n"],
        hash=row["hash"],
        valid_from=from_micros(row["valid_from"]),
        signatures=tuple((_signature(*one), from_micros(one[1])) for one in signed),
        rests=tuple(
            Rest(reads(link, side), Utcs.parse(said["utcs"]), read_properties(said["kind"], said))
            for link, side, said in rests
        ),
        seq=event["seq"],
        source=event["source"],
        id=event["id"],
        actor=event["actor"],
        rank=event["rank"],
    )


def _signature(
    slot: str, _since: int, hash: str | None, carried: Mapping[str, Any], person: list[Any]
) -> Signature:
    said = (carried.get("statement"), carried.get("authorisation"))
    return Signature(slot, _signer(person), hash, *said)


def _signer(found: list[Any]) -> Signer:
    utcs, person, qualifications = found
    said = None if person is None else read_properties("person", person)
    held = (read_properties("qualification", one) for one in qualifications)
    return Signer(
        Utcs.parse(utcs),
        said if isinstance(said, Person) else None,
        tuple(one for one in held if isinstance(one, Qualification)),
    )
