"""`/id/<utcs>`: where the code on a part leads, for people and for machines (IEC 61406-1)."""

from __future__ import annotations

from fastapi import APIRouter, Header, Request
from starlette.responses import RedirectResponse, Response

from api.rest.asked import AskedGraph, Asker
from graph.flows.passport import passport_ids
from graph.model import ontology
from graph.model.identifier import Utcs
from graph.store.database import Graph
from graph.store.errors import NotFoundError

router = APIRouter(tags=["things"])


@router.get(
    "/id/{utcs}",
    summary="Where an identifier leads",
    status_code=303,
    response_class=Response,
    responses={
        303: {
            "description": "To the page if the caller prefers HTML, else to the JSON; who may see no more "
            "than passports, to the passport."
        }
    },
)
async def get_id(
    utcs: str, request: Request, graph: AskedGraph, asker: Asker, accept: str = Header("*/*")
) -> Response:
    """Sends people to the page of a thing and programs to its JSON; and the public to its passport.

    A wrong check character is an error that says so: the code was misread or mistyped.
    """
    thing = Utcs.parse(utcs, kinds=ontology.kinds())
    if "reader" not in asker.roles:
        place = await _passport(graph, thing)
    else:
        place = f"/things/{thing}" if prefers_page(accept) else f"/api/v1/things/{thing}"
    if request.url.query:
        place += f"?{request.url.query}"
    return RedirectResponse(place, 303, headers={"Vary": "Accept, Authorization, Cookie"})


async def _passport(graph: Graph, thing: Utcs) -> str:
    """Returns where the passport of a thing is.

    Raises:
        NotFoundError: It has none; of what is not there or no asset, nothing else is said.
    """
    if names := await passport_ids(graph, thing):
        return f"/api/v1/dpp/{names[0]}"
    raise NotFoundError(
        f"utcs: no passport is published for {thing}; check the code, or log in",
        field="utcs",
    )


def prefers_page(accept: str) -> bool:
    """Says whether an Accept header ranks HTML above JSON, as browsers' do (RFC 9110 §12.5.1)."""
    html, json = _rank(accept, "text/html"), _rank(accept, "application/json")
    return html > json


def _rank(accept: str, media: str) -> float:
    """Returns the quality of a media type under the most specific range that covers it."""
    best: tuple[int, float] = (-1, 0.0)
    for item in accept.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        ranges = ("*/*", f"{media.split('/')[0]}/*", media)
        if name in ranges:
            best = max(best, (ranges.index(name), _quality(parameters)))
    return best[1]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0
