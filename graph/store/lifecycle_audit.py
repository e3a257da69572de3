"""Which steps of changes and quality records broke a rule, when, and who stated them?

Sources state states as they see fit, and are not refused. This question holds what they said against the
same rules that operations are held against, each step by what stood at its moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from graph.model.approval import Breach, Case, Signature, breaches
from graph.model.change import ChangeClass, Eco
from graph.model.identifier import Utcs
from graph.model.lifecycle import MACHINES, RATIFIED_WITHIN_DAYS, Machine, Step
from graph.model.time import Coordinates, UtcDatetime, from_micros
from graph.store.absence import unknown
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.standings import Standing, find_course, walk_courses

_RUNNING: Final = frozenset({"released", "in_work", "implemented", "verified"})
"""The states of an order that is carried out or was."""


@dataclass(frozen=True, slots=True)
class BrokenStep:
    """A step that broke rules.

    Attributes:
        at: When it was made, in the world.
        left: The state before.
        entered: The state after.
        step: The step that leads so; None where none does.
        breaches: The rules, and how each is broken.
        actor: Who stated it.
        source: The source of the event that stated it.
        event: The id of that event.
        seq: Its number in the change log.
    """

    utcs: Utcs
    at: UtcDatetime
    left: str
    entered: str
    step: str | None
    breaches: tuple[Breach, ...]
    actor: str
    source: str
    event: str
    seq: int


@dataclass(frozen=True, slots=True)
class LifecycleAudit:
    """One page of the steps that broke rules, by thing and in the order of time.

    Attributes:
        steps: The steps that broke rules.
        examined: How many things were looked at.
        made: How many steps they made.
        unwitnessed: How many came into the thread in a later state than the first, so that nothing is
            known of how they got there; that breaks no rule.
        next: The cursor of the next page; None on the last.
    """

    steps: tuple[BrokenStep, ...]
    examined: int
    made: int
    unwitnessed: int
    next: str | None


async def audit_lifecycle(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> LifecycleAudit:
    """Returns the steps of one thing that broke rules, up to a moment and as known at one.

    Raises:
        BadQuestionError: Things of that kind have no states that follow rules.
        NotFoundError: Nothing is known of the thing then.
    """
    machine, moment = _machine(utcs.kind, "utcs"), Moment.of(graph, at)
    course = await find_course(graph, [utcs], moment)
    if not course:
        raise await unknown(graph, utcs, moment)
    return await _audited(graph, machine, course, moment, None)


async def audit_kind(
    graph: Graph,
    kind: str,
    *,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> LifecycleAudit:
    """Returns the steps that broke rules of all things of a kind, so many things at a time.

    Raises:
        BadQuestionError: Things of that kind have no such states; or a number or the cursor is wrong.
    """
    machine, moment = _machine(kind, "kind"), Moment.of(graph, at)
    cursor = sealed("lifecycleAudit", kind, at)
    start = "" if after is None else str(read_cursor(cursor, after, str)[0])
    limit = bounded("first", first, MAX_FIRST)
    course = await walk_courses(graph, kind, start, limit + 1, moment)
    things = list(dict.fromkeys(str(one.utcs) for one in course))
    mark = write_cursor(cursor, things[limit]) if len(things) > limit else None
    page = [one for one in course if mark is None or str(one.utcs) < things[limit]]
    return await _audited(graph, machine, page, moment, mark)


def _machine(kind: str, field: str) -> Machine:
    if kind not in MACHINES:
        raise BadQuestionError(
            f"{field}: the states of a {kind} follow no rules; name one of {', '.join(MACHINES)}",
            field=field,
        )
    return MACHINES[kind]


async def _audited(
    graph: Graph, machine: Machine, course: Sequence[Standing], moment: Moment, mark: str | None
) -> LifecycleAudit:
    courses = [list(said) for _, said in groupby(course, key=lambda one: one.utcs)]
    moved = [list(_moves(said)) for said in courses]
    found = [broken for moves in moved for broken in _broken(machine, moves)]
    late = await _unratified(graph, courses, moment)
    return LifecycleAudit(
        steps=tuple(sorted((*found, *late), key=lambda one: (str(one.utcs), one.at, one.seq))),
        examined=len(courses),
        made=sum(len(moves) for moves in moved),
        unwitnessed=sum(
            _stated(said)[0].state != machine.begin.target for said in courses if _stated(said)
        ),
        next=mark,
    )


def _stated(said: Iterable[Standing]) -> list[Standing]:
    return [one for one in said if one.state is not None]


def _moves(said: Sequence[Standing]) -> Iterator[tuple[Standing, Standing, datetime]]:
    """Yields each change of state: what was said last before, what was said then, since when it was so."""
    since: datetime | None = None
    for before, then in pairwise(_stated(said)):
        since = since or before.valid_from
        if before.state != then.state:
            yield before, then, since
            since = then.valid_from


def _broken(
    machine: Machine, moves: Iterable[tuple[Standing, Standing, datetime]]
) -> Iterator[BrokenStep]:
    for before, then, since in moves:
        left, entered = str(before.state), str(then.state)
        step = machine.between(left, entered)
        if step is None:
            allowed = ", ".join(sorted({s.target for s in machine.from_state(left)})) or "nothing"
            problem = f"status: nothing leads from {left} to {entered}; from there come {allowed}"
            found = [Breach(f"{machine.kind}/state", problem)]
        else:
            found = _breaches(before, then, since, step)
        if found:
            yield _told(then, left, entered, step.name if step else None, found)


def _breaches(before: Standing, then: Standing, since: datetime, step: Step) -> list[Breach]:
    case = Case(
        utcs=then.utcs,
        state=before.state,
        hash=before.hash,
        thing=then.thing,
        signatures=[signature for signature, _ in then.signatures],
        rests=then.rests,
        day=then.valid_from.date(),
    )
    own = _signed(then, step, since)
    if own is None:
        return breaches(case, step, None, None)
    return breaches(case, step, own.signer, own.statement)


def _signed(then: Standing, step: Step, since: datetime) -> Signature | None:
    """Returns the signature of a step: given since the state before was entered, not at an earlier one."""
    signed = (one for one, given in then.signatures if one.slot == step.slot and given > since)
    return next(signed, None)


async def _unratified(
    graph: Graph, courses: Sequence[Sequence[Standing]], moment: Moment
) -> list[BrokenStep]:
    """Returns the emergency orders that ran on though the board did not approve their request in time."""
    urgent = [found for said in courses if (found := _urgent(said))]
    wanted = {ecr for released, _ in urgent for ecr in _requests(released)}
    if not wanted:
        return []
    approved: dict[Utcs, datetime] = {}
    for said in await find_course(graph, sorted(wanted, key=str), moment):
        if said.state == "approved":
            approved.setdefault(said.utcs, said.valid_from)
    now = from_micros(moment.world)
    return [
        late
        for released, cancelled in urgent
        if (late := _late(released, approved, min(now, cancelled or now)))
    ]


def _urgent(said: Sequence[Standing]) -> tuple[Standing, datetime | None] | None:
    """Returns the release of an emergency order, and when it was cancelled, if it was."""
    running = [one for one in said if _is_urgent(one)]
    cancelled = (one.valid_from for one in said if one.state == "cancelled")
    return (running[0], next(cancelled, None)) if running else None


def _is_urgent(one: Standing) -> bool:
    order = one.thing
    is_order = isinstance(order, Eco) and order.change_class is ChangeClass.EMERGENCY
    return is_order and one.state in _RUNNING


def _requests(order: Standing) -> list[Utcs]:
    return [rest.utcs for rest in order.rests if rest.utcs.kind == "ecr"]


def _late(
    released: Standing, approved: Mapping[Utcs, datetime], end: datetime
) -> BrokenStep | None:
    until = released.valid_from + timedelta(days=RATIFIED_WITHIN_DAYS)
    late = [ecr for ecr in _requests(released) if approved.get(ecr, end) > until]
    if not late:
        return None
    listed = ", ".join(map(str, late))
    problem = f"the board had to approve {listed} by {until:%Y-%m-%d} and had not"
    found = [Breach("eco.release/ratified", problem)]
    return _told(released, "draft", str(released.state), "release", found)


def _told(
    then: Standing, left: str, entered: str, step: str | None, found: Sequence[Breach]
) -> BrokenStep:
    return BrokenStep(
        then.utcs, then.valid_from, left, entered, step, tuple(found), then.actor, then.source,
        then.id, then.seq,
    )  # fmt: skip
