"""Links: `putLink` and `endLink`."""

from __future__ import annotations

from typing import Annotated, Any, Final

import strawberry

from api.mutations.outcome import Details, Outcome, ValidFrom, state
from api.queries.asked import LINK_TYPE, Info
from api.scalars import JSON
from graph.model import ontology

Source = Annotated[
    str, strawberry.argument(description="The UTCS of the thing that the link starts from.")
]
Target = Annotated[str, strawberry.argument(description="The UTCS of the thing that it leads to.")]
Link = Annotated[
    Any,
    strawberry.argument(
        graphql_type=LINK_TYPE,
        description="The link type; by its inverse name, from what is depended on.",
    ),
]
Slot = Annotated[
    str | None, strawberry.argument(description="The slot, for slotted link types only.")
]


async def put_link(
    info: Info, source: Source, link: Link, target: Target, slot: Slot = None,
    properties: Annotated[JSON | None, strawberry.argument(description="What it carries.")] = None,
    valid_from: ValidFrom = None, event: Details = None,
) -> Outcome:  # fmt: skip
    """States that one thing depends on another."""
    fact = _fact("put_link", source, link.value, target, slot)
    if properties is not None:
        fact["properties"] = properties
    return await state(info, event, fact["source"], fact, valid_from)


async def end_link(
    info: Info, source: Source, link: Link, target: Target, slot: Slot = None,
    valid_from: ValidFrom = None, event: Details = None,
) -> Outcome:  # fmt: skip
    """States that a link holds no longer."""
    fact = _fact("end_link", source, link.value, target, slot)
    return await state(info, event, fact["source"], fact, valid_from)


def _fact(fact: str, source: str, link: str, target: str, slot: str | None) -> dict[str, Any]:
    if link not in ontology.link_types():
        (link,) = (one.name for one in ontology.link_types().values() if one.inverse == link)
        source, target = target, source
    stated: dict[str, Any] = {"fact": fact, "source": source, "link": link, "target": target}
    return stated if slot is None else stated | {"slot": slot}


FIELDS: Final[list[Any]] = [
    strawberry.field(put_link, description="States that one thing depends on another."),
    strawberry.field(end_link, description="States that a link holds no longer."),
]
