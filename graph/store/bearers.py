"""Which thing was meant by a name, and when? Of many names at once, as messages carry them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from graph.model import ontology
from graph.model.alias import Alias
from graph.model.identifier import IdentifierError, Utcs, shown
from graph.model.time import FAR, format_utc, to_micros
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError


@dataclass(frozen=True, slots=True)
class Bearers:
    """What a name means, and when.

    Attributes:
        name: The name, as it was given.
        times: Each thing that it names, and from when until when, in microseconds since 1970.
        problem: Why it can never name anything: an identifier that was mistyped.
    """

    name: str
    times: tuple[tuple[Utcs, int, int], ...] = ()
    problem: str | None = None

    def at(self, moment: datetime) -> Utcs:
        """Returns the thing that is meant at a moment.

        Raises:
            NotFoundError: The name means nothing then; the sentence says when it does.
            BadQuestionError: It means several things.
        """
        if self.problem is not None:
            raise BadQuestionError(self.problem, field="id")
        micros = to_micros(moment)
        meant = {utcs for utcs, since, until in self.times if since <= micros < until}
        if len(meant) == 1:
            return meant.pop()
        if meant:
            listed = ", ".join(sorted(map(str, meant)))
            raise BadQuestionError(
                f"{shown(self.name)} names {listed}; give one of them", field="id"
            )
        raise NotFoundError(f"{shown(self.name)} {self._why_nothing(moment, micros)}")

    def _why_nothing(self, moment: datetime, micros: int) -> str:
        if not self.times:
            return "names nothing in the graph; record the thing or the alias, then send this again"
        ahead = [(utcs, since) for utcs, since, _ in self.times if since > micros]
        when = "not yet there" if ahead else "there no longer"
        utcs = ahead[0][0] if ahead else self.times[-1][0]
        return f"means {utcs}, which is {when} at {format_utc(moment)}; check the time, or the name"


async def find_bearers(graph: Graph, names: Collection[str]) -> dict[str, Bearers]:
    """Returns what each name means: an identifier, the key of an alias, or an id as printed elsewhere.

    The caller bounds how many names there are.
    """
    problems: dict[str, str] = {}
    asked = []
    listed = list(names)
    for number, name in enumerate(listed):
        try:
            asked.append([number, *_meant(name)])
        except IdentifierError as error:
            problems[name] = error.message
    times: defaultdict[str, list[tuple[Utcs, int, int]]] = defaultdict(list)
    rows = await graph.read("alias/bearers", {"names": asked, "far": FAR}) if asked else []
    for number, utcs, since, until in rows:
        times[listed[number]].append((Utcs.parse(utcs), since, until))
    return {name: Bearers(name, tuple(times[name]), problems.get(name)) for name in listed}


def _meant(name: str) -> tuple[str | None, list[str]]:
    if name.strip().startswith("utcs:"):
        return str(Utcs.parse(name.strip(), kinds=ontology.kinds())), []
    return None, [str(alias) for alias in Alias.guess(name)]
