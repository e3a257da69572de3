"""Electronic product codes as things: what kind of thing a code names, and what follows from it.

An EPCIS event mentions things; it does not describe them. So nothing is stated of a thing but what
its code says by itself, and that from before all other statements, so that it never stands in the
way of what another system knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from graph.errors import TraceError
from graph.model.alias import Alias
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from ingest.files.statement import Speaker, local_part, put_link, put_node

BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""From when a code is a code: before anything that another system states of the thing."""

_KINDS: Final = {
    "sgtin": "serial",
    "grai": "serial",
    "giai": "serial",
    "sscc": "serial",
    "cage-serial": "serial",
    "lgtin": "batch",
    "gtin": "part",
    "sgln": "facility",
}
_OTHERS: Final = ("uri", "url")
_NUMBERS: Final = {
    "sgtin": "serial",
    "grai": "serial",
    "giai": "asset",
    "sscc": "sscc",
    "cage-serial": "serial",
    "lgtin": "lot",
    "gtin": "gtin",
}
_NUMBER_OF: Final = {"serial": "serial_number", "batch": "number", "part": "number"}


@dataclass(frozen=True, slots=True)
class Thing:
    """The thing that a code names.

    Attributes:
        utcs: Its identifier.
        code: The code as it stands in the file.
        alias: The code as an alias; the same however the code is written.
        item: The trade item that it is one of, if its code says so.
    """

    utcs: Utcs
    code: str
    alias: Alias
    item: Thing | None = None

    @property
    def key(self) -> str:
        """What the events about the code itself are called."""
        return str(self.alias)

    def facts(self) -> list[Fact]:
        """Returns what follows from the code alone: the same facts wherever it is met."""
        facts: list[Fact] = [put_node(self.utcs, self._properties())]
        if self.item:
            facts.append(put_link(self.utcs, "INSTANCE_OF", self.item.utcs))
        return facts

    def _properties(self) -> dict[str, Any]:
        properties = {"name": self.alias.printed[:300], "aliases": [str(self.alias)]}
        number = self.alias.parts.get(_NUMBERS.get(self.alias.scheme, ""))
        named = _NUMBER_OF.get(self.utcs.kind)
        return properties | ({named: number} if number and named else {})


def thing_of(code: str, speaker: Speaker, *, otherwise: str = "serial") -> Thing:
    """Returns the thing that a code names.

    Args:
        code: An EPC URN, a GS1 Digital Link, or any other URI.
        speaker: Whose identifiers are made.
        otherwise: The kind of a thing whose code does not say what it is.

    Raises:
        TraceError: The code is no URI.
    """
    meant = Alias.guess(code) if ":" in code else []
    known = (a for scheme in (_KINDS, _OTHERS) for a in meant if a.scheme in scheme)
    alias = next(known, None)
    if alias is None:
        raise TraceError(
            f"EPC {code[:100]!r} is no URI; write it as urn:epc:… or a GS1 Digital Link"
        )
    gtin = alias.parts.get("gtin") if alias.scheme != "gtin" else None
    item = thing_of(f"gtin:{gtin}", speaker) if gtin else None
    local = local_part(f"{alias.scheme}.{alias.value.replace('/', '.')}")
    utcs = Utcs(speaker.authority, _KINDS.get(alias.scheme, otherwise), local)
    return Thing(utcs, code, alias, item)
