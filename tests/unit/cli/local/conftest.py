"""Small stand-ins for real parts: a web server that starts in a tenth of a second."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.local.home import Home
from cli.local.part import Part
from cli.local.port import free_port

SERVER = """
import http.server, os, sys
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""

MakePart = Callable[..., Part]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home", tmp_path / "cache")
    home.make()
    return home


@pytest.fixture
def make_part(tmp_path: Path) -> MakePart:
    def make(name: str = "server", code: str = SERVER, **changes: object) -> Part:
        port = changes.get("port") or free_port()
        fields: dict[str, object] = {
            "name": name,
            "command": [sys.executable, "-S", "-c", code, str(port)],
            "url": f"http://127.0.0.1:{port}",
            "port": port,
            "log": tmp_path / f"{name}.log",
            "ready_within_s": 20.0,
            "stop_within_s": 5.0,
        }
        return Part(**{**fields, **changes})  # type: ignore[arg-type]

    return make
