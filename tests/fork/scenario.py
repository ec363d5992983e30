"""What happens on every chain and venue: deployed from its reviewed file, lived in, and left by everybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import market_life as life
import pytest
from chains import Chain
from people import DEPLOYER, SAFE, ForkWorld, arrive, world_of

from tandem.engine.remote import RemoteEngine
from tandem.errors import Reverted
from tandem.protocol.applying import apply
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.costs import check_money, costs, eth_price
from tandem.protocol.deployment import Deployment
from tandem.protocol.plan import plan
from tandem.protocol.recipe import Recipe
from tandem.protocol.rehearsal import rehearse
from tandem.protocol.rounds import settlement_round
from tandem.protocol.verifying import verify
from tandem.units import HOUR, USD, WAD

UNITS = 10**6
"""Of one option."""


def deploy(
    engine: RemoteEngine, chain: Chain, folder: Path, venue: Mapping[str, str | int] | None = None
) -> Deployment:
    """The reviewed file, planned, applied, and read back. venue: another than the file's."""
    arrive(engine)
    accounts = engine.accounts
    owner = engine.create(SAFE, accounts[0])
    people = (owner, accounts[3], [accounts[4], accounts[3]])
    return deploy_recipe(engine, chain.recipe(folder, people, venue))


def deploy_recipe(engine: RemoteEngine, recipe: Recipe) -> Deployment:
    deployer = engine.accounts[DEPLOYER]
    planned = plan(engine, recipe, deployer)
    done = rehearse(engine, recipe, deployer)
    check_money(engine, deployer, costs(engine, deployer, done, eth_price(engine, (recipe,))))
    found = apply(engine, recipe, deployer)
    assert {item.name: item.address for item in planned} == {
        name: part.address for name, part in found.contracts.items()
    }
    assert [f for f in verify(engine, found, recipe) if f.fault] == []
    return found


def scenario(
    engine: RemoteEngine,
    deployment: Deployment,
    once_sold: Callable[[ForkWorld], None] | None = None,
) -> None:
    """All of a market's life, on what is forked. once_sold: looked at once it holds a hedge."""
    w = world_of(engine, deployment)
    life.begin(w)
    life.mint(w)
    sell(w)
    if once_sold is not None:
        mark = engine.request("evm_snapshot", [])
        once_sold(w)
        engine.request("evm_revert", [mark])
    buy_back(w)
    lose_the_sequencer(w)
    life.rebalance(w)
    assert w.lender_agrees(2_700)
    life.close(w)
    life.leave(w)
    wait_for_the_sequencer(w)
    life.settle(w)
    everybody_leaves(w)
    assert w.usdc.balanceOf(w.vault) == w.vault.cash()


def sell(w: ForkWorld) -> None:
    """Puts are hedged by selling: through nothing, and out on the other side."""
    for _ in range(2):
        units = w.sized(5 * UNITS)
        w.market.mint(w.put.id, units, 500 * USD, life.MAX, w.trader, sender=w.trader)
        _inside(w)
    assert w.router.position() < -w.sized(WAD) // 4


def buy_back(w: ForkWorld) -> None:
    """A call, hedged by buying back part of what was sold."""
    before = w.router.position()
    units = w.sized(UNITS)
    w.market.mint(w.call.id, units, 250 * USD, life.MAX, w.trader, sender=w.trader)
    assert w.router.position() - before > w.sized(WAD) // 4
    _inside(w)


def _inside(w: ForkWorld) -> None:
    """The hedge is what it must be, and the floor holds."""
    assert abs(w.snapshot.stance.residual) <= w.snapshot.stance.hard
    assert w.market.floor() >= 0


def lose_the_sequencer(w: ForkWorld) -> None:
    """While the sequencer is down nothing is opened, nor for the grace hour that others need to catch up."""
    w.say_sequencer(is_up=False)
    units = w.sized(UNITS) // 2
    with pytest.raises(Reverted, match="spot: sequencer down"):
        w.tandem.mint(w.call, units)
    w.say_sequencer(is_up=True)
    with pytest.raises(Reverted, match="spot: grace period"):
        w.tandem.mint(w.call, units)
    w.engine.advance(HOUR + 1)
    w.freshen(2_500)
    held = w.option.balanceOf(w.trader, w.call.id)
    w.tandem.mint(w.call, units)
    assert w.option.balanceOf(w.trader, w.call.id) == held + units


def wait_for_the_sequencer(w: ForkWorld) -> None:
    """Nobody could have spoken while it was down, so no round settles; the first one after it does."""
    w.engine.set_time(w.expiry - 60)
    w.say_sequencer(is_up=False)
    w.engine.set_time(w.expiry + 2 * HOUR)
    feed = PriceFeed.of(w.tandem.exchange.feed)
    assert settlement_round(feed, w.tandem.spot, w.expiry) is None
    with pytest.raises(Reverted, match="spot: before expiry"):
        w.tandem.settle(w.expiry, feed.latestRoundData().id)
    w.say_sequencer(is_up=True)
    w.say_price(2_800)


def everybody_leaves(w: ForkWorld) -> None:
    """The grace over, the hedge comes home, and the last LP has what is his."""
    w.engine.advance(HOUR + 1)
    w.move_price(2_800)
    life.come_home(w, 2_800)
    shares = w.vault.balanceOf(w.lp)
    w.vault.requestRedeem(shares, w.lp, w.lp, sender=w.lp)
    w.engine.advance(26 * HOUR)
    w.move_price(2_800)
    w.vault.process(8, sender=w.keeper)
    w.vault.redeem(w.vault.maxRedeem(w.lp), w.lp, w.lp, sender=w.lp)
    assert w.vault.balanceOf(w.lp) == 0
    assert 980_000 * USD < w.usdc.balanceOf(w.lp) < 1_010_000 * USD
