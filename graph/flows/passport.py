"""Showing a passport to somebody: whose it is, and how much of it their roles let them see."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from graph.flows.submit import Principal
from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.passport import SCHEME, Audience, Passport
from graph.model.time import Coordinates, format_utc
from graph.store.database import Graph
from graph.store.errors import BadQuestionError, NotFoundError
from graph.store.moment import CURRENT
from graph.store.passport import ASSETS, find_passport
from graph.store.resolve import resolve
from graph.store.show import Standing, show

ANYBODY: Final = Principal("public", frozenset())
"""Somebody of whom nothing is known: the public."""

_AUDIENCES: Final = (
    (Audience.AUTHORITY, frozenset({"authority", "admin"})),
    (Audience.OPERATOR, frozenset({"operator", "reader"})),
)
"""Each audience and the roles that make somebody one of it; the rest is the public."""


def audience_of(principal: Principal) -> Audience:
    """Returns how much of a passport somebody is shown."""
    found = (audience for audience, roles in _AUDIENCES if roles & principal.roles)
    return next(found, Audience.PUBLIC)


async def show_passport(
    graph: Graph,
    principal: Principal,
    dpp_id: str,
    *,
    first: int = 100,
    after: str | None = None,
    at: Coordinates = CURRENT,
) -> Passport:
    """Returns a passport as somebody is shown it.

    Args:
        graph: Where to ask.
        principal: Who asks.
        dpp_id: The passport id, such as `DPP-H2-001`.
        first: How many events of its life to a page.
        after: The `next` of the page before, with the times that the passport states.
        at: The coordinates of time.

    Raises:
        BadQuestionError: It is the passport of no asset, or a number or the cursor is wrong.
        NotFoundError: It is the passport of nothing then.
    """
    utcs = await find_asset(graph, dpp_id, at=at)
    audience = audience_of(principal)
    found = await find_passport(graph, utcs, audience=audience, first=first, after=after, at=at)
    names = await passport_ids(graph, utcs, at=Coordinates(found.as_of, found.known_at))
    others = tuple(name for name in names if name != dpp_id)
    return found.model_copy(update={"dpp_id": dpp_id, "also_known_as": others or None})


async def find_asset(graph: Graph, dpp_id: str, *, at: Coordinates = CURRENT) -> Utcs:
    """Returns the asset that a passport is of.

    Raises:
        BadQuestionError: It is on record for something that is no asset.
        NotFoundError: It is on record for nothing then.
    """
    try:
        utcs = await resolve(graph, f"{SCHEME}:{dpp_id}", at=at)
    except NotFoundError as error:
        others = [Utcs.parse(other) for other in getattr(error, "others", ())]
        _require_asset(dpp_id, *others)
        raise await _nobodys(graph, dpp_id, others, at) from error
    _require_asset(dpp_id, utcs)
    return utcs


async def passport_ids(graph: Graph, utcs: Utcs, *, at: Coordinates = CURRENT) -> tuple[str, ...]:
    """Returns the passport ids of an asset, in order; none of what is no asset or not there.

    One that was merged into another has those that it had: they lead to that one, as the code on it must.
    """
    try:
        shown = await show(graph, utcs, at=at)
    except NotFoundError:
        return ()
    is_told = shown.standing is Standing.THERE or shown.merged_into is not None
    return ids_of(utcs, shown.node.properties) if is_told else ()


def ids_of(utcs: Utcs, thing: Kind) -> tuple[str, ...]:
    """Returns the passport ids that an asset carries, in order; none of what is no asset."""
    found = (one.value for one in thing.aliases if one.scheme == SCHEME)
    return tuple(sorted(found)) if _is_asset(utcs) else ()


def _is_asset(utcs: Utcs) -> bool:
    return ontology.fits(utcs.kind, ASSETS)


def _require_asset(dpp_id: str, *things: Utcs) -> None:
    """Refuses a passport of what is no asset. It is not told of what: the public reads this, too."""
    for thing in things:
        if not _is_asset(thing):
            raise BadQuestionError(
                f"dppId: {dpp_id} is on record for a {thing.kind}, which is no asset; give the passport "
                "of an aircraft, unit, batch or part number",
                field="dppId",
                value=dpp_id,
            )


async def _nobodys(graph: Graph, dpp_id: str, others: list[Utcs], at: Coordinates) -> NotFoundError:
    """Returns the error for a passport that nothing carries at a moment."""
    said = f"dppId: {dpp_id} is the passport of nothing{'' if at.is_current else ' then'}"
    if not others:
        fix = "check the id that is printed beside the code on the asset"
        return NotFoundError(f"{said}; {fix}", field="dppId", value=dpp_id)
    since = await _ended(graph, others[0], at)
    if since is not None:
        said = f"dppId: {dpp_id} is retired: its asset is there no more since {format_utc(since)}"
    fix = "at another time it was that of an asset; ask as of then (asOf)"
    return NotFoundError(f"{said}; {fix}", field="dppId", value=dpp_id)


async def _ended(graph: Graph, utcs: Utcs, at: Coordinates) -> datetime | None:
    """Returns since when a thing is there no more; None if it is there, or nothing is known of it."""
    try:
        shown = await show(graph, utcs, at=at)
    except NotFoundError:
        return None
    return shown.since if shown.standing is Standing.ENDED else None
