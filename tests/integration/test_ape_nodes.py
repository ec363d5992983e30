"""A node of Ape's that does not start is tried again, and what else fails is not."""

from __future__ import annotations

from collections.abc import Callable
from json import JSONDecodeError
from typing import Any

import pytest
from ape.exceptions import ProviderError, RPCTimeoutError
from ape_nodes import TRIES, started


class Slow(RPCTimeoutError):
    """Ape's own needs a provider for its words."""

    def __init__(self) -> None:
        Exception.__init__(self, "no word within 20 seconds")


def failing(times: int, error: Exception) -> Callable[[], int]:
    """How often it was called, from the first call after so many that fail."""
    calls: list[None] = []

    def connect() -> int:
        calls.append(None)
        if len(calls) <= times:
            raise error
        return len(calls)

    return connect


@pytest.mark.parametrize(
    "error", [Slow(), JSONDecodeError("half a file", "{", 1), FileNotFoundError("nodes.json")]
)
def test_a_node_that_did_not_start_is_tried_again(error: Exception) -> None:
    assert started(failing(TRIES - 1, error)) == TRIES
    with pytest.raises(type(error)):
        started(failing(TRIES, error))


def test_what_else_fails_is_not() -> None:
    connect = failing(1, ProviderError("no anvil"))
    with pytest.raises(ProviderError):
        started(connect)
    assert connect() == 2


def test_the_session_is_connected_by_the_same(pytestconfig: Any) -> None:
    """`tests/conftest.py` calls what Ape's plug-in calls: both are there in the version that is pinned."""
    runner = pytestconfig.pluginmanager.get_plugin("ape-test")
    assert callable(runner._connect)
    assert runner._provider_is_connected
