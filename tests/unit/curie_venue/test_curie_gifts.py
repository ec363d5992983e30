"""R11: what others put into the account counts in nothing but the venue's own margin checks."""

from __future__ import annotations

from typing import Any

import pytest
from curie_bench import PRICE, Bench
from gift_bench import MICRO, Giver, venue_balance

from tandem.errors import Reverted
from tandem.units import USD, WAD


def _a_good_week(bench: Bench, giver: Giver) -> None:
    """A profit, a loss, a flip and funding; withdrawals with and without a position."""
    venue, router = bench.venue, bench.router
    giver.at("empty")
    bench.fund(40_000)
    giver.at("funded")
    for size, index in ((10 * WAD, 104), (-25 * WAD, 106), (4 * WAD, 101)):
        giver.done.append(bench.trade(size).returned)
        bench.curie.set_index(PRICE * index // 100)
        bench.curie.converge()
        bench.engine.advance(20_000)
        giver.at(f"at {bench.position() // WAD}")
        venue.send("withdraw", 5_000 * USD, router, sender=router)
        giver.at(f"withdrew at {bench.position() // WAD}")
    giver.done.append(bench.trade(11 * WAD).returned)
    giver.at("flat")
    venue.send("withdraw", bench.account(PRICE)[3] // MICRO, router, sender=router)
    giver.at("away")
    giver.done.append(bench.curie.usdc.call("balanceOf", router))


MOMENTS = (
    "empty", "funded", "at 10", "withdrew at 10", "at -15", "at -11", "withdrew at -11", "flat",
)  # fmt: skip


@pytest.mark.proves("FL-8")
@pytest.mark.parametrize("kind", ["quote", "pledge"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_r11_a_gift_changes_nothing_that_counts_or_comes_home(
    bench: Bench, moment: str, kind: str
) -> None:
    with bench.undone():
        plain = Giver(bench, "never", 30_000 * USD, kind)
        _a_good_week(bench, plain)
    given = Giver(bench, moment, 30_000 * USD, kind)
    _a_good_week(bench, given)
    assert moment in given.seen
    assert (given.seen, given.done) == (plain.seen, plain.done)


def test_r11_a_gift_is_not_free_to_take(bench: Bench) -> None:
    bench.fund(1_000)
    bench.give(5_000 * USD)
    assert bench.curie.vault.call("getFreeCollateral", bench.venue) == 6_000 * USD
    assert bench.venue.call("free_collateral") == 1_000 * USD
    with pytest.raises(Reverted, match="curie: not ours"):
        bench.venue.send("withdraw", 1_000 * USD + 1, bench.router, sender=bench.router)
    bench.venue.send("withdraw", 1_000 * USD, bench.router, sender=bench.router)
    assert bench.venue.call("own_balance") == bench.venue.call("free_collateral") == 0
    assert venue_balance(bench) == 5_000 * USD


def test_r11_with_a_position_as_much_is_free_as_without_the_gift(bench: Bench) -> None:
    bench.fund(5_000)
    bench.trade(10 * WAD)
    with bench.undone():
        bench.give(3_000 * USD, bench.trader)
        plain = bench.venue.call("free_collateral")
    bench.give(3_000 * USD)
    assert bench.venue.call("free_collateral") == plain
    assert 1_900 * USD < plain < 2_100 * USD
    bench.venue.send("withdraw", plain - USD, bench.router, sender=bench.router)


@pytest.mark.proves("FL-8")
def test_a_gift_carries_orders_as_the_venue_lets_it(bench: Bench) -> None:
    """What the venue fills must not be refused: a rebalance is clipped to what margin carries."""
    bench.fund(1_000)
    order = 30 * WAD
    plain = bench.venue.call("max_order", order, 2**255 * (order > 0))
    bench.give(1_000 * USD)
    carried = bench.venue.call("max_order", order, 2**255 * (order > 0))
    assert 2 * plain * 99 // 100 < carried < order
    bench.trade(carried)
    with pytest.raises(Reverted, match="CH_NEFCI"):
        bench.trade(carried // 50)


def test_r11_a_closed_market_pays_out_the_same_with_a_gift(bench: Bench) -> None:
    curie = bench.curie

    def close(to: Any) -> tuple[Any, ...]:
        bench.fund(10_000)
        bench.trade(-3 * WAD)
        bench.give(20_000 * USD, to)
        curie.base.send("pause", sender=curie.owner)
        bench.engine.advance(3_600)
        curie.base.send("close(uint256)", PRICE * 103 // 100, sender=curie.owner)
        curie.clearing_house.send("quitMarket", bench.venue, curie.base, sender=bench.stranger)
        home = bench.venue.call("free_collateral")
        bench.venue.send("withdraw", home, bench.router, sender=bench.router)
        return home, bench.account(PRICE), bench.venue.call("own_balance")

    with bench.undone():
        plain = close(bench.trader)
    assert 9_000 * USD < plain[0] < 10_000 * USD
    assert close(bench.venue) == plain
