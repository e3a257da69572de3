"""The settings of the worker process, read once from the environment (prefix `UTCS_`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

_HOST: Final = r"(\[[0-9A-Fa-f:.]+\]|[^\s,/:@?#\[\]]+)"
_PORT: Final = ":[0-9]{1,5}"
_KAFKA: Final = re.compile(rf"kafka://{_HOST}{_PORT}(,{_HOST}{_PORT})*")
_RABBITMQ: Final = re.compile(rf"amqps?://([^\s/@?#]+@)?{_HOST}({_PORT})?(/[^\s/?#]*)?(\?[^\s#]*)?")


def _queue_uri(uri: SecretStr) -> SecretStr:
    if not any(form.fullmatch(uri.get_secret_value()) for form in (_KAFKA, _RABBITMQ)):
        raise ValueError(
            "is no queue; name kafka://host:port (further brokers after commas), or "
            "amqp://user:password@host:port/vhost (amqps:// with TLS; in a password, write / @ ? # % "
            "as %2F %40 %3F %23 %25)"
        )
    return uri


QueueUri = Annotated[SecretStr, AfterValidator(_queue_uri)]
"""Where the queue is, and which one: Kafka or RabbitMQ. It may hold a password: see `shown`."""


def shown(uri: str) -> str:
    """Returns an address as people may see it: without user and password."""
    scheme, separator, rest = uri.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}" if separator else uri.rpartition("@")[2]


class Settings(BaseSettings):
    """What a worker is told: which queue, which graph, and how much it takes at once."""

    model_config = SettingsConfigDict(env_prefix="UTCS_", frozen=True)

    queue_uri: QueueUri = Field(
        description="`kafka://host:port`, further brokers after commas, or `amqp://user:password@host`."
    )
    neo4j_uri: str
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr
    neo4j_database: str = "neo4j"
    events: str = Field(default="utcs.events", description="The topic or queue to consume.")
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
    group: str = Field(default="utcs", description="On Kafka, workers of one group share the work.")
    partitions: int = Field(default=6, ge=1, description="On Kafka, how many workers can share it.")
    replicas: int = Field(
        default=1, ge=1, description="On Kafka, how many brokers keep each event."
    )
    changes: str = Field(
        default="utcs.changes",
        description="Where each entry of the change log is published; nowhere if empty.",
    )
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
    batch: int = Field(default=500, ge=1, le=10_000, description="The most messages taken at once.")
    linger_ms: int = Field(
        default=20, ge=1, le=10_000, description="How long to wait for a batch to fill."
    )
    places: Path | None = Field(
        default=None, description="A TOML file: where files are picked up, and dropped."
    )
    webhooks: Path | None = Field(
        default=None, description="A TOML file: which endpoints of other systems are told what."
    )
    reports: Path | None = Field(
        default=None, description="A TOML file: which reports are sent to whom, and when."
    )
    live_aircraft: int = Field(
        default=0, ge=0, description="How many aircraft of the sample fleet go on flying."
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
    def is_rabbitmq(self) -> bool:
        """Whether the queue is a RabbitMQ, and not a Kafka."""
        return self.queue_uri.get_secret_value().startswith("amqp")

    @property
    def bootstrap(self) -> list[str]:
        """The brokers of a Kafka cluster, `host:port` each."""
        return self.queue_uri.get_secret_value().removeprefix("kafka://").split(",")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The brokers as people may see them, `host:port` each."""
        address = shown(self.queue_uri.get_secret_value()).partition("://")[2]
        return tuple(address.partition("/")[0].partition("?")[0].split(","))

    def topic(self, stream: str) -> str:
        """The topic of a stream of the operational data hub."""
        return f"{self.hub}.{stream}"

    @property
    def outward(self) -> tuple[str, ...]:
        """The topics that followers publish to."""
        return (*filter(None, [self.changes]), self.topic("maintenance"))

    @property
    def samples(self) -> Path:
        """The folder of the samples."""
        return (self.telemetry or self.home / "telemetry").absolute()
