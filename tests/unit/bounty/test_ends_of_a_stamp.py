"""HG-14 at its ends: a residual of exactly the band, and a volatility under a fifth."""

from __future__ import annotations

import pytest
from bounty_stage import due, market, moved, risk, stamp, stamped
from worlds import World

from tandem.engine.base import Receipt
from tandem.model.svi import Slice
from tandem.units import WAD

CALM = Slice(a=0.15**2, b=0.0, rho=0.0, m=0.0, s=0.1, basis=0.0, stickiness=1.0)


@pytest.mark.proves("HG-14")
def test_a_volatility_under_a_fifth_counts_as_a_fifth() -> None:
    """What was posted is not all that a residual may move by in a day."""
    w = market(smile=CALM)
    residual = stamped(w, 2_540)
    assert due(w).sigma == WAD // 5
    assert due(w).by_risk == pytest.approx(risk(abs(residual), w.spot, WAD // 5) / 10, rel=0.01)


@pytest.mark.proves("HG-14")
def test_a_hedge_of_a_book_that_is_over_is_stamped_by_a_fifth(straddles: World) -> None:
    """No expiry is left whose volatility could be read, and all of the hedge is a residual."""
    w = straddles
    w.settle(w.near, 2_600)
    stamp(w)
    assert due(w).sigma == WAD // 5
    assert due(w).stamped == w.tandem.snapshot().stance.residual == w.position()


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("over", [0, 1])
def test_of_a_residual_of_exactly_the_band_the_risk_is_paid(straddles: World, over: int) -> None:
    """HG-14: "past what may go home whole": at the band it may (HG-9). A rebalance leaves it there, to the
    wei, and it is stamped in that second."""
    w = straddles
    price = 2_500
    while abs(moved(w, price)) < w.tandem.snapshot().stance.width:
        price += 5
    at = w.engine.now() + 1
    with w.undone():
        w.engine.set_time(at)
        now = due(w)
    aim = (now.trigger + over) * (1 if now.residual > 0 else -1)
    acts = [w.tandem.market.rebalance(aim).by(w.stranger), w.tandem.bounty.stamp().by(w.stranger)]
    assert all(isinstance(act, Receipt) for act in w.engine.send_many(acts, timestamp=at))
    found = due(w)
    assert (found.residual, found.trigger) == (aim, now.trigger)
    assert found.by_risk == pytest.approx(risk(abs(aim), w.spot, found.sigma) / 10, rel=1e-6)
