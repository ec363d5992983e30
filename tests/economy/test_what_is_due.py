"""R36: what of a profit is nobody's loss, and is taken off it: time and interest, what makers are paid, what
a loan costs."""

from __future__ import annotations

import pytest
from books import BOOKS, INSIDE, OUTSIDE
from course import Course
from known import rest, theta
from plans import Weather, kinds_of, parse
from play import stage
from restless import prudence
from search import again

from tandem.units import HOUR, USD

RESTING = {
    **dict.fromkeys(("puts", "calls", "straddles", "full", "pooled"), 0.1),
    "lent": 0.003,  # without the interest 0.011
    "pledged": 0.03,  # 0.04
    "split": 0.01,  # 0.03
}


@pytest.mark.parametrize(("book", "near"), RESTING.items())
def test_what_money_earns_by_standing_longer_is_known(
    book: str, near: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a world at rest a keeper who sleeps for two hours keeps those in who leave. What that brings them,
    or whoever stays, is time, interest and nothing else: the measure says the same to a tenth, and where
    somebody lends so nearly that it says something else without the interest."""
    exits = Course.exits
    with stage(book, Weather()) as course, course.course.w.undone():
        awake = course.course.start + 2 * HOUR
        idle = course.still()
        late = lambda self: self.w.engine.now() >= awake and exits(self)  # noqa: E731
        monkeypatch.setattr(Course, "exits", late)
        kept = course.nothing()
        brought, longer = kept.worth() - idle.worth, kept.course.stood - idle.stood
        assert brought == pytest.approx(longer * rest(kept.w), rel=near)
        assert abs(brought) > 1
        if near < 0.1:
            assert brought != pytest.approx(longer * theta(kept.w), rel=near)


def test_a_hedge_that_is_brought_home_pays_makers_and_nobody_else() -> None:
    """A party who makes the pool is paid the venue's fee, as every maker is: 125 of at most 206 USD."""
    found = again(parse("ripe jump=-6 lag=2 hours=3 | A make 500000"))
    assert found.net < 0 < found.profit < found.due


def test_a_hedge_that_moves_to_another_venue_pays_makers_too() -> None:
    """4.16 USD to who makes the pool that it leaves, and calls for it: no event of an order says so, but
    those of its legs. 6.18 are due for it, of which 2.20 are the gas of who calls. Who makes the other
    venue's pool is paid what goes there."""
    by_itself = again(parse("split jump=-3 hours=3 | B shift 0"))
    for place in (0, 1):
        stays, leaves = (
            again(parse(f"split jump=-3 hours=3 | C make 4000000 {place}{act}"))
            for act in ("", "; B shift 0")
        )
        paid = leaves.due - stays.due
        assert paid > by_itself.due + 1
        assert leaves.profit - stays.profit < paid
        assert leaves.net < 0


@pytest.mark.sampled(5)
@pytest.mark.parametrize("book", BOOKS)
def test_who_trades_at_a_market_and_undoes_it_has_paid_its_fees(book: str) -> None:
    """And nothing else: of two markets of one ether he has one purse, whichever he goes to."""
    places = (" 0", " 1") if len(kinds_of(book)["push"][1]) > 1 else ("",)
    for place in places:
        for size in (5, -5):
            found = again(parse(f"{book} hours=3 | A push {size}{place}; A unwind 100{place}"))
            assert found.done == ("push", "unwind")
            assert -60 < found.profit < -10, found


def test_who_lends_is_paid_as_every_lender_is() -> None:
    """153 USD for what two parties pledge for three hours, while one of them owes all the ether there is: of
    what our hedge owes he is paid as well, as are all who lend. Nothing of it was taken."""
    found = again(parse("split jump=3 lag=-3 hours=3 | A borrow base 1; B borrow base 1; A back"))
    assert 100 < found.profit < found.due


def test_money_that_is_lent_for_a_block_and_comes_back_costs_its_interest() -> None:
    """The parties' own figures: what they pledge, owe and hold is counted, no more and no less. All of 50M
    USD at the highest rate, four fifths a year, is 1.3 USD in the second that a block takes."""
    for book in ("lent", "pledged", "pooled"):
        for token in ("base", "quote"):
            found = again(parse(f"{book} hours=3 | A borrow {token}; A back; B poke"))
            assert found.done == ("borrow", "back", "poke")
            assert -2 < found.profit < 0.01


def test_who_leaves_while_a_large_residual_is_calm_has_gained_nothing() -> None:
    """The search said 7.33 USD. He is paid by what 14.79 ETH are expected to cost; an hour later they are
    14.94, no moment is calm, and who stays was counted by the worst that they may. By what is expected he has
    lost his time, which who stays has won. Where all is calm nothing is spared."""
    plan = parse("full jump=3 lag=-0.5 hours=27 | C request 100")
    found = again(plan)
    assert found.profit < 0 < found.outside
    assert found.profit == pytest.approx(-found.outside * (1 + INSIDE / OUTSIDE), rel=0.05)
    with stage(plan.book, plan.weather) as course, course.course.w.undone():
        w = course.nothing().w
        assert 400 < prudence(w) / USD < 425
    with stage("full", Weather()) as course, course.course.w.undone():
        assert prudence(course.nothing().w) == 0
