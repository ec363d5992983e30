"""What is said of several venues together is the sum of what counts of each."""

from __future__ import annotations

import pytest
from several import REPLACED, members, tell
from swings import MARGIN_EQUITY, NOTHING, begun
from worlds import World

from tandem.engine.base import Contract
from tandem.units import USD, WAD


@pytest.mark.proves("VS-4")
def test_an_account_is_what_counts_of_each(sold: World) -> None:
    """Equity by the worse of two valuations, the venue's by the better, and what carries orders; none under
    nothing."""
    spot = sold.spot
    each = [sold.tandem.venue.call("account_at", one, spot) for one in members(sold)]
    whole = sold.tandem.venue.call("account", spot)
    assert whole == (
        sum(position for position, *_ in each),
        sum(max(min(equity, there), 0) for _, equity, there, _ in each),
        sum(max(equity, there, 0) for _, equity, there, _ in each),
        sum(max(min(equity, carries), 0) for _, equity, _, carries in each),
    )
    assert whole[3] < whole[2]


@pytest.mark.proves("HG-13")
@pytest.mark.parametrize("robbed", [0, 1])
def test_a_loss_at_either_venue_is_seen(sold: World, robbed: int) -> None:
    """What the first lost was looked for and overwritten by what the second did not, in a mutant."""
    t, spot, one = sold.tandem, sold.spot, members(sold)[robbed]
    before, had = t.desk.call("unseen", spot)[0], t.venue.call("account_at", one, spot)[1]
    sold.curie.turn().robbers[robbed].take(one.address)
    lost = (had - t.venue.call("account_at", one, spot)[1]) / WAD
    assert lost > 100
    assert (t.desk.call("unseen", spot)[0] - before) / USD == pytest.approx(lost, rel=0.01)


@pytest.mark.proves("HG-12", "HG-13")
def test_a_price_past_the_oracle_s_bounds_is_put_down_nowhere(faced: World, face: Contract) -> None:
    """What goes home meanwhile is lowered by the venue's own index, and what is known of it stays."""
    t, member = faced.tandem, begun(faced, face, *members(faced))
    before = t.desk.seen(face)
    feed, owner = faced.curie.feed, faced.curie.owner
    feed.send("push", 10**9 * 10**8, sender=owner)
    assert not t.snapshot().spot_fresh
    tell(faced, face, ("account", REPLACED, MARGIN_EQUITY, NOTHING))
    faced.engine.advance(61)
    receipt = t.desk.send("delever", face, sender=faced.stranger)
    assert receipt.returned < 0 < member.held
    assert t.desk.seen(face) == before
