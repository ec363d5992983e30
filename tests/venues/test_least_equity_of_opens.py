"""R13, HG-12: wherever it hedges, and whichever way, an open leaves the account its least equity."""

from __future__ import annotations

import pytest
from test_market_on_lenders import LENDERS
from worlds import ETH, WIDE, build

from tandem.errors import Reverted
from tandem.protocol.bindings.structs import HedgeAccount
from tandem.protocol.deploy import DeploySettings
from tandem.units import WAD
from tandem.venues.curie import CurieRecipe

VENUES = {"Curie": CurieRecipe(), **LENDERS}


@pytest.mark.proves("HG-12", "HG-22")
@pytest.mark.parametrize("side", ["long", "short"])
@pytest.mark.parametrize("name", VENUES)
def test_r13_opens_end_by_name_with_the_least_that_the_venue_asks_of_that_sign(
    name: str, side: str
) -> None:
    """HG-12: "An open leaves the account at least its minimum for the hedge that it then holds, or reverts
    `router: under minimum`", on the margin that was there, which nobody renews."""
    w, why = build(venue=VENUES[name], settings=DeploySettings(terms=WIDE)), ""
    series = w.call(2_500, 3_500) if side == "long" else w.put(2_500)
    while not why:
        try:
            w.mint(series, 4 * ETH)
        except Reverted as refused:
            why = refused.reason
        w.curie.converge()
        w.freshen()
    assert why == "router: under minimum"
    account = HedgeAccount(*w.tandem.router.call("account", w.spot, 0))
    sign = 1 if side == "long" else -1
    assert w.position() * sign > 20 * WAD
    least = int(w.tandem.venue.call("bounds", sign)[0])
    ratio = account.usable * WAD // (abs(w.position()) * w.spot // WAD)
    assert least <= ratio < least + WAD // 20, (ratio, least)
