"""What is in the programme? The tasks that are in force at a moment, and what each of them is done on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graph.model.due import Schedule
from graph.model.engineering import ReleaseStatus
from graph.model.identifier import Utcs
from graph.model.maintenance import Task, TaskCategory
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.leaf_facts import UNIT_KINDS
from graph.store.moment import Moment
from graph.store.node import read_as
from graph.store.text import fill

MOST_TASKS: Final = 5_000
"""So many tasks are looked at for one question."""

HARD_TIME: Final = frozenset({TaskCategory.RESTORATION, TaskCategory.DISCARD})
"""What is done to each unit by the unit's own age and counters, wherever it is."""

_IN_FORCE: Final = frozenset({None, ReleaseStatus.RELEASED})
_REPLACES: Final = frozenset({"", ReleaseStatus.RELEASED.value})
"""How a task stands that is in the programme, and one that has taken the place of another."""

_INSTEAD: Final = ("SUPERSEDES", "ALTERNATE_OF", "REALISES")
_CONTAINS: Final = ("CONTAINS",)
_INSTANCE_OF: Final = ("INSTANCE_OF",)
_HAS_COMPONENT: Final = ("HAS_COMPONENT",)


@dataclass(frozen=True, slots=True)
class Planned:
    """A task of the programme.

    Attributes:
        utcs: The task.
        properties: What is stated of it.
        schedule: When it is due.
        performed_on: The parts, designs and positions that it is performed on.
        parts: The part numbers that are meant by these, with what takes their place.
        positions: The positions that are meant, as slots from the aircraft down.
        meets: The directives and bulletins that it meets.
        is_limited: Whether a rule or a link says to what it applies.
    """

    utcs: Utcs
    properties: Task
    schedule: Schedule
    performed_on: tuple[Utcs, ...]
    parts: frozenset[str]
    positions: frozenset[str]
    meets: tuple[Utcs, ...]
    is_limited: bool

    @property
    def is_hard_time(self) -> bool:
        """Whether it is done to each unit by the unit's own age and counters."""
        return self.properties.category in HARD_TIME and bool(self.parts)


@dataclass(frozen=True, slots=True)
class OnBoard:
    """What aircraft have on board, of what tasks are performed on."""

    parts: Mapping[str, frozenset[str]]
    positions: Mapping[str, frozenset[str]]

    def has(self, aircraft: str, task: Planned) -> bool:
        """Says whether an aircraft has on board what a task is performed on."""
        return not (
            task.parts.isdisjoint(self.parts.get(aircraft, _NOTHING))
            and task.positions.isdisjoint(self.positions.get(aircraft, _NOTHING))
        )


_NOTHING: Final = frozenset[str]()


async def find_programme(graph: Graph, moment: Moment) -> list[Planned]:
    """Returns the tasks that are in force at a moment, in the order of their ids.

    Raises:
        BadQuestionError: There are more than one question looks at.
    """
    row = await moment.ask(graph, programme_text(moment), {"limit": MOST_TASKS + 1})
    found = row[0] if row else []
    if len(found) > MOST_TASKS:
        raise BadQuestionError(
            f"about: there are more than {MOST_TASKS:,} tasks, and no more are looked at for one question; "
            "withdraw the tasks that are no longer in a programme",
            field="about",
        )
    targets = {
        on for _, performed_on, *_ in found for kind, on, _ in performed_on if kind != "position"
    }
    parts = await _meant(graph, targets, moment)
    return [
        task
        for properties, *links, successors in found
        if _REPLACES.isdisjoint(successors)
        and (task := _planned(properties, parts, *links)).properties.status in _IN_FORCE
    ]


async def _meant(
    graph: Graph, targets: Collection[str], moment: Moment
) -> Mapping[str, frozenset[str]]:
    """Returns the part numbers that are meant by parts and designs that tasks are performed on."""
    if not targets:
        return {}
    row = await moment.ask(graph, parts_text(moment), {"targets": sorted(targets)})
    found: defaultdict[str, set[str]] = defaultdict(set)
    for target, part in row[0] if row else []:
        found[target].add(part)
    return {target: frozenset(parts) for target, parts in found.items()}


def _planned(
    row: dict[str, Any],
    parts: Mapping[str, frozenset[str]],
    performed_on: list[tuple[str, str, str | None]],
    meets: list[str],
    is_limited: bool,
) -> Planned:
    task = read_as(Task, row)
    return Planned(
        utcs=Utcs.parse(row["utcs"]),
        properties=task,
        schedule=Schedule.of(task),
        performed_on=tuple(Utcs.parse(on) for _, on, _ in performed_on),
        parts=frozenset(part for _, on, _ in performed_on for part in parts.get(on, ())),
        positions=frozenset(n for kind, _, n in performed_on if kind == "position" and n),
        meets=tuple(map(Utcs.parse, meets)),
        is_limited=is_limited,
    )


async def find_on_board(
    graph: Graph, aircraft: Collection[Utcs], tasks: Iterable[Planned], moment: Moment
) -> OnBoard:
    """Returns what some aircraft have on board of what some tasks are performed on."""
    tasks = list(tasks)
    asked = {
        "aircraft": sorted(map(str, aircraft)),
        "parts": sorted(set[str]().union(*(task.parts for task in tasks))),
        "unit_kinds": UNIT_KINDS,
    }
    found: defaultdict[str, set[str]] = defaultdict(set)
    row = await moment.ask(graph, aboard_text(moment), asked) if asked["parts"] else None
    for one, parts in _each(row):
        found[one].update(parts)
    filled: dict[str, frozenset[str]] = {}
    if any(task.positions for task in tasks):
        row = await moment.ask(graph, positions_text(moment), {"aircraft": asked["aircraft"]})
        filled = {one: frozenset(positions) for one, positions in (row[0] if row else [])}
    return OnBoard({one: frozenset(parts) for one, parts in found.items()}, filled)


def _each(row: list[Any] | None) -> Iterator[tuple[str, list[str]]]:
    """Yields each aircraft with part numbers that it has: those of units, and those of its bill."""
    if row is not None:
        aboard, bills = row
        yield from aboard
        for aircraft, parts in bills:
            for one in aircraft:
                yield one, parts


def programme_text(moment: Moment) -> str:
    """Returns the statement that reads the programme."""
    links = {
        "performed": "PERFORMED_ON",
        "meets": "MEETS",
        "limited": "LIMITED_BY",
        "subject": "SUBJECT_TO",
        "supersedes": "SUPERSEDES",
    }
    return fill(
        "due/programme",
        **{gap: moment.types([link]) for gap, link in links.items()},
        **{f"{gap}_holds": moment.holds("link", [link]) for gap, link in links.items()},
        holds_place=moment.holds_row("place"),
        holds_row=moment.holds_row("row"),
        holds_later=moment.holds_row("later"),
        stale=fill("thing/stale"),
    )


def parts_text(moment: Moment) -> str:
    """Returns the statement that finds the part numbers that tasks are meant for."""
    return fill(
        "due/parts",
        instead=moment.types(_INSTEAD),
        instead_holds=moment.holds("step", _INSTEAD),
        stale=fill("thing/stale"),
    )


def aboard_text(moment: Moment) -> str:
    """Returns the statement that finds which part numbers are on board."""
    return fill(
        "due/aboard",
        contains=moment.types(_CONTAINS),
        step_holds=moment.holds("step", _CONTAINS),
        instances=moment.types(_INSTANCE_OF),
        made_holds=moment.holds("made", _INSTANCE_OF),
        other_holds=moment.holds("other", _INSTANCE_OF),
        components=moment.types(_HAS_COMPONENT),
        line_holds=moment.holds("line", _HAS_COMPONENT),
        stale=fill("thing/stale"),
    )


def positions_text(moment: Moment) -> str:
    """Returns the statement that finds which positions are filled."""
    return fill(
        "due/positions",
        contains=moment.types(_CONTAINS),
        step_holds=moment.holds("step", _CONTAINS),
        stale=fill("thing/stale"),
    )
