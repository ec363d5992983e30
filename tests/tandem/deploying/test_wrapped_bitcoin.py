"""LM-10: a market on bitcoin, of a token of eight decimals at 90,000 USD, lived in from its file on."""

from __future__ import annotations

from pathlib import Path

import pytest
from wrapped import GRAIN, PRICE, SMILE, opened

from tandem.engine.revm import RevmEngine
from tandem.protocol.series import Series
from tandem.units import UNIT, USD, WAD


@pytest.mark.proves("LM-10", "HG-1", "HG-2")
@pytest.mark.parametrize("kind", ["aave", "morpho", "morpho4", "aave+morpho", "curie+aave"])
def test_it_is_deposited_into_hedged_closed_settled_and_left(tmp_path: Path, kind: str) -> None:
    """Longer than a function should be: it is one life."""
    with RevmEngine(chain_id=31_337) as engine:
        _, tandem, expiry = opened(engine, tmp_path, kind)
        venue, exchange = tandem.venue, tandem.exchange
        lender = getattr(exchange, "members", (exchange,))[-1]
        assert lender.weth.call("decimals") == 8
        assert venue.call("price") == pytest.approx(PRICE * WAD, rel=1e-6)

        def quiet(price: int) -> None:
            engine.advance(600)
            exchange.set_index(price * WAD)
            exchange.converge()
            engine.advance(600)
            exchange.set_index(price * WAD)
            tandem.post({expiry: SMILE})
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
