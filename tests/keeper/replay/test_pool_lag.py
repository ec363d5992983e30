"""A pool behind the index is no gift: nobody trades before the arbitrageur at one block, and what a
slower one leaves to our orders is a term of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, cast

import pytest
from worlds import ETH, World

from keeper.replay.inputs import settings_for
from keeper.replay.ledger import Ledger
from keeper.replay.run import ReplayResult, replay
from keeper.replay.types import PNL_NAMES, PnlFlows
from tandem import venues
from tandem.engine.base import Receipt
from tandem.feeds.path import PathSpec, demo
from tandem.units import WAD
from tandem.venues import Liquidation

CRASH = PathSpec().start + 133 * 3_600


@pytest.fixture(scope="module")
def by_lag() -> dict[int, ReplayResult]:
    """Half a day around the crash, with an arbitrageur of 0, 1 and 4 blocks."""
    candles = demo().window(CRASH - 2 * 3_600, CRASH + 10 * 3_600)
    return {
        lag: replay(settings_for(candles, visits=2, arbitrage_lag=lag, trades_per_day=60.0))
        for lag in (0, 1, 4)
    }


@pytest.mark.parametrize("lag", [0, 1])
def test_up_to_a_block_every_order_finds_the_pool_at_the_index(
    by_lag: dict[int, ReplayResult], lag: int
) -> None:
    s = by_lag[lag].summary
    assert s["arbitrage_lag_blocks"] == lag
    assert s["hedge_cost_per_eth_pool_behind_usd"] is None
    assert s["hedge_cost_per_eth_pool_at_index_usd"] > 1.5  # the venue's ten basis points
    assert s["pnl"]["pool_lag"] == 0.0


def test_what_a_slow_arbitrageur_leaves_to_us_is_no_hedging_profit(
    by_lag: dict[int, ReplayResult],
) -> None:
    slow, quick = by_lag[4], by_lag[1]
    assert slow.summary["hedge_cost_per_eth_pool_behind_usd"] < 0
    gift = slow.summary["pnl"]["pool_lag"]
    assert gift > 200.0
    costs = [run.summary["pnl"]["hedge_cost"] for run in (slow, quick)]
    assert abs(costs[0] - costs[1]) < 0.25 * gift


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_profit_adds_up_to_the_cent_and_is_explained(
    by_lag: dict[int, ReplayResult], lag: int
) -> None:
    s, rows = by_lag[lag].summary, by_lag[lag].rows
    cents = sum(round(100 * s["pnl"][name]) for name in PNL_NAMES)
    assert cents == round(100 * (s["nav_end_usd"] - s["nav_start_usd"] - s["lp_flows_usd"]))
    left = [row.pnl.residual for row in rows]
    assert max(abs(after - before) for before, after in itertools.pairwise(left)) < 0.05


def minted(world: World) -> Receipt:
    """A trader bears all of the order."""
    return world.mint(world.call(2_500), 3 * ETH)


def rebalanced(world: World) -> Receipt:
    """The Vault bears it."""
    return world.tandem.rebalance()


def minted_into_a_residual(world: World) -> Receipt:
    """The order is the residual's as well: a trader bears his share."""
    return world.mint(world.call(2_750), ETH)


def minted_against_the_order(world: World) -> Receipt:
    """The order goes the other way: a trader pays the imputed rate, and has no part in the lag."""
    return world.mint(world.call(2_500), ETH)


def closed(world: World) -> Receipt:
    return world.close(world.call(2_500), 2 * ETH)


@pytest.mark.parametrize("gap", [-10, 10, -2])
@pytest.mark.parametrize(
    ("price", "act"),
    [
        (2_500, minted),
        (2_700, rebalanced),
        (2_300, rebalanced),
        (2_700, minted_into_a_residual),
        (2_300, minted_against_the_order),
        (2_500, closed),
    ],
)
def test_a_hedge_costs_what_it_would_with_the_pool_at_the_index(
    world: World, price: int, act: Callable[[World], Receipt], gap: int
) -> None:
    """The same act on the venue's own bytecode, with the pool at the index and `gap` USD above it:
    what the Vault pays more or less is `pool_lag`, to a hundredth, and `hedge_cost` is as it was.
    The pool's average is at the price: before, HG-17's band would leave nothing to pay for."""
    world.mint(world.call(2_500), 8 * ETH)
    world.move(price)
    world.rest()
    imputed = world.tandem.market.IMPUTED() / WAD
    flows: list[PnlFlows] = []
    for above in (0, gap):
        with world.undone():
            world.curie.converge((price + above) * WAD)
            ledger = Ledger(
                imputed, pool_gap=above, venue=world.tandem.venue.address, exchange=world.curie
            )
            ledger.read(act(world))
            assert ledger.hedges == 1
            flows.append(ledger.flows.take())
    level, behind = flows
    assert level.pool_lag == 0.0
    more = level.hedge_cost - (behind.hedge_cost - behind.pool_lag)
    assert behind.pool_lag == pytest.approx(more, rel=0.01, abs=0.05)
    assert behind.hedge_cost == pytest.approx(level.hedge_cost, rel=0.01, abs=0.05)


def test_what_a_liquidation_finds_behind_the_index_is_the_pools() -> None:
    """Sold 2 ETH 10 USD under the index by the pool's lag, and 3 USD more by impact and fees."""

    class Venue:
        recipe = venues.recipe("curie")

        def funding(self, receipt: Any, trader: str) -> float:
            return 0.0

        def liquidation(self, receipt: Any, trader: str, spot: float) -> Liquidation:
            return Liquidation(order=-2.0, cost=23.0, covered=0.0)

    class Nothing:
        gas_used = 0

        def events(self, name: str = "") -> list[Any]:
            return []

    ledger = Ledger(0.006, pool_gap=-10.0, venue="0x0", exchange=cast("Any", Venue()))
    assert ledger.read_liquidation(cast("Any", Nothing())) == 23.0
    assert (ledger.flows.hedge_cost, ledger.flows.pool_lag) == (3.0, -20.0)
