"""A trial has gas for as many venues as a set may have, none of which anybody has touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.gas import SPOT, bench_of
from tandem.engine.base import Tx
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.deal import TRIED_GAS
from tandem.units import HOUR, USD, WAD
from tandem.venues import recipe

ROOT = Path(__file__).resolve().parents[3]
FOUR = "curie+aave+morpho+morpho4"
LARGE = -200 * WAD
STEPS = 20


def test_quotes_try_with_as_much_as_the_router_does() -> None:
    """What a call of that data costs before it begins comes on top: sixteen a byte at the most."""
    text = (ROOT / "contracts" / "HedgeRouter.vy").read_text()
    data = VenueSet.ABI.function("fill", 8).encode(
        (-1, 2**256 - 1, 2**256 - 1, 1, True, 1, 1, True)
    )
    before = 21_000 + 16 * len(data)
    assert f"\nTRIAL: constant(uint256) = {TRIED_GAS - before:_}\n" in text


@pytest.mark.proves("VS-2")
def test_an_order_over_four_venues_fits_into_its_trial() -> None:
    """On a chain that counts what is touched for the first time, with proofs of margin that are hours old:
    half of the gas that a trial has was too little for it."""
    with bench_of([(4, 4)], on=recipe(FOUR)) as b:
        t, engine = b.tandem, b.engine
        t.deposit(400_000_000 * USD)
        for _ in range(STEPS):
            if not t.snapshot().account.top_up:
                break
            t.desk.send("top_up", sender=t.keeper)
        engine.advance(4 * HOUR)
        b.exchange.set_index(SPOT * WAD)
        b.exchange.converge()
        legs = t.venue.call("legs", LARGE, 0)
        assert all(legs)
        assert sum(legs) == LARGE
        fill = VenueSet.ABI.function("fill", 8)
        worst = SPOT * WAD * 9 // 10
        data = fill.encode((LARGE, worst, 2**256 - 1, 0, False, 0, 0, True))
        tried = {
            gas: engine.simulate(Tx(t.router.address, t.venue.address, data, gas)).ok
            for gas in (TRIED_GAS, TRIED_GAS // 2)
        }
        assert tried == {TRIED_GAS: True, TRIED_GAS // 2: False}
