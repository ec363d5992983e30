"""Ape's own nodes, which do not always start."""

from __future__ import annotations

from collections.abc import Callable
from json import JSONDecodeError
from typing import TypeVar

from ape.exceptions import RPCTimeoutError

TRIES = 3
"""Of a node to start."""

UNSTARTED = (RPCTimeoutError, JSONDecodeError, FileNotFoundError)
"""Ape gives a node a port by chance and 20 seconds, and keeps all its nodes in one file, which processes side
by side write at once: the port was taken or the machine busy, or half a file was read, or none."""

T = TypeVar("T")


def started(connect: Callable[[], T], tries: int = TRIES) -> T:
    """What `connect` returns, which is called again where a node did not start."""
    for _ in range(tries - 1):
        try:
            return connect()
        except UNSTARTED:
            continue
    return connect()
