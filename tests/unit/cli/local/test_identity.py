import os
import signal
import socket
import subprocess
import sys

from cli.local.identity import Process


def test_a_recycled_pid_is_another_process() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        real = Process.of(child.pid)
        assert real is not None
        recycled = Process(pid=child.pid, birth="of another one")

        recycled.send(signal.SIGKILL)

        assert real.is_alive()
        assert not recycled.is_alive()
        child.kill()


def test_a_zombie_is_not_alive() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        process = Process.of(child.pid)
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        assert process is None or not process.is_alive()
        assert Process.of(child.pid) is None


def test_a_process_that_is_gone_can_be_signalled_without_harm() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        process = Process(pid=child.pid, birth="past")
        child.wait()

    process.send(signal.SIGTERM)

    assert not process.is_alive()
    assert not process.listens_on(1)


def test_only_the_holder_of_a_socket_listens() -> None:
    myself = Process.of(os.getpid())
    parent = Process.of(os.getppid())
    assert myself is not None
    assert parent is not None
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        assert myself.listens_on(port)
        assert not parent.listens_on(port)

    assert not myself.listens_on(port)
