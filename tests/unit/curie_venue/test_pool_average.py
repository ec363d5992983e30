"""venues/uniswap_average and venues/uniswap_depth beside a pool that says what it is told to."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest
from harnesses import harness
from mpmath import mp, mpf

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import WAD
from tandem.venues import Opening
from tandem.venues.aave import AaveRecipe

Q96, Q128 = 2**96, 2**128
WRAP = 2**32  # a pool counts seconds modulo this
WINDOW = 180


@pytest.fixture(scope="module")
def pool_once() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/curie_venue/AverageHarness.vy"))


@pytest.fixture
def pool(pool_once: Contract) -> Iterator[Contract]:
    mark = pool_once.engine.snapshot()
    yield pool_once
    pool_once.engine.revert(mark)


WHO = "0x" + "11" * 20


@dataclass(frozen=True)
class Seen:
    """An observation of a pool: its time, and the sums up to it."""

    time: int
    ticks: int
    inverse: int

    def later(self, time: int, tick: int, depth: int) -> Seen:
        """The next, the tick and the liquidity having been these since."""
        passed = time - self.time
        more = (passed << 128) // max(depth, 1)
        return Seen(time, self.ticks + tick * passed, (self.inverse + more) % 2**160)


def truth(seen: list[Seen], now: int, window: int, tick: int, depth: int) -> tuple[int, int, int]:
    """What it was over the window or as far back as is remembered, from the observations in their order, as
    the pool's own `observe` has it: seconds, mean tick rounded down, harmonic mean of liquidity."""
    last = seen[-1].later(now, tick, depth)
    moment = max(now - window, seen[0].time)
    if moment >= seen[-1].time:
        return now - moment, tick, depth
    after = next(s for s in (*seen, last) if s.time >= moment)
    before = max((s for s in seen if s.time <= moment), key=lambda s: s.time, default=seen[0])
    ticks, inverse = before.ticks, before.inverse
    if before.time < moment:
        passed, between = moment - before.time, after.time - before.time
        moved = after.ticks - before.ticks
        each = abs(moved) // between * (1 if moved > 0 else -1)  # rounded towards nothing
        ticks += each * passed
        inverse += (after.inverse - before.inverse) % 2**160 * passed // between
    reach = now - moment
    shares = (last.inverse - inverse) % 2**160
    return reach, (last.ticks - ticks) // reach, (reach << 128) // max(shares, 1)


def test_a_pool_without_a_price_has_none_and_no_depth(pool: Contract) -> None:
    assert pool.call("over", WINDOW) == (0, 0, 0)
    assert pool.call("ticks_over", pool.address, WINDOW) == (0, 0, 0, 0)


@pytest.mark.parametrize("tick", [0, *(2**n for n in range(20)), 2**19 - 1, 78_245, 887_272])
def test_the_root_of_a_tick_is_that_of_its_price(pool: Contract, tick: int) -> None:
    """1.0001 ** (tick / 2), worked out with sixty digits; each bit counts on both sides of one. What is
    under one is held to 2**-128, twenty times rounded, and what is over one is its reciprocal."""
    with mp.workdps(60):
        for sign in (1, -1):
            want = mpf("1.0001") ** (mpf(sign * tick) / 2)
            root = pool.call("root_of", sign * tick)
            near = 20 * max(want, 1 / want) / Q128
            assert abs(mpf(root) / Q96 - want) <= want * near + mpf(1) / Q96


def test_a_price_is_its_root_squared(pool: Contract) -> None:
    for root in (1, Q96 - 1, Q96, 50 * Q96, 49 * Q96 + 12_345, 2**127):
        assert pool.call("price_at", root) == root * root // Q96 * WAD // Q96


def test_the_root_after_an_exchange_is_towards_the_edge_and_never_past_it(pool: Contract) -> None:
    """Selling base lowers the price, buying it raises it: 1 / root' = 1 / root +- base / L."""
    depth, root = 10**24, 50 * Q96
    for base in (0, 1, 10**18, 10**21, 3 * 10**21):
        for edge, sign in ((40 * Q96, 1), (60 * Q96, -1)):
            exact = 1 / (Fraction(Q96, root) + sign * Fraction(base, depth)) * Q96
            got = pool.call("amount_left", depth, root, edge, base)
            want = max(edge, exact) if sign > 0 else min(edge, exact)
            assert abs(got - want) <= want / Fraction(depth, 60) + 1
            assert got <= want if sign > 0 else got >= want
    for base in (depth // 50, depth):  # more base than there is on the way up
        assert pool.call("amount_left", depth, root, 60 * Q96, base) == 60 * Q96


def test_a_tick_is_rounded_down(pool: Contract) -> None:
    cases = (
        (7, 2, 3),
        (-7, 2, -4),
        (-8, 2, -4),
        (8, 2, 4),
        (0, 60, 0),
        (-1, 60, -1),
        (-59, 60, -1),
    )
    for tick, spacing, whole in cases:
        assert pool.call("compress", tick, spacing) == whole


def test_what_liquidity_exchanges_between_two_prices(pool: Contract) -> None:
    """L (1/a - 1/b) of base and L (b - a) of quote, whichever comes first."""
    depth, low, high = 10**24, 45 * Q96, 50 * Q96
    base, quote = Fraction(depth, 45) - Fraction(depth, 50), depth * 5
    for one, other in ((low, high), (high, low)):
        got = pool.call("amounts", depth, one, other)
        assert got[0] == pytest.approx(float(base), rel=1e-15)
        assert got[1] == quote


def drawn(rng: random.Random, now: int) -> tuple[list[Seen], int, int]:
    """A pool's past, oldest first, how many places its ring has, and where its latest stands."""
    count = rng.choice((1, 2, 3, 7, 16, 40, 64))
    written = count if rng.random() < 0.6 else rng.randint(1, count)
    latest = rng.randrange(count) if written == count else written - 1
    gaps = [rng.choice((1, 1, 2, 5, 12, 60, 180, 4_000)) for _ in range(written)]
    time = now - sum(gaps) - rng.choice((0, 0, 1, 59, 179, 180, 10_000))
    seen = [Seen(time, rng.randint(-(10**12), 10**12), rng.choice((5, 2**160 - 1)))]
    for gap in gaps[1:]:
        step = seen[-1].later(
            seen[-1].time + gap, rng.randint(-887_272, 887_272), rng.randint(0, 10**24)
        )
        seen.append(step)
    return seen, count, latest


@pytest.mark.proves("HG-17")
def test_an_average_is_over_the_window_or_as_far_back_as_the_pool_remembers(pool: Contract) -> None:
    """HG-17: "the pool's own three-minute average"; of depth, the lesser of now and then. Over 400 pasts of
    full and half-written rings, some of which begin inside the window."""
    rng = random.Random(7)
    short = 0
    for _ in range(400):
        pool.engine.advance(20_000)
        seen, count, latest = drawn(rng, pool.engine.now())
        tick, depth = rng.randint(-887_272, 887_272), rng.choice((0, 1, 10**15, 10**24))
        ring: list[Seen] = [Seen(0, 0, 0)] * count
        for back, one in enumerate(reversed(seen)):
            ring[(latest - back) % count] = one
        columns = [
            list(c) for c in zip(*((s.time % WRAP, s.ticks, s.inverse) for s in ring), strict=True)
        ]
        pool.send("tell", 50 * Q96, tick, depth, sender=WHO)
        pool.send("remember", latest, count, *columns, sender=WHO)
        now = pool.call("clock")
        for window in (1, 60, 180, 900):
            reach, mean, then = truth(seen, now, window, tick, depth)
            got = pool.call("ticks_over", pool.address, window)
            assert got == (reach, mean, depth, min(depth, then))
            short += 0 < reach < window
    assert short > 50, "pools that remember less than the window"


@pytest.mark.proves("HG-17")
def test_it_is_what_a_real_pool_says_of_itself() -> None:
    """Beside `observe` of Uniswap's own bytecode, through five hundred trades a second to a quarter of an
    hour apart, in a ring of 1,801."""
    rng = random.Random(11)
    engine = open_engine("pyrevm")
    spot = AaveRecipe().open(engine, 2_500 * WAD, Opening())
    ours = engine.deploy(harness("unit/curie_venue/AverageHarness.vy"))
    compared = 0
    engine.advance(900)
    for _ in range(500):
        engine.advance(rng.choice((1, 1, 1, 2, 5, 13, 60, 181, 900)))
        push = spot.arbitrage_call(round(rng.gauss(2_500, 20) * WAD))
        if push is not None:
            push.send()
        for window in (60, 180, 900):
            reach, mean, _, least = ours.call("ticks_over", spot.pool, window)
            ticks, shares = spot.pool.call("observe", [window, 0])
            assert (reach, mean) == (window, (ticks[1] - ticks[0]) // window)
            steady = min(spot.pool.call("liquidity"), (window << 128) // (shares[1] - shares[0]))
            assert least == pytest.approx(steady, rel=1e-9)
            compared += mean != spot.pool.call("slot0")[1]
    assert compared > 500, "moments whose mean is not the price of now"


@pytest.mark.proves("HG-17")
def test_the_price_and_depth_are_those_of_the_mean_tick(pool: Contract) -> None:
    """A quarter of the liquidity of now was there until now: what counts is the lesser."""
    depth, mean = 10**24, 78_245
    now = pool.call("clock")
    first = Seen(now - 10**6, 7, 2**160 - 1)
    last = first.later(now, mean, depth // 4)
    pool.send("tell", 50 * Q96, mean, depth, sender=WHO)
    pool.send("remember", 1, 2, [first.time, last.time], [7, last.ticks],
              [first.inverse, last.inverse], sender=WHO)  # fmt: skip
    price, there, least = pool.call("over", WINDOW)
    root = pool.call("root_of", mean)
    assert price == pool.call("price_at", root)
    assert there == depth * Q96 // root
    assert least == pytest.approx(depth // 4 * Q96 // root, rel=0.03)


def test_what_was_observed_in_this_second_alone_is_the_price_of_now(pool: Contract) -> None:
    depth = 10**20
    pool.send("tell", 50 * Q96, 0, depth, sender=WHO)
    before = pool.call("clock")
    pool.send("remember", 0, 1, [before + 1], [0], [0], sender=WHO)
    assert pool.call("clock") == before + 1
    assert pool.call("ticks_over", pool.address, WINDOW) == (0, 0, depth, depth)
    assert pool.call("over", WINDOW) == (2_500 * WAD, depth // 50, depth // 50)


@pytest.mark.proves("HG-16")
def test_the_oldest_observation_is_the_next_one_in_the_ring_or_the_first(pool: Contract) -> None:
    """HG-16: as far back as the pool's observations reach, also where its clock of 32 bits ran over."""
    now = pool.engine.now() + 10
    pool.engine.set_time(now - 1)
    times = [now - 40, now - 30, now - 60, now - 50]
    pool.send("remember", 1, 4, times, [], [], sender=WHO)  # in this block; read in the next
    ago = pool.engine.now() - now
    assert pool.call("reach") - ago in (60, 61)
    last = pool.call("reach")
    pool.send("remember", 3, 4, times, [], [], sender=WHO)
    assert pool.call("reach") == last - 20 + 1
    pool.send("remember", 1, 4, times[:2], [], [], sender=WHO)  # half of it never written
    assert pool.call("reach") == last - 20 + 2
    pool.send(
        "remember", 0, 1, [(now + 100) % WRAP], [], [], sender=WHO
    )  # of the time before it ran over
    assert WRAP - 100 <= pool.call("reach") < WRAP
