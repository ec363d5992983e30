"""Fills of before are read whatever a node refuses, lacks or is slow with; else they are done without."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from keeper import earlier as reading
from keeper import fills as module
from keeper.before import Before
from keeper.cycle import Keeper
from keeper.fills import PATIENCE
from keeper.markouts import Side
from metrics.watching import Watching, at_leisure, begins, engine_of, spoil
from tandem.engine.log_pages import Width
from tandem.engine.rpc import RpcError
from tandem.units import MINUTE

__all__ = ["at_leisure", "begins"]


def test_a_node_that_fails_costs_a_try_and_nothing_that_is_known(
    begins: Watching, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stretch is asked for until it is told, in half of it where it was refused, and counts once."""
    turns, widest = [0], list[int]()

    def every_other(method: str, params: list[Any]) -> bool:
        if method != "eth_getLogs":
            return False
        first, last = (int(params[0][end], 16) for end in ("fromBlock", "toBlock"))
        turns[0] += 1
        widest.append(last - first + 1)
        return turns[0] % 2 == 1

    monkeypatch.setattr(reading, "WIDEST", 16)
    begins.fills._earlier._width = Width(16)  # type: ignore[union-attr]
    spoil(engine_of(begins), monkeypatch, every_other)
    for _ in range(60):
        begins.look()
    assert begins.fills._earlier is None
    assert begins.counts()[Side.OPEN, "5m"] == 1
    assert min(widest) < 16


def test_what_nobody_tells_for_an_hour_is_done_without(
    begins: Watching, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(
        engine_of(begins),
        monkeypatch,
        lambda method, params: method == "eth_getLogs" and len(params[0]["topics"][0]) == 3,
    )
    market.tandem.mint(market.series, 1_000_000)
    begins.look()
    market.engine.advance(5 * MINUTE + 30)
    begins.look()
    assert begins.counts()[Side.OPEN, "5m"] == 0
    market.engine.advance(PATIENCE)
    begins.look()
    assert begins.counts()[Side.OPEN, "5m"] == 1
    assert begins.fills._earlier is None


def test_what_was_found_in_a_look_is_not_sought_again_in_the_next(
    begins: Watching, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow node answered fewer questions a second than the search for the first block has."""
    now, plain = [0.0], engine_of(begins).request
    monkeypatch.setattr(module, "SECONDS", 1.0)
    monkeypatch.setattr(reading, "time", SimpleNamespace(monotonic=lambda: now[0]))
    asked = list[str]()

    def slowly(method: str, params: list[Any]) -> Any:
        if method == "eth_getBlockByNumber" and params[0] != "latest":
            now[0] += 0.6
            asked.append(params[0])
        return plain(method, params)

    monkeypatch.setattr(engine_of(begins), "request", slowly)
    earlier = begins.fills._earlier
    assert earlier is not None
    earlier._step = 2
    earlier.rounds.read(60.0)
    earlier.rounds.since = market.engine.now() - 5 * MINUTE
    for _ in range(20):
        Before.free_at = 0.0
        begins.look()
        now[0] += 60.0
    assert begins.fills._earlier is None
    assert len(asked) == len(set(asked))


def test_a_bound_of_a_node_is_met_once_in_some_pages(
    begins: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each refusal ended the look, and each page was followed by a wider one: a page a minute."""
    pages = list[int]()

    def wide(method: str, params: list[Any]) -> bool:
        if method != "eth_getLogs":
            return False
        first, last = (int(params[0][end], 16) for end in ("fromBlock", "toBlock"))
        pages.append(last - first + 1)
        return pages[-1] > 3

    spoil(engine_of(begins), monkeypatch, wide)
    begins.look()
    assert begins.fills._earlier is None
    assert begins.counts()[Side.OPEN, "5m"] == 1
    assert sum(width > 3 for width in pages[6:]) <= len(pages) // 8


def test_a_node_that_lacks_a_block_costs_a_try(
    begins: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that keeps no old blocks, or is behind, says null."""
    plain = engine_of(begins).request

    def lacks(method: str, params: list[Any]) -> Any:
        is_old = method == "eth_getBlockByNumber" and params[0] != "latest"
        return None if is_old else plain(method, params)

    monkeypatch.setattr(engine_of(begins), "request", lacks)
    begins.look()
    assert begins.fills._earlier is not None
    monkeypatch.setattr(engine_of(begins), "request", plain)
    monkeypatch.setattr(Before, "free_at", 0.0)
    begins.look()
    assert begins.counts()[Side.OPEN, "5m"] == 1


def test_what_is_known_after_an_hour_counts(
    begins: Watching, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that refuses later blocks of them."""
    assert begins.fills._earlier is not None
    last = begins.fills._earlier.last

    def the_last(method: str, params: list[Any]) -> bool:
        return (
            method == "eth_getLogs"
            and len(params[0]["topics"][0]) == 3
            and int(params[0]["toBlock"], 16) >= last
        )

    spoil(engine_of(begins), monkeypatch, the_last)
    begins.look()
    assert begins.fills._earlier is not None
    market.engine.advance(PATIENCE + MINUTE)
    begins.look()
    assert begins.fills._earlier is None
    assert begins.counts()[Side.OPEN, "5m"] == 1


def test_a_fill_behind_a_page_that_was_refused_keeps_its_time(
    keeper: Keeper, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks that were read did not move the time from which the next ones were told: a fill got one that was
    too early."""
    keeper.observer.past = None
    found, refused = Watching(keeper), [True]
    found.look()
    for _ in range(20):
        market.engine.advance(10)
    half = market.engine.block() - 10

    def later(method: str, params: list[Any]) -> bool:
        return method == "eth_getLogs" and refused[0] and int(params[0]["toBlock"], 16) > half

    monkeypatch.setattr(module, "WIDEST", 1)
    spoil(engine_of(found), monkeypatch, later)
    with pytest.raises(RpcError):
        found.look()
    market.tandem.mint(market.series, 1_000_000)
    at, refused[0] = market.engine.now(), False
    for _ in range(20):
        market.engine.advance(10)
    found.look()
    (fill,) = found.fills.outs._waiting["1h"]
    assert abs(fill.time - at) <= 15
