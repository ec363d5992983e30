"""R38: a trade pays what its hedge is expected to pay the venue in funding.

A pool that stands over the index charges longs. Options bought there made LPs hold a long that paid
whoever held the short, and he could be the buyer.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from worlds import ETH, USD, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY

TERMS = {"vega_cap": 1_000, "gamma_cap": 2_000}
MINTS = 20
OVER = 1_004  # thousandths of the index


@pytest.fixture(scope="module")
def distorted() -> World:
    """A pool that stood 0.4 % over the index for an hour."""
    w = build(settings=DeploySettings(terms=TERMS))
    w.curie.converge(w.spot * OVER // 1_000)
    w.engine.advance(3_600)
    w.freshen()
    return w


def charged_above_mark(w: World) -> tuple[int, int]:
    """160 calls in parts of 8, the pool brought back after each. Token units: what was paid above the
    model's value, the hedge's cost aside, which whoever makes the pool has back; and ETH held."""
    above = held = 0
    series = w.call(2_500)
    for _ in range(MINTS):
        with suppress(Reverted):
            w.top_up()
        deal = w.tandem.quote(series, 8 * ETH)
        event = w.mint(series, 8 * ETH).events("OptionMinted")[0]
        above += event["premium"] + event["fee"] + event["capital_charge"] - deal.mark
        held += event["units"]
        w.curie.converge(w.spot * OVER // 1_000)
        w.freshen()
    return above, held


def owed(w: World) -> int:
    """Funding that the hedge has not paid yet, token units."""
    return round(w.curie.owed_funding(w.tandem.venue.address) * USD)


@pytest.mark.proves("HG-15")
def test_r38_ten_days_of_funding_cost_the_buyer_more_than_they_pay_him(distorted: World) -> None:
    """HG-15: "An open pays the venue's adverse funding on its own delta for the expected time"."""
    w = distorted
    with w.undone():
        above, held = charged_above_mark(w)
        before = owed(w)
        w.engine.advance(10 * DAY)
        w.freshen()
        funding = owed(w) - before
        back = 0
        series = w.call(2_500)
        for _ in range(held // (8 * ETH)):
            deal = w.tandem.quote(series, 8 * ETH, True)
            back += deal.mark - deal.premium + deal.fee
            w.close(series, 8 * ETH)
            w.curie.converge(w.spot * OVER // 1_000)
            w.freshen()
    profit = funding - above - back
    print(f"funding {funding / USD:,.0f} above {above / USD:,.0f} back {back / USD:,.0f}")
    assert funding > 5_000 * USD
    assert profit < 0, f"{profit / USD:,.0f} USD in ten days"
