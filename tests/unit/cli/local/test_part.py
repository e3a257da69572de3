"""A part is ours, answers itself, and never outlives us."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from cli.local import watchdog
from cli.local.errors import PartError
from cli.local.identity import Process
from cli.local.part import Part, Running

MakePart = Callable[..., Part]
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(60)"
PARENT = """
import sys
from pathlib import Path
from cli.local import watchdog
from cli.local.part import Part, Running
part = Part("sleeper", [sys.executable, "-S", "-c", "import time; time.sleep(60)"], "", 1, Path(sys.argv[1]))
watchdog.__file__ = sys.argv[2]
print(Running(part).process.model_dump_json(), flush=True)
input()
"""


def wait_until(claim: Callable[[], bool], within_s: float = 15.0) -> bool:
    deadline = time.monotonic() + within_s
    while not claim() and time.monotonic() < deadline:
        time.sleep(0.02)
    return claim()


def test_a_part_becomes_ready_and_stops(make_part: MakePart) -> None:
    running = Running(make_part())

    running.wait_ready()
    status = running.stop()

    assert status == -signal.SIGTERM
    assert not running.process.is_alive()


def test_a_part_that_ends_says_so_with_its_last_words(make_part: MakePart) -> None:
    running = Running(make_part(code="raise SystemExit('no licence')"))

    with pytest.raises(PartError, match=r"ended with status 1; its log .* 'no licence'"):
        running.wait_ready()
    running.stop()


def test_a_program_that_does_not_exist_is_reported(make_part: MakePart) -> None:
    running = Running(make_part(command=["/no/such/program"]))

    with pytest.raises(PartError, match="No such file or directory"):
        running.wait_ready()
    running.stop()


def test_a_part_that_is_late_is_reported(make_part: MakePart) -> None:
    running = Running(make_part(code="import time; time.sleep(60)", ready_within_s=0.3))

    with pytest.raises(PartError, match="did not become ready"):
        running.wait_ready()
    running.stop()


def test_a_part_that_ignores_the_request_to_end_is_killed(make_part: MakePart) -> None:
    running = Running(make_part(code=STUBBORN, stop_within_s=0.5))
    time.sleep(0.3)

    running.stop()

    assert not running.process.is_alive()


def test_a_stranger_on_the_port_is_not_taken_for_the_part(make_part: MakePart) -> None:
    stranger = Running(make_part("stranger"))
    stranger.wait_ready()
    port = stranger.part.port

    running = Running(make_part(port=port, url=stranger.part.url))

    with pytest.raises(PartError, match=f"another program has taken port {port}"):
        running.wait_ready()
    running.stop()
    stranger.stop()


def test_every_port_must_be_its_own(make_part: MakePart) -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        running = Running(make_part(other_ports=[port], ready_within_s=1.0))

        with pytest.raises(PartError, match=f"another program has taken port {port}"):
            running.wait_ready()
        running.stop()


def test_a_stranger_that_accepts_while_ours_sleeps_is_not_readiness(
    make_part: MakePart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.local.probe.TIMEOUT_S", 0.2)
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        running = Running(make_part(code="import time; time.sleep(60)", port=port))

        assert running.find_trouble() is not None
        running.stop()


@pytest.fixture(params=["kernel", "pipe"])
def watchdog_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The watchdog as it is, and as it works on a system without prctl."""
    source = Path(watchdog.__file__).read_text(encoding="utf-8")
    if request.param == "pipe":
        source = source.replace('sys.platform != "linux"', "True")
    file = tmp_path / "watchdog.py"
    file.write_text(source, encoding="utf-8")
    return file


def test_kill_9_of_the_parent_ends_the_part(watchdog_file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log"), str(watchdog_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        part = Process.model_validate_json(parent.stdout.readline())
        time.sleep(0.5)
        assert part.is_alive()

        parent.kill()
        parent.wait()

    assert wait_until(lambda: not part.is_alive())


def test_a_part_that_ends_leaves_no_watcher(watchdog_file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log"), str(watchdog_file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        part = Process.model_validate_json(parent.stdout.readline())
        time.sleep(0.5)
        watchers = psutil.Process(part.pid).children()

        part.send(signal.SIGTERM)

        assert wait_until(lambda: not any(watcher.is_running() for watcher in watchers))
        parent.kill()
