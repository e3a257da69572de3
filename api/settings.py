"""The settings of the API process, read once from the environment (prefix `UTCS_`)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MAX_PUBLIC_URL: Final = 128
"""So long may it be that a link to the longest identifier has no more than 255 characters (IEC 61406-1)."""


def _loopback(host: str) -> str:
    if host != "localhost" and not ip_address(host).is_loopback:
        raise ValueError(
            f"{host} can be reached from other machines; until sign-on by OIDC is set up, use 127.0.0.1"
        )
    return host


_LINK: Final = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?")
"""Where identification links may lead: IEC 61406-1 lets them hold no other characters."""


def _public(url: str) -> str:
    if not _LINK.fullmatch(url) or len(url) > MAX_PUBLIC_URL:
        raise ValueError(
            f"{url!r:.100} cannot begin an identification link; give one such as https://id.example.com, of "
            f"at most {MAX_PUBLIC_URL} characters, without query or fragment"
        )
    return url.rstrip("/")


class Settings(BaseSettings):
    """What the API process is told: where the graph is, where it listens, how much it takes."""

    model_config = SettingsConfigDict(env_prefix="UTCS_", frozen=True)

    home: Path = Field(description="The folder of this installation; keys are kept in it.")
    telemetry: Path | None = Field(
        default=None, description="The folder of the samples; `telemetry` in `home` unless given."
    )
    neo4j_uri: str = Field(description="Where the graph is, such as bolt://127.0.0.1:7687.")
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr
    neo4j_database: str = "neo4j"
    public_url: Annotated[str, AfterValidator(_public)] | None = Field(
        default=None,
        description="Where people reach this service for good; the codes on assets lead there. Once codes "
        "are printed it may not change.",
    )
    api_host: Annotated[str, AfterValidator(_loopback)] = "127.0.0.1"
    api_port: int = Field(default=8765, ge=0, le=65535, description="0 takes any free port.")
    timeout_s: float = Field(
        default=30.0, gt=0, le=600, description="The longest one read may take."
    )
    max_body_bytes: int = Field(
        default=64 * 1024 * 1024, gt=0, description="The largest request that is read."
    )
    open_metrics: bool = Field(
        default=False, description="Whether /metrics answers without a token, for a local scraper."
    )
    documents: Path | None = Field(
        default=None,
        description="A folder of .graphql files, by its absolute path: GraphQL executes these only.",
    )

    @property
    def samples(self) -> Path:
        """The folder of the samples."""
        return (self.telemetry or self.home / "telemetry").absolute()
