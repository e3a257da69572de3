"""Coming in and going out: a one-time link opens a session."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.keyring import SESSION_S, Keyring
from api.pages.render import page

COOKIE: Final = "utcs_session"


def login_router(keyring: Keyring) -> APIRouter:
    """Returns `/login` and `/logout`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login")
    async def login(token: Annotated[str, Query(max_length=200)] = "") -> Response:
        principal = keyring.redeem(token)
        if principal is None:
            return login_needed(was_tried=bool(token))
        # A page, not a redirect: browsers hold a SameSite=Strict cookie back from a redirect that
        # follows a link in another site or program, and the person would stand outside again.
        answer = page("welcome", actor=principal.actor)
        session = keyring.issue("session", principal, SESSION_S)
        answer.set_cookie(COOKIE, session, max_age=SESSION_S, httponly=True, samesite="strict")
        return answer

    @router.post("/logout")
    async def logout(request: Request) -> Response:
        if session := request.cookies.get(COOKIE):
            keyring.revoke(session)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    return router


def login_needed(*, was_tried: bool = False) -> Response:
    """Returns the page that says how to get a link."""
    return page("login", 401, was_tried=was_tried)
