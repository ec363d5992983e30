"""HG-14 at its ends: a residual of exactly the band, and a volatility under a fifth."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bounty_stage import bring, due, market, moved, paid, risk, stamp, stamped
from worlds import World

from tandem.engine.base import Receipt
from tandem.model.svi import Slice
from tandem.units import HOUR, WAD

CALM = Slice(a=0.15**2, b=0.0, rho=0.0, m=0.0, s=0.1, basis=0.0, stickiness=1.0)


@pytest.mark.proves("HG-14")
def test_a_volatility_under_a_fifth_counts_as_a_fifth() -> None:
    """What was posted is not all that a residual may move by in a day."""
    w = market(smile=CALM)
    residual = stamped(w, 2_540)
    assert due(w).sigma == WAD // 5
    assert due(w).by_risk == pytest.approx(risk(abs(residual), w.spot, WAD // 5) / 10, rel=0.01)


@pytest.mark.proves("HG-14", "SF-3")
def test_a_volatility_over_three_counts_as_three(straddles: World) -> None:
    """Slices may come to five, by the hour."""
    w = straddles
    w.move(2_600)
    for _ in range(45):
        w.engine.advance(HOUR)
        w.push(2_600)
        w.post({expiry: replace(each, a=4.5**2) for expiry, each in w.slices.items()})
    w.rest()
    stamp(w)
    listed = next(each for each in w.tandem.surface.slices() if each.expiry == w.near)
    now = (listed.slice_word, w.spot, 2_600, w.near - w.engine.now())
    assert w.tandem.risk.volatility(*now).vol > 3.2 * WAD
    assert due(w).sigma == 3 * WAD


@pytest.mark.proves("HG-14")
def test_data_that_costs_more_than_an_ether_counts_as_one(straddles: World) -> None:
    """What is paid goes by what another's contract says."""
    w = straddles
    stamped(w)
    assert w.fees is not None
    found = []
    for fee in (WAD - 10**12, WAD, 2 * WAD):
        w.fees.send("say", fee, sender=w.curie.owner)
        found.append(due(w).by_gas)
    assert 0 < found[0] < found[1] == found[2]


@pytest.mark.proves("HG-14")
def test_of_the_next_part_all_gas_is_paid_a_minute_behind_the_last_and_not_before(
    straddles: World,
) -> None:
    w = straddles
    stamped(w)
    assert paid(bring(w, due(w).residual // 2))
    last, found = w.engine.now(), {}
    for second in (30, 58, 59, 60, 61):
        with w.undone():
            w.engine.set_time(last + second)
            found[second] = due(w).by_gas
    assert found[30] < found[58] < found[59] < found[60] == found[61]


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
