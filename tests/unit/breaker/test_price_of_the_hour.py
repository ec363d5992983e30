"""BR-4, R17: what it costs to use an hour up by selling back what was bought (docs/timing.md). The cheapest
series are spreads of a week whose delta is just over a tenth: three of twenty and thirty-four days said 465
USD."""

from __future__ import annotations

import pytest
from hour_bench import bought, sold_back
from worlds import ETH, FLAT, LADDER, SMILE, USD, WINDOW, World, build

from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series, next_expiry

SMILES = {"usual": SMILE, "flat": FLAT}


def world(smile: object) -> tuple[World, int]:
    """At defaults (an hour of a tenth of NAV), with an expiry a week ahead besides."""
    w = build(smile=smile, settings=DeploySettings(terms={"hour": 1_000}))
    week = next_expiry(w.engine.now(), 8)
    w.tandem.list_expiry(week, LADDER)
    w.post({week: smile, w.near: smile, w.far: smile})
    w.engine.advance(WINDOW)
    w.freshen()
    return w, week


@pytest.mark.proves("BR-4")
@pytest.mark.parametrize("smile", SMILES)
@pytest.mark.parametrize(("strike", "floor"), [(2_250, 2_000), (2_500, 2_250), (2_250, 0)])
def test_an_hour_costs_what_is_said(smile: str, strike: int, floor: int) -> None:
    """Bought to `gate: hour is full`, others refused, and sold back at once: to LPs, of a million."""
    w, week = world(SMILES[smile])
    series, purse = Series(week, True, strike, floor), w.usdc(w.trader)
    assert bought(w, 5 * ETH, series) > 30 * ETH
    with w.refuses("gate: hour is full"):
        w.tandem.quote(w.call(2_500), ETH)
    sold_back(w, series)
    assert purse - w.usdc(w.trader) > 170 * USD
