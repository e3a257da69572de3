"""Changes and quality records: `raiseEcr`, `approveEcr` and so on, made from the table of steps."""

# No postponed annotations here: those of a made function hold types that only it knows.
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, TypeVar

import strawberry
from pydantic import ValidationError

from api.mutations.outcome import Outcome, told
from api.mutations.put import kind_input, read_input, stated_fields, step_input
from api.queries.asked import Id, Info, find
from graph.flows import lifecycle
from graph.flows.change import raise_eco, raise_ecr
from graph.flows.nonconformance import open_capa, raise_ncr
from graph.model import ontology
from graph.model.change import Eco, Ecr
from graph.model.event import explain
from graph.model.identifier import Utcs
from graph.model.kind import Kind
from graph.model.lifecycle import MACHINES, Step
from graph.model.quality import Capa, Ncr
from graph.model.time import Coordinates
from graph.store.errors import BadQuestionError

_NOW: Final = Coordinates()
_STATED: Final = "What it is; its status is given by the step."

Stated = TypeVar("Stated", bound=Kind)

New = Annotated[str, strawberry.argument(description="The identifier that it gets.")]
Signer = Annotated[
    str,
    strawberry.argument(
        description="The person who signs: oneself, or another where an admin passes it on."
    ),
]
Causes = Annotated[
    list[str] | None,
    strawberry.argument(description="What gave rise to it: findings, NCRs, CAPAs, alerts."),
]
About = Annotated[
    list[str] | None, strawberry.argument(description="The parts, units, suppliers it is about.")
]
FoundIn = Annotated[
    list[str] | None, strawberry.argument(description="Where it was found: inspections, orders.")
]
Requests = Annotated[
    list[str], strawberry.argument(description="The change requests that it carries out.")
]
Says = Annotated[
    str | None, strawberry.argument(description="What the person signs for, or why; one line.")
]
EcrInput = Annotated[Any, strawberry.argument(graphql_type=kind_input("ecr"), description=_STATED)]
EcoInput = Annotated[Any, strawberry.argument(graphql_type=kind_input("eco"), description=_STATED)]
NcrInput = Annotated[Any, strawberry.argument(graphql_type=kind_input("ncr"), description=_STATED)]
CapaInput = Annotated[
    Any, strawberry.argument(graphql_type=kind_input("capa"), description=_STATED)
]


@strawberry.type(description="A step that was made, or refused because somebody else was faster.")
class Moved:
    """A step that was made."""

    utcs: str = strawberry.field(description="The thing.")
    step: str = strawberry.field(description="The step; `sign` for an approval ahead of one.")
    state: str = strawberry.field(description="Where the thing stands by it.")
    signer: str = strawberry.field(description="Who signed.")
    at: datetime = strawberry.field(description="Since when it is so.")
    event: str = strawberry.field(
        description="The id of the event, of the source `urn:utcs:change`."
    )
    outcome: Outcome = strawberry.field(
        description="What became of it; `outdated` where another step was made meanwhile."
    )


async def _raise_ecr(
    info: Info, utcs: New, input: EcrInput, signer: Signer, causes: Causes = None,
    about: About = None,
) -> Moved | None:  # fmt: skip
    """Raises a change request."""
    return _told(await raise_ecr(
        info.context.graph, info.context.principal, _new(utcs), _kind(Ecr, input),
        signer=await find(info, signer, _NOW), causes=await _all(info, causes),
        about=await _all(info, about),
    ))  # fmt: skip


async def _raise_eco(
    info: Info, utcs: New, input: EcoInput, signer: Signer, requests: Requests
) -> Moved | None:
    """Raises a change order."""
    return _told(await raise_eco(
        info.context.graph, info.context.principal, _new(utcs), _kind(Eco, input),
        signer=await find(info, signer, _NOW), requests=await _all(info, requests),
    ))  # fmt: skip


async def _raise_ncr(
    info: Info, utcs: New, input: NcrInput, signer: Signer, about: About = None,
    found_in: FoundIn = None,
) -> Moved | None:  # fmt: skip
    """Raises a nonconformance report."""
    return _told(await raise_ncr(
        info.context.graph, info.context.principal, _new(utcs), _kind(Ncr, input),
        signer=await find(info, signer, _NOW), about=await _all(info, about),
        found_in=await _all(info, found_in),
    ))  # fmt: skip


async def _open_capa(
    info: Info, utcs: New, input: CapaInput, signer: Signer, causes: Causes = None,
    about: About = None,
) -> Moved | None:  # fmt: skip
    """Opens a corrective or preventive action."""
    return _told(await open_capa(
        info.context.graph, info.context.principal, _new(utcs), _kind(Capa, input),
        signer=await find(info, signer, _NOW), causes=await _all(info, causes),
        about=await _all(info, about),
    ))  # fmt: skip


async def sign_change(
    info: Info,
    id: Id,
    slot: Annotated[
        str,
        strawberry.argument(description="The role: approved, board, airworthiness, design."),
    ],
    signer: Signer,
    statement: Says = None,
) -> Moved | None:
    """Signs an approval that a later step asks for."""
    return _told(await lifecycle.sign(
        info.context.graph, info.context.principal, await find(info, id, _NOW), slot,
        signer=await find(info, signer, _NOW), statement=statement,
    ))  # fmt: skip


def _step_field(kind: str, step: Step) -> Any:
    """Returns the field that makes one step; it takes the properties that the step needs, if any."""
    label = ontology.label(kind)
    name = f"{step.name}{label}"
    every = stated_fields(kind)
    asked = (*step.needs, *(one.needs for one in step.approvals if one.needs))
    stated = {one: every[one] for one in asked}
    made = _plain_step(kind, step) if not stated else _giving_step(kind, step, name, stated)
    made.__name__ = f"{step.name}_{kind}"  # fields are told apart by it
    leaves = " or ".join(sorted(step.sources))
    who = f", signed by {step.right.value}" if step.right else ""
    return strawberry.field(
        made,
        name=name,
        description=f"Takes the {kind.upper()} from {leaves} to {step.target}{who}.",
    )


def _plain_step(kind: str, step: Step) -> Callable[..., Any]:
    async def move(info: Info, id: Id, signer: Signer, statement: Says = None) -> Moved | None:
        return await _advance(info, kind, step, id, signer, {}, statement)

    return move


def _giving_step(kind: str, step: Step, name: str, stated: dict[str, Any]) -> Callable[..., Any]:
    inputs = step_input(name, stated, f"What {name} states; days are today unless given.")

    async def move(
        info: Info,
        id: Id,
        signer: Signer,
        input: Annotated[
            Any,
            strawberry.argument(graphql_type=inputs | None, description="What the step states."),
        ] = None,
        statement: Says = None,
    ) -> Moved | None:
        said = {} if input is None else read_input(input, stated)
        return await _advance(info, kind, step, id, signer, said, statement)

    return move


async def _advance(
    info: Info, kind: str, step: Step, id: str, signer: str, said: dict[str, Any], says: str | None
) -> Moved:
    utcs = await find(info, id, _NOW)
    if utcs.kind != kind:
        raise BadQuestionError(
            f"id: {utcs} is of the kind {utcs.kind}; name one of the kind {kind}", field="id"
        )
    return _told(await lifecycle.advance(
        info.context.graph, info.context.principal, utcs, step.name,
        signer=await find(info, signer, _NOW), given=said, statement=says,
    ))  # fmt: skip


def _new(text: str) -> Utcs:
    return Utcs.parse(text.strip(), kinds=ontology.kinds())


def _kind(kind: type[Stated], inputs: Any) -> Stated:
    try:
        return kind.model_validate(read_input(inputs, stated_fields(kind.kind)))
    except ValidationError as error:
        raise BadQuestionError(explain(error)) from error


async def _all(info: Info, texts: Sequence[str] | None) -> list[Utcs]:
    return [await find(info, text, _NOW) for text in texts or ()]


def _told(moved: lifecycle.Moved) -> Moved:
    return Moved(
        utcs=str(moved.utcs), step=moved.step, state=moved.state, signer=str(moved.signer),
        at=moved.at, event=moved.event, outcome=told(moved.outcome),
    )  # fmt: skip


FIELDS: Final[list[Any]] = [
    strawberry.field(
        _raise_ecr, name="raiseEcr", description="Raises a change request, as a draft."
    ),
    strawberry.field(
        _raise_eco,
        name="raiseEco",
        description="Raises a change order for approved requests, or for urgent ones of an emergency.",
    ),
    strawberry.field(
        _raise_ncr,
        name="raiseNcr",
        description="Raises a nonconformance report about parts, units, batches and their supplier.",
    ),
    strawberry.field(
        _open_capa,
        name="openCapa",
        description="Opens an action against what caused reports or findings.",
    ),
    strawberry.field(
        sign_change,
        description="Signs an approval that a later step asks for, of the thing as it stands.",
    ),
    *(
        _step_field(kind, step)
        for kind, machine in MACHINES.items()
        if machine.is_signed
        for step in machine.steps[1:]
    ),
]
