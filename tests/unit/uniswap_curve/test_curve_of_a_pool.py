"""venues/uniswap_curve: what an order meets is what the pool then does, to a thousand millionth.

The reference is the pool itself (its publisher's bytecode): what a real swap of x pays or brings.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pool_bench import MILLION, NEAR, ROUNDED, UNIT, Pools, made

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues._spot import SPACINGS, SpotPool

EXAMPLES = settings(max_examples=150, deadline=None)


@pytest.fixture(scope="module")
def pools() -> Pools:
    return made()


RANGES = st.tuples(
    st.floats(1e5, 1e9),
    st.sampled_from([0.3, 0.9, 0.98, 0.995]),
    st.sampled_from([1.004, 1.03, 1.2, 4]),
)


@EXAMPLES
@given(
    decade=st.floats(-2, 6),
    base_first=st.booleans(),
    fee=st.sampled_from(sorted(SPACINGS)),
    depths=st.lists(RANGES, min_size=1, max_size=4),
    sells=st.booleans(),
    share=st.sampled_from([1e-4, 0.01, 0.3, 3.0]),
)
def test_what_a_swap_pays_is_the_integral_over_what_was_said(
    pools: Pools,
    decade: float,
    base_first: bool,
    fee: int,
    depths: list[tuple[float, float, float]],
    sells: bool,
    share: float,
) -> None:
    """Several positions, both orders of the tokens, every spacing, prices over eight decades, orders from
    a ten-thousandth to three times of what lies there."""
    price = 10**decade
    with pools.opened(price, base_first=base_first, fee=fee, depths=depths) as spot:
        size = int(sum(row[0] for row in depths) / price**0.5 * share * WAD)
        order = -size if sells else size
        met = pools.check(spot, order)
        assert met.price == pytest.approx(spot.price(), rel=1e-12)
        assert met.stretches
        if met.reach < size and len(met.stretches) < 4 and fee != 100:
            more = met.reach * 101 // 100 * order // size
            if sells:
                there = pools.swapped(spot, -met.reach)
                assert pools.swapped(spot, more) <= there * (1 + NEAR) + ROUNDED
            else:
                with pytest.raises(Reverted):
                    pools.swapped(spot, more)


SIDES = pytest.mark.parametrize("side", [1, -1], ids=["buy", "sale"])
ORDERS = pytest.mark.parametrize("base_first", [True, False], ids=["base first", "quote first"])
EXTREMES = (0, 1, -1, 2**255 - 1, -(2**255), 10**40, -(10**40))


@SIDES
@ORDERS
def test_at_most_four_stretches_and_no_further_than_the_order(
    pools: Pools, side: int, base_first: bool
) -> None:
    """Six positions inside each other: a small order meets one stretch, one of its own size exactly; a
    large one the first four, and each is shallower than the one before."""
    depths = [(1e6, 1 / (1 + n / 50), 1 + n / 50) for n in range(1, 7)]
    with pools.opened(2_500, base_first=base_first, fee=500, depths=depths) as spot:
        small = pools.check(spot, side * WAD)
        assert [reach for _, reach in small.stretches] == [WAD]
        whole = pools.check(spot, side * 10**7 * WAD)
        found = [depth for depth, _ in whole.stretches]
        assert len(found) == 4
        assert found == sorted(found, reverse=True)
        assert found[0] == small.stretches[0][0]
        come = 0
        for n, (_, reach) in enumerate(whole.stretches):
            come += reach
            for part, count in ((come * 9_999 // 10_000, n + 1), (come * 10_001 // 10_000, n + 2)):
                assert len(pools.check(spot, side * part).stretches) == min(count, 4)


@SIDES
@pytest.mark.parametrize("fee", [100, 500])
@pytest.mark.parametrize("price", [2_500, 2_500.2, 2_499.8])
def test_an_edge_a_few_ticks_away_is_not_overlooked(
    pools: Pools, side: int, fee: int, price: float
) -> None:
    """By how far an edge may be known without its root: a tick that the price has nearly left is none."""
    depths = [(1e6, 1 / 1.0008, 1.0008), (1e6, 0.9, 1.1)]
    with pools.opened(price, base_first=True, fee=fee, depths=depths) as spot:
        first = pools.met(spot, side * 10**7 * WAD).stretches[0][1]
        met = pools.check(spot, side * first * 1_001 // 1_000)
        assert [reach for _, reach in met.stretches][:1] == [first]


@SIDES
@ORDERS
def test_it_ends_where_nothing_lies(pools: Pools, side: int, base_first: bool) -> None:
    """Liquidity around the price, a gap on both sides, and more behind it: the price would jump, so what is
    behind is not said."""
    near = [(1e6, 0.98, 1.02)]
    beyond = [(1e6, 0.5, 0.9), (1e6, 1.1, 2.0)]
    for depths in (near, near + beyond):
        with pools.opened(2_500, base_first=base_first, fee=500, depths=depths) as spot:
            met = pools.check(spot, side * 10**7 * WAD)
            assert len(met.stretches) == 1
            assert met.reach == pytest.approx(1e6 / 50 * 0.01 * WAD, rel=0.06)


@SIDES
@ORDERS
def test_words_without_a_flag_are_passed_over(pools: Pools, side: int, base_first: bool) -> None:
    """Edges five words away: one stretch, as long as the pool's own; and with edges past twelve words it
    ends there, short of what the pool would do."""
    for share, whole in ((4.0, True), (4_000.0, False)):
        wide = [(1e9, 1 / share, share)]
        with pools.opened(2_500, base_first=base_first, fee=500, depths=wide) as spot:
            met = pools.check(spot, side * 10**10 * WAD)
            assert len(met.stretches) == 1
            if side > 0:
                lies = 1e9 / 50 * (1 - share**-0.5)
            else:
                lies = 1e9 / 50 * (share**0.5 - 1) / (1 - 5e-4)
            assert (met.reach > 0.98 * lies * WAD) is whole
            assert met.reach < 1.02 * lies * WAD


@ORDERS
def test_it_answers_for_every_order_and_pool(pools: Pools, base_first: bool) -> None:
    """Without liquidity, never opened, and pushed to the end of all prices."""
    with pools.opened(2_500, base_first=base_first, fee=3_000, depths=[]) as spot:
        for order in EXTREMES:
            met = pools.met(spot, order)
            assert met.stretches == ()
            assert met.price == pytest.approx(2_500 * WAD, rel=1e-12)
        spot.factory.send("createPool", spot.base, spot.quote, 500, sender=spot.owner)
        young = spot.factory.call("getPool", spot.base, spot.quote, 500)
        told = (young, base_first, UNIT, MILLION)
        for order in EXTREMES:
            assert set(pools.harness.call("curve", *told, order)[2]) == {0}
    for side in (1, -1):
        near = [(1e6, 0.98, 1.02)]
        with pools.opened(2_500, base_first=base_first, fee=500, depths=near) as spot:
            spot.quote.send("mint", pools.engine.accounts[5], 10**30, sender=spot.owner)
            spot.quote.send("approve", spot.router, 2**256 - 1, sender=pools.engine.accounts[5])
            sells_first = (side < 0) == base_first
            pair = (spot.base, spot.quote) if side < 0 else (spot.quote, spot.base)
            spot.base.send("mint", pools.engine.accounts[5], 10**40, sender=spot.owner)
            spot.base.send("approve", spot.router, 2**256 - 1, sender=pools.engine.accounts[5])
            told = (*pair, 500, pools.engine.accounts[5], 2**255, 10**28, 0, 0)
            spot.router.send("exactInputSingle", told, sender=pools.engine.accounts[5])
            root = spot.pool.call("slot0")[0]
            assert root < 2**33 if sells_first else root > 2**159
            for order in EXTREMES:
                assert pools.met(spot, order).stretches == ()


@SIDES
def test_a_price_on_an_edge_is_read_from_its_side(pools: Pools, side: int) -> None:
    """A swap that ends on an edge exactly, from above and from below: the stretch behind it is the first
    met, and none of no length."""
    depths = [(1e6, 0.98, 1.02), (1e6, 0.9, 1.1)]
    with pools.opened(2_500, base_first=True, fee=500, depths=depths) as spot:
        for way in (1, -1):
            mark = pools.engine.snapshot()
            far = pools.met(spot, way * 10**7 * WAD).stretches[0][1] * 11 // 10
            edge = _edge(pools, spot, way)
            trader = pools.engine.accounts[8]
            pair = (spot.base, spot.quote) if way < 0 else (spot.quote, spot.base)
            told = (*pair, 500, trader, 2**255, far * 10**4, 0, edge)
            spot.router.send("exactInputSingle", told, sender=trader)
            assert spot.pool.call("slot0")[0] == edge
            assert len(pools.check(spot, side * 10**7 * WAD).stretches) in (1, 2)
            pools.engine.revert(mark)


def _edge(pools: Pools, spot: SpotPool, way: int) -> int:
    """The root at the nearest edge of the smaller position, from the manager's own record of it."""
    lower, upper = spot.manager.call("positions", spot.positions()[0].key)[5:7]
    tick = upper if way > 0 else lower
    return pools.harness.call("root_at", tick)


@SIDES
@ORDERS
def test_an_edge_past_the_end_of_an_order_by_any_reckoning_costs_nothing(
    pools: Pools, side: int, base_first: bool
) -> None:
    """Nine tenths of what the stretch carries ask for no more than a wei does: its edge has no root yet."""
    with pools.opened(2_500, base_first=base_first, fee=500, depths=[(1e6, 0.9, 1.1)]) as spot:
        whole = pools.met(spot, side * 10**7 * WAD).reach
        took = []
        for order in (1, whole * 9 // 10, whole):
            told = (spot.pool, base_first, UNIT, MILLION - 500, side * order)
            took.append(pools.harness.send("curve", *told, sender=spot.owner).gas_used)
        assert took[1] - took[0] < 500 < 1_500 < took[2] - took[0]


def test_gas_of_an_answer(pools: Pools) -> None:
    """20,000 a market is what a split may take. Here storage stays warm: 8,500 to 10,000 for an order that
    one stretch carries, as it usually does, and less than 14,000 over an edge. Where nothing was read before,
    a node says 19,400 to 20,000 for the whole answer of a spot pool's adapter (ADR 0036)."""
    with pools.opened(2_500, base_first=True, fee=500, depths=[(1e6, 0.9, 1.1)]) as spot:
        for order, most in ((WAD, 8_500), (-WAD, 10_000), (10**7 * WAD, 14_000)):
            told = (spot.pool, True, UNIT, MILLION - 500, order)
            took = pools.harness.send("curve", *told, sender=spot.owner).gas_used
            assert took - 21_000 <= most
