"""Makes a report: finds what it is about, pins it in time, asks, and seals what was answered."""

from __future__ import annotations

from api.report.asked import NO_OPTIONS, Asked, Options, Progress, ReportKind, silent
from api.report.catalogue import suits
from api.report.document import Place, Report, Sealed
from api.report.json import seal
from graph.model.time import Coordinates
from graph.store.changes import head_at
from graph.store.compare_baselines import fixed
from graph.store.database import Graph
from graph.store.errors import BadQuestionError
from graph.store.resolve import resolve
from graph.store.show import Shown, show


async def make(
    graph: Graph,
    kind: ReportKind,
    subject: str | None,
    *,
    asked_by: str,
    at: Coordinates,
    options: Options = NO_OPTIONS,
    progress: Progress = silent,
) -> Sealed:
    """Returns a report, made at one place in time on both axes, however long it takes.

    Args:
        graph: Where to ask.
        kind: Which report.
        subject: What it is about, by any of its ids.
        asked_by: Who asks.
        at: Where in time; an axis that is left open is pinned at now.
        options: What else is asked.
        progress: Is told how far the report is.

    Raises:
        BadQuestionError: The report takes no such subject or option, or needs one.
        NotFoundError: Nothing is known of the subject then.
    """
    _check(kind, subject, options)
    place = await _pinned(graph, at)
    pinned = Coordinates(place.as_of, place.known_at)
    about = None if subject is None else await _find(graph, kind, subject, pinned)
    draft = await kind.make(Asked(graph, pinned, about, options, progress))
    utcs = None if about is None else about.node.utcs
    said = tuple(sorted(options.said().items()))
    return seal(Report(kind.name, utcs, said, place, draft), asked_by)


async def _pinned(graph: Graph, at: Coordinates) -> Place:
    """Returns the place in time that is meant, such that nothing recorded from now on can alter it."""
    pinned = await fixed(graph, at)
    assert pinned.as_of is not None and pinned.known_at is not None  # noqa: PT018, S101 - fixed
    return Place(pinned.as_of, pinned.known_at, (await head_at(graph, pinned.known_at)).seq)


async def _find(graph: Graph, kind: ReportKind, subject: str, at: Coordinates) -> Shown:
    utcs = await resolve(graph, subject, at=at)
    if not suits(kind, utcs.kind):
        wanted = " or ".join(sorted(kind.subjects or ()))
        raise BadQuestionError(
            f"id: {utcs} is of the kind {utcs.kind}; the report {kind.name} is about a {wanted}",
            field="id",
        )
    return await show(graph, utcs, at=at)


def _check(kind: ReportKind, subject: str | None, options: Options) -> None:
    if subject is None and kind.needs_subject and kind.subjects != frozenset():
        raise BadQuestionError(f"id: the report {kind.name} needs to know of what", field="id")
    if subject is not None and kind.subjects == frozenset():
        raise BadQuestionError(
            f"id: the report {kind.name} is about all there is; leave the id out", field="id"
        )
    for name in options.said():
        if name not in kind.takes:
            takes = ", ".join(sorted(kind.takes)) or "no options"
            raise BadQuestionError(
                f"{name}: the report {kind.name} does not take it; it takes {takes}", field=name
            )
