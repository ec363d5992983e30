"""One life of a market through Ape: LPs in, an option out with its hedge, and everything back.

Run on a local chain and on a fork. Ape sends what people send; the engine over Ape's provider does
what the rest of the world does (the feed, arbitrage, time).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ape

from tandem.engine.remote import RemoteEngine
from tandem.model.svi import Slice
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.protocol.rounds import settlement_round
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.tandem import Tandem
from tandem.units import HOUR, USD, WAD

MAX = 2**256 - 1
CHUNKS = 30
"""Minutes in which a residual of one option's size comes home, chunk after chunk."""
SMILE = Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)


@dataclass
class World:
    """A deployment as Ape and as the engine see it."""

    engine: RemoteEngine
    tandem: Tandem
    market: Any
    vault: Any
    router: Any
    desk: Any
    stress: Any
    option: Any
    usdc: Any
    lp: Any
    trader: Any
    keeper: Any

    @classmethod
    def of(cls, engine: RemoteEngine, deployment: Deployment) -> World:
        def at(name: str, address: str) -> Any:
            return ape.project.get_contract(name).at(address, fetch_from_explorer=False)

        people = ape.accounts.test_accounts
        return cls(
            engine=engine,
            tandem=tandem_of(engine, deployment),
            market=at("Market", deployment.address("Market")),
            vault=at("Vault", deployment.address("Vault")),
            router=at("HedgeRouter", deployment.address("HedgeRouter")),
            desk=at("MarginDesk", deployment.address("MarginDesk")),
            stress=at("StressTest", deployment.address("StressTest")),
            option=at("OptionToken", deployment.address("OptionToken")),
            usdc=at("USDC", deployment.venue["usdc"]),
            lp=people[2],
            trader=people[1],
            keeper=people[3],
        )

    @property
    def snapshot(self) -> Snapshot:
        return self.tandem.lens.snapshot()

    def move_price(self, usd: int) -> None:
        """The feed moves and arbitrage takes the venue along."""
        self.tandem.exchange.set_index(usd * WAD)
        self.tandem.exchange.converge(usd * WAD)


def live(world: World) -> None:
    """Deposit, mint, rebalance, close, exit, settle, redeem; figures are checked at each step."""
    w, t = world, world.tandem
    t.give(w.lp.address, 1_000_000 * USD)
    w.vault.deposit(1_000_000 * USD, w.lp, sender=w.lp)
    assert w.vault.totalAssets() == 1_000_000 * USD
    w.desk.top_up(sender=w.keeper)
    expiry = next_expiry(w.engine.now(), 20)
    t.list_expiry(expiry, [2_500, 5_000])
    t.post({expiry: SMILE})
    w.stress.remark(sender=w.keeper)
    series = Series(expiry, False, 2_500, 5_000)

    _mint(w, series)
    _rebalance(w)
    _close(w, series)
    _leave(w, expiry)
    _settle(w, series)
    assert w.usdc.balanceOf(w.vault) == w.vault.cash()
    assert w.market.floor() >= 0


def _mint(w: World, series: Series) -> None:
    w.tandem.give(w.trader.address, 10_000 * USD)
    before = w.usdc.balanceOf(w.trader)
    receipt = w.market.mint(series.id, 3_000_000, 600 * USD, MAX, w.trader, sender=w.trader)
    paid = before - w.usdc.balanceOf(w.trader)
    # 3 calls at the money, 20 days at 60 %: 0.4 x spot x vol x sqrt(tau) each, and costs.
    assert 400 * USD < paid < 520 * USD
    assert w.option.balanceOf(w.trader, series.id) == 3_000_000
    (hedged,) = receipt.decode_logs(w.market.Hedged)
    assert hedged.order == w.router.position() > WAD
    assert abs(w.snapshot.stance.residual) <= w.snapshot.stance.hard
    assert w.snapshot.maxima == 3 * 2_500 * USD


def _rebalance(w: World) -> None:
    w.move_price(2_700)
    before = w.snapshot.stance
    assert abs(before.residual) >= before.trigger
    w.engine.advance(600)  # the pool's average arrives (HG-17)
    w.move_price(2_700)
    for _ in range(CHUNKS):
        stance = w.snapshot.stance
        if abs(stance.residual) < max(stance.width, stance.trigger):
            break
        w.market.rebalance(0, sender=w.keeper)
        w.engine.advance(60)
        w.move_price(2_700)
    stance = w.snapshot.stance
    assert abs(stance.residual) < max(stance.width, stance.trigger)


def _close(w: World, series: Series) -> None:
    w.engine.advance(61)  # two posts of one slice are at least a minute apart
    w.tandem.post({series.expiry: SMILE})
    before = w.usdc.balanceOf(w.trader)
    w.market.close(series.id, 1_000_000, 1_000_000, 250 * USD, MAX, w.trader, sender=w.trader)
    assert 250 * USD < w.usdc.balanceOf(w.trader) - before < 350 * USD
    assert w.option.balanceOf(w.trader, series.id) == 2_000_000
    assert abs(w.snapshot.stance.residual) <= w.snapshot.stance.hard


def _leave(w: World, expiry: int) -> None:
    """A tenth of the LP's shares, through the queue."""
    shares = w.vault.balanceOf(w.lp) // 10
    w.vault.requestRedeem(shares, w.lp, w.lp, sender=w.lp)
    w.engine.advance(26 * HOUR)
    w.move_price(2_700)
    w.tandem.post({expiry: SMILE})
    assert w.vault.pendingRedeemRequest(0, w.lp) == shares
    w.vault.process(8, sender=w.keeper)
    assert w.vault.claimableRedeemRequest(0, w.lp) == shares
    before = w.usdc.balanceOf(w.lp)
    w.vault.redeem(shares, w.lp, w.lp, sender=w.lp)
    assert 99_000 * USD < w.usdc.balanceOf(w.lp) - before < 101_000 * USD


def _settle(w: World, series: Series) -> None:
    w.engine.set_time(series.expiry + 30)
    w.tandem.exchange.set_index(2_800 * WAD)
    feed = PriceFeed.of(w.tandem.exchange.feed)
    round_id = settlement_round(feed, w.tandem.spot, series.expiry)
    assert round_id is not None
    w.market.settle(series.expiry, round_id, sender=w.keeper)
    assert w.market.settlement(series.expiry) == 2_800 * WAD
    before = w.usdc.balanceOf(w.trader)
    w.market.redeem(series.id, 2_000_000, w.trader, w.trader, sender=w.trader)
    assert w.usdc.balanceOf(w.trader) - before == 2 * 300 * USD
    assert w.market.liabilities() == (0, 0)
