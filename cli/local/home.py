"""Where one machine keeps its data: a path for each thing, and nothing else."""

from dataclasses import dataclass
from pathlib import Path

from cli.local.errors import SettingError


@dataclass(frozen=True)
class Home:
    """The data folder. Everything that must survive a restart is below it.

    Attributes:
        root: The folder itself, `UTCS_HOME`.
        cache: What can be fetched again, shared by all homes, `UTCS_CACHE`.
    """

    root: Path
    cache: Path

    @property
    def neo4j(self) -> Path:
        """The managed database: its configuration and its store."""
        return self.root / "neo4j"

    @property
    def kafka(self) -> Path:
        """The managed queue: its configuration and its store."""
        return self.root / "kafka"

    @property
    def logs(self) -> Path:
        """One log file for each part, and those that Neo4j and Kafka write themselves."""
        return self.root / "logs"

    @property
    def secrets(self) -> Path:
        """Passwords and tokens; readable by the owner only."""
        return self.root / "secrets"

    @property
    def neo4j_password(self) -> Path:
        """The managed database's password, made at random."""
        return self.secrets / "neo4j_password"

    @property
    def api_token(self) -> Path:
        """The one-time login token that the API prints."""
        return self.secrets / "api_token"

    @property
    def state(self) -> Path:
        """What runs now; written by the supervisor alone."""
        return self.root / "run" / "state.json"

    @property
    def lock(self) -> Path:
        """Held by the supervisor for as long as it lives."""
        return self.root / "run" / "supervisor.lock"

    @property
    def migrating(self) -> Path:
        """Held by the one `utcs up` that brings the graph up to date."""
        return self.root / "run" / "migrating.lock"

    @property
    def jars(self) -> Path:
        """The fetched jars, by file name."""
        return self.cache / "jars"

    def make(self) -> None:
        """Create the folders, the private ones with rights for the owner only.

        Raises:
            SettingError: if they cannot be created.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in (self.logs, self.neo4j, self.kafka, self.state.parent, self.jars):
                folder.mkdir(parents=True, exist_ok=True)
            self.secrets.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise SettingError(
                f"cannot create {error.filename} ({error.strerror}); make its parent writable for "
                "you, or set UTCS_HOME and UTCS_CACHE to folders that are",
                path=error.filename,
            ) from error
