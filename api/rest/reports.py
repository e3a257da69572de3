"""Reports over HTTP: the same documents as `utcs report` makes, in the form that is asked for."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.report.asked import Options, ReportKind
from api.report.catalogue import REPORTS, get_report
from api.report.document import Sealed
from api.report.forms import FORMS, Form, get_form
from api.report.make import make
from api.rest.asked import AskedGraph, Asker, At
from api.rest.body import json_answer
from api.rest.things import Kinds, Links

Kind = Annotated[str, Path(description="Which report.", examples=["configuration"], max_length=100)]
Id = Annotated[
    str | None, Query(description="What it is about, by any of its ids.", max_length=500)
]
Format = Annotated[
    str | None,
    Query(description=f"{', '.join(FORMS)}; what `Accept` names unless given.", max_length=20),
]


def _options(
    depth: Annotated[int | None, Query(description="How many links to follow at most.")] = None,
    links: Links = [],  # noqa: B006
    kinds: Kinds = [],  # noqa: B006
    prefix: Annotated[
        str | None, Query(description="Only things whose ids begin so.", max_length=200)
    ] = None,
    of: Annotated[
        str | None, Query(description="What stands as rows of a matrix.", max_length=50)
    ] = None,
    columns: Annotated[
        list[str], Query(description="What stands as columns of a matrix; repeat it for several.")
    ] = [],  # noqa: B006
    against: Annotated[
        str | None, Query(description="What a baseline is held against.", max_length=500)
    ] = None,
) -> Options:
    return Options(depth, tuple(links), tuple(kinds), prefix, of, tuple(columns), against)


Asked = Annotated[Options, Depends(_options)]

AT_ONCE: Final = 2
"""So many reports are written at once; a long PDF takes a processor and 2 GB."""


def reports_router() -> APIRouter:
    """Returns `/api/v1/reports`."""
    router = APIRouter(prefix="/api/v1/reports", tags=["reports"])
    turn = asyncio.Semaphore(AT_ONCE)

    @router.get("", summary="Which reports there are")
    async def get_reports() -> Response:
        """Every report: what it says, what it can be about, what else it takes, and its forms."""
        return json_answer({"reports": [_told(kind) for kind in REPORTS.values()]})

    @router.get("/{kind}", summary="A report")
    async def get_report_of(
        kind: Kind, graph: AskedGraph, asker: Asker, at: At, options: Asked, request: Request,
        id: Id = None, format: Format = None,
    ) -> Response:  # fmt: skip
        """A document that states of what time it speaks, what was known then, and its hash.

        Asked again at the times that it states, it is the same, byte for byte.
        """
        wanted, accept = get_report(kind), request.headers.get("accept", "")
        form = _preferred(accept) if format is None else get_form(format, kind)
        sealed = await make(graph, wanted, id, asked_by=asker.actor, at=at, options=options)
        async with turn:
            content = await asyncio.to_thread(form.render, sealed)
        return Response(content, media_type=form.media_type, headers=_headers(sealed, form))

    return router


def _told(kind: ReportKind) -> dict[str, object]:
    return {
        "name": kind.name,
        "description": kind.doc,
        "about": None if kind.subjects is None else sorted(kind.subjects),
        "takes": sorted(kind.takes),
        "formats": [form.name for form in FORMS.values() if form.suits(kind.name)],
    }


def _preferred(accept: str) -> Form:
    """Returns the first form that a header names; JSON where it names none."""
    for wanted in accept.lower().split(","):
        named = wanted.partition(";")[0].strip()
        for form in FORMS.values():
            if form.media_type.partition(";")[0] == named:
                return form
    return FORMS["json"]


def _headers(sealed: Sealed, form: Form) -> dict[str, str]:
    report = sealed.report
    about = "" if report.subject is None else f"-{report.subject.local}"
    name = f"{report.kind}{about}-{report.place.as_of:%Y-%m-%d}.{form.name}"
    shown = "inline" if form.name in ("html", "pdf", "json", "jsonld") else "attachment"
    return {"Content-Disposition": f'{shown}; filename="{name}"', "Vary": "Accept"}
