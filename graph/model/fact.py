"""Facts: what an event asserts about the world. Nothing else ever changes the graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, model_validator

from graph.errors import TraceError
from graph.model import ontology
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.time import UtcDatetime

Slot = Annotated[str, Field(min_length=1, max_length=100)]
Reason = Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]


Found = TypeVar("Found")


def _look_up(look: Callable[[str], Found], name: str) -> Found:
    """Returns what `look` finds, its errors being such that Pydantic adds the place to them."""
    try:
        return look(name)
    except TraceError as error:
        raise ValueError(error.message) from error


class Statement(BaseModel):
    """The base of all facts: what is said, and from when it is true."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    valid_from: UtcDatetime | None = Field(
        default=None, description="When it became true in the world; the event's time unless given."
    )


class PutNode(Statement):
    """States all properties of a thing, until the next statement about it."""

    fact: Literal["put_node"] = "put_node"
    utcs: Utcs
    properties: SerializeAsAny[Kind]
    replaces: Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)] | None = Field(
        default=None,
        description="The number of the statement that this one was made upon, 0 for none; refused "
        "if another one holds by then. Without it, what is stated last holds.",
    )

    @model_validator(mode="before")
    @classmethod
    def _typed(cls, data: Any) -> Any:
        """Reads the properties as the kind that the identifier names."""
        if not isinstance(data, dict) or isinstance(data.get("properties"), Kind):
            return data
        utcs = data.get("utcs")
        utcs = utcs if isinstance(utcs, Utcs) else _look_up(Utcs.parse, str(utcs))
        kind = _look_up(ontology.get_kind, utcs.kind)
        properties = kind.model_validate(data.get("properties", {}))
        return data | {"utcs": utcs, "properties": properties}

    @model_validator(mode="after")
    def _matches(self) -> PutNode:
        if self.properties.kind != self.utcs.kind:
            raise ValueError(
                f"utcs: {self.utcs} names a {self.utcs.kind}, the properties are a {self.properties.kind}'s"
            )
        return self


class RetireNode(Statement):
    """States that a thing is no more; its links must have ended by then."""

    fact: Literal["retire_node"] = "retire_node"
    utcs: Utcs
    reason: str = Field(min_length=1, max_length=1000)
    merged_into: Utcs | None = Field(
        default=None,
        description="The thing that it turned out to be, if it was one thing under two ids.",
    )

    @model_validator(mode="after")
    def _merges(self) -> RetireNode:
        """Holds what a thing was merged into against the thing."""
        into = self.merged_into
        if into is not None and (into.kind != self.utcs.kind or into == self.utcs):
            raise ValueError(
                f"merged_into: {into} cannot be what {self.utcs} was merged into; "
                f"name another {self.utcs.kind}"
            )
        return self


class _LinkFact(Statement):
    source: Utcs = Field(description="The thing that depends.")
    link: str = Field(description="The link type, such as SATISFIES.")
    target: Utcs = Field(description="The thing it depends on.")
    slot: Slot | None = Field(
        default=None, description="The slot of the source, for slotted link types only."
    )

    @model_validator(mode="after")
    def _declared(self) -> _LinkFact:
        """Holds the ends and the slot against the declaration of the link type."""
        declared = _look_up(ontology.get_link_type, self.link)
        for end, utcs, allowed in (
            ("source", self.source, declared.sources),
            ("target", self.target, declared.targets),
        ):
            _look_up(ontology.get_kind, utcs.kind)
            if not ontology.fits(utcs.kind, allowed):
                raise ValueError(
                    f"{end}: {utcs} cannot stand there; {self.link} takes {' or '.join(sorted(allowed))}"
                )
        if declared.slotted != (self.slot is not None):
            raise ValueError(
                f"slot: {self.link} {'needs' if declared.slotted else 'takes no'} slot"
            )
        return self


class PutLink(_LinkFact):
    """States that one thing depends on another, until the next statement about that link."""

    fact: Literal["put_link"] = "put_link"
    properties: dict[str, Any] = Field(default_factory=dict)
    reason: Reason | None = Field(
        default=None,
        description="Why it still holds, said by somebody who looked: it is no longer suspect.",
    )

    @model_validator(mode="before")
    @classmethod
    def _carried(cls, data: Any) -> Any:
        """Reads the properties as the class that the link type names, in their one spelling."""
        if not isinstance(data, dict) or not data.get("properties"):
            return data
        link = str(data.get("link"))
        declared = _look_up(ontology.get_link_type, link).properties
        if declared is None:
            raise ValueError(f"properties: {link} carries none; leave them out")
        carried = declared.model_validate(data["properties"])
        return data | {"properties": carried.model_dump(mode="json", exclude_none=True)}


class EndLink(_LinkFact):
    """States that a link holds no longer."""

    fact: Literal["end_link"] = "end_link"


class Correct(BaseModel):
    """Withdraws every fact of an earlier event: it was wrong, and is believed no longer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: Literal["correct"] = "correct"
    source: str = Field(description="The `source` of the event that was wrong.")
    id: str = Field(description="The `id` of the event that was wrong.")
    reason: str = Field(min_length=1, max_length=1000)


Fact = Annotated[PutNode | RetireNode | PutLink | EndLink | Correct, Field(discriminator="fact")]


class Facts(BaseModel):
    """The data of `org.utcs.facts.put.v1`: facts sent as they are, applied together or not at all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: tuple[Fact, ...] = Field(min_length=1, max_length=10_000)
