"""What the recipe promises about the market it sets up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from curie_bench import PRICE, Bench, build

from tandem.engine import open_engine
from tandem.errors import Reverted
from tandem.units import USD
from tandem.venues.curie import WAD as W
from tandem.venues.curie import Depth


def _spread(bench: Bench) -> Decimal:
    return Decimal(bench.curie.pool_price()) / Decimal(bench.curie.index()) - 1


def test_depth_absorbs_its_dollars_while_the_price_moves_its_width(bench: Bench) -> None:
    curie = bench.curie
    curie.deposit(bench.trader, 10_000_000 * USD)
    for sign in (1, -1):
        with bench.undone():
            low, high = 600 * W, 750 * W
            for _ in range(30):
                size = (low + high) // 2
                with bench.undone():
                    curie.open(bench.trader, sign * size)
                    moved = abs(_spread(bench))
                low, high = (size, high) if moved < Decimal("0.02") else (low, size)
            notional = curie.open(bench.trader, sign * low).events("PositionChanged")[0]
            spent = abs(notional["exchangedPositionNotional"]) / 1e18
            assert spent == pytest.approx(2_000_000, rel=0.02)


def test_the_tail_keeps_large_moves_tradeable(bench: Bench) -> None:
    curie = bench.curie
    for price in (PRICE * 6 // 10, PRICE * 2):
        with bench.undone():
            curie.set_index(price)
            assert curie.converge() >= 4
            assert abs(_spread(bench)) < Decimal("1e-6")
            curie.deposit(bench.trader, 100_000 * USD)
            curie.open(bench.trader, W)
            curie.open(bench.trader, -2 * W)
            assert curie.position(bench.trader) == -W


def test_arbitrage_stops_at_the_index_and_then_has_nothing_to_do(bench: Bench) -> None:
    curie = bench.curie
    for price in (PRICE * 97 // 100, PRICE * 103 // 100):
        with bench.undone():
            curie.set_index(price)
            assert curie.arbitrage() is not None
            assert abs(_spread(bench)) < Decimal("1e-6")
            assert curie.arbitrage() is None


def test_arbitrage_of_a_large_move_goes_in_steps_of_at_most_a_tenth(bench: Bench) -> None:
    curie = bench.curie
    curie.set_index(PRICE * 85 // 100)
    curie.arbitrage()
    assert Decimal("-0.1") < Decimal(curie.pool_price()) / PRICE - 1 < Decimal("-0.08")
    with pytest.raises(Reverted, match="EX_OPLAS"):
        curie.arbitrage()
    bench.engine.advance(15)
    curie.arbitrage()
    assert abs(_spread(bench)) < Decimal("1e-6")


def test_liquidity_can_be_moved_to_a_new_price(bench: Bench) -> None:
    curie = bench.curie
    assert len(curie.orders()) == 2
    curie.set_index(PRICE * 6 // 5)
    curie.converge()
    curie.remove_liquidity()
    assert curie.orders() == []
    assert curie.pool.call("liquidity") == 0
    bench.engine.advance(1_800)
    curie.add_liquidity(Depth(usd=500_000.0, tail=0.5))
    wide, narrow = curie.orders()
    assert wide.lower < narrow.lower < narrow.upper < wide.upper
    assert wide.liquidity + narrow.liquidity == pytest.approx(
        Depth(usd=500_000.0).liquidity(3_600) * W, rel=1e-3
    )


def test_the_fee_is_the_one_asked_for() -> None:
    bench = build(open_engine("pyrevm"), fee=500)
    curie = bench.curie
    curie.deposit(bench.trader, 10_000 * USD)
    event = curie.open(bench.trader, W).events("PositionChanged")[0]
    notional = -event["exchangedPositionNotional"]
    assert event["fee"] == pytest.approx(notional * 0.0005 / 0.9995, rel=1e-9)


def test_an_account_under_maintenance_is_taken_over_and_not_before(bench: Bench) -> None:
    curie = bench.curie
    curie.deposit(bench.trader, 3_100 * USD)
    curie.open(bench.trader, 10 * W)
    assert not curie.liquidatable(bench.trader)
    with pytest.raises(Reverted, match="CH_EAV"):
        curie.liquidate(bench.trader)
    curie.set_index(PRICE * 92 // 100)
    curie.converge()
    bench.engine.advance(1_800)
    assert curie.liquidatable(bench.trader)
    curie.liquidate(bench.trader)
    assert 0 <= curie.position(bench.trader) < 10 * W
    assert curie.position(curie.liquidator) == 10 * W - curie.position(bench.trader)


def test_a_published_index_is_told_in_the_same_transaction(bench: Bench) -> None:
    """A feed that moved for 20 minutes before its adapter hears of it makes averages go wrong: no
    time passes between the two halves of `publish_index`."""
    curie = bench.curie
    for percent in (97, 103, 95):
        bench.engine.advance(1_800)
        block = bench.engine.block()
        curie.publish_index(PRICE * percent // 100)
        assert bench.engine.block() == block + 1
        bench.engine.advance(1_800)
        assert curie.index() == PRICE * percent // 100
