"""CycloneDX bills of material (1.4 to 1.6, JSON): software, and what it is built with.

See docs/loading.md for what becomes of which member.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from graph.errors import TraceError
from graph.model.alias import Alias, AliasError
from graph.model.event import Event
from graph.model.fact import Fact
from graph.model.identifier import Utcs
from graph.model.time import parse_utc
from ingest.files.json_document import read_document
from ingest.files.known import NOTHING, Known
from ingest.files.rejected import Rejected, file_error
from ingest.files.statement import Speaker, make_event, put_link, put_node

VERSIONS: Final = ("1.4", "1.5", "1.6")
MAX_DEPTH: Final = 64
"""How deep components may contain each other."""

_HARDWARE: Final = frozenset({"device"})
_LINKS: Final = {
    ("software", "software"): "BUILT_WITH",
    ("software", "part"): "RUNS_ON",
    ("part", "software"): "HAS_COMPONENT",
    ("part", "part"): "HAS_COMPONENT",
}
"""What a dependency is, by the kinds at its ends."""


def read_cyclonedx(
    path: Path,
    *,
    speaker: Speaker,
    now: datetime,
    at: datetime | None = None,
    stated: datetime | None = None,
    known: Known = NOTHING,
) -> Iterator[Event | Rejected]:
    """Yields one event for each component, then one for each that depends on others.

    Args:
        path: The bill.
        speaker: On whose word.
        now: When it is loaded.
        at: From when it is true; by default the bill's `metadata.timestamp`.
        stated: When it says so; by default the same.
        known: Things that bear the package URL of a component already; those mean the component.

    Raises:
        FileError: It is no bill of a known version, or does not say from when it is true.
    """
    bill = read_bill(path)
    made = _made(path, bill, at, stated or now)
    reader = _Bill(speaker, at or made, stated or made, known)
    yield from reader.components(bill)
    yield from reader.dependencies(bill)


def read_bill(path: Path) -> dict[str, Any]:
    """Returns the JSON of a bill of material.

    Raises:
        FileError: It is none, or of a version that is not read.
    """
    bill = read_document(path)
    if not isinstance(bill, dict) or bill.get("bomFormat") != "CycloneDX":
        raise file_error(path, "is no CycloneDX bill: bomFormat is missing")
    if bill.get("specVersion") not in VERSIONS:
        given = str(bill.get("specVersion"))
        raise file_error(
            path, f"is CycloneDX {given:.20}; convert it to one of {', '.join(VERSIONS)}"
        )
    return bill


def aliases_in(path: Path) -> set[str]:
    """Returns the keys of all aliases that stand in a bill, to ask who bears them."""
    return {key for _, component in _walk(read_bill(path)) if (key := _alias(component))}


class _Bill:
    """One pass through one bill."""

    def __init__(self, speaker: Speaker, since: datetime, stated: datetime, known: Known) -> None:
        self.speaker, self.since, self.stated, self.known = speaker, since, stated, known
        self.named: dict[str, Utcs] = {}
        self.told: dict[Utcs, dict[str, Any]] = {}
        self.inside: list[tuple[Utcs, Utcs]] = []

    def components(self, bill: Mapping[str, Any]) -> Iterator[Event | Rejected]:
        parents: dict[int, Utcs] = {}
        for parent, component in _walk(bill):
            try:
                utcs = self._name(component)
                event = self._told(utcs, component)
            except TraceError as error:
                yield _rejected(component, error.message)
                continue
            parents[id(component)] = utcs
            if parent is not None and (above := parents.get(id(parent))):
                self.inside.append((above, utcs))
            if event is not None:
                yield event

    def _told(self, utcs: Utcs, component: Mapping[str, Any]) -> Event | None:
        """Returns the event about a component; None if it was told, or another speaks for it."""
        if reference := component.get("bom-ref"):
            self.named[str(reference)] = utcs
        if utcs.authority != self.speaker.authority or utcs.kind not in ("software", "part"):
            return None  # known by its package URL; its owner speaks for it
        said = {n: v for n, v in component.items() if n not in ("bom-ref", "components")}
        if (before := self.told.setdefault(utcs, said)) is not said:
            if before != said:
                raise TraceError("the same package stands there twice, in other words; keep one")
            return None
        fact = put_node(utcs, _properties(utcs, component), self.since)
        return make_event(self.speaker, utcs.local, [fact], self.stated)

    def dependencies(self, bill: Mapping[str, Any]) -> Iterator[Event | Rejected]:
        """Yields what components depend on, then what contains them."""
        told: set[tuple[Utcs, Utcs]] = set()
        for pair in self._pairs(bill):
            if isinstance(pair, Rejected):
                yield pair
            elif pair not in told and pair[0] != pair[1]:
                told.add(pair)
                yield self._linked(*pair)

    def _pairs(self, bill: Mapping[str, Any]) -> Iterator[tuple[Utcs, Utcs] | Rejected]:
        for number, dependency in enumerate(_list(bill, "dependencies"), start=1):
            for reference in _list(dependency, "dependsOn"):
                ends = [self.named.get(str(end)) for end in (dependency.get("ref"), reference)]
                if ends[0] is None or ends[1] is None:
                    missing = dependency.get("ref") if ends[0] is None else reference
                    yield Rejected(
                        f"dependency {number}",
                        f"{str(missing)!r:.200} is no bom-ref of a component that could be read",
                        json.dumps(dependency)[:2000],
                    )
                else:
                    yield ends[0], ends[1]
        yield from self.inside

    def _linked(self, source: Utcs, target: Utcs) -> Event | Rejected:
        link = _LINKS[source.kind, target.kind]
        slot = target.local if link == "HAS_COMPONENT" else None
        try:
            facts: list[Fact] = [put_link(source, link, target, self.since, slot=slot)]
            return make_event(self.speaker, f"{source.local} {link}", facts, self.stated)
        except TraceError as error:
            return Rejected(f"{source.local} on {target.local}", error.message, "")

    def _name(self, component: Mapping[str, Any]) -> Utcs:
        name, version = component.get("name"), component.get("version")
        if not isinstance(name, str) or not name.strip():
            raise TraceError("name: is missing; give one")
        if (alias := _alias(component)) and (borne := self.known.things.get(alias)):
            return borne
        kind = "part" if component.get("type") in _HARDWARE else "software"
        group = f"{component['group']}/" if component.get("group") else ""
        full = f"{group}{name}@{version}" if version else f"{group}{name}"
        return self.speaker.name(kind, str(component.get("purl") or full))


def _walk(bill: Mapping[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yields every component after the one that contains it, which comes with it."""
    metadata = bill.get("metadata")
    top = metadata.get("component") if isinstance(metadata, dict) else None
    first = (top, *_list(bill, "components"))
    waiting: deque[tuple[Any, Any, int]] = deque((None, one, 0) for one in first if one is not None)
    while waiting:
        parent, component, depth = waiting.popleft()
        if not isinstance(component, dict):
            component = {"name": None, "given": component}
        yield parent, component
        if depth < MAX_DEPTH:
            waiting += [(component, c, depth + 1) for c in _list(component, "components")]


def _list(holder: Any, name: str) -> list[Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def _alias(component: Mapping[str, Any]) -> str | None:
    """Returns the alias that a package URL is."""
    try:
        return str(Alias.parse("uri", component["purl"])) if component.get("purl") else None
    except AliasError:
        return None


def _properties(utcs: Utcs, component: Mapping[str, Any]) -> dict[str, Any]:
    name, version = str(component["name"]), component.get("version")
    alias = _alias(component)
    kept = {key: value for key, value in component.items() if key != "components"}
    common = {
        "name": (f"{name} {version}" if version else name)[:300],
        "description": component.get("description") or None,
        "aliases": [alias] if alias else (),
        "extra": {"cyclonedx": kept},
    }
    if utcs.kind == "part":
        return common | {"number": name[:100], "revision": version or None}
    return common | {
        "number": name[:100],
        "revision": str(version)[:100] if version else None,
        "manufacturer": _maker(component),
        "licence": _licence(component),
        "sha256": _sha256(component),
        "category": "firmware" if component.get("type") == "firmware" else None,
    }


def _maker(component: Mapping[str, Any]) -> str | None:
    """Returns who made it: `manufacturer` from 1.6 on, before that `supplier` or `publisher`."""
    for name in ("manufacturer", "supplier"):
        held = component.get(name)
        if isinstance(held, dict) and held.get("name"):
            return str(held["name"])[:300]
    maker = component.get("publisher") or component.get("author")
    return str(maker)[:300] if maker else None


def _licence(component: Mapping[str, Any]) -> str | None:
    """Returns the licences as one SPDX expression; a name that is none of SPDX stays a name."""
    found = []
    for choice in _list(component, "licenses"):
        licence = choice.get("license") if isinstance(choice, dict) else None
        if isinstance(choice, dict) and choice.get("expression"):
            found.append(str(choice["expression"]))
        elif isinstance(licence, dict) and (licence.get("id") or licence.get("name")):
            found.append(str(licence.get("id") or licence["name"]))
    written = " AND ".join(f"({one})" if " OR " in one and len(found) > 1 else one for one in found)
    return written if 0 < len(written) <= 300 else None


def _sha256(component: Mapping[str, Any]) -> str | None:
    for one in _list(component, "hashes"):
        if isinstance(one, dict) and one.get("alg") == "SHA-256":
            return str(one.get("content", "")).lower()
    return None


def _made(
    path: Path, bill: Mapping[str, Any], at: datetime | None, otherwise: datetime
) -> datetime:
    metadata = bill.get("metadata")
    written = metadata.get("timestamp") if isinstance(metadata, dict) else None
    try:
        return parse_utc(str(written), "metadata.timestamp")
    except TraceError as error:
        if at:
            return otherwise
        raise file_error(
            path, f"{error.message}; mend it, or say from when it holds with --at"
        ) from error


def _rejected(component: Mapping[str, Any], reason: str) -> Rejected:
    where = f"component {component.get('bom-ref') or component.get('name')}"
    return Rejected(where[:200], reason, json.dumps(component)[:2000])
