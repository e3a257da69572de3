"""Which endpoint is told what, as it is written in TOML; no secret stands there, only where one is kept."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from graph.errors import TraceError
from graph.model.time import UtcDatetime
from ingest.files.toml import read_toml
from ingest.places.settings import Name
from ingest.webhooks.signature import PREFIX, SecretError, read_secret
from ingest.webhooks.told import TYPES

MAX_SECRETS: Final = 5
"""While secrets are changed there are two; more than a few are a mistake."""

_TYPE: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*(\.\*)?")


class WebhookError(TraceError):
    """An endpoint cannot be called as it is configured."""


def _is_address(url: str) -> str:
    """Refuses what is no address of the web, or carries a password; what may be secret is not repeated."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises ValueError where it is none
    except ValueError as error:
        raise ValueError("is no address; write https://host/path") from error
    if parts.username is not None or parts.password is not None:
        raise ValueError("user and password do not belong here; calls are signed instead")
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", url):
        raise ValueError("is no address; write https://host/path")
    if parts.fragment:
        raise ValueError("what comes after # is never sent; leave it out")
    return url


def _is_no_secret(where: Any) -> Any:
    """Refuses a secret where the place of one belongs, without repeating it."""
    if PREFIX in str(where):
        raise ValueError("that is a secret; name the file or the variable that holds it")
    return where


def _is_told(pattern: str) -> str:
    """Refuses a type that nothing is ever told under."""
    if not _TYPE.fullmatch(pattern) or not any(matches(pattern, one) for one in TYPES):
        raise ValueError(f"{pattern!r:.100} is told of nothing; use one of {', '.join(TYPES)}")
    return pattern


def matches(pattern: str, type: str) -> bool:
    """Whether a type is meant: by its name, or by the beginning of it before `.*`."""
    return type == pattern or (pattern.endswith(".*") and type.startswith(pattern[:-1]))


class EndpointSettings(BaseModel):
    """One endpoint of another system, and what it is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    url: Annotated[str, AfterValidator(_is_address)]
    types: tuple[Annotated[str, AfterValidator(_is_told)], ...] = Field(
        min_length=1,
        max_length=50,
        description="Event types; `org.utcs.dpp.*` for all of a family.",
    )
    secret_file: Annotated[Path, BeforeValidator(_is_no_secret)] | None = Field(
        default=None,
        description="Holds a secret on each line; each call is signed with all of them.",
    )
    secret_env: Annotated[str, AfterValidator(_is_no_secret)] | None = Field(
        default=None, description="The variable that holds them, with spaces between."
    )
    since: UtcDatetime | None = Field(
        default=None, description="What was recorded before is not told; all is unless given."
    )
    timeout_s: float = Field(default=15.0, gt=0, le=60, description="How long a call may take.")
    tries: int = Field(
        default=30, ge=1, le=1000, description="After so many a call is a dead letter."
    )
    first_wait_s: float = Field(
        default=5.0, gt=0, le=3600, description="The wait after the first try; it doubles."
    )
    most_wait_s: float = Field(default=3600.0, gt=0, le=86_400, description="The longest wait.")
    at_once: int = Field(
        default=4, ge=1, le=32, description="Calls about so many things are made side by side."
    )

    @model_validator(mode="before")
    @classmethod
    def _holds_no_secret(cls, data: Any) -> Any:
        if isinstance(data, dict) and "secret" in data:
            raise ValueError("secret: does not belong here; name secret_file or secret_env")
        return data

    @model_validator(mode="after")
    def _is_signed(self) -> EndpointSettings:
        if (self.secret_file is None) == (self.secret_env is None):
            raise ValueError("secret_file, secret_env: one of them must say where the secret is")
        return self

    @property
    def place(self) -> str:
        """The address as people may see it: a query may hold what is secret."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{parts.path}"

    def wants(self, types: Iterable[str]) -> bool:
        """Whether any of some types is told to this endpoint."""
        return any(matches(pattern, one) for one in types for pattern in self.types)

    def secrets(self) -> tuple[bytes, ...]:
        """Returns what calls are signed with; read anew each time, so that it can be changed meanwhile.

        Raises:
            WebhookError: A secret is not where it is said to be, or is none.
        """
        where, text = self._kept()
        written = text.split()
        if not 1 <= len(written) <= MAX_SECRETS:
            raise WebhookError(
                f"{where} holds {len(written)} secrets; write 1 to {MAX_SECRETS}, one on each line"
            )
        try:
            return tuple(map(read_secret, written))
        except SecretError as error:
            raise WebhookError(f"{where}: {error.message}") from error

    def _kept(self) -> tuple[str, str]:
        if self.secret_env is not None:
            if self.secret_env not in os.environ:
                raise WebhookError(f"secret_env: {self.secret_env} is not set; set it")
            return f"secret_env: {self.secret_env}", os.environ[self.secret_env]
        where = f"secret_file: {self.secret_file}"
        try:
            return where, (self.secret_file or Path()).read_text("utf-8")
        except OSError as error:
            raise WebhookError(f"{where} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise WebhookError(
                f"{where} is not text; write secrets as {SecretError.FORM}"
            ) from error


class WebhookSettings(BaseModel):
    """All endpoints; see docs/exchange.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: tuple[EndpointSettings, ...] = Field(default=(), max_length=100)

    @model_validator(mode="after")
    def _named_apart(self) -> WebhookSettings:
        names = [one.name for one in self.endpoint]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"name: {min(twice)!r} stands there twice; names tell them apart")
        return self


def read_webhooks(path: Path) -> WebhookSettings:
    """Returns what a TOML file says of endpoints.

    Raises:
        FileError: It is not there, not TOML, or says what cannot be meant.
    """
    return read_toml(path, WebhookSettings, "a list of endpoints")
