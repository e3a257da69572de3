"""One supervisor, its parts, and the file that says how they are."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from cli.local.home import Home
from cli.local.identity import Process
from cli.local.part import Part, Running
from cli.local.state import PartState, Phase, State, find_state, write_state
from cli.local.supervisor import Supervisor, end_leftovers

MakePart = Callable[..., Part]


@contextmanager
def looking_on(supervisor: Supervisor, look: Callable[[], None]) -> Iterator[list[BaseException]]:
    """Run `look` beside the supervisor, which has to stay in the main thread, then stop it."""
    errors: list[BaseException] = []

    def watch() -> None:
        try:
            look()
        except BaseException as error:
            errors.append(error)
        finally:
            supervisor.request_stop()

    thread = threading.Thread(target=watch)
    thread.start()
    yield errors
    thread.join()
    if errors:
        raise errors[0]


def await_state(home: Home, claim: Callable[[State], bool]) -> State:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        state = find_state(home)
        if state is not None and claim(state):
            return state
        time.sleep(0.02)
    raise AssertionError(f"never came true; last state: {find_state(home)}")


def test_parts_start_in_order_and_all_end(home: Home, make_part: MakePart) -> None:
    supervisor = Supervisor(home, [make_part("first"), make_part("second", needs=["first"])])
    processes: list[Process] = []

    def look() -> None:
        started = await_state(home, lambda state: bool(state.parts["second"].process))
        assert started.parts["first"].is_ready
        ready = await_state(home, lambda state: state.parts["second"].is_ready)
        processes.extend(part.process for part in ready.parts.values() if part.process)

    with looking_on(supervisor, look):
        supervisor.run()

    assert len(processes) == 2
    assert not any(process.is_alive() for process in processes)
    assert find_state(home) is None


def test_parts_that_do_not_need_each_other_start_together(home: Home, make_part: MakePart) -> None:
    never_ready = make_part("first", code="import time; time.sleep(60)")
    supervisor = Supervisor(home, [never_ready, make_part("second")])

    def look() -> None:
        state = await_state(home, lambda state: state.parts["second"].is_ready)
        assert not state.parts["first"].is_ready

    with looking_on(supervisor, look):
        supervisor.run()


def test_the_first_state_names_all_parts(
    home: Home, make_part: MakePart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second `up` that read it took the missing parts for unwanted ones."""
    written: list[State] = []
    monkeypatch.setattr("cli.local.supervisor.write_state", lambda _, state: written.append(state))
    supervisor = Supervisor(home, [make_part("first"), make_part("second")])
    supervisor.request_stop()

    supervisor.run()

    assert list(written[0].parts) == ["first", "second"]


def test_what_a_dead_supervisor_left_is_ended(home: Home, make_part: MakePart) -> None:
    leftover = Running(make_part())
    write_state(home, dead_state(leftover.process))

    end_leftovers(home)

    assert leftover.stop() == -9
    assert find_state(home) is None


def test_a_recycled_pid_in_a_stale_state_is_left_alone(home: Home, make_part: MakePart) -> None:
    innocent = Running(make_part())
    innocent.wait_ready()
    write_state(home, dead_state(Process(pid=innocent.process.pid, birth="long ago")))

    end_leftovers(home)

    assert innocent.process.is_alive()
    innocent.stop()


@pytest.mark.parametrize("content", [b"", b"{", b'{"of": "another version"}', b"\xff\x00"])
def test_a_damaged_state_does_not_stop_the_next_start(home: Home, content: bytes) -> None:
    home.state.write_bytes(content)

    end_leftovers(home)

    assert find_state(home) is None


def dead_state(process: Process) -> State:
    now = datetime.now(UTC)
    part = PartState(name="graph", phase=Phase.READY, since=now, url="bolt://x", process=process)
    dead = Process(pid=2**22, birth="dead")
    return State(supervisor=dead, started_at=now, parts={"graph": part})
