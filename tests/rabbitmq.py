"""A RabbitMQ of a test's own: a node in a folder, on free ports of this machine, gone afterwards."""

from __future__ import annotations

import ipaddress
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cli.local.part import Part, Running
from cli.local.port import free_ports
from tests.provide import DEBIAN, program

_CONFIGURATION: Final = """
log.console = true
log.console.level = warning
vm_memory_high_watermark.absolute = 512MiB
disk_free_limit.absolute = 50MB
listeners.ssl.1 = 127.0.0.1:{tls_port}
ssl_options.cacertfile = {certificate}
ssl_options.certfile = {certificate}
ssl_options.keyfile = {key}
"""
# A channel looks each second, not each minute, whether its consumer holds a message for too long.
_ADVANCED: Final = "[{rabbit, [{channel_tick_interval, 1000}]}]."


def find_rabbitmq() -> Path | None:
    """Returns the program that is installed here."""
    return program(DEBIAN["rabbitmq-server"])


@dataclass(frozen=True)
class RabbitMQ:
    """One node: where its files are, its ports, and that of the name server that Erlang wants."""

    folder: Path
    port: int
    tls_port: int
    distribution_port: int
    names_port: int

    @property
    def uri(self) -> str:
        """Where it answers, with the password that every fresh RabbitMQ has."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    @property
    def certificate(self) -> Path:
        """The certificate that it shows, signed by itself."""
        return self.folder / "certificate.pem"

    def prepare(self) -> Part:
        """Returns the part to start, after the name server; it keeps its store over a restart."""
        for name in ("store", "log", "home"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        key = self.folder / "key.pem"
        if not key.exists():
            _certify(self.certificate, key)
        configuration = _CONFIGURATION.format(
            tls_port=self.tls_port, certificate=self.certificate, key=key
        )
        (self.folder / "rabbitmq.conf").write_text(configuration, encoding="utf-8")
        (self.folder / "advanced.config").write_text(_ADVANCED, encoding="ascii")
        (self.folder / "plugins").write_text("[].", encoding="ascii")
        return Part(
            name="queue",
            command=[str(find_rabbitmq())],
            url=f"amqp://127.0.0.1:{self.port}",
            port=self.port,
            log=self.folder / "log" / "console.log",
            environment=self._environment(),
            folder=self.folder,
        )

    def names(self) -> Part:
        """Returns the name server to start; else Erlang starts one that nobody ever stops."""
        address = ("-address", "127.0.0.1", "-port", str(self.names_port))
        return Part(
            name="names",
            command=["epmd", *address],
            url="",
            port=self.names_port,
            log=self.folder / "names.log",
        )

    def control(self, *words: str) -> str:
        """Returns what `rabbitmqctl` says to some words."""
        program = find_rabbitmq()
        assert program is not None
        done = subprocess.run(
            [
                program.with_name("rabbitmqctl"),
                "-n",
                self._environment()["RABBITMQ_NODENAME"],
                *words,
            ],
            env={**os.environ, **self._environment()},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def _environment(self) -> dict[str, str]:
        loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        return {
            "HOME": str(self.folder / "home"),
            "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the server, so the pid is its own
            "RABBITMQ_NODENAME": f"utcs{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "store"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{loopback} +S 2:2",
            "ERL_EPMD_PORT": str(self.names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }


def _certify(certificate: Path, key: Path) -> None:
    """Writes a key and a certificate of it for this machine, good for a day."""
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(secret, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.touch(mode=0o600)
    key.write_bytes(
        secret.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )


@contextmanager
def rabbitmq_names(folder: Path) -> Iterator[RabbitMQ]:
    """Yields a node that can be started, and started again, while its name server runs."""
    made = RabbitMQ(folder, *free_ports(4))
    names = Running(made.names())
    try:
        yield made
    finally:
        names.stop()


@contextmanager
def rabbitmq(folder: Path) -> Iterator[RabbitMQ]:
    """Yields a node that runs."""
    with rabbitmq_names(folder) as made:
        running = Running(made.prepare())
        try:
            running.wait_ready()
            yield made
        finally:
            running.stop()
