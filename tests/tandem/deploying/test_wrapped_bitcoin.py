"""LM-10: a market on bitcoin, of a token of eight decimals at 90,000 USD, lived in from its file on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandem.engine.revm import RevmEngine
from tandem.model.svi import Slice
from tandem.protocol.applying import apply
from tandem.protocol.deployment import tandem_of
from tandem.protocol.recipe import load_recipe
from tandem.protocol.series import Series, next_expiry
from tandem.units import UNIT, USD, WAD

PRICE = 90_000
GRAIN = 10**10
FILE = f"""
name = "wrapped"
chain_id = 31337
asset = "BTC"
[roles]
signers = ["0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"]
[venue]
kind = "aave"
deploy = true
price = {PRICE}
decimals = 8
depth_usd = 20_000_000
[settings]
timelock = 90_000
min_price = 9_000
max_price = 900_000
"""


@pytest.mark.proves("LM-10", "HG-1", "HG-2")
def test_it_is_deposited_into_hedged_closed_settled_and_left(tmp_path: Path) -> None:
    """Longer than a function should be: it is one life."""
    file = tmp_path / "wrapped.toml"
    file.write_text(FILE)
    with RevmEngine(chain_id=31_337) as engine:
        tandem = tandem_of(engine, apply(engine, load_recipe(file), engine.accounts[0]))
        venue, exchange = tandem.venue, tandem.exchange
        assert exchange.weth.call("decimals") == 8
        assert venue.call("price") == pytest.approx(PRICE * WAD, rel=1e-6)
        tandem.deposit(5_000_000 * USD)
        expiry = next_expiry(engine.now(), 20)
        strikes = [PRICE * part // 10 for part in (9, 10, 11, 20)]
        tandem.list_expiry(expiry, strikes)
        smile = Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)
        tandem.post({expiry: smile})
        engine.advance(61)
        tandem.desk.send("top_up", sender=tandem.keeper)
        tandem.freshen_gate()
        tandem.give(tandem.trader, 10**12)

        def quiet(price: int) -> None:
            engine.advance(600)
            exchange.set_index(price * WAD)
            exchange.converge()
            engine.advance(600)
            exchange.set_index(price * WAD)
            tandem.post({expiry: smile})
            engine.advance(61)
            tandem.freshen_gate()

        call = Series(expiry, False, PRICE, 2 * PRICE, "BTC")
        put = Series(expiry, True, PRICE, 0, "BTC")
        sizes = {call: UNIT // 2 + 1, put: UNIT // 3}
        for series, units in sizes.items():
            before = venue.call("position")
            (hedged,) = tandem.mint(series, units).events("Hedged")
            assert hedged["order"] % GRAIN == 0 != hedged["order"]
            assert abs(hedged["position_after"] - before - hedged["order"]) < 50 * GRAIN
            assert abs(hedged["residual_after"]) < 50 * GRAIN
        quiet(PRICE * 104 // 100)
        residual = tandem.snapshot().stance.residual
        (hedged,) = tandem.rebalance(sender=tandem.keeper).events("Hedged")
        assert hedged["order"] % GRAIN == 0 != hedged["order"]
        assert abs(hedged["residual_after"]) < abs(residual)
        assert tandem.close(call, UNIT // 4).events("Hedged")
        engine.set_time(expiry)
        exchange.set_index(PRICE * 105 // 100 * WAD)
        tandem.settle(expiry, int(exchange.feed.call("latest_id")))
        left = sizes[call] - UNIT // 4
        paid = tandem.redeem(call, left, tandem.trader).returned
        assert paid == left * (PRICE * 105 // 100 - PRICE)
        for _ in range(90):
            if abs(tandem.snapshot().stance.residual) < 10**15:
                break
            exchange.set_index(PRICE * 105 // 100 * WAD)
            exchange.converge()
            engine.advance(600)
            exchange.set_index(PRICE * 105 // 100 * WAD)
            tandem.rebalance(sender=tandem.keeper)
        assert abs(venue.call("position")) < 10**15
        assert tandem.vault.funds().nav > 4_900_000 * USD
