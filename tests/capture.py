"""A real Debezium for tests: its connector for PostgreSQL in a stand-alone Kafka Connect."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cli.local.java import find_java
from cli.local.part import Part
from cli.local.port import free_port


def capture(
    folder: Path, jars: Sequence[Path], bootstrap: str, connector: Mapping[str, str]
) -> Part:
    """Returns what sends the changes of a database to Kafka; it goes on where it was when started again."""
    port = free_port()
    worker = {
        "bootstrap.servers": bootstrap,
        "key.converter": "org.apache.kafka.connect.json.JsonConverter",
        "value.converter": "org.apache.kafka.connect.json.JsonConverter",
        "offset.storage.file.filename": str(folder / "offsets"),
        "offset.flush.interval.ms": "200",
        "listeners": f"http://127.0.0.1:{port}",
        "plugin.discovery": "only_scan",
    }
    connector = {
        "name": "shop",
        "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "database.hostname": "127.0.0.1",
        "database.user": "utcs",
        "database.password": "trusted here",
        "plugin.name": "pgoutput",
        "topic.creation.default.replication.factor": "1",
        "topic.creation.default.partitions": "1",
        **connector,
    }
    told = []
    for name, properties in (("worker", worker), ("connector", connector)):
        path = folder / f"{name}.properties"
        path.write_text("".join(f"{key}={value}\n" for key, value in properties.items()))
        told.append(str(path))
    return Part(
        name="capture",
        command=[
            str(find_java()), "-Xmx256m", "-XX:TieredStopAtLevel=1",
            "org.apache.kafka.connect.cli.ConnectStandalone", *told,
        ],
        url=f"http://127.0.0.1:{port}",
        port=port,
        log=folder / "capture.log",
        environment={"CLASSPATH": os.pathsep.join(map(str, jars))},
        folder=folder,
    )  # fmt: skip
