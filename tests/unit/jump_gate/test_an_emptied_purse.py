"""GT-6: who takes a lender's money away for a moment takes nothing of the gate beyond that moment.

All that lies at a lending market can be borrowed on ether that is itself borrowed for one transaction. What
the gate counts of a hedge's gains is bounded by what the venue has when the book is marked: a mark was made
over an empty market in that transaction, and what counted of the venue from then on doubled by the day."""

from __future__ import annotations

import pytest
from emptied import hedged_on_a_lender, marked_empty, pass_by, remark, take_all
from worlds import USD, World

from tandem.units import DAY, HOUR, WAD


@pytest.fixture(scope="module")
def hedged() -> World:
    return hedged_on_a_lender()


@pytest.mark.proves("GT-6")
def test_a_mark_over_an_empty_market_lasts_until_the_next(hedged: World) -> None:
    """Before, the next mark counted 1.45 USD of ten millions, and the worst jump was 102,000 USD for
    39,000."""
    w = hedged
    with w.undone():
        before = remark(w)
        worst = w.tandem.snapshot().gate.worst
        empty = marked_empty(w)
        after = remark(w)
        assert empty.purse < 2 * USD
        assert after.purse == pytest.approx(before.purse, rel=0.001)
        assert w.tandem.snapshot().gate.worst == pytest.approx(worst, abs=10 * WAD)


@pytest.mark.proves("GT-6")
def test_however_often_it_is_emptied_one_mark_between_keeps_what_counts(hedged: World) -> None:
    w = hedged
    with w.undone():
        before = remark(w)
        for _ in range(24):
            marked_empty(w)
            pass_by(w, 60)
            after = remark(w)
            pass_by(w, HOUR - 60)
        assert after.purse == pytest.approx(before.purse, rel=0.001)


@pytest.mark.proves("GT-6")
def test_what_is_gone_for_good_is_forgotten_by_the_hour(hedged: World) -> None:
    """Lenders have left; somebody comes back for a moment, hours later: of what was there an eighth counts
    after three of them, and a day later next to nothing."""
    w = hedged
    aave, who = w.curie, w.stranger
    with w.undone():
        before = remark(w)
        dollars = aave.usdc.call("balanceOf", aave.parts["a_usdc"])
        take_all(w)
        for hours, counts in ((4, 8), (21, 2**24)):
            for _ in range(hours):
                remark(w)
                pass_by(w, HOUR)
            assert remark(w).purse < 2 * USD
            with w.undone():
                aave.supply_for(who, who, dollars, aave.usdc)
                assert remark(w).purse == pytest.approx(before.purse // counts, rel=0.05, abs=USD)


@pytest.mark.proves("GT-6")
def test_what_comes_counts_as_much_again_by_the_day_once_two_marks_saw_it(
    hedged: World,
) -> None:
    w = hedged
    aave, who = w.curie, w.stranger
    with w.undone():
        before = remark(w)
        ours = before.equity
        aave.supply_for(who, who, 5 * before.purse, aave.usdc)
        first = remark(w)
        assert first.purse == pytest.approx(before.purse, rel=0.01)
        for days in (1, 2):
            pass_by(w, DAY)
            grown = remark(w).purse + ours
            assert grown == pytest.approx((first.purse + ours) * 2**days, rel=0.01)


@pytest.mark.proves("GT-6")
def test_who_empties_it_just_before_and_just_after_the_marks_of_others_takes_nothing(
    hedged: World,
) -> None:
    """A keeper marks each hour: both ends of all but seconds were his. Before, what counted was halved by the
    hour, and doubled by the day again: 39,797 USD of ten millions were left after eight hours."""
    w = hedged
    with w.undone():
        after = before = remark(w)
        for _ in range(8):
            marked_empty(w)
            w.engine.advance(HOUR - 30)
            w.push_wad(w.spot)
            w.post()
            marked_empty(w)
            w.engine.advance(30)
            after = remark(w)
        assert after.purse == pytest.approx(before.purse, rel=0.001)
