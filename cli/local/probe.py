"""Does something answer there? Asked without a password, so that nobody can collect one."""

import json
import socket
import ssl
import struct
import urllib.error
import urllib.request
from urllib.parse import parse_qsl, urlsplit

from ingest.settings import shown

TIMEOUT_S = 5.0
BOLT_PORT = 7687
# Bolt handshake: magic, then four offers (range, minor, major): 5.8 back to 5.0, and 4.4.
_HANDSHAKE = bytes.fromhex("6060b017 00080805 00000404 00000000 00000000")
# ApiVersions, version 0, which every broker takes before anything else (KIP-35): length, API key
# 18, version 0, correlation id, no client id.
_CORRELATION = 0x75746373
_API_VERSIONS = struct.pack(">ihhih", 10, 18, 0, _CORRELATION, -1)
# AMQP 0-9-1 §4.2.2: the client names the protocol, and the server answers with the method
# connection.start (class 10, method 10) in a frame of type 1 on channel 0, before it asks who we are.
_AMQP_HEADER = b"AMQP\0\0\x09\x01"
_AMQP_PORTS = {"amqp": 5672, "amqps": 5671}


def find_trouble(url: str) -> str | None:
    """Why the part at this address cannot do its work now; None if it can."""
    scheme = url.partition(":")[0]
    if scheme == "kafka":
        return _kafka_trouble(url)
    if scheme in _AMQP_PORTS:
        return _amqp_trouble(url)
    return _bolt_trouble(url) if scheme[:4] in ("bolt", "neo4") else _http_trouble(url)


def _bolt_trouble(url: str) -> str | None:
    """A Bolt server opens its port once its databases are up, so agreeing on a version is enough."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or BOLT_PORT
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT_S) as plain:
            connection = _encrypted(plain, host, parts.scheme)
            connection.sendall(_HANDSHAKE)
            has_agreed = connection.recv(4) not in (b"", b"\0\0\0\0")
    except OSError as error:
        return f"{url} does not answer: {error}"
    return None if has_agreed else f"{url} is not a Neo4j 4.4 or 5"


def _encrypted(plain: socket.socket, host: str, scheme: str) -> socket.socket:
    if "+s" not in scheme:
        return plain
    context = ssl.create_default_context()
    if scheme.endswith("+ssc"):  # a certificate signed by itself, as the address says
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host)


def _kafka_trouble(url: str) -> str | None:
    """A cluster can be reached through any of its brokers, so one that answers is enough."""
    troubles = [_broker_trouble(broker) for broker in brokers(url)]
    return None if None in troubles else "; ".join(filter(None, troubles))


def brokers(url: str) -> list[str]:
    """The `host:port` of each broker that a `kafka://` address names."""
    return url.removeprefix("kafka://").split(",")


def _broker_trouble(broker: str) -> str | None:
    host, _, port = broker.rpartition(":")
    address = (host.strip("[]"), int(port))
    try:
        with socket.create_connection(address, timeout=TIMEOUT_S) as connection:
            connection.sendall(_API_VERSIONS)
            answer = _exactly(connection, 10)
    except OSError as error:
        return f"kafka://{broker} does not answer: {error}"
    _, correlation, error_code = struct.unpack(">iih", answer)
    has_agreed = correlation == _CORRELATION and error_code == 0
    return None if has_agreed else f"kafka://{broker} is not a Kafka"


def _amqp_trouble(url: str) -> str | None:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or _AMQP_PORTS[parts.scheme]
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT_S) as plain:
            connection = plain if parts.scheme == "amqp" else _with_tls(plain, host, parts.query)
            connection.sendall(_AMQP_HEADER)
            kind, channel, _, group, method = struct.unpack(">BHIHH", _exactly(connection, 11))
    except OSError as error:
        return f"{shown(url)} does not answer: {error}"
    has_agreed = (kind, channel, group, method) == (1, 0, 10, 10)
    return None if has_agreed else f"{shown(url)} is not a RabbitMQ"


def _with_tls(plain: socket.socket, host: str, query: str) -> socket.socket:
    """As the worker's client does it, told by the same query of the address."""
    told = dict(parse_qsl(query))
    context = ssl.create_default_context(cafile=told.get("cafile"))
    if "certfile" in told:
        context.load_cert_chain(told["certfile"], told.get("keyfile"))
    if told.get("no_verify_ssl", "0") != "0":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host)


def _exactly(connection: socket.socket, count: int) -> bytes:
    received = b""
    while len(received) < count:
        block = connection.recv(count - len(received))
        if not block:
            raise ConnectionError("the connection ended early")
        received += block
    return received


def _http_trouble(url: str) -> str | None:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=TIMEOUT_S):  # noqa: S310 - our own address
            return None
    except urllib.error.HTTPError as error:
        return _detail(error.read()) or f"{url}/readyz answers {error.code}"
    except OSError as error:
        return f"{url} does not answer: {getattr(error, 'reason', error)}"


def _detail(body: bytes) -> str | None:
    """The sentence of an RFC 9457 problem document."""
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return None
