"""A keeper that begins again knows how fills ended that were before it: from logs and the feed's rounds.

Longer than most: what nodes are like is played on one market.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from listening import Said

from keeper import fills as module
from keeper.assembly import build
from keeper.before import Before
from keeper.cycle import Keeper
from keeper.fills import PATIENCE, Earlier, Fills
from keeper.markouts import Side
from keeper.settings import load_settings
from tandem.connection import connect, signer_of
from tandem.engine.base import Event
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.model.svi import Slice
from tandem.units import HOUR, MINUTE, WAD

PRICES = (2_500, 2_520, 2_510, 2_530, 2_490, 2_505, 2_515, 2_495)
"""USD, each for six minutes, again and again."""
VARIANCES = (0.36, 0.37, 0.365)
"""a year, each for ten."""


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


@contextmanager
def begun(heard: Said, journal: Any) -> Iterator[Keeper]:
    """One that begins now, with a journal of its own."""
    settings = load_settings().model_copy(update={"journal": journal})
    engine, deployment = connect(settings)
    made = build(settings, engine, deployment, signer_of(settings), heard)
    yield made
    made.close()


def an_hour_and_a_half(market: Any, each: Callable[[], None]) -> None:
    """Prices and surfaces move, and who trades opens more than he closes."""
    t, expiry = market.tandem, market.series.expiry
    for minute in range(90):
        if minute % 6 == 0:
            market.move(PRICES[minute // 6 % len(PRICES)])
        if minute % 10 == 0:
            a = VARIANCES[minute // 10 % len(VARIANCES)]
            t.post({expiry: Slice(a=a, b=0.0, rho=0.0, m=0.0, s=0.1)})
        if minute % 6 == 4:
            t.mint(market.series, 100_000 + 10_000 * minute)
        if minute % 18 == 17:
            t.close(market.series, 50_000 + 10_000 * minute)
        market.engine.advance(MINUTE - market.engine.now() % MINUTE)
        each()


def test_it_says_what_one_says_that_kept_all_the_time(
    keeper: Keeper, market: Any, heard: Said, tmp_path: Any
) -> None:
    kept = Watching(keeper)
    kept.look()
    an_hour_and_a_half(market, kept.look)
    keeper.close()
    with begun(heard, tmp_path / "anew.sqlite") as anew:
        again = Watching(anew)
        for _ in range(2):
            again.look()
        assert again.fills._earlier is None
        assert again.counts() == kept.counts()
        assert kept.counts()[Side.OPEN, "5m"] > 10
        assert kept.counts()[Side.OPEN, "1h"] > 3
        assert kept.counts()[Side.CLOSE, "1h"] > 0
        ours, theirs = again.fills.outs.usd(), kept.fills.outs.usd()
        for key, found in theirs.items():
            if found.fills:
                assert ours[key].mean == pytest.approx(found.mean, rel=0.02), key


@pytest.fixture
def begins(keeper: Keeper, market: Any) -> Watching:
    """One that begins after five minutes of a fill, and has looked once: the past is still to be read."""
    market.engine.advance(6 * MINUTE)
    found = Watching(keeper)
    found.look()
    return found


def test_what_is_seen_meanwhile_waits_for_its_turn(
    begins: Watching, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fill of before is marked out an hour later, by a price of after the start: whoever told what was seen
    first would find it too late."""
    read = Earlier.read
    monkeypatch.setattr(Earlier, "read", lambda *_: None)
    market.tandem.mint(market.series, 1_000_000)
    for _ in range(28):
        market.engine.advance(2 * MINUTE)
        begins.look()
    assert set(begins.counts().values()) == {0}
    monkeypatch.setattr(Earlier, "read", read)
    begins.look()
    assert begins.counts()[Side.OPEN, "5m"] == 2
    assert begins.counts()[Side.OPEN, "1h"] == 1
    market.engine.advance(4 * MINUTE)
    begins.look()
    assert begins.counts()[Side.OPEN, "1h"] == 1
    market.tandem.exchange.set_index(2_500 * WAD)
    market.engine.advance(6 * MINUTE)
    begins.look()
    assert begins.counts()[Side.OPEN, "1h"] == 2


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

    monkeypatch.setattr(module, "WIDEST", 16)
    begins.fills._earlier._width = 16  # type: ignore[union-attr]
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


def test_a_keeper_that_reads_no_past_waits_for_nothing(keeper: Keeper, market: Any) -> None:
    """`[forecast] rounds_days = 0`."""
    keeper.observer.past = None
    found = Watching(keeper)
    found.look()
    market.tandem.mint(market.series, 1_000_000)
    found.look()
    market.engine.advance(5 * MINUTE)
    found.look()
    assert found.counts()[Side.OPEN, "5m"] == 1


def test_a_price_that_was_too_old_to_be_believed_marks_nothing_out(
    keeper: Keeper, market: Any
) -> None:
    """The feed was silent for longer than a spot of it counts."""
    engine, age = market.engine, market.tandem.spot.MAX_AGE()
    market.tandem.exchange.set_index(2_500 * WAD)
    engine.advance(age - 3 * MINUTE)
    expiry = market.series.expiry
    market.tandem.post({expiry: Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)})
    market.tandem.mint(market.series, 1_000_000)
    engine.advance(HOUR)
    market.tandem.exchange.set_index(2_500 * WAD)
    engine.advance(MINUTE)
    found = Watching(keeper)
    for _ in range(2):
        found.look()
    assert found.fills._earlier is None
    assert found.counts()[Side.OPEN, "5m"] == 1  # the one before


def test_what_was_found_in_a_look_is_not_sought_again_in_the_next(
    begins: Watching, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow node answered fewer questions a second than the search for the first block has."""
    now, plain = [0.0], engine_of(begins).request
    monkeypatch.setattr(module, "SECONDS", 1.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
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


def test_who_never_looks_waits_no_longer(keeper: Keeper, market: Any) -> None:
    """A dry run sees every block, and reads no logs: what waited was never let go of."""
    found = Watching(keeper)
    for _ in range(5):
        snapshot, _ = keeper.observer.observe(keeper.account)
        found.fills.saw(snapshot)
        market.engine.advance(PATIENCE // 3)
        market.tandem.exchange.set_index(2_500 * WAD)
    assert not found.fills._meanwhile


def test_a_start_whose_first_look_is_late_goes_by_what_it_saw(
    keeper: Keeper, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several markets one is looked at where it acts: the rounds end where they were read, and what was
    seen since says what the price was."""
    found, told = Watching(keeper), list[tuple[int, float]]()
    saw = found.fills.outs.saw

    def noted(at: int, spot: float, slices: Any) -> None:
        told.append((at, spot))
        saw(at, spot, slices)

    monkeypatch.setattr(type(found.fills.outs), "saw", lambda _, *args: noted(*args))
    snapshot, _ = keeper.observer.observe(keeper.account)  # the rounds are read here
    found.fills.saw(snapshot)
    began = snapshot.timestamp
    market.move(2_520)
    market.tandem.mint(market.series, 1_000_000)
    for _ in range(7):
        market.engine.advance(MINUTE)
        snapshot, _ = keeper.observer.observe(keeper.account)
        found.fills.saw(snapshot)
    found.look()
    found.look()
    assert found.fills._earlier is None
    assert all(price == 2_520.0 for at, price in told if at > began + MINUTE)
    assert told == sorted(told)


def test_a_side_that_trades_seldom_is_not_crowded_out(begins: Watching, market: Any) -> None:
    """The latest thousand of both were kept: of fifteen hundred with a hundred closes among them, 66."""
    earlier, now = begins.fills._earlier, market.engine.now()
    assert earlier is not None
    earlier._fills.clear()
    fields = {"series": market.series.id, "spot": 2_500 * WAD, "premium": 10**6, "units": 10**6}
    for n in range(1_500):
        kind = "OptionMinted" if n % 15 else "OptionClosed"
        earlier._fills.append((now + n, Event(kind, "", fields)))
    kinds = [event.name for _, event in earlier._fills]
    assert kinds.count("OptionClosed") == 100
