"""Ports that are free at this moment."""

import socket

from cli.local.port import free_port, free_ports


def test_a_port_that_is_free_is_kept_and_a_taken_one_is_not() -> None:
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]

        assert free_port(taken) != taken
    assert free_port(taken) == taken


def test_ports_found_together_differ() -> None:
    assert len(set(free_ports(50))) == 50
