"""The managed Neo4j: Community 5.26 as a child process, with a store of its own."""

import locale
import os
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.local.errors import PartError
from cli.local.neo4j_logs import write_log_settings
from cli.local.part import Part
from cli.local.state import replace_file
from cli.local.store import claim_store, refuse_newer_store

VERSION = "5.26.30"
LOCK = "neo4j_jars.lock"
USER = "neo4j"

# neo4j-admin and the server's start script open these packages; Netty and the store need them.
_OPENED = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch")
_JVM = (
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+DisableExplicitGC",
    "-XX:+ExitOnOutOfMemoryError",  # a restart is better than a server that half works
    "-Djdk.nio.maxCachedBufferSize=1024",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    "-Dfile.encoding=UTF-8",
    *(f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED),
)

_PLAIN = frozenset(range(33, 127)) - {ord("\\")}
"""What stands for itself in a value of a properties file."""


@dataclass(frozen=True)
class Neo4j:
    """One managed server: where its files are and how big it may grow.

    Attributes:
        folder: Configuration and store.
        logs: Folder of its log files.
        java: The `java` program that runs it.
        jars: Its class path.
        password_file: Its password, made at random before the first start.
        heap: Largest Java heap, as `-Xmx` takes it.
        pagecache: Memory for the store's pages.
        settings: Further lines of neo4j.conf.
    """

    folder: Path
    logs: Path
    java: Path
    jars: Sequence[Path]
    password_file: Path
    heap: str = "1g"
    pagecache: str = "256m"
    settings: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, port: int) -> Part:
        """Write the configuration for a port and, the first time, set the password.

        Returns:
            The part to start. Its store is locked while it runs: one server for one folder.
        """
        refuse_newer_store(self.folder, VERSION, "Neo4j", "graph")
        for name in ("conf", "data", "plugins", "import", "run"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(parents=True, exist_ok=True)
        lines = (f"{key}={escaped(value)}\n" for key, value in self._configuration(port).items())
        replace_file(self.folder / "conf" / "neo4j.conf", "".join(lines).encode("ascii"))
        write_log_settings(self.folder / "conf", os.path.relpath(self.logs, self.folder))
        self._set_first_password()
        claim_store(self.folder, VERSION)
        return Part(
            name="graph",
            command=self._command(),
            url=f"bolt://127.0.0.1:{port}",
            port=port,
            log=self.logs / "neo4j-console.log",
            environment=self._environment(),
            folder=self.folder,
        )

    def _configuration(self, port: int) -> dict[str, str]:
        return {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{port}",
            "server.bolt.advertised_address": f"127.0.0.1:{port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.directories.logs": str(self.logs),
            "server.memory.pagecache.size": self.pagecache,
            "dbms.security.auth_enabled": "true",
            "dbms.usage_report.enabled": "false",
            "db.tx_log.preallocate": "false",
            "db.tx_log.rotation.size": "32m",
            "db.tx_log.rotation.retention_policy": "256m size",
            "db.shutdown_transaction_end_timeout": "1s",
            # Writing texts takes half as long when their index follows a moment later (2026-11).
            "db.index.fulltext.eventually_consistent": "true",
            # Without these two a clean stop takes 11 s: twice five seconds of quiet period.
            "internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
            "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
            **self.settings,
        }

    def _command(self) -> list[str]:
        return [
            str(self.java),
            "-Xms256m",
            f"-Xmx{self.heap}",
            *_JVM,
            "org.neo4j.server.CommunityEntryPoint",
            f"--home-dir={self.folder}",
            f"--config-dir={self.folder / 'conf'}",
            "--console-mode",
        ]

    def _environment(self) -> dict[str, str]:
        # Naming each jar, rather than a folder, loads what was checked and nothing else. As a
        # variable it keeps 20 KB of paths out of the process list.
        # Java reads its arguments and variables in the locale's encoding, whatever Python does.
        is_utf8 = locale.getencoding().lower() in ("utf-8", "utf8")
        return ({} if is_utf8 else {"LC_ALL": "C.UTF-8"}) | {
            "CLASSPATH": os.pathsep.join(str(jar) for jar in self.jars),
            "NEO4J_HOME": str(self.folder),
            "NEO4J_CONF": str(self.folder / "conf"),
        }

    def _set_first_password(self) -> None:
        """Make the password before the first start; later the store has it."""
        if (self.folder / "data" / "databases" / "system").exists():
            return
        if not self.password_file.exists():
            self.password_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self.password_file, secrets.token_urlsafe(24).encode(), mode=0o600)
        password = self.password_file.read_text(encoding="ascii")
        # The program takes the password as an argument only, and arguments are public: the file of
        # arguments keeps it out of the process list.
        arguments = self.folder / "run" / "first-password.args"
        words = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "org.neo4j.cli.AdminTool"]
        words += ["dbms", "set-initial-password", "--", password]  # it may begin with a dash
        replace_file(arguments, "\n".join(words).encode(), mode=0o600)
        try:
            self._run_admin(arguments)
        finally:
            arguments.unlink()

    def _run_admin(self, arguments: Path) -> None:
        done = subprocess.run(
            [self.java, f"@{arguments}"],
            env={**os.environ, **self._environment()},
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise PartError(
                f"the graph's first password could not be set: {done.stderr.strip()[-500:]}",
                part="graph",
            )


def escaped(value: str) -> str:
    r"""Returns a value as java.util.Properties reads it: in ASCII, all else as `\uXXXX`."""
    units = value.encode("utf-16-be", "surrogatepass")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return "".join(
        chr(code) if code in _PLAIN or (code == ord(" ") and place) else f"\\u{code:04x}"
        for place, code in enumerate(codes)
    )
