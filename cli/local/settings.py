"""What the environment says about this machine: variables with the prefix UTCS_."""

from pathlib import Path
from typing import Annotated, Self

from platformdirs import user_cache_path, user_data_path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from cli.local.errors import SettingError
from cli.local.home import Home
from ingest.settings import QueueUri, shown


def _folder(path: Path) -> Path:
    """Refuses what can never be a folder, wherever in the path the trouble is."""
    absolute = path.expanduser().absolute()
    try:
        nearest = next(p for p in (absolute, *absolute.parents) if p.exists())
    except OSError as error:
        raise ValueError(f"cannot be used ({error.strerror})") from error
    if not nearest.is_dir():
        raise ValueError(f"{nearest} is a file; name a folder")
    return path


Folder = Annotated[Path, AfterValidator(_folder)]
Memory = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,11}[kmgKMG]?$")]


class GraphSettings(BaseModel):
    """How to reach the graph: `bolt://` or `neo4j://` address, user and password."""

    model_config = ConfigDict(frozen=True)

    uri: str
    user: str = "neo4j"
    password: SecretStr


class LocalSettings(BaseSettings):
    """The settings of `utcs` on one machine; each can be set as `UTCS_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="UTCS_", frozen=True)

    home: Folder = Field(default_factory=lambda: user_data_path("utcs", appauthor=False))
    cache: Folder = Field(default_factory=lambda: user_cache_path("utcs", appauthor=False))
    java: Path | None = None
    maven_url: str = "https://repo.maven.apache.org/maven2"
    neo4j_uri: str | None = Field(default=None, pattern=r"^(bolt|neo4j)(\+s|\+ssc)?://.")
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr = SecretStr("")
    neo4j_heap: Memory = "1g"
    neo4j_pagecache: Memory = "256m"
    queue_uri: QueueUri | None = None
    kafka_heap: Memory = "512m"
    api_port: int = Field(default=8765, ge=0, le=65535)
    documents: Path | None = None

    @classmethod
    def read(cls) -> Self:
        """The settings as the environment has them now.

        Raises:
            SettingError: if a variable has a value that cannot be meant; the message names it.
        """
        try:
            return cls()
        except ValidationError as error:
            raise setting_error(error) from error

    @property
    def is_port_named(self) -> bool:
        """Whether somebody asked for this very port; 0 asks for any."""
        return "api_port" in self.model_fields_set and self.api_port != 0

    def places(self) -> Home:
        """The data folder and the cache, as absolute paths."""
        return Home(self.home.expanduser().absolute(), self.cache.expanduser().absolute())

    @property
    def external_queue(self) -> str | None:
        """The existing Kafka or RabbitMQ to use instead of a managed Kafka, if one is named."""
        return None if self.queue_uri is None else self.queue_uri.get_secret_value()

    def external_graph(self) -> GraphSettings | None:
        """The existing server or cluster to use instead of a managed one, if one is named."""
        if self.neo4j_uri is None:
            return None
        return GraphSettings(uri=self.neo4j_uri, user=self.neo4j_user, password=self.neo4j_password)


def setting_error(error: ValidationError) -> SettingError:
    """The error that names each variable with a value that cannot be meant."""
    return SettingError("; ".join(map(_sentence, error.errors())))


def _sentence(problem: ErrorDetails) -> str:
    name = f"UTCS_{'_'.join(map(str, problem['loc'])).upper()}"
    if problem["type"] == "value_error":  # worded by us
        said = problem["msg"].removeprefix("Value error, ")
    else:
        said = problem["msg"].lower()
    return f"{name}={shown(str(problem['input']))}: {said}; correct it or unset it"
