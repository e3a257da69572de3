"""The settings of the worker process, read once from the environment (prefix `UTCS_`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


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
    changes: str = Field(
        default="utcs.changes",
        description="Where each entry of the change log is published; nowhere if empty.",
    )
    group: str = Field(default="utcs", description="Workers of one group share the work.")
    debezium_topics: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Topics of Debezium's change events, commas between."
    )
    debezium_mapping: Path | None = Field(
        default=None,
        validate_default=True,
        description="The TOML file that says what their rows are.",
    )
    postgres_uri: SecretStr | None = Field(
        default=None,
        description="Where the mirror is kept: `postgresql://user:password@host/database`.",
    )
    lease_s: float = Field(
        default=30.0,
        ge=0.1,
        description="How long a follower waits for a worker that died with it.",
    )
    partitions: int = Field(default=6, ge=1, description="How many workers can share the work.")
    replicas: int = Field(default=1, ge=1, description="How many brokers keep each event.")
    batch: int = Field(default=500, ge=1, le=10_000, description="The most messages taken at once.")
    linger_ms: int = Field(
        default=20, ge=1, le=10_000, description="How long to wait for a batch to fill."
    )
    work_host: str = "127.0.0.1"
    work_port: int = Field(default=8766, ge=0, le=65535, description="Where health is told.")

    @field_validator("debezium_topics", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return (
            [t.strip() for t in value.split(",") if t.strip()] if isinstance(value, str) else value
        )

    @field_validator("debezium_mapping")
    @classmethod
    def _both_or_none(cls, value: Path | None, others: ValidationInfo) -> Path | None:
        if bool(others.data.get("debezium_topics")) != (value is not None):
            raise ValueError("goes together with UTCS_DEBEZIUM_TOPICS; set both or neither")
        return value

    @property
    def bootstrap(self) -> list[str]:
        """The brokers of a Kafka cluster, `host:port` each."""
        return self.kafka_uri.removeprefix("kafka://").split(",")
