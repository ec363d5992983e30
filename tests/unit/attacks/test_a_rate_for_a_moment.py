"""R38, R39: who empties a lender for one transaction makes nobody pay for it.

Its rate jumps with the share that is lent out. Opens were charged by the rate that the first of them met in
an hour, and the breaker counted funding by the rate of the moment at which it looked: an open of nothing,
or a mark, over a market that was emptied for it made every open of the hour dear, or stopped them all, for
gas."""

from __future__ import annotations

import pytest
from emptied import hedged_on_a_lender, pass_by, remark, take_all
from worlds import ETH, USD, World

from tandem.units import DAY, HOUR, WAD

LIFE = 30 * DAY


@pytest.fixture(scope="module")
def hedged() -> World:
    """Marked by the hour for some time, as a keeper does."""
    w = hedged_on_a_lender()
    for _ in range(3):
        pass_by(w, HOUR)
        remark(w)
    return w


def over_an_empty_market(w: World) -> None:
    """A mark, and a trade that needs no order, while its rate is what it is for a moment."""
    calm = w.tandem.venue.call("funding")[0]
    back = take_all(w)
    assert w.tandem.venue.call("funding")[0] > 5 * calm
    remark(w)
    w.mint(w.put(2_500), ETH // 100)
    back()


@pytest.mark.proves("HG-15")
def test_opens_of_an_hour_are_not_made_dear(hedged: World) -> None:
    """Before, each ETH of delta paid 114 points, 28 USD of an option of 141, for an hour."""
    w = hedged
    with w.undone():
        before = w.tandem.router.call("carry", LIFE)
        for _ in range(6):
            pass_by(w, HOUR)
            over_an_empty_market(w)
            after = w.tandem.router.call("carry", LIFE)
            # the seconds for which it was empty are a part of what was paid
            assert max(abs(a - b) for a, b in zip(after, before, strict=True)) < 5 * WAD // 10_000


@pytest.mark.proves("BR-1")
def test_the_breaker_counts_what_was_paid(hedged: World) -> None:
    """Twenty-four looks, each at a rate of 45 % a year, by which a day of the hedge costs 77 USD. It was
    dear for some seconds of each hour: it counts what the day costs without that, too."""
    w, drained = hedged, list[int]()
    for look in (lambda _: None, over_an_empty_market):
        with w.undone():
            for _ in range(24):
                pass_by(w, HOUR)
                look(w)
                w.tandem.stress.remark().send(w.stranger)
            drained.append(w.tandem.breaker.state().drained)
    assert drained[1] < drained[0] + 3 * USD < 20 * USD


@pytest.mark.proves("BR-1", "HG-15")
def test_what_lasts_is_counted(hedged: World) -> None:
    """Lenders have left, and what is owed costs forty-five in a hundred a year: opens pay it, and so does the
    breaker's sum of the day, to a tenth."""
    w = hedged
    with w.undone():
        take_all(w)
        pass_by(w, HOUR)
        remark(w)
        for _ in range(24):
            pass_by(w, HOUR)
            remark(w)
        rate = w.tandem.venue.call("funding")[0] / WAD
        notional = w.position() / WAD * w.spot / WAD
        charged = rate - 1e-4
        drained = w.tandem.breaker.state().drained / USD
        carry = w.tandem.router.call("carry", DAY)[0] / WAD
    assert rate > 1e-3
    assert carry == pytest.approx(charged, rel=0.1)
    # a sum that leaks by the day holds half of what a day brings, once it is full
    assert 0.4 * charged * notional < drained < charged * notional
