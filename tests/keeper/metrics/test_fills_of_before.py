"""A keeper that begins again knows how fills ended that were before it: from logs and the feed's rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from listening import Said

from keeper.assembly import build
from keeper.cycle import Keeper
from keeper.earlier import Earlier
from keeper.fills import PATIENCE
from keeper.markouts import Side
from keeper.settings import load_settings
from metrics.watching import Watching, at_leisure, begins
from tandem.connection import connect, signer_of
from tandem.engine.base import Event
from tandem.model.svi import Slice
from tandem.units import HOUR, MINUTE, WAD

__all__ = ["at_leisure", "begins"]

PRICES = (2_500, 2_520, 2_510, 2_530, 2_490, 2_505, 2_515, 2_495)
"""USD, each for six minutes, again and again."""
VARIANCES = (0.36, 0.37, 0.365)
"""a year, each for ten."""


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
