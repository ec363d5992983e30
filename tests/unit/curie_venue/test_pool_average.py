"""venues/uniswap_average and venues/uniswap_depth beside a pool that says what it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from harnesses import harness
from mpmath import mp, mpf

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import WAD

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


def remembers(pool: Contract, seconds: int) -> None:
    """A ring of two observations, of the next block and so long before it."""
    now = pool.engine.now() + 2
    pool.engine.set_time(now - 1)
    pool.send("remember", 0, 2, [now % WRAP, (now - seconds) % WRAP], sender="0x" + "11" * 20)
    assert pool.call("reach") == seconds


def tells(
    pool: Contract, root: int, depth: int, asked: int, ticks: int, inverse: tuple[int, int]
) -> None:
    pool.send(
        "tell", root, depth, asked, [7 * ticks, 8 * ticks], list(inverse), sender="0x" + "11" * 20
    )


def test_a_pool_without_a_price_has_none_and_no_depth(pool: Contract) -> None:
    assert pool.call("over", WINDOW) == (0, 0, 0)


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


@pytest.mark.proves("HG-17")
def test_an_average_is_over_the_window_or_as_far_back_as_the_pool_remembers(pool: Contract) -> None:
    """HG-17: "the pool's own three-minute average"; of depth, the lesser of now and then."""
    depth, mean = 10**24, 78_245
    for remembered, asked in ((WINDOW + 1, WINDOW), (WINDOW, WINDOW), (WINDOW - 1, WINDOW - 1)):
        with_depth = (5, 5 + (asked << 128) // (depth // 4))  # a quarter of what is there now
        tells(pool, 50 * Q96, depth, asked, mean * asked, with_depth)
        remembers(pool, remembered)
        price, now, least = pool.call("over", WINDOW)
        root = pool.call("root_of", mean)
        assert price == pool.call("price_at", root)
        assert now == depth * Q96 // root
        assert least == pytest.approx(depth // 4 * Q96 // root, rel=1e-9)


@pytest.mark.proves("HG-17")
def test_depth_is_of_now_where_that_is_less_and_sums_that_ran_over_are_differences(
    pool: Contract,
) -> None:
    depth, asked = 10**20, WINDOW
    for start in (5, 2**160 - 1):
        then = (start, (start + (asked << 128) // (9 * depth)) % 2**160)
        tells(pool, 50 * Q96, depth, asked, -10 * asked - 1, then)
        remembers(pool, asked)
        price, now, least = pool.call("over", WINDOW)
        assert price == pool.call("price_at", pool.call("root_of", -11))
        assert least == now > 0
    slower = (2**160 - 1, (2**160 - 1 + (asked << 128) // (depth // 9)) % 2**160)
    tells(pool, 50 * Q96, depth, asked, 0, slower)
    remembers(pool, asked)
    _, now, least = pool.call("over", WINDOW)
    assert least == pytest.approx(now / 9, rel=1e-9)


def test_what_was_observed_in_this_second_alone_is_the_price_of_now(pool: Contract) -> None:
    depth = 10**20
    tells(pool, 50 * Q96, depth, 0, 0, (0, 0))
    remembers(pool, 0)
    assert pool.call("over", WINDOW) == (2_500 * WAD, depth // 50, depth // 50)


@pytest.mark.proves("HG-16")
def test_the_oldest_observation_is_the_next_one_in_the_ring_or_the_first(pool: Contract) -> None:
    """HG-16: as far back as the pool's observations reach, also where its clock of 32 bits ran over."""
    who, now = "0x" + "11" * 20, pool.engine.now() + 10
    pool.engine.set_time(now - 1)
    times = [now - 40, now - 30, now - 60, now - 50]
    pool.send("remember", 1, 4, times, sender=who)  # in this block; read in the next
    ago = pool.engine.now() - now
    assert pool.call("reach") - ago in (60, 61)
    last = pool.call("reach")
    pool.send("remember", 3, 4, times, sender=who)
    assert pool.call("reach") == last - 20 + 1
    pool.send("remember", 1, 4, times[:2], sender=who)  # half of it never written
    assert pool.call("reach") == last - 20 + 2
    pool.send("remember", 0, 1, [(now + 100) % WRAP], sender=who)  # of the time before it ran over
    assert WRAP - 100 <= pool.call("reach") < WRAP
