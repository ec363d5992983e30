"""A quote token that lets nobody change an allowance into another one, as USDT does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from broken import broken
from denying import FROM_NOTHING
from worlds import ETH, FLAT, USD, World, build

from tandem.errors import Reverted
from tandem.units import DAY, WAD
from tandem.venues import VenueRecipe
from tandem.venues.aave import AaveRecipe
from tandem.venues.morpho import MorphoRecipe

VENUES = {"curie": None, "aave": AaveRecipe(), "morpho": MorphoRecipe()}


def takers(w: World) -> set[str]:
    """Whom anything of ours may ever have allowed something."""
    ours = {str(part.address) for part in (w.tandem.vault, w.tandem.venue, w.tandem.router)}
    return {one for one in w.curie.addresses().values() if len(one) == 42} | ours


def tried(act: Callable[[], object]) -> bool:
    """Whether it went. What is refused has a name of ours: the token's own refusal has none."""
    try:
        act()
    except Reverted as refused:
        if ": " not in refused.reason:
            raise
        return False
    return True


@pytest.mark.proves("FL-8")
@pytest.mark.parametrize("venue", VENUES)
def test_no_allowance_of_ours_is_left_for_the_next_to_trip_over(venue: str) -> None:
    """FL-8: "Approvals are exact, for one call": orders of both signs, margin out and home, over days of
    interest. One unit of an allowance that was left would stop all that comes after it."""
    recipe: VenueRecipe | None = VENUES[venue]
    with broken(*FROM_NOTHING):
        w = build(venue=recipe, smile=FLAT)
    t = w.tandem
    w.mint(w.call(), 4 * ETH)
    w.mint(w.put(), 8 * ETH)
    went = 0
    for price in (2_440, 2_560, 2_430, 2_590, 2_500):
        w.engine.advance(DAY // 3)
        w.move(price)
        w.freshen()
        went += sum(
            tried(act)
            for act in (
                w.top_up,
                w.bring_home,
                lambda: t.desk.send("sweep", sender=w.stranger),
                lambda: w.close(w.put(), ETH),
                lambda: w.mint(w.call(), ETH),
            )
        )
    assert went >= 12, went
    ours = [t.vault, t.router, t.desk, t.venue, t.market]
    for owner in ours:
        for taker in takers(w):
            left = w.curie.usdc.call("allowance", owner, taker)
            assert left == 0 or (venue == "morpho" and left > 2**255)  # to the lender, once for all
    assert w.position() != 0
    assert w.floor() > 100 * USD
    assert t.vault.call("low_nav") > 900_000 * USD
    assert abs(w.tandem.snapshot().stance.residual) < WAD
