"""Which aircraft and units have a passport, and to which of them do other things belong?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from graph.model import ontology
from graph.model.identifier import Utcs
from graph.store.database import Graph

MOST: Final = 10_000
"""So many passports are listed at most."""

_UNITS: Final = frozenset({"serial"})


@dataclass(frozen=True, slots=True)
class Passport:
    """An aircraft or unit, and its passport id."""

    asset: Utcs
    dpp: str


async def find_passports(graph: Graph, things: Collection[str]) -> dict[str, tuple[Passport, ...]]:
    """Returns the passports that things have, and those of what they are installed in or records about.

    The caller bounds how many things there are.
    """
    found: dict[str, list[Passport]] = {}
    rows = await graph.read("exchange/assets", {"things": sorted(things)}) if things else []
    for thing, *said in rows:
        found.setdefault(thing, []).extend(_passports([said]))
    return {thing: tuple(passports) for thing, passports in found.items()}


async def list_passports(graph: Graph) -> tuple[Passport, ...]:
    """Returns the passports of all aircraft and units."""
    return tuple(_passports(await graph.read("exchange/passports", {"limit": MOST})))


def _passports(rows: Iterable[Any]) -> Iterable[Passport]:
    for asset, key in rows:
        if ontology.fits((utcs := Utcs.parse(asset)).kind, _UNITS):
            yield Passport(utcs, key.removeprefix("dpp:"))
