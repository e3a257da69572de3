"""A part that ends is started again, soon at first and then with patience."""

import signal
import time
from collections.abc import Callable

from cli.local.keeper import FIRST_PAUSE_S, LONGEST_PAUSE_S, Keeper
from cli.local.part import Part
from cli.local.state import Phase

MakePart = Callable[..., Part]


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def tick_until(keeper: Keeper, phase: Phase, within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while keeper.state.phase is not phase:
        assert time.monotonic() < deadline, keeper.state
        keeper.tick()
        time.sleep(0.02)


def test_a_part_waits_until_it_is_wanted(make_part: MakePart) -> None:
    is_wanted = False
    keeper = Keeper(make_part(), lambda: is_wanted)

    keeper.tick()
    assert not keeper.is_ready
    is_wanted = True
    tick_until(keeper, Phase.READY)

    keeper.stop()
    assert keeper.state.phase is Phase.STOPPED
    assert keeper.state.process is None


def test_a_killed_part_is_started_again_and_its_state_says_why(make_part: MakePart) -> None:
    keeper = Keeper(make_part())
    tick_until(keeper, Phase.READY)
    first = keeper.state.process
    assert first is not None

    first.send(signal.SIGKILL)
    tick_until(keeper, Phase.RESTARTING)

    assert "ended with status -9" in keeper.state.reason
    tick_until(keeper, Phase.READY)
    assert keeper.state.restarts == 1
    assert keeper.state.reason == ""
    assert keeper.state.process not in (None, first)
    keeper.stop()


def test_pauses_grow_to_a_limit(make_part: MakePart) -> None:
    clock = Clock()
    keeper = Keeper(make_part(code="raise SystemExit(1)"), clock=clock)
    pauses = []
    for _ in range(8):
        tick_until(keeper, Phase.STARTING)
        failed_at = clock.now_s
        tick_until(keeper, Phase.RESTARTING)
        while keeper.state.phase is Phase.RESTARTING:
            clock.now_s += FIRST_PAUSE_S
            keeper.tick()
        pauses.append(clock.now_s - failed_at)

    keeper.stop()
    assert pauses[:4] == [0.5, 1.0, 2.0, 4.0]
    assert pauses[-1] == LONGEST_PAUSE_S


def test_a_part_that_ran_well_for_a_while_is_restarted_at_once(make_part: MakePart) -> None:
    clock = Clock()
    keeper = Keeper(make_part(), clock=clock)
    keeper._pause_s = LONGEST_PAUSE_S
    tick_until(keeper, Phase.READY)
    clock.now_s += 100.0
    assert keeper.state.process is not None

    keeper.state.process.send(signal.SIGKILL)
    tick_until(keeper, Phase.RESTARTING)
    clock.now_s += FIRST_PAUSE_S

    tick_until(keeper, Phase.READY)
    keeper.stop()


def test_a_part_that_never_answers_is_ended(make_part: MakePart) -> None:
    keeper = Keeper(make_part(code="import time; time.sleep(60)", ready_within_s=0.3))
    tick_until(keeper, Phase.STARTING)
    process = keeper.state.process
    assert process is not None

    tick_until(keeper, Phase.RESTARTING)

    assert "did not become ready" in keeper.state.reason
    assert not process.is_alive()
    keeper.stop()
