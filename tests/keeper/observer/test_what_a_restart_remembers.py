"""A keeper that begins again knows how volatile the price was: from the feed's own rounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_what_can_be_due import observer_of

from keeper import before as before_module
from keeper.before import PATIENCE, Before
from keeper.forecast import remember
from keeper.observer import Observer
from keeper.past import TOGETHER, Past
from keeper.settings import load_settings
from keeper.signer.judge import Judge
from keeper.signer.level import Followed
from keeper.tables import SignerTable
from tandem import venues
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Call
from tandem.engine.revm import RevmEngine
from tandem.errors import ConfigError, EngineError
from tandem.feeds.realised import RealisedVol
from tandem.feeds.surface import FLAT, Modelled, SurfaceSpec
from tandem.model.svi import Slice, pack
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.deploy import deploy_tandem
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain
from tandem.protocol.tandem import Tandem
from tandem.units import DAY, HOUR, MINUTE, WAD, YEAR
from tandem.venues import Opening

TRUTH, START = 1.1, 0.6
"""Of the price, and what is set where nobody knows it; 1/sqrt(year)."""
MOVED, HEARTBEAT = 0.005, HOUR
"""By which, and after which, a feed speaks."""
BEGAN = 1_800_000_000


def minutes(days: float, seed: int) -> list[tuple[int, float]]:
    """A Brownian price by the minute."""
    count = round(days * DAY / MINUTE)
    moves = np.random.default_rng(seed).normal(0.0, TRUTH * math.sqrt(MINUTE / YEAR), count)
    prices = 2_500.0 * np.exp(np.cumsum(moves))
    return [(BEGAN + MINUTE * n, float(price)) for n, price in enumerate(prices, 1)]


class Lived:
    """A feed with its rounds, and a forecaster that saw them as they came, at each minute."""

    def __init__(self, engine: RevmEngine, days: float, seed: int) -> None:
        self.feed = PriceFeed.of(engine.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD"))
        self.forecaster, self.vol = RealisedVol(start=START), START
        self.price, self.now, self.rounds, spoke = 0.0, BEGAN, 0, 0
        for time, price in minutes(days, seed):
            moved = abs(price / self.price - 1) if self.price else 1.0
            if moved > MOVED or time - spoke >= HEARTBEAT:
                engine.set_time(time - 1)
                owner = engine.accounts[0]
                self.feed.send("push", round(price * 10**8), sender=owner)
                self.price, spoke, self.rounds = price, time, self.rounds + 1
            self.now, self.vol = time, self.forecaster.update(time, self.price)

    def restarted(self, days: float) -> float:
        """What one says that begins now."""
        again = RealisedVol(start=START)
        past = Past(self.feed, round(self.now - days * DAY))
        past.read(60.0)
        remember(again, past.prices(self.now))
        return again.update(self.now, self.price)


@pytest.fixture(params=range(4))
def lived(request: pytest.FixtureRequest) -> Iterator[Lived]:
    with RevmEngine(timestamp=BEGAN) as engine:
        yield Lived(engine, 4.0, request.param)


def test_it_says_what_one_says_that_never_stopped(lived: Lived) -> None:
    """To half a percent: it knows when each move was seen, not in which minute before that it came. That
    is near the truth, which the one that forgets is not."""
    assert lived.rounds < 512  # as many as this feed keeps
    assert lived.vol == pytest.approx(TRUTH, rel=0.2)
    assert lived.restarted(days=4.0) == pytest.approx(lived.vol, rel=5e-3)
    assert lived.restarted(days=1.0) == pytest.approx(lived.vol, rel=0.5)
    assert lived.restarted(days=1.0) < lived.vol  # half of it is what is set
    assert lived.restarted(days=0.0) == START


@dataclass
class Beside:
    """A market on a chain of its own, and who has watched it from the first hour."""

    tandem: Tandem
    kept: Observer

    def hour(self, n: int) -> float:
        """The price goes up or down by one per cent; the volatility that is known then."""
        self.tandem.engine.advance(HOUR)
        self.tandem.exchange.set_index((2_500 + 25 * (n % 2)) * WAD)
        return self.said_by(self.kept)

    def said_by(self, observer: Observer) -> float:
        return observer.observe(self.tandem.keeper)[1].realised_vol


@pytest.fixture
def beside() -> Iterator[Beside]:
    with RevmEngine() as engine:
        t = deploy_tandem(engine, venues.recipe().open(engine, 2_500 * WAD, Opening()))
        made = Beside(t, observer_of(t))
        for n in range(48):
            made.hour(n)
        yield made


def test_an_observer_hedges_on_while_nobody_tells_the_past_and_learns_it_then(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its own market's feed. What is seen meanwhile is learnt in its order; a node that did not tell is
    left alone for a minute."""
    engine, again = beside.tandem.engine, observer_of(beside.tandem)
    many, tries, clock = engine.call_many, list[int](), [1_000.0]
    start = again.forecaster.start

    def away(calls: Sequence[Call]) -> list[Any]:
        tries.append(len(calls))
        if len(tries) < 3:
            raise EngineError("away")
        return many(calls)

    again.past = lambda: Past(again.handles.feed, 0)
    monkeypatch.setattr(before_module.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(Before, "free_at", 0.0)
    monkeypatch.setattr(engine, "call_many", away)
    monkeypatch.setattr(before_module, "PATIENCE", 10**6)
    for n, tried in ((48, 1), (49, 1), (50, 2)):
        beside.hour(n)
        assert beside.said_by(again) == start
        assert len(tries) == tried
        clock[0] += 31
    clock[0] += 31
    for n in (51, 52):
        vol = beside.hour(n)
        assert beside.said_by(again) == pytest.approx(vol, rel=5e-3)
        assert tries[2:] == [1, TOGETHER, 3]  # the latest, and all rounds once
    assert vol > 1.2 * start
    assert beside.said_by(observer_of(beside.tandem)) == start


def test_a_past_that_nobody_tells_is_given_up(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read by then is enough: the latest rounds, without a hole."""
    engine, many, asked = lived.feed.engine, lived.feed.engine.call_many, list[int]()
    part, past = RealisedVol(start=START), Past(lived.feed, BEGAN)
    past.read(60.0)
    remember(part, past.prices(lived.now)[-TOGETHER:])

    def away(calls: Sequence[Call]) -> list[Any]:
        asked.append(len(calls))
        if len(asked) > 2:
            raise EngineError("away")
        return many(calls)

    monkeypatch.setattr(engine, "call_many", away)
    before, forecaster = Before(), RealisedVol(start=START)
    monkeypatch.setattr(Before, "free_at", 0.0)
    before.begin(Past(lived.feed, BEGAN))
    assert before.tell(forecaster, lived.now, lived.price) == START
    assert asked == [1, TOGETHER, TOGETHER]
    for later in (MINUTE, PATIENCE):
        assert before.tell(forecaster, lived.now + later, lived.price) == START
    last = lived.now + PATIENCE + 1
    expected = part.update(last, lived.price)
    assert before.tell(forecaster, last, lived.price) == pytest.approx(expected, rel=1e-6)
    assert START < expected < lived.vol


def test_many_markets_read_their_pasts_in_half_of_the_time_at_most(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a hundred that begin in one process none keeps the others from hedging."""
    clock, many, read = [1_000.0], lived.feed.engine.call_many, list[float]()

    def slow(calls: Sequence[Call]) -> list[Any]:
        clock[0] += 0.3
        read.append(clock[0])
        return many(calls)

    monkeypatch.setattr(lived.feed.engine, "call_many", slow)
    monkeypatch.setattr(before_module.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(Before, "free_at", 0.0)
    markets = [(Before(), RealisedVol(start=START)) for _ in range(20)]
    for before, _ in markets:
        before.begin(Past(lived.feed, BEGAN))
    for second in range(240):
        for before, forecaster in markets:
            said = before.tell(forecaster, lived.now + second, lived.price)
        clock[0] = max(clock[0], 1_000.0 + second)
    assert said == pytest.approx(lived.vol, rel=5e-3)
    assert len(read) * 0.3 <= 0.6 * (clock[0] - 1_000.0)


# ---------------------------------------------------------------- signers


def judged(lived: Lived, vol: float) -> str:
    """What a signer whose surfaces follow realised volatility says to a flat slice of this volatility."""
    clock = lived.now + 30
    level = Followed(lived.feed, RealisedVol(start=START), BEGAN, lambda: clock)
    level.begin()
    domain = SurfaceDomain(1, "0x" + "11" * 20, "0x" + "22" * 20)
    spec = SurfaceSpec(shapes=FLAT, premium=1.0, long_vol=vol, basis=0.0)
    judge = Judge(domain, Modelled(spec), SignerTable(), level, lambda: clock)
    expiry = (lived.now // DAY + 2) * DAY + 8 * HOUR
    flat = Slice(a=vol * vol, b=0.0, rho=0.0, m=0.0, s=0.1)
    (found,) = judge.why_not(domain, [SlicePost(expiry, pack(flat), clock)])
    return found


def test_a_signer_follows_realised_volatility_by_its_own_node(lived: Lived) -> None:
    assert judged(lived, lived.vol) == ""
    assert judged(lived, START).startswith("off its own volatility")


def test_its_level_is_of_now_and_of_each_round_once(lived: Lived) -> None:
    """A round that it sees late is not lost, though it was asked after that."""
    clock = [float(lived.now)]
    level = Followed(lived.feed, RealisedVol(start=START), BEGAN, lambda: clock[0])
    assert level() == pytest.approx(lived.vol, rel=5e-3)
    clock[0] += HOUR  # it was asked meanwhile
    assert level() < lived.vol
    engine, owner = lived.feed.engine, lived.feed.engine.accounts[0]
    engine.set_time(lived.now + MINUTE - 1)
    lived.feed.send("push", round(1.02 * lived.price * 10**8), sender=owner)
    known = lived.forecaster
    known.update(lived.now + MINUTE, 1.02 * lived.price)
    assert level() == pytest.approx(known.update(lived.now + HOUR, 1.02 * lived.price), rel=5e-3)
    assert level() == level()


def test_one_whose_node_is_away_signs_nothing_and_says_so(
    lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: Sequence[Call]) -> None:
        raise EngineError("the node did not answer")

    monkeypatch.setattr(lived.feed.engine, "call_many", away)
    assert judged(lived, lived.vol) == "no prices of its own: the node did not answer"


def test_one_that_learnt_from_a_file_says_what_it_learnt_though_no_round_came_since(
    lived: Lived,
) -> None:
    """It said what is set, until the next round."""
    level = Followed(lived.feed, deepcopy(lived.forecaster), lived.now, lambda: lived.now)
    assert level() == pytest.approx(lived.vol, rel=5e-3)


def test_one_odd_time_stops_nobody_from_learning(lived: Lived) -> None:
    """Told once of a round a thousand million seconds ahead it learnt nothing any more."""
    level = Followed(lived.feed, RealisedVol(start=START), BEGAN, lambda: lived.now)
    latest = lived.feed.latestRoundData()
    number, at = latest.id - 5, lived.now + 10**9
    lived.feed.send(
        "set_round", number, latest.answer, at, at, number, sender=lived.feed.engine.accounts[0]
    )
    assert level() == pytest.approx(lived.vol, rel=0.05)
    assert level.learnt <= lived.now


# ---------------------------------------------------------------- settings


@pytest.mark.parametrize("wrong", ["-1", "61", "many"])
def test_days_that_make_no_sense_are_named(
    wrong: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANDEM_FORECAST__ROUNDS_DAYS", wrong)
    with pytest.raises(ConfigError, match=r"(?i)rounds_days"):
        load_settings()
