"""Ports on the loopback interface."""

import socket
from collections.abc import Iterator

from launch import LaunchError

LOOPBACK = "127.0.0.1"


def chosen_port(text: str) -> int:
    """The port that PORT names. Room is left above it for the mail's two."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65000:
        return int(text)
    raise LaunchError(f"PORT must be a number from 1 to 65000, not “{text}”.")


def require_free(port: int) -> None:
    """An error when something listens on the port: granian would share it silently (SO_REUSEPORT)."""
    if port < 1024 and not is_free(port):
        raise LaunchError(f"Port {port} is taken, or only root may use it. Use another: PORT=8100 make run")
    if not is_free(port):
        raise LaunchError(f"Port {port} is taken. Stop what listens there, or use another: PORT={port + 100} make run")


def free_ports_from(port: int) -> Iterator[int]:
    return (candidate for candidate in range(port, 65536) if is_free(candidate))


def is_free(port: int) -> bool:
    if answers(port):  # On macOS one may bind beside a program that listens on all addresses.
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # Connections that just closed do not hold it.
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0
