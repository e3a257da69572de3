"""The managed Kafka: broker and controller in one child process, with a store of its own."""

import base64
import os
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.local.errors import PartError
from cli.local.part import Part
from cli.local.state import replace_file
from cli.local.store import claim_store, refuse_newer_store

VERSION = "4.3.1"
LOCK = "kafka_jars.lock"

_JVM = (
    "-XX:+UseSerialGC",  # the smallest, for a small heap
    # A third less work to start (3.2 s of a processor, not 4.9) and 40 MB less memory (2026-11); the
    # slower code costs a broker little, because it moves whole batches.
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",  # a restart is better than a server that half works
    "-Djava.awt.headless=true",
    "-Dlog4j2.disable.jmx=true",
    "-Dfile.encoding=UTF-8",
)

# What a person must know goes to the console, in one line; the rest to a file that cannot grow.
_LOGGING = """<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN" shutdownHook="disable">
  <Appenders>
    <Console name="console">
      <PatternLayout pattern="%d %p %m %ex{short.message} (%c)%n"/>
    </Console>
    <RollingFile name="file" fileName="${sys:kafka.logs.dir}/kafka.log"
                 filePattern="${sys:kafka.logs.dir}/kafka.log.%i">
      <PatternLayout pattern="%d %p %m (%c)%n"/>
      <SizeBasedTriggeringPolicy size="10 MB"/>
      <DefaultRolloverStrategy max="3"/>
    </RollingFile>
  </Appenders>
  <Loggers>
    <Root level="INFO">
      <AppenderRef ref="console" level="ERROR"/>
      <AppenderRef ref="file"/>
    </Root>
  </Loggers>
</Configuration>
"""


@dataclass(frozen=True)
class Kafka:
    """One managed server: where its files are and how big it may grow.

    Attributes:
        folder: Configuration and store.
        logs: Folder of its log files.
        java: The `java` program that runs it.
        jars: Its class path.
        heap: Largest Java heap, as `-Xmx` takes it.
        settings: Further lines of server.properties.
    """

    folder: Path
    logs: Path
    java: Path
    jars: Sequence[Path]
    heap: str = "512m"
    settings: Mapping[str, str] = field(default_factory=dict)

    def prepare(self, port: int, controller_port: int) -> Part:
        """Write the configuration for two ports and, the first time, make an empty store.

        Returns:
            The part to start. Its store is locked while it runs: one server for one folder.
        """
        refuse_newer_store(self.folder, VERSION, "Kafka", "queue")
        self.logs.mkdir(parents=True, exist_ok=True)
        lines = (f"{key}={value}\n" for key, value in self._server(port, controller_port).items())
        replace_file(self._properties, "".join(lines).encode())
        replace_file(self.folder / "conf" / "log4j2.xml", _LOGGING.encode())
        self._make_store()
        claim_store(self.folder, VERSION)
        return Part(
            name="queue",
            command=self._command("kafka.Kafka", str(self._properties)),
            url=f"kafka://127.0.0.1:{port}",
            port=port,
            other_ports=(controller_port,),
            log=self.logs / "kafka-console.log",
            environment=self._environment(),
            folder=self.folder,
        )

    @property
    def _properties(self) -> Path:
        return self.folder / "conf" / "server.properties"

    def _server(self, port: int, controller_port: int) -> dict[str, str]:
        broker, controller = f"127.0.0.1:{port}", f"127.0.0.1:{controller_port}"
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{broker}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            # Below the working folder: Kafka reads this file as Latin-1 and splits at commas.
            "log.dirs": "data",
            # A mistyped name is an error, not a topic that nobody reads.
            "auto.create.topics.enable": "false",
            # Acknowledged means on disk: there is no second broker that has it after a power loss.
            "log.flush.interval.messages": "1",
            # Nothing is forgotten because its reader was away; a topic that may forget says so.
            "log.retention.ms": "-1",
            "offsets.retention.minutes": str(10 * 366 * 24 * 60),
            **_ONE_BROKER,
            **self.settings,
        }

    def _command(self, main: str, *arguments: str) -> list[str]:
        return [
            str(self.java),
            "-Xms64m",
            f"-Xmx{self.heap}",
            *_JVM,
            f"-Dkafka.logs.dir={self.logs}",
            f"-Dlog4j2.configurationFile={(self.folder / 'conf' / 'log4j2.xml').as_uri()}",
            main,
            *arguments,
        ]

    def _environment(self) -> dict[str, str]:
        # Naming each jar, rather than a folder, loads what was checked and nothing else.
        return {"CLASSPATH": os.pathsep.join(str(jar) for jar in self.jars)}

    def _make_store(self) -> None:
        """Make the store before the first start; its last file is the one that is looked for."""
        if (self.folder / "data" / "meta.properties").exists():
            return
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        words = ("format", f"--cluster-id={cluster}", f"--config={self._properties}")
        done = subprocess.run(
            self._command("kafka.tools.StorageTool", *words),
            cwd=self.folder,
            env={**os.environ, **self._environment()},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip()[-500:]
            raise PartError(f"the queue's store could not be made: {said}", part="queue")


_ONE_BROKER = {
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    # After a crash the broker is let in again once its former self counts as gone: 9 s by default.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    # There is nobody to wait for, so a first reader begins at once and not after 3 s.
    "group.initial.rebalance.delay.ms": "0",
    # 128 MB of the heap by default, for a compaction that has a few thousand keys here.
    "log.cleaner.dedupe.buffer.size": str(16 * 2**20),
}
