"""One life of a market through Ape: LPs in, options out with their hedges, and everything back.

Run on a local chain and, step by step with more between, on forks. Ape sends what people send; the engine
over Ape's provider does what the rest of the world does (the feed, arbitrage, time). Figures are those of
a price of 2,500 USD; where the market begins at another, prices are scaled up and sizes down, so that money
stays what it is.
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
from tandem.units import ETHER, HOUR, USD, WAD

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
    price: int = 2_500
    """USD, at which the life begins."""
    expiry: int = 0
    """Of the life's options."""
    rounding: int = 0
    """wei by which a venue's own books may round a position: a lender's shares round twice."""
    asset: str = ETHER

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
        """The feed moves and arbitrage takes the venue along. usd: of the scale of 2,500."""
        self.say_price(usd)
        self.tandem.exchange.converge(self.scaled(usd * WAD))

    def say_price(self, usd: int) -> None:
        """The feed moves alone."""
        self.tandem.exchange.set_index(self.scaled(usd * WAD))

    def give(self, account: Any, usd: int) -> None:
        """Dollars for somebody, and the Vault may take them."""
        self.tandem.give(account.address, usd * USD)

    def scaled(self, price: int) -> int:
        """What is `price` where the asset is worth 2,500 USD."""
        return price * self.price // 2_500

    def sized(self, size: int) -> int:
        """Options or base, as much of them as is worth what `size` is where the asset is worth 2,500 USD."""
        return size * 2_500 // self.price

    @property
    def call(self) -> Series:
        """At the money, capped at twice that."""
        return Series(self.expiry, False, self.price, 2 * self.price, self.asset)

    @property
    def put(self) -> Series:
        """A tenth out of the money."""
        return Series(self.expiry, True, self.scaled(2_250), 0, self.asset)

    def freshen(self, usd: int) -> None:
        """The same price from now on, and a surface."""
        self.move_price(usd)
        self.tandem.post({self.expiry: SMILE})


def live(world: World) -> None:
    """Deposit, mint, rebalance, close, exit, settle, redeem; figures are checked at each step."""
    begin(world)
    mint(world)
    rebalance(world)
    close(world)
    leave(world)
    expire(world)
    settle(world)
    assert world.usdc.balanceOf(world.vault) == world.vault.cash()
    assert world.market.floor() >= 0


def begin(w: World) -> None:
    """An LP's money, margin at the venue, a listing, a surface."""
    w.give(w.lp, 1_000_000)
    w.vault.deposit(1_000_000 * USD, w.lp, sender=w.lp)
    assert w.vault.totalAssets() == 1_000_000 * USD
    w.desk.top_up(sender=w.keeper)
    w.expiry = next_expiry(w.engine.now(), 20)
    w.tandem.list_expiry(w.expiry, [w.put.strike, w.call.strike, w.call.other])
    w.tandem.post({w.expiry: SMILE})
    w.stress.remark(sender=w.keeper)


def mint(w: World) -> None:
    w.give(w.trader, 10_000)
    before, units = w.usdc.balanceOf(w.trader), w.sized(3_000_000)
    receipt = w.market.mint(w.call.id, units, 600 * USD, MAX, w.trader, sender=w.trader)
    paid = before - w.usdc.balanceOf(w.trader)
    # 3 calls at the money, 20 days at 60 %: 0.4 x spot x vol x sqrt(tau) each, and costs.
    assert 400 * USD < paid < 520 * USD
    assert w.option.balanceOf(w.trader, w.call.id) == units
    (hedged,) = receipt.decode_logs(w.market.Hedged)
    assert abs(hedged.order - w.router.position()) <= w.rounding
    assert hedged.order > w.sized(WAD)
    assert abs(w.snapshot.stance.residual) <= w.snapshot.stance.hard
    assert w.snapshot.maxima == units * w.price


def rebalance(w: World) -> None:
    w.move_price(2_700)
    before = w.snapshot.stance
    assert abs(before.residual) >= before.trigger
    come_home(w, 2_700)


def come_home(w: World, usd: int) -> None:
    """Rebalances, a minute apart, until the residual is inside its band."""
    w.engine.advance(600)  # the pool's average arrives (HG-17)
    w.move_price(usd)
    for _ in range(CHUNKS):
        stance = w.snapshot.stance
        if abs(stance.residual) < max(stance.width, stance.trigger):
            break
        w.market.rebalance(0, sender=w.keeper)
        w.engine.advance(60)
        w.move_price(usd)
    stance = w.snapshot.stance
    assert abs(stance.residual) < max(stance.width, stance.trigger)


def close(w: World) -> None:
    w.engine.advance(61)  # two posts of one slice are at least a minute apart
    w.tandem.post({w.expiry: SMILE})
    before, units = w.usdc.balanceOf(w.trader), w.option.balanceOf(w.trader, w.call.id)
    part, least, most = w.sized(1_000_000), 250 * USD, 350 * USD
    w.market.close(w.call.id, part, part, least, MAX, w.trader, sender=w.trader)
    assert least < w.usdc.balanceOf(w.trader) - before < most
    assert w.option.balanceOf(w.trader, w.call.id) == units - part
    assert abs(w.snapshot.stance.residual) <= w.snapshot.stance.hard


def leave(w: World) -> None:
    """A tenth of the LP's shares, through the queue."""
    shares = w.vault.balanceOf(w.lp) // 10
    w.vault.requestRedeem(shares, w.lp, w.lp, sender=w.lp)
    w.engine.advance(26 * HOUR)
    w.freshen(2_700)
    assert w.vault.pendingRedeemRequest(0, w.lp) == shares
    w.vault.process(8, sender=w.keeper)
    assert w.vault.claimableRedeemRequest(0, w.lp) == shares
    before = w.usdc.balanceOf(w.lp)
    w.vault.redeem(shares, w.lp, w.lp, sender=w.lp)
    assert 99_000 * USD < w.usdc.balanceOf(w.lp) - before < 101_000 * USD


def expire(w: World) -> None:
    """The expiry passes, and the feed speaks after it."""
    w.engine.set_time(w.expiry + 30)
    w.say_price(2_800)


def settle(w: World) -> None:
    """By the first round after the expiry; whoever holds calls is paid to the unit."""
    feed = PriceFeed.of(w.tandem.exchange.feed)
    round_id = settlement_round(feed, w.tandem.spot, w.expiry)
    assert round_id is not None
    w.market.settle(w.expiry, round_id, sender=w.keeper)
    assert w.market.settlement(w.expiry) == w.scaled(2_800) * WAD
    before, units = w.usdc.balanceOf(w.trader), w.option.balanceOf(w.trader, w.call.id)
    w.market.redeem(w.call.id, units, w.trader, w.trader, sender=w.trader)
    paid = w.usdc.balanceOf(w.trader) - before
    assert paid == w.call.paid(units, w.scaled(2_800 * WAD)) == units * (w.scaled(2_800) - w.price)
    assert w.market.liabilities() == (0, 0)
