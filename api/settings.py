"""The settings of the API process, read once from the environment (prefix `UTCS_`)."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _loopback(host: str) -> str:
    if host != "localhost" and not ip_address(host).is_loopback:
        raise ValueError(
            f"{host} can be reached from other machines; until sign-on by OIDC is set up, use 127.0.0.1"
        )
    return host


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
