"""Where files are exchanged, as it is written in TOML; no secret stands there, only where one is kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ingest.places.place import Place, PlaceError

_SCHEMES: Final = ("file", "sftp", "s3")
_MAY: Final = {
    "file": frozenset[str](),
    "sftp": frozenset({"known_hosts", "fingerprint", "key", "password_file", "password_env"}),
    "s3": frozenset({"endpoint", "region", "profile"}),
}
"""What may be said of a place of each form beside its address."""


def _is_address(url: str) -> str:
    """Refuses an address that is none, or that carries a password for everybody to read."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise ValueError(f"{url!r:.200} is no place; begin with file:///, sftp:// or s3://")
    if parts.password is not None:
        raise ValueError("url: a password does not belong here; name password_file or password_env")
    if parts.scheme == "file" and (parts.netloc or not parts.path.startswith("/")):
        raise ValueError(f"{url!r:.200}: give the whole path, as in file:///srv/incoming")
    if parts.scheme != "file" and not parts.hostname:
        raise ValueError(
            f"{url!r:.200} names no {'server' if parts.scheme == 'sftp' else 'bucket'}"
        )
    if parts.scheme == "sftp" and not parts.username:
        raise ValueError(f"{url!r:.200} names no user; write sftp://user@host/folder")
    return url


class PlaceSettings(BaseModel):
    """One place, and how to get in.

    `file:///srv/incoming`, `sftp://user@host:22/folder` (below the home folder of the user;
    with `//` from the root of the server), `s3://bucket/prefix`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, AfterValidator(_is_address)]
    known_hosts: Path | None = None
    fingerprint: str | None = Field(default=None, pattern=r"^SHA256:[0-9A-Za-z+/]{43}$")
    key: Path | None = None
    password_file: Path | None = None
    password_env: str | None = None
    endpoint: str | None = Field(default=None, pattern=r"^https?://.")
    region: str | None = None
    profile: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> PlaceSettings:
        """Refuses what a place of this form does not take, and a server that nobody vouches for."""
        scheme = urlsplit(self.url).scheme
        every = frozenset().union(*_MAY.values())
        given = {name for name in every if getattr(self, name) is not None}
        if foreign := given - _MAY[scheme]:
            raise ValueError(f"{min(foreign)}: a place with {scheme}:// takes none; leave it out")
        if scheme == "sftp" and ("known_hosts" in given) == ("fingerprint" in given):
            raise ValueError(
                "known_hosts, fingerprint: one of them must say which key the server has; "
                "`ssh-keyscan` prints keys, and its owner tells you which is right"
            )
        if scheme == "sftp" and not given & {"key", "password_file", "password_env"}:
            raise ValueError("key, password_file, password_env: one of them must let us in")
        return self

    def place(self) -> Place:
        """Returns the place, not yet opened.

        Raises:
            PlaceError: A secret is not where it is said to be.
        """
        parts = urlsplit(self.url)
        path = unquote(parts.path)
        # Each form brings a library along that the others do not need.
        if parts.scheme == "file":
            from ingest.places.local import LocalPlace

            return LocalPlace(Path(path))
        if parts.scheme == "sftp":
            from ingest.places.sftp import SftpPlace

            return SftpPlace(
                str(parts.hostname),
                parts.port or 22,
                path.removeprefix("/") or ".",
                user=unquote(str(parts.username)),
                known_hosts=self.known_hosts,
                fingerprint=self.fingerprint,
                key=self.key,
                password=self._password(),
            )
        from ingest.places.s3 import S3Place

        named: dict[str, Any] = {n: getattr(self, n) for n in ("endpoint", "region", "profile")}
        return S3Place(str(parts.netloc), path, **named)

    def _password(self) -> str | None:
        if self.password_env is not None:
            if self.password_env not in os.environ:
                raise PlaceError(f"password_env: {self.password_env} is not set; set it")
            return os.environ[self.password_env]
        if self.password_file is None:
            return None
        try:
            return self.password_file.read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise PlaceError(
                f"password_file: {self.password_file} cannot be read: {error}"
            ) from error


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
"""What a pick-up or drop is called, in metrics, receipts and messages."""

Authority = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,16}$")]
