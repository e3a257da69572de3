"""Who may come in: one-time login links, the sessions of people, the tokens of programs.

A secret is 256 random bits and is told once. The folder `access` keeps only its SHA-256, as the
name of a file that says whose it is; so that folder gives no secret away, and several processes
share it without a lock.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

from graph.errors import TraceError
from graph.flows.submit import Principal
from graph.model.event import MAX_ACTOR
from graph.model.identifier import named, shown

Use = Literal["login", "session", "token"]

LOGIN_S: Final = 15 * 60
SESSION_S: Final = 12 * 60 * 60


class ActorError(TraceError):
    """A name is none under which anything could be recorded."""


class Keyring:
    """The secrets of one installation: gives them out, recognises them, takes them back.

    Args:
        folder: The private folder of the installation, `UTCS_HOME/secrets`.
        clock: Tells now, in seconds since 1970 UTC; tests give their own.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._access = folder / "access"
        self._clock = clock

    def issue(self, use: Use, principal: Principal, lifetime_s: float | None = None) -> str:
        """Returns a new secret that stands for somebody, for some time or until it is revoked.

        Raises:
            ActorError: What is done in that name could never be recorded.
        """
        _check_actor(principal.actor)
        self._access.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._purge()
        secret = secrets.token_urlsafe(32)
        grant = {
            "use": use,
            "actor": principal.actor,
            "roles": sorted(principal.roles),
            "expires": None if lifetime_s is None else self._clock() + lifetime_s,
        }
        _write_private(self._file(secret), json.dumps(grant))
        return secret

    def find(self, use: Use, secret: str) -> Principal | None:
        """Returns whom a secret stands for; None if it is unknown, expired or for another use."""
        grant = self._grant(self._file(secret))
        if grant is None or grant["use"] != use:
            return None
        return Principal(str(grant["actor"]), frozenset(grant["roles"]))

    def redeem(self, secret: str) -> Principal | None:
        """Uses up a one-time login and returns whom it stands for; None if it is not good (any more)."""
        principal = self.find("login", secret)
        return principal if principal and self.revoke(secret) else None

    def revoke(self, secret: str) -> bool:
        """Makes a secret worthless; says whether it was still there, to exactly one caller."""
        try:
            self._file(secret).unlink()
        except FileNotFoundError:
            return False
        return True

    def api_token(self, principal: Principal) -> str:
        """Returns the token for the programs of this machine's owner, made on first use."""
        path = self._folder / "api_token"
        while True:
            try:
                token = path.read_text(encoding="ascii").strip()
            except FileNotFoundError:
                token = ""
            if token and self.find("token", token):
                return token
            if token:
                path.unlink(missing_ok=True)
            self._place(path, self.issue("token", principal))

    def _place(self, path: Path, secret: str) -> None:
        """Writes a secret whole or not at all; the first of several processes wins."""
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        _write_private(draft, secret + "\n")
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            self.revoke(secret)
        finally:
            draft.unlink()

    def _file(self, secret: str) -> Path:
        # The secret itself is never compared: only its hash is looked up, so time tells nothing.
        return self._access / sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

    def _grant(self, file: Path) -> dict[str, Any] | None:
        try:
            grant: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        expires = grant["expires"]
        return None if expires is not None and expires <= self._clock() else grant

    def _purge(self) -> None:
        for file in self._access.iterdir():
            if self._grant(file) is None and self._is_old(file):
                file.unlink(missing_ok=True)

    def _is_old(self, file: Path) -> bool:
        # A file that another process is writing this moment reads as empty; leave it a minute.
        try:
            return file.stat().st_mtime < time.time() - 60
        except FileNotFoundError:
            return False


def _check_actor(actor: str) -> None:
    """Holds a name against what an event takes as its actor, and a line of a log as one word of it."""
    problem = None
    if not actor.strip():
        problem = "is empty; give a name"
    elif len(actor) > MAX_ACTOR:
        problem = f"has {len(actor)} characters; give at most {MAX_ACTOR}"
    elif actor != actor.strip():
        problem = "has white space around it; remove it"
    elif foreign := next((one for one in actor if not one.isprintable()), None):
        problem = f"contains {named(foreign)}; use printable characters only"
    if problem:
        raise ActorError(f"actor: {shown(actor)} {problem}", field="actor")


def _write_private(path: Path, text: str) -> None:
    """Writes a new file that only its owner can read, from its first byte on."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
