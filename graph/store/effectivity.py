"""Which aircraft does it apply to, and why? A change's effectivity rules, held against the whole fleet.

Two statements, however many changes and aircraft there are: one reads the rules, one the facts that their
expressions name. All else is decided by `graph.model.applicability`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from graph.model import ontology
from graph.model.applicability import (
    Facts,
    Finding,
    Leaves,
    Rule,
    Subject,
    Verdict,
    judge,
    judge_any,
    leaves,
    parse,
)
from graph.model.identifier import Utcs
from graph.model.time import Coordinates
from graph.store.absence import not_there
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.leaf_facts import day, read_facts
from graph.store.moment import CURRENT, Moment
from graph.store.question import MAX_FIRST, bounded, read_cursor, sealed, write_cursor
from graph.store.text import fill

LIMITED: Final = ontology.get_link_type("LIMITED_BY").sources
"""The kinds that a rule of effectivity may limit."""

_ASKED: Final = LIMITED | ontology.get_link_type("SUBJECT_TO").targets
_LIMITED_BY: Final = ("LIMITED_BY",)


class Basis(StrEnum):
    """What an answer rests on."""

    RULE = "rule"
    """The effectivity rules that limit the change."""

    SUBJECT = "subject"
    """The change has no rule: the links that say what is subject to it."""

    NOTHING = "nothing"
    """Neither: nobody can say."""

    EXPRESSION = "expression"
    """An expression that was given with the question."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An aircraft, or a unit that a rule asks about by itself, and whether it is selected.

    Attributes:
        aircraft: The aircraft that it is or is in; None if it is in none.
        applies: Whether it is selected; None where the record does not say.
        why: The reason, in one sentence.
    """

    utcs: Utcs
    kind: str
    name: str
    aircraft: Utcs | None
    applies: bool | None
    why: str


@dataclass(frozen=True, slots=True)
class Effectivity:
    """To what a change applies.

    Attributes:
        change: The change; None where an expression was tried.
        basis: What the answer rests on.
        rules: The rules that limit the change.
        on: The day that they were held against, UTC.
        applying: How many aircraft and units are selected.
        excluded: How many are not.
        undecided: Of how many the record does not say.
        unknown: Names in the expressions that name nothing at that time.
        judged: One page: what is selected, then what is undecided, then the rest; each by id.
        next: The cursor of the next page; None on the last.
    """

    change: Utcs | None
    basis: Basis
    rules: tuple[Rule, ...]
    on: date
    applying: int
    excluded: int
    undecided: int
    unknown: tuple[str, ...]
    judged: tuple[Judged, ...]
    next: str | None


async def selected(
    graph: Graph, changes: Collection[Utcs], *, at: Coordinates = CURRENT
) -> dict[Utcs, dict[Utcs, Verdict]]:
    """Returns of each change that has a rule, of each aircraft, whether its rules select it, and why.

    A change without a rule is left out: what it applies to, only links say. The caller bounds how many
    changes there are.
    """
    moment = Moment.of(graph, at)
    _, rules = await read_rules(graph, changes, moment)
    facts, _ = await read_facts(
        graph, _leaves(r for found in rules.values() for r in found), moment
    )
    return {
        change: {one.utcs: judge_any(found, one, facts).verdict for one in facts.aircraft.values()}
        for change, found in rules.items()
    }


async def effectivity(
    graph: Graph,
    change: Utcs,
    *,
    at: Coordinates = CURRENT,
    first: int = 100,
    after: str | None = None,
) -> Effectivity:
    """Returns to which aircraft and units a change applies, each with the reason.

    Several rules may limit a change; to be selected by one of them suffices. Where none does, links say
    what is subject to the change, and the answer says that it rests on these.

    Raises:
        BadQuestionError: The thing is of a kind that applies to nothing, or the cursor is wrong.
        NotFoundError: The change is not there then.
    """
    if change.kind not in _ASKED:
        listed = ", ".join(sorted(_ASKED))
        raise BadQuestionError(f"id: {change} applies to nothing; give one of {listed}", field="id")
    page = _Page(sealed("effectivity", str(change), at), first, after)
    moment = Moment.of(graph, at)
    is_there, found = await read_rules(graph, [change], moment)
    if not is_there:
        raise await not_there(graph, change, moment)
    rules = found.get(change, ())
    names = _leaves(rules)
    facts, named = await read_facts(graph, names, moment, () if rules else (change,))
    if rules:
        answer = page.of(names, facts, lambda subject: judge_any(rules, subject, facts))
        return replace(answer, change=change, basis=Basis.RULE, rules=rules)
    answer = page.of(names, facts, named[change].judge)
    basis = Basis.SUBJECT if named[change].units else Basis.NOTHING
    return replace(answer, change=change, basis=basis)


async def what_if(
    graph: Graph,
    expression: str,
    *,
    at: Coordinates = CURRENT,
    first: int = 100,
    after: str | None = None,
) -> Effectivity:
    """Returns what an expression would select, without its being recorded.

    Raises:
        ExpressionError: It cannot be read.
        BadQuestionError: The cursor is wrong.
    """
    read = parse(expression)
    page = _Page(sealed("what_if", expression, at), first, after)
    names = leaves([read])
    facts, _ = await read_facts(graph, names, Moment.of(graph, at))
    return page.of(names, facts, lambda subject: judge(read, subject, facts))


def rules_text(moment: Moment) -> str:
    """Returns the statement that reads the rules of changes."""
    return fill(
        "effectivity/rules",
        exists=moment.exists("change"),
        types=moment.types(_LIMITED_BY),
        holds=moment.holds("limit", _LIMITED_BY),
        holds_row=moment.holds_row("row"),
        stale=fill("thing/stale"),
    )


async def read_rules(
    graph: Graph, changes: Collection[Utcs], moment: Moment
) -> tuple[list[str], dict[Utcs, tuple[Rule, ...]]]:
    """Returns which of some changes are there, and the rules of those that have any."""
    row = await moment.ask(graph, rules_text(moment), {"changes": [str(one) for one in changes]})
    assert row is not None, "a statement without MATCH has one row"  # noqa: S101
    there, rows = row
    found: defaultdict[Utcs, list[Rule]] = defaultdict(list)
    for change, utcs, name, expression, msns, first_day, last_day in rows:
        rule = Rule.of(
            Utcs.parse(utcs), name, expression, msns or (), day(first_day), day(last_day)
        )
        found[Utcs.parse(change)].append(rule)
    return there, {change: tuple(rules) for change, rules in found.items()}


def _leaves(rules: Iterable[Rule]) -> Leaves:
    return leaves([rule.read for rule in rules if rule.read is not None])


class _Page:
    """Which page of an answer is wanted."""

    def __init__(self, question: str, first: int, after: str | None) -> None:
        self._question = question
        self._first = bounded("first", first, MAX_FIRST)
        self._after = (-1, "") if after is None else tuple(read_cursor(question, after, int, str))

    def of(
        self, names: Leaves, facts: Facts, judged_by: Callable[[Subject], Finding]
    ) -> Effectivity:
        """Returns an answer with this page of what is judged; all else of it is of the whole fleet."""
        judged = [_judged(one, judged_by(one).verdict) for one in subjects(names, facts)]
        counts = Counter(one.applies for one in judged)
        rest = sorted((one for one in judged if _place(one) > self._after), key=_place)
        listed = tuple(rest[: self._first])
        more = len(rest) > self._first
        return Effectivity(
            change=None,
            basis=Basis.EXPRESSION,
            rules=(),
            on=facts.day,
            applying=counts[True],
            excluded=counts[False],
            undecided=counts[None],
            unknown=tuple(sorted(facts.unknown)),
            judged=listed,
            next=write_cursor(self._question, *_place(listed[-1])) if more else None,
        )


def subjects(names: Leaves, facts: Facts) -> Iterator[Subject]:
    """Yields every aircraft, and once each unit of those part numbers that are asked about by themselves."""
    yield from facts.aircraft.values()
    units = {one.unit: one for one in facts.fitted if one.part in names.units}
    for unit in units.values():
        if unit.unit not in facts.aircraft:
            yield Subject.of(unit)


def _judged(subject: Subject, verdict: Verdict) -> Judged:
    return Judged(
        subject.utcs,
        subject.utcs.kind,
        subject.name,
        subject.carrier,
        verdict.applies,
        verdict.why,
    )


def _place(judged: Judged) -> tuple[int, str]:
    return (True, None, False).index(judged.applies), str(judged.utcs)
