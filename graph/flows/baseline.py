"""Freezing a configuration under a name: read at two fixed times, rooted, kept, stated by one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.flows.submit import Principal, submit
from graph.model import ontology
from graph.model.governance import Baseline, BaselineCategory, BaselineRule
from graph.model.identifier import Utcs
from graph.model.outcome import Outcome
from graph.model.prefix_tree import Tree
from graph.model.scope import RULES, Rule
from graph.model.time import Coordinates, format_utc, from_micros
from graph.store.absence import not_there
from graph.store.baselines import Frozen, find_baseline, scope_of
from graph.store.compare_baselines import fixed
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.members import Scope, read_tree
from graph.store.moment import CURRENT, Moment
from graph.store.tree_nodes import keep_tree

SOURCE: Final = "urn:utcs:baselines"

MOST_LISTED: Final = 10_000
"""So many things can be listed one by one."""


class TakenError(BadQuestionError):
    """A baseline of that id is frozen already, and is not what is asked for."""


@dataclass(frozen=True, slots=True)
class Created:
    """A baseline that is frozen.

    Attributes:
        baseline: It, as it stands; None if the event was not applied.
        outcome: What became of the event; None if the same baseline was frozen before.
        nodes: How many nodes its tree has that no baseline before had.
    """

    baseline: Frozen | None
    outcome: Outcome | None
    nodes: int


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be frozen, and under what name.

    Attributes:
        utcs: The baseline: its id is its name for good.
        rule: What belongs to it.
        root: Where its scope begins; None if it lists its members.
        things: Its members, if it lists them.
        name: What people call it; the local part of its id unless given.
        category: What it fixes, after ISO 10007.
        description: What it is, in prose.
        signed_by: Who signs for it, by role.
        at: The two times that it shows; now, and the last that was recorded, unless given.
    """

    utcs: Utcs
    rule: BaselineRule
    root: Utcs | None = None
    things: tuple[Utcs, ...] = ()
    name: str | None = None
    category: BaselineCategory | None = None
    description: str | None = None
    signed_by: Mapping[str, Utcs] | None = None
    at: Coordinates = CURRENT

    @property
    def scope(self) -> Scope:
        """Its rule, and where that begins."""
        return Scope(RULES[self.rule], self.things if self.root is None else (self.root,))


async def create_baseline(graph: Graph, principal: Principal, request: Request) -> Created:
    """Freezes a configuration, once and for all; asked again, it answers with what is frozen.

    A baseline that was stated without a root, as by a source that names its baselines only, gets one;
    what was stated of it stays.

    Raises:
        ForbiddenError: The principal may not write.
        BadQuestionError: The scope is empty, moving, too large, or begins at a wrong kind of thing.
        TakenError: The baseline is frozen already, with other content.
        NotFoundError: The root is not there then.
    """
    principal.require("editor")
    _check(request)
    stated = await find_baseline(graph, request.utcs)
    if stated is not None and stated.is_sealed:
        await _check_same(graph, request, stated)
        return Created(stated, None, 0)
    at = await _settled(graph, request, stated)
    tree = await _tree(graph, request, at)
    nodes = await keep_tree(graph, tree)
    event = _event(graph, request, stated, at, tree)
    (outcome,) = await submit(graph, [event], principal)
    return Created(await find_baseline(graph, request.utcs), outcome, nodes)


def _check(request: Request) -> None:
    if request.utcs.kind != "baseline":
        raise BadQuestionError(f"id: {request.utcs} names no baseline", field="id")
    rule = RULES[request.rule]
    if rule.rule is BaselineRule.LISTED:
        if request.root is not None or not 1 <= len(request.things) <= MOST_LISTED:
            raise BadQuestionError(
                f"things: {len(request.things)} are listed; list 1 to {MOST_LISTED:,} and give no root",
                field="things",
            )
        if len({*request.things}) < len(request.things):
            raise BadQuestionError("things: one is listed twice; list each once", field="things")
        return
    if request.root is None or request.things:
        raise BadQuestionError(
            f"root: the rule {rule.rule.value!r} begins at one thing; give it, and list none",
            field="root",
        )
    _check_root(rule, request.root)


def _check_root(rule: Rule, root: Utcs) -> None:
    if not ontology.fits(root.kind, rule.roots):
        raise BadQuestionError(
            f"root: {root} cannot be the root of the rule {rule.rule.value!r}; give a "
            f"{' or '.join(sorted(rule.roots))}, or another rule",
            field="root",
        )


async def _check_same(graph: Graph, request: Request, stated: Frozen) -> None:
    """Raises TakenError unless the frozen baseline is the one that is asked for."""
    said = stated.said
    things: Sequence[Utcs] = ()
    if request.things and said.rule is BaselineRule.LISTED:
        things = (await scope_of(graph, stated)).roots
    wanted: dict[str, tuple[Any, Any]] = {
        "rule": (request.rule, said.rule),
        "root": (request.root, stated.root),
        "things": ({*request.things}, {*things}),
        "name": (request.name, said.name),
        "category": (request.category, said.category),
        "description": (request.description, said.description),
        "as_of": (request.at.as_of, said.as_of),
        "known_at": (request.at.known_at, said.known_at),
    }
    for field, (asked, frozen) in wanted.items():
        if asked != frozen and (asked is not None or field == "root"):
            raise TakenError(
                f"{field}: {stated.utcs} is frozen already, with {_shown(frozen)} and not "
                f"{_shown(asked)}; a baseline never changes, so take another id",
                field=field,
            )


def _shown(value: Any) -> str:
    if isinstance(value, set):
        return f"{len(value)} listed"
    return format_utc(value) if hasattr(value, "tzinfo") else str(value)


async def _settled(graph: Graph, request: Request, stated: Frozen | None) -> Coordinates:
    """Returns both times, fixed, if nothing that is yet to come can change what holds at them."""
    now = from_micros(graph.clock())
    as_of = request.at.as_of or (stated.said.as_of if stated else None)
    for field, when in (("as_of", as_of), ("known_at", request.at.known_at)):
        if when is not None and when > now:
            raise BadQuestionError(
                f"{field}: {format_utc(when)} is still to come, so the scope may move; freeze what "
                "is, or was",
                field=field,
            )
    at = await fixed(graph, Coordinates(as_of, request.at.known_at))
    if request.at.known_at not in (None, at.known_at):
        assert at.known_at is not None  # noqa: S101 - both times are fixed
        raise BadQuestionError(
            f"known_at: nothing was recorded after {format_utc(at.known_at)} yet, so the scope may "
            "move; give that moment, or leave it out",
            field="known_at",
        )
    return at


async def _tree(graph: Graph, request: Request, at: Coordinates) -> Tree:
    tree = await read_tree(graph, request.scope, at)
    frozen = {member.utcs for member in tree.members()} if request.things else set()
    missing = [root for root in request.scope.roots if request.things and str(root) not in frozen]
    if missing or not tree.size:
        root = missing[0] if missing else request.scope.roots[0]
        raise await not_there(graph, root, Moment.of(graph, at))
    return tree


def _event(
    graph: Graph, request: Request, stated: Frozen | None, at: Coordinates, tree: Tree
) -> dict[str, Any]:
    """Returns the event that states a baseline.

    Its id is the baseline's: whoever else freezes another one under that id is refused by `apply`.
    """
    assert at.as_of is not None  # noqa: S101 - both times are fixed
    now = from_micros(graph.clock())
    holds_from = format_utc(max(at.as_of, stated.node.valid_from) if stated else at.as_of)
    said = _statement(request, stated, at, tree).model_dump(mode="json", exclude_none=True)
    own = str(request.utcs)
    facts: list[dict[str, Any]] = [
        {"fact": "put_node", "utcs": own, "properties": said, "valid_from": holds_from}
    ]
    if request.root is not None and (stated is None or stated.root != request.root):
        link = {"fact": "put_link", "source": own, "link": "FREEZES", "target": str(request.root)}
        facts.append({**link, "valid_from": holds_from})
    for role, person in (request.signed_by or {}).items():
        link = {"fact": "put_link", "source": own, "link": "SIGNED_BY", "target": str(person)}
        facts.append({**link, "slot": role, "properties": {"signed_at": format_utc(now)}})
    return {
        "source": SOURCE,
        "id": own,
        "subject": own,
        "time": format_utc(now),
        "data": {"facts": facts},
    }


def _statement(request: Request, stated: Frozen | None, at: Coordinates, tree: Tree) -> Baseline:
    given = {
        "name": request.name,
        "category": request.category,
        "description": request.description,
    }
    kept = {
        "name": request.utcs.local,
        "number": request.utcs.local,
        **(stated.said.model_dump(exclude_none=True) if stated else {}),
        **{field: value for field, value in given.items() if value is not None},
    }
    sealed = {
        "scope": RULES[request.rule].doc.format(root=request.root),
        "rule": request.rule,
        "as_of": at.as_of,
        "known_at": at.known_at,
        "merkle_root": tree.root.hex(),
        "members": tree.size,
    }
    return Baseline.model_validate(kept | sealed)
