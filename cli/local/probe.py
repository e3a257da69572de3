"""Does something answer there? Asked without a password, so that nobody can collect one."""

import json
import socket
import ssl
import urllib.error
import urllib.request
from urllib.parse import urlsplit

TIMEOUT_S = 5.0
BOLT_PORT = 7687
# Bolt handshake: magic, then four offers (range, minor, major): 5.8 back to 5.0, and 4.4.
_HANDSHAKE = bytes.fromhex("6060b017 00080805 00000404 00000000 00000000")


def find_trouble(url: str) -> str | None:
    """Why the part at this address cannot do its work now; None if it can."""
    return (
        _bolt_trouble(url) if urlsplit(url).scheme[:4] in ("bolt", "neo4") else _http_trouble(url)
    )


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
