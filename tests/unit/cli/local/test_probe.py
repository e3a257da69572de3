"""A part that answers is told from one that does not, and the reason is passed on."""

import http.server
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cli.local.probe import find_trouble


@contextmanager
def serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


class Bolt(socketserver.BaseRequestHandler):
    answer = bytes.fromhex("00000405")

    def handle(self) -> None:
        assert self.request.recv(20)[:4] == bytes.fromhex("6060b017")
        self.request.sendall(self.answer)


class Kafka(socketserver.BaseRequestHandler):
    error_code = b"\0\0"

    def handle(self) -> None:
        # Kafka protocol guide, ApiVersions request version 0: length, API key 18, version 0, …
        request = self.request.recv(14)
        assert request[:8] == bytes.fromhex("0000000a00120000")
        answer = request[8:12] + self.error_code + bytes(4)
        for byte in (*len(answer).to_bytes(4, "big"), *answer):  # as slow as a network may be
            self.request.sendall(bytes([byte]))


class RefusingKafka(Kafka):
    error_code = b"\0\x23"  # 35, UNSUPPORTED_VERSION


class Hasty(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(14)
        self.request.sendall(b"\0\0")


class Rabbit(socketserver.BaseRequestHandler):
    # AMQP 0-9-1 §2.3.5: type 1, channel 0, length, then class 10 and method 10, connection.start
    answer = bytes.fromhex("01 0000 00000008 000a 000a 00090000 ce")

    def handle(self) -> None:
        assert self.request.recv(8) == b"AMQP\0\0\x09\x01"
        self.request.sendall(self.answer)


class NewerAmqp(Rabbit):
    answer = b"AMQP\x00\x01\x00\x00and more"  # how a server says which protocol it wants


class OldBolt(Bolt):
    answer = bytes(4)


class Unready(http.server.BaseHTTPRequestHandler):
    body = b'{"detail": "migrations wait"}'

    def do_GET(self) -> None:
        self.send_response(503)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


class Speechless(Unready):
    body = b"<html>"


def test_a_bolt_server_that_agrees_is_fine() -> None:
    with serving(Bolt) as port:
        assert find_trouble(f"bolt://127.0.0.1:{port}") is None
        assert find_trouble(f"neo4j://127.0.0.1:{port}") is None


def test_a_bolt_server_of_another_age_is_not() -> None:
    with serving(OldBolt) as port:
        assert "is not a Neo4j" in (find_trouble(f"bolt://127.0.0.1:{port}") or "")


def test_a_kafka_that_agrees_is_fine() -> None:
    with serving(Kafka) as port:
        assert find_trouble(f"kafka://127.0.0.1:{port}") is None


def test_one_broker_of_a_cluster_is_enough() -> None:
    with serving(Kafka) as port:
        assert find_trouble(f"kafka://127.0.0.1:9,127.0.0.1:{port}") is None


def test_what_is_no_kafka_is_told() -> None:
    with serving(RefusingKafka) as port:
        assert "is not a Kafka" in (find_trouble(f"kafka://127.0.0.1:{port}") or "")
    with serving(Hasty) as port:
        assert "ended early" in (find_trouble(f"kafka://127.0.0.1:{port}") or "")


def test_a_rabbitmq_that_agrees_is_fine() -> None:
    with serving(Rabbit) as port:
        assert find_trouble(f"amqp://plant:word@127.0.0.1:{port}/line") is None


def test_what_is_no_rabbitmq_is_told_without_the_password() -> None:
    with serving(NewerAmqp) as port:
        trouble = find_trouble(f"amqp://plant:word@127.0.0.1:{port}/line")

    assert trouble == f"amqp://127.0.0.1:{port}/line is not a RabbitMQ"


def test_a_server_without_tls_is_not_taken_for_one_with() -> None:
    class Plain(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(20)
            self.request.sendall(b"this is no TLS record")

    with serving(Plain) as port:
        assert "does not answer" in (find_trouble(f"bolt+s://127.0.0.1:{port}") or "")
        assert "does not answer" in (find_trouble(f"amqps://127.0.0.1:{port}") or "")


def test_the_reason_of_a_part_that_is_not_ready_is_passed_on() -> None:
    with serving(Unready) as port:
        assert find_trouble(f"http://127.0.0.1:{port}") == "migrations wait"
    with serving(Speechless) as port:
        assert "answers 503" in (find_trouble(f"http://127.0.0.1:{port}") or "")


def test_nothing_there_is_said_so() -> None:
    for url in (
        "bolt://127.0.0.1:9",
        "kafka://127.0.0.1:9",
        "amqp://127.0.0.1:9",
        "http://127.0.0.1:9",
    ):
        assert "Connection refused" in (find_trouble(url) or "")
