"""Free TCP ports on this machine."""

import socket
from contextlib import ExitStack

HOST = "127.0.0.1"


def free_port(preferred: int = 0) -> int:
    """The preferred TCP port on 127.0.0.1, or another one if something uses it at this moment."""
    with socket.socket() as probe:
        # As servers do: a port that only waits for late packets of a closed connection is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, preferred))
        except OSError:
            return free_port()
        port: int = probe.getsockname()[1]
        return port


def free_ports(count: int) -> list[int]:
    """So many different free TCP ports on 127.0.0.1: all are held until the last one is found."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
