"""The settings of the worker process, read once from the environment (prefix `UTCS_`)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a worker is told: which queue, which graph, and how much it takes at once."""

    model_config = SettingsConfigDict(env_prefix="UTCS_", frozen=True)

    kafka_uri: str = Field(
        pattern="^kafka://.", description="`kafka://host:port`, further brokers after commas."
    )
    neo4j_uri: str
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr
    neo4j_database: str = "neo4j"
    events: str = Field(default="utcs.events", description="The topic to consume.")
    dead_letters: str = Field(
        default="utcs.dead-letters", description="Where what cannot be taken is sent."
    )
    hub: str = Field(
        default="utcs.hub",
        description="What the topics of the operational data hub begin with: `utcs.hub.flight`, …",
    )
    home: Path = Field(default=Path(), description="The folder of this installation.")
    telemetry: Path | None = Field(
        default=None, description="The folder of the samples; `telemetry` in `home` unless given."
    )
    group: str = Field(default="utcs", description="Workers of one group share the work.")
    partitions: int = Field(default=6, ge=1, description="How many workers can share the work.")
    replicas: int = Field(default=1, ge=1, description="How many brokers keep each event.")
    batch: int = Field(default=500, ge=1, le=10_000, description="The most messages taken at once.")
    linger_ms: int = Field(
        default=20, ge=1, le=10_000, description="How long to wait for a batch to fill."
    )
    work_host: str = "127.0.0.1"
    work_port: int = Field(default=8766, ge=0, le=65535, description="Where health is told.")

    @property
    def bootstrap(self) -> list[str]:
        """The brokers of a Kafka cluster, `host:port` each."""
        return self.kafka_uri.removeprefix("kafka://").split(",")

    def topic(self, stream: str) -> str:
        """The topic of a stream of the operational data hub."""
        return f"{self.hub}.{stream}"

    @property
    def samples(self) -> Path:
        """The folder of the samples."""
        return (self.telemetry or self.home / "telemetry").absolute()
