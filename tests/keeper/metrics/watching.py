"""A keeper's figures without its acts, and a node that refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keeper import fills as module
from keeper.before import Before
from keeper.cycle import Keeper
from keeper.fills import Fills
from keeper.markouts import Side
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.units import MINUTE


class Watching:
    """A keeper's figures without its acts: the market is what the test makes of it."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper, self.fills = keeper, Fills()
        self.fills.watch(keeper)

    def look(self) -> None:
        engine = self.keeper.observer.engine
        assert isinstance(engine, RemoteEngine)
        snapshot, _ = self.keeper.observer.observe(self.keeper.account)
        self.fills.saw(snapshot)
        self.fills.read(engine, self.keeper, snapshot)

    def counts(self) -> dict[tuple[Side, str], int]:
        return {key: found.fills for key, found in self.fills.outs.usd().items()}


@pytest.fixture(autouse=True)
def at_leisure(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy this machine is, a look's time is enough."""
    monkeypatch.setattr(module, "SECONDS", 60.0)
    monkeypatch.setattr(Before, "free_at", 0.0)


@pytest.fixture
def begins(keeper: Keeper, market: Any) -> Watching:
    """One that begins after five minutes of a fill, and has looked once: the past is still to be read."""
    market.engine.advance(6 * MINUTE)
    found = Watching(keeper)
    found.look()
    return found


def spoil(
    engine: RemoteEngine, monkeypatch: pytest.MonkeyPatch, spoiled: Callable[[str, list[Any]], bool]
) -> None:
    """A node that refuses what is so asked for."""
    plain = engine.request

    def request(method: str, params: list[Any]) -> Any:
        if spoiled(method, params):
            raise RpcError(method, {"message": "no"})
        return plain(method, params)

    monkeypatch.setattr(engine, "request", request)


def engine_of(watching: Watching) -> RemoteEngine:
    engine = watching.keeper.observer.engine
    assert isinstance(engine, RemoteEngine)
    return engine
