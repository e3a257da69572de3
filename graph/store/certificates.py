"""Which certificates release it? The papers of a unit or of work, with what they cover and who signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.maintenance import CertificateStatus, Release, ReleaseForm, WorkOrder
from graph.model.product import Part
from graph.model.time import Coordinates, UtcDatetime, from_micros, parse_utc
from graph.store.database import Graph
from graph.store.moment import CURRENT, Moment
from graph.store.node import read_as, read_properties
from graph.store.text import fill

MOST: Final = 100
"""So many certificates are read, and so many items, orders and signatures of each."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a certificate covers.

    Attributes:
        thing: What is said of it.
        part: The part number that it is made to; None where nothing says it.
    """

    utcs: Utcs
    thing: Kind
    part: Part | None


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a certificate, in which role.

    Attributes:
        pseudonym: What stands for the person here.
        authorisation: The licence or authorisation that it rests on.
    """

    role: str
    person: Utcs
    pseudonym: str | None
    signed_at: UtcDatetime
    authorisation: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """One certificate.

    Attributes:
        version: The number of the statement that holds, as in `@n`.
        items: What it certifies.
        orders: The work that it releases, each with what was worked on.
    """

    utcs: Utcs
    version: int
    release: Release
    items: tuple[Item, ...]
    orders: tuple[tuple[Utcs, WorkOrder, tuple[Item, ...]], ...]
    signatures: tuple[Signed, ...]

    @property
    def holds(self) -> bool:
        """Whether it was neither revoked nor superseded."""
        return self.release.status in (None, CertificateStatus.VALID)

    def signature(self, role: str) -> Signed | None:
        """Returns the signature in a role, if there is one."""
        return next((one for one in self.signatures if one.role == role), None)


async def find_papers(
    graph: Graph, thing: Utcs, forms: Collection[ReleaseForm], *, at: Coordinates = CURRENT
) -> tuple[Paper, ...]:
    """Returns the certificates of some forms that a thing is, has, or is released by, the newest first.

    Those of work on a unit are those of the unit, too. Of what is not there, there are none.
    """
    moment = Moment.of(graph, at)
    asked = {"thing": str(thing), "forms": sorted(forms), "most": MOST}
    row = await moment.ask(graph, papers_text(moment), asked)
    return tuple(_paper(*one) for one in (row[0] if row else []))


def papers_text(moment: Moment) -> str:
    """Returns the statement that reads certificates."""
    links = {
        "certified": "CERTIFIED_BY",
        "covers": "CERTIFIED_BY",
        "releases": "RELEASES",
        "works": "WORKS_ON",
        "made": "INSTANCE_OF",
        "signed": "SIGNED_BY",
    }
    types = {"certified": "certified", "releases": "releases", "works_on": "works",
             "instance_of": "made", "signed": "signed"}  # fmt: skip
    return fill(
        "certificate/papers",
        **{gap: moment.types([links[name]]) for gap, name in types.items()},
        **{f"{name}_holds": moment.holds(name, [link]) for name, link in links.items()},
        **{f"holds_{row}": moment.holds_row(row) for row in ("row", "said", "defined")},
        pseudonym=moment.said("person", "pseudonym"),
        stale=fill("thing/stale"),
    )


def _paper(
    stored: Mapping[str, Any], items: Sequence[Any], orders: Sequence[Any], signed: Sequence[Any]
) -> Paper:
    return Paper(
        utcs=Utcs.parse(stored["utcs"]),
        version=stored["n"],
        release=read_as(Release, stored),
        items=tuple(_item(*one) for one in items),
        orders=tuple(
            (Utcs.parse(order), read_as(WorkOrder, said), tuple(_item(*one) for one in units))
            for order, said, units in orders
        ),
        signatures=tuple(_signed(*one) for one in signed),
    )


def _item(utcs: str, kind: str, said: Mapping[str, Any], part: Mapping[str, Any] | None) -> Item:
    made_to = None if part is None else read_as(Part, part)
    return Item(Utcs.parse(utcs), read_properties(kind, said), made_to)


def _signed(
    role: str, person: str, pseudonym: str | None, carried: Mapping[str, Any], since: int
) -> Signed:
    written = carried.get("signed_at")
    at = parse_utc(written) if written else from_micros(since)
    return Signed(role, Utcs.parse(person), pseudonym, at, carried.get("authorisation"))
