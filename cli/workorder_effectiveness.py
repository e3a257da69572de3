"""`utcs workorder effectiveness`: did what a work order was to cure come back?"""

from __future__ import annotations

from typing import Annotated

import typer

from cli.connect import ask, owner
from cli.output import json_out, moment, rows, tell
from cli.questions import AsJson, AsOf, KnownAt, coordinates
from cli.signing import allowed
from graph.errors import TraceError
from graph.flows.work_effectiveness import Judged, judge_work
from graph.model.maintenance import Effectiveness
from graph.model.work_effectiveness import WATCH
from graph.store.database import Graph
from graph.store.due import read_horizon
from graph.store.resolve import resolve
from graph.store.work_effectiveness import WorkEffectiveness, work_effectiveness

Watch = Annotated[
    str | None,
    typer.Option(
        "--within",
        help="How long a repair is watched, until each has run: FH, FC or days, such as 100fh,30d.",
        show_default="100fh,30d",
    ),
]


def effectiveness(
    id: Annotated[str, typer.Argument(help="The work order, by its number or any other id.")],
    within: Watch = None,
    is_recorded: Annotated[
        bool,
        typer.Option("--record", help="State the verdict of the work order, once it is final."),
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a repair was effective: whether its alert returned while it was watched.

    The exit status is 1 if it did.

    Example: utcs workorder effectiveness WO-10013 --within 100fh,30d
    """
    at, watch = coordinates(as_of, known_at), read_horizon(within, "--within") if within else WATCH
    if is_recorded and not at.is_current:
        raise TraceError(
            "--record: what is stated holds from now on; leave --as-of and --known-at out"
        )

    async def judged(graph: Graph) -> Judged:
        order = await resolve(graph, id, at=at)
        if is_recorded:
            return await judge_work(graph, owner(), order, watch=watch)
        return Judged(await work_effectiveness(graph, order, watch=watch, at=at), None)

    answer = allowed(judged, as_json) if is_recorded else ask(judged)
    json_out(answer) if as_json else _say(answer.found)
    if answer.outcome is not None:
        tell(f"Recorded as {answer.outcome.id}.")
    if answer.found.judgement.verdict is Effectiveness.INEFFECTIVE:
        raise typer.Exit(1)


def _say(found: WorkEffectiveness) -> None:
    said = found.judgement
    told = [
        ("verdict", said.verdict or "none"),
        ("why", said.why),
        ("released", "" if found.released_at is None else moment(found.released_at)),
        ("was to cure", ", ".join(one.local for one in found.cured)),
        ("counted on", "" if found.unit is None else found.unit.local),
        ("on record", found.order.order.effectiveness or ""),
        ("cut", found.cut or ""),
    ]
    rows(("property", "value"), [(name, value) for name, value in told if value])
