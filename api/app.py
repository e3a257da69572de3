"""The API, put together: the door, the questions over GraphQL and REST, pages, health, measures."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import Depends, FastAPI
from fastapi.middleware import Middleware

from api.auth import OPEN, Door
from api.docs import docs_router
from api.graphql import graphql_router
from api.head import Head
from api.health import health_router
from api.keyring import Keyring
from api.metrics import Measure, Metrics
from api.pages import kind, start, thing
from api.pages.changes import changes_router
from api.pages.login import login_router
from api.parameters import only_known
from api.persisted import Documents
from api.rest import (
    changes,
    due,
    events,
    exchange,
    fleet,
    freshness,
    letters,
    passport,
    quality,
    resolver,
    search,
    telemetry,
    things,
    work,
)
from api.rest.errors import add_error_handlers
from api.rest.receipts import receipts_router
from api.rest.reports import reports_router
from api.settings import Settings
from graph.store.database import Graph
from graph.store.tail import Tail


def create_app(graph: Graph, settings: Settings, documents: Documents | None = None) -> FastAPI:
    """Returns the API over an open graph.

    Args:
        graph: The graph; the caller closes it after the app has ended.
        settings: What the process was told.
        documents: What GraphQL may execute; anything, unless given.
    """
    keyring, metrics, tail = Keyring(settings.home / "secrets"), Metrics(), Tail(graph)
    open_paths = OPEN | {"/metrics"} if settings.open_metrics else OPEN
    app = FastAPI(
        title="UTCS Digital Thread",
        version=version("utcs"),
        summary="Questions about the thread, and events into it.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(Measure, metrics=metrics),
            Middleware(Door, keyring=keyring, open_paths=open_paths),
            Middleware(Head),
        ],
    )
    app.state.graph, app.state.settings = graph, settings
    add_error_handlers(app)
    for router in (
        things.router,
        telemetry.router,
        search.router,
        changes.router,
        freshness.router,
        quality.router,
        due.router,
        fleet.router,
        receipts_router(),  # before the reports: `sent` is no name of one
        reports_router(),
        events.router,
        letters.router,
        work.router,
        passport.router,
        exchange.router,
        health_router(graph, metrics),
        login_router(keyring),
        start.router,
        thing.router,
        kind.router,
        changes_router(tail),
    ):
        app.include_router(router, dependencies=[Depends(only_known)])
    # The resolver passes its query on, GraphQL has its own, and style sheets have their hash there.
    for lenient in (
        graphql_router(graph, tail, documents, keyring),
        resolver.router,
        docs_router(),
    ):
        app.include_router(lenient)
    return app
