"""The passport of an asset: JSON-LD for machines, a page for people, and the code to put on the asset."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import Response

from api import qr
from api.naming import named
from api.pages.render import page
from api.passport import (
    MEDIA_TYPE,
    context_document,
    document,
    identification_link,
    linked,
    passport_schema,
    sections,
)
from api.rest.asked import AskedGraph, Asker, At, moments
from api.rest.message import DppId
from api.rest.resolver import prefers_page
from api.rest.things import After, First
from api.rest.work_messages import WorkProblem
from graph.flows.passport import find_asset, show_passport
from graph.model.exchange.message import schema_of

router = APIRouter(prefix="/api/v1/dpp", tags=["maintenance"])

_SHARED: Final = {"Vary": "Accept, Authorization, Cookie"}


def _problem(description: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": schema_of(WorkProblem)}}
    return {"description": description, "content": content}


_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    400: _problem("The id is none of a passport, or of what is no asset; or a parameter is wrong."),
    401: _problem("The token is not known; leave it out to be shown what the public is."),
    404: _problem("Nothing has that passport then; the sentence says whether it is retired."),
}


@router.get(
    "/context",
    summary="The JSON-LD context of passports",
    response_class=Response,
    responses={
        200: {"description": "The terms, each in a vocabulary.", "content": {MEDIA_TYPE: {}}}
    },
)
async def get_context() -> Response:
    """What each member of a passport means; nothing needs to be fetched from elsewhere."""
    return Response(context_document(), media_type=MEDIA_TYPE)


@router.get(
    "/{dppId}",
    summary="The passport of an asset",
    response_class=Response,
    responses={
        200: {
            "description": "As much of it as the asker is shown; `withheld` names the rest.",
            "content": {
                MEDIA_TYPE: {"schema": passport_schema()},
                "text/html": {"schema": {"type": "string"}},
            },
        },
        **_PROBLEMS,
    },
)  # fmt: skip
async def get_passport(
    dppId: DppId,  # noqa: N803 - as it is written in the address
    request: Request,
    graph: AskedGraph,
    asker: Asker,
    at: At,
    first: First = 100,
    after: After = None,
    format: Annotated[
        str | None,
        Query(
            description="jsonld or html; what `Accept` prefers unless given.",
            pattern="^(jsonld|html)$",
        ),
    ] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
) -> Response:
    """Identity, specification, sustainability, certification, usage, components, genealogy, lifecycle.

    Without a token, what the public is shown. `first` and `after` page the events of its life.
    """
    with named(id="dppId"):
        found = await show_passport(graph, asker, dppId, first=first, after=after, at=at)
        utcs = await find_asset(graph, dppId, at=at)
    told = linked(found, _base(request), utcs, is_stable=_is_stable(request))
    if format == "html" or (format is None and prefers_page(accept)):
        answer = page(
            "passport",
            passport=told,
            sections=list(sections(told)),
            code=qr.svg(str(told.id)),
            path=request.url.path,
            query=moments(request),
            is_member="reader" in asker.roles,
        )
        answer.headers.update(_SHARED)
        return answer
    return Response(document(told), media_type=MEDIA_TYPE, headers=_SHARED)


@router.get(
    "/{dppId}/qr.svg",
    summary="The code on an asset, as SVG",
    response_class=Response,
    responses={200: {"description": "The code.", "content": {"image/svg+xml": {}}}, **_PROBLEMS},
)
async def get_svg(dppId: DppId, request: Request, graph: AskedGraph) -> Response:  # noqa: N803
    """Its identification link as a QR code in the frame of IEC 61406-1, in the size to print it."""
    link = identification_link(_base(request), await find_asset(graph, dppId))
    return Response(qr.svg(link), media_type="image/svg+xml")


@router.get(
    "/{dppId}/qr.png",
    summary="The code on an asset, as PNG",
    response_class=Response,
    responses={200: {"description": "The code.", "content": {"image/png": {}}}, **_PROBLEMS},
)
async def get_png(dppId: DppId, request: Request, graph: AskedGraph) -> Response:  # noqa: N803
    """The same as a bitmap, 508 dots to the inch."""
    link = identification_link(_base(request), await find_asset(graph, dppId))
    return Response(qr.png(link), media_type="image/png")


def _base(request: Request) -> str:
    """Returns where the links of assets lead: as it was set up, or else where this service was asked."""
    set_up: str | None = request.app.state.settings.public_url
    return set_up or str(request.base_url).rstrip("/")


def _is_stable(request: Request) -> bool:
    return request.app.state.settings.public_url is not None
