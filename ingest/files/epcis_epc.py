"""Electronic product codes as things: what kind of thing a code names, and what follows from it.

An EPCIS event mentions things; it does not describe them. So nothing is stated of a thing but what
its code says by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from graph.errors import TraceError
from graph.model.alias import Alias
from graph.model.fact import Fact
from graph.model.identifier import Utcs, local_part
from ingest.files.statement import put_link, put_node

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
        utcs: Its identifier: that of the thing that bears the code, else the one made from the code.
        made: The identifier that is made from the code.
        code: The code as it stands in the file.
        alias: The code as an alias; the same however the code is written.
        item: The trade item that it is one of, if its code says so.
    """

    utcs: Utcs
    made: Utcs
    code: str
    alias: Alias
    item: Thing | None = None

    @property
    def key(self) -> str:
        """What the events about the code itself are called."""
        return str(self.alias)

    def facts(self, time: datetime) -> Iterator[Fact]:
        """Yields what follows from the code alone, from when it was met: the same words wherever it is met.

        Of a thing that another system named, its kind and what it is an instance of are that system's.
        """
        if self.utcs.kind == self.made.kind:
            yield put_node(self.utcs, self._properties(), time)
        if self.item and self.utcs == self.made:
            yield put_link(self.utcs, "INSTANCE_OF", self.item.utcs, time)

    def _properties(self) -> dict[str, Any]:
        properties = {"name": self.alias.printed[:300], "aliases": [str(self.alias)]}
        number = self.alias.parts.get(_NUMBERS.get(self.alias.scheme, ""))
        named = _NUMBER_OF.get(self.utcs.kind)
        return properties | ({named: number} if number and named else {})


@dataclass(frozen=True, slots=True)
class Codes:
    """How codes become things.

    Attributes:
        authority: Who issues the identifiers that are made.
        known: The things that the graph has already, by the key of their alias.
    """

    authority: str
    known: Mapping[str, Utcs]

    def thing(self, code: str, otherwise: str = "serial") -> Thing:
        """Returns the thing that a code names.

        Args:
            code: An EPC URN, a GS1 Digital Link, or any other URI.
            otherwise: The kind of a thing whose code does not say what it is.

        Raises:
            TraceError: The code is no URI.
        """
        alias = _alias(code)
        gtin = alias.parts.get("gtin") if alias.scheme != "gtin" else None
        item = self.thing(f"gtin:{gtin}") if gtin else None
        local = local_part(f"{alias.scheme}.{alias.value.replace('/', '.')}")
        made = Utcs(self.authority, _KINDS.get(alias.scheme, otherwise), local)
        return Thing(self.known.get(str(alias), made), made, code, alias, item)


def _alias(code: str) -> Alias:
    meant = Alias.guess(code) if ":" in code else []
    fitting = (alias for schemes in (_KINDS, _OTHERS) for alias in meant if alias.scheme in schemes)
    alias = next(fitting, None)
    if alias is None:
        raise TraceError(
            f"EPC {code[:100]!r} is no URI; write it as urn:epc:… or a GS1 Digital Link"
        )
    return alias
