"""What a link type is. The closed table of them is in `graph.model.links`."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class LinkProperties(BaseModel):
    """The base of what a link may carry besides its ends and its times."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class LinkType:
    """One type of link, from the thing that depends to the thing it depends on.

    Attributes:
        name: `UPPER_SNAKE`, read from source to target: a part `REALISES` a design.
        sources: Kinds that may stand at the dependent end.
        targets: Kinds that may stand at the end depended on.
        inverse: The name of the same link read backwards, `UPPER_SNAKE`: a design is `REALISED_BY` a part.
        doc: One sentence on what the link claims.
        max_out: At most so many targets for one source at any one instant; None is no limit.
        max_in: At most so many sources for one target at any one instant; None is no limit.
        acyclic: No thing may reach itself over links of this type at any one instant.
        suspect: Whether a change of the target puts the link in doubt until somebody looks.
        slotted: The link names a slot of its source (a position, a find number); a slot holds one
            target at any one instant, and the same target may fill several slots.
        properties: The class of what the link carries, or None.
    """

    name: str
    sources: frozenset[str]
    targets: frozenset[str]
    inverse: str
    doc: str
    max_out: int | None = None
    max_in: int | None = None
    acyclic: bool = False
    suspect: bool = False
    slotted: bool = False
    properties: type[LinkProperties] | None = None
