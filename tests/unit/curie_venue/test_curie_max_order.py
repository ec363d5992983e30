"""max_order: the part of an order that fills, 2 % more does not, and it never reverts."""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from curie_bench import PRICE, Bench, build

from tandem.engine import open_engine
from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues.curie import Depth

NIGHTLY = os.environ.get("TANDEM_NIGHTLY") == "1"
EVERYTHING = 10**27  # an order that no account carries: the answer is what it does carry
ANCHORED = 15  # seconds for which the exchange counts crossed ticks from one place
REFUSALS = {"CH_NEFCI", "CH_NEFCM", "EX_OPB", "EX_OPLAS", "UB_UOA"}


def _largest(bench: Bench, sign: int) -> int:
    """The limit in the block of the next trade: the venue's averages move every second."""
    with bench.undone():
        return _part(bench, sign * EVERYTHING)


def _part(bench: Bench, order: int) -> int:
    """What max_order answers for an order."""
    return bench.venue.send(
        "max_order", order, 2**255 * (order > 0), sender=bench.stranger
    ).returned


def _is_honest_and_tight(bench: Bench, sign: int) -> str:
    """Every sampled order up to the limit fills; 2 % over it is refused. The refusal's code."""
    limit = _largest(bench, sign)
    _agrees_for_every_order(bench, sign, limit)
    for share in (1, 2, 10, 50):
        with bench.undone():
            if limit // share > 10**15:
                bench.trade(sign * (limit // share))
    with bench.undone(), pytest.raises(Reverted) as caught:
        bench.trade(sign * (limit * 102 // 100 + 10**13))
    assert caught.value.reason in REFUSALS
    return caught.value.reason


def _agrees_for_every_order(bench: Bench, sign: int, limit: int) -> None:
    """An order up to the limit is carried whole, to the wei; a larger one is cut to the limit."""
    for order in (1, limit // 1_000, limit // 7, limit // 2, limit - 10**12):
        with bench.undone():
            if order > 0:
                assert _part(bench, sign * order) == order
    for order in (limit + 10**12, limit * 101 // 100, 2 * limit, 100 * limit):
        with bench.undone():
            if order > 10**12:
                assert abs(_part(bench, sign * order) - limit) <= limit // 10**4 + 10**14


def _long(bench: Bench) -> None:
    bench.trade(60 * WAD)


def _short(bench: Bench) -> None:
    bench.trade(-60 * WAD)


def _move(bench: Bench, percent: int) -> None:
    bench.curie.set_index(PRICE * percent // 100)
    bench.curie.converge()


STATES: dict[str, Callable[[Bench], None]] = {
    "flat": lambda bench: None,
    "long": _long,
    "short": _short,
    "full": lambda bench: bench.trade(_largest(bench, 1)) and None,
    "full short": lambda bench: bench.trade(-_largest(bench, -1)) and None,
    "long gain": lambda bench: (_long(bench), _move(bench, 108))[1],
    "long loss": lambda bench: (_long(bench), _move(bench, 95))[1],
    "short gain": lambda bench: (_short(bench), _move(bench, 93))[1],
    "short loss": lambda bench: (_short(bench), _move(bench, 104))[1],
    "pool above index": lambda bench: bench.curie.set_index(PRICE * 97 // 100) and None,
    "pool below index": lambda bench: bench.curie.set_index(PRICE * 103 // 100) and None,
    "realised loss": lambda bench: (_long(bench), _move(bench, 97), bench.trade(-60 * WAD))[1],
    "funding": lambda bench: (
        _long(bench),
        bench.curie.set_index(PRICE * 96 // 100),
        bench.engine.advance(86_400),
    )[2],
}


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("state", STATES)
def test_the_limit_fills_and_two_percent_more_does_not(bench: Bench, state: str, sign: int) -> None:
    bench.fund(30_000)
    STATES[state](bench)
    assert _is_honest_and_tight(bench, sign) in ("CH_NEFCI", "CH_NEFCM")


@pytest.mark.parametrize("sign", [1, -1])
def test_the_limit_counts_the_depth_of_a_thin_pool(sign: int) -> None:
    bench = build(open_engine("pyrevm"), depth=Depth(usd=20_000.0, within=0.01, tail=0.1))
    bench.fund(2_000)
    with bench.undone():
        assert _is_honest_and_tight(bench, sign) == "CH_NEFCI"
    bench.fund(1_000_000)
    assert _is_honest_and_tight(bench, sign) in ("EX_OPB", "EX_OPLAS", "UB_UOA")


@pytest.mark.parametrize("sign", [1, -1])
def test_the_limit_ends_where_the_liquidity_does(sign: int) -> None:
    bench = build(open_engine("pyrevm"), depth=Depth(usd=50_000.0, within=0.02, tail=0.0))
    bench.fund(10_000_000)
    assert _is_honest_and_tight(bench, sign) in ("UB_UOA", "EX_OPB")


@pytest.mark.parametrize("sign", [1, -1])
def test_the_limit_ends_at_the_price_band(bench: Bench, sign: int) -> None:
    bench.fund(50_000_000)
    bench.curie.set_index(PRICE * (100 - 5 * sign) // 100)
    assert _is_honest_and_tight(bench, sign) == "EX_OPB"


def test_outside_the_band_only_the_order_that_closes_the_gap_is_possible(bench: Bench) -> None:
    bench.fund(30_000)
    bench.curie.set_index(PRICE * 88 // 100)
    assert _largest(bench, 1) == 0
    assert _is_honest_and_tight(bench, -1) == "CH_NEFCI"


def test_a_reducing_order_needs_no_initial_margin(bench: Bench) -> None:
    """At 8 % equity nothing can be opened, yet the whole position may be closed."""
    bench.fund(31_000)
    bench.trade(100 * WAD)
    _move(bench, 98)
    bench.engine.advance(1_800)
    assert 0.0625 < bench.ratio() / WAD < 0.1
    assert _largest(bench, 1) == 0
    assert _largest(bench, -1) > 100 * WAD
    bench.trade(-100 * WAD)
    assert bench.position() == 0


def test_a_reducing_order_far_under_the_mark_is_bound_by_maintenance(bench: Bench) -> None:
    """The pool has just fallen, the mark has not: each ether sold costs more than it frees."""
    bench.fund(31_000)
    bench.trade(100 * WAD)
    _move(bench, 98)
    bench.engine.advance(1_800)
    bench.curie.set_index(PRICE * 90 // 100)
    bench.curie.arbitrage()
    assert 10 * WAD < _largest(bench, -1) < 90 * WAD
    assert _is_honest_and_tight(bench, -1) == "CH_NEFCM"


@pytest.mark.parametrize(("price", "sign"), [(2_190, -1), (9_900, 1)])
def test_the_walk_sees_the_liquidity_in_the_next_word_of_ticks(price: int, sign: int) -> None:
    """256 ticks of spacing 60 share a word; words meet at 2,164 and 10,050 dollars."""
    bench = build(open_engine("pyrevm"), price=price * WAD)
    bench.fund(300_000)
    assert _is_honest_and_tight(bench, sign) == "CH_NEFCI"
    moved = bench.curie.pool.call("slot0")[1] // 60 // 256
    with bench.undone():
        bench.trade(sign * _largest(bench, sign))
        assert bench.curie.pool.call("slot0")[1] // 60 // 256 == moved + sign


@pytest.mark.parametrize(("price", "edge", "sign"), [(2_142, 76_800, 1), (2_167, 76_740, -1)])
def test_the_walk_sees_what_ends_at_the_first_tick_of_the_next_word(
    price: int, edge: int, sign: int
) -> None:
    """A third of the liquidity does, halfway to what the margin carries: past it each ether is dearer."""
    bench = build(open_engine("pyrevm"), price=price * WAD)
    word = bench.curie.pool.call("slot0")[1] // 60 // 256
    assert [(edge - sign * 60) // 60 // 256, edge // 60 // 256] == [word, word + sign]
    low, high = sorted((1.0001 ** (edge - 59 * sign), 1.0001 ** (edge - sign)))
    bench.curie._place(Depth(usd=10**6).liquidity(price), low, high)
    bench.fund(300_000)
    assert _is_honest_and_tight(bench, sign) == "CH_NEFCI"
    with bench.undone():
        bench.trade(sign * _largest(bench, sign))
        assert sign * (bench.curie.pool.call("slot0")[1] - edge) > 0


@pytest.mark.parametrize("sign", [1, -1])
def test_the_walk_holds_at_prices_below_one(sign: int) -> None:
    """Ticks are negative there, and integer division rounds the other way."""
    bench = build(open_engine("pyrevm"), price=WAD // 2, depth=Depth(usd=200_000.0, tail=1.0))
    assert bench.curie.pool.call("slot0")[1] == -6_932
    edge = 1.0001**-6_900  # the next initialised tick above the price
    bench.curie._place(Depth(usd=10**7).liquidity(0.5), 0.4, edge / 1.00001)
    bench.fund(300_000)
    assert _is_honest_and_tight(bench, sign) in ("CH_NEFCI", "EX_OPB")


@pytest.mark.parametrize("sign", [1, -1])
def test_a_limit_of_one_tick_leaves_a_part_of_it_and_a_limit_of_none_nothing(
    bench: Bench, sign: int
) -> None:
    """Two ticks are refused where one may be crossed, and a tick holds more than what is said that fills; a
    limit of none is how the exchange is stopped."""
    bench.fund(1_000_000)
    exchange, base = bench.curie.exchange, bench.curie.base
    exchange.send("setMaxTickCrossedWithinBlock", base, 1, sender=bench.curie.owner)
    bench.engine.advance(ANCHORED)
    limit = _largest(bench, sign)
    assert WAD < limit < 4 * WAD  # a tick of 30 cents in a pool of 11 ETH a dollar
    with bench.undone():
        bench.trade(sign * limit)
    with bench.undone(), pytest.raises(Reverted, match="EX_OPLAS"):
        bench.trade(sign * 3 * limit)
    exchange.send("setMaxTickCrossedWithinBlock", base, 0, sender=bench.curie.owner)
    assert _largest(bench, sign) == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_an_order_is_carried_whole_however_deep_the_pool_is(sign: int) -> None:
    """1 USD carries 10 USD less the fee, 0.003297 ETH bought or 0.003300 sold. What stops an order is sought
    to 2**-24 of the stretch that it ends in, here 0.02 ETH: an order's own end is looked at first."""
    bench = build(open_engine("pyrevm"), depth=Depth(usd=10**9, within=0.01, tail=0.0))
    bench.fund(1)
    order = 328 * WAD // 100_000
    assert _part(bench, sign * order) == order
    bench.trade(sign * order)


def test_the_limit_is_zero_without_margin_and_for_no_order(bench: Bench) -> None:
    assert [_largest(bench, sign) for sign in (1, 0, -1)] == [0, 0, 0]
    bench.fund(1_000)
    assert _part(bench, 0) == 0
    assert _part(bench, 2**255 - 1) == _largest(bench, 1) > 0
    assert _part(bench, -(2**255)) == _largest(bench, -1) > 0


def test_the_limit_answers_when_the_pool_is_empty() -> None:
    bench = build(open_engine("pyrevm"))
    bench.curie.remove_liquidity()
    bench.fund(1_000)
    assert [_largest(bench, sign) for sign in (1, -1)] == [0, 0]


@pytest.mark.parametrize("fee", [0, 20_000])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_limit_counts_the_fee(sign: int, fee: int) -> None:
    bench = build(open_engine("pyrevm"), fee=fee)
    bench.fund(30_000)
    assert _is_honest_and_tight(bench, sign) == "CH_NEFCI"


@pytest.mark.parametrize("seed", range(200 if NIGHTLY else 25))
def test_the_limit_is_honest_and_tight_after_a_random_history(bench: Bench, seed: int) -> None:
    rng = random.Random(seed)
    bench.fund(rng.randrange(5_000, 200_000))
    for _ in range(rng.randrange(1, 8)):
        sign = rng.choice([1, -1])
        size = int(_largest(bench, sign) * rng.random())
        if size > 10**15:
            bench.trade(sign * size)
        bench.curie.set_index(bench.curie.index() * rng.randrange(9_750, 10_250) // 10_000)
        if rng.random() < 0.8:
            bench.curie.converge()
        bench.engine.advance(rng.randrange(1, 7_200))
        if bench.ratio() < 7 * WAD // 100:
            bench.fund(20_000)
    for sign in (1, -1):
        if _largest(bench, sign):
            _is_honest_and_tight(bench, sign)


def test_free_collateral_is_what_can_be_withdrawn(bench: Bench) -> None:
    bench.fund(10_000)
    bench.trade(-10 * WAD)
    bench.engine.advance(3_600)  # the averages come to rest
    free = bench.venue.call("free_collateral")
    with bench.undone():
        bench.venue.send("withdraw", free - USD // 100, bench.router, sender=bench.router)
    with pytest.raises(Reverted, match="V_NEFC"):
        bench.venue.send("withdraw", free + USD, bench.router, sender=bench.router)
