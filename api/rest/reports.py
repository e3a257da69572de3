"""Reports over HTTP: the same documents as `utcs report` makes, in the form that is asked for."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.report.asked import Options
from api.report.catalogue import REPORTS, get_report
from api.report.document import Sealed
from api.report.forms import FORMS, Form, get_form
from api.report.make import make
from api.rest.asked import AskedGraph, Asker, At
from api.rest.body import json_answer
from api.rest.things import Kinds, Links

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])

_AT_ONCE: Final = asyncio.Semaphore(2)
"""So many reports are written at once; a long PDF takes a processor and 2 GB."""


@router.get("", summary="Which reports there are")
async def get_reports() -> Response:
    """Every report, what it says, what it is about and which forms it takes."""
    return json_answer(
        {
            "reports": [
                {
                    "name": one.name,
                    "description": one.doc,
                    "about": None if one.subjects is None else sorted(one.subjects),
                    "takes": sorted(one.takes),
                    "formats": list(FORMS),
                }
                for one in REPORTS.values()
            ]
        }
    )


@router.get("/{kind}", summary="A report")
async def get_report_of(
    kind: Annotated[
        str, Path(description="Which report.", examples=["configuration"], max_length=100)
    ],
    graph: AskedGraph,
    asker: Asker,
    at: At,
    request: Request,
    id: Annotated[
        str | None, Query(description="What it is about, by any of its ids.", max_length=500)
    ] = None,
    format: Annotated[
        str | None,
        Query(
            description=f"{', '.join(FORMS)}; what `Accept` prefers unless given.", max_length=20
        ),
    ] = None,
    depth: Annotated[int | None, Query(description="How many links to follow at most.")] = None,
    links: Links = [],  # noqa: B006
    kinds: Kinds = [],  # noqa: B006
) -> Response:
    """A document that states of what time it speaks, what was known then, and its hash.

    Asked again at the times that it states, it is the same, byte for byte.
    """
    wanted = get_report(kind)
    form = _preferred(request.headers.get("accept", "")) if format is None else get_form(format)
    options = Options(depth, tuple(links), tuple(kinds))
    sealed = await make(graph, wanted, id, asked_by=asker.actor, at=at, options=options)
    async with _AT_ONCE:
        content = await asyncio.to_thread(form.render, sealed)
    return Response(content, media_type=form.media_type, headers=_headers(sealed, form))


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
