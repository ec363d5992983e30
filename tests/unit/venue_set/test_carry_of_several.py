"""What holding costs: asked by time alone, and a part of where an order goes."""

from __future__ import annotations

import pytest
from carrying import HOURS, both, both_once, dear, note, pass_hours, rates
from several import legs, members, splitter
from worlds import ETH, WINDOW, World

from tandem.units import HOUR, WAD

__all__ = ["both", "both_once", "dear"]


@pytest.mark.proves("VS-9")
def test_what_was_paid_is_asked_once_an_hour_and_is_the_markets_own_index(both: World) -> None:
    """Whoever asks; a second question within the hour changes nothing; after it, what was paid since."""
    asks = splitter(both)
    before = [asks.call("rates", venue) for venue in members(both)]
    assert all(time for _, _, time in before)
    pass_hours(both, 0)
    note(both)
    assert [asks.call("rates", venue) for venue in members(both)] == before
    pass_hours(both, 1)
    note(both)
    for venue, (_, _, time) in zip(members(both), before, strict=True):
        long, short, again = asks.call("rates", venue)
        assert again >= time + HOUR
        now = venue.call("funding")
        # nobody came or went: the hour cost what its rate said, to what interest on interest makes
        assert long == pytest.approx(now[0], rel=1e-3, abs=10**9)
        assert short == pytest.approx(now[1], rel=1e-3, abs=10**9)


@pytest.mark.proves("VS-9")
def test_a_rate_that_was_made_for_a_moment_is_no_part_of_it(both: World) -> None:
    """Somebody empties a market, has it asked, and puts everything back: for a second of an hour."""
    morpho = both.curie.members[1]
    venue = members(both)[1]
    calm = splitter(both).call("rates", venue)
    pass_hours(both, 1)
    morpho.drain(morpho.long, 10**6)
    assert venue.call("funding")[0] > 3 * calm[0]
    note(both)
    long, short, time = splitter(both).call("rates", venue)
    assert time > calm[2]
    assert long == pytest.approx(calm[0], rel=0.01)
    assert short == pytest.approx(calm[1], rel=0.01)


@pytest.mark.proves("VS-9")
def test_a_venue_that_was_never_asked_twice_is_not_known(both: World) -> None:
    asks = splitter(both)
    nobody = both.engine.accounts[9]
    asks.send("note", [nobody], sender=both.stranger)
    pass_hours(both, 1)
    asks.send("note", [nobody], sender=both.stranger)
    assert asks.call("rates", nobody) == (0, 0, 0)


@pytest.mark.proves("VS-2", "VS-9")
def test_an_order_goes_where_it_costs_less_to_hold(dear: World) -> None:
    """Longs go to the cheap one, and come home first from the dear one; by price alone both had a part."""
    aave, morpho = members(dear)
    (_, cheap), (_, expensive) = (
        (v, r[0]) for v, r in zip((aave, morpho), rates(dear), strict=True)
    )
    assert (expensive - cheap) * HOURS // 24 > WAD // 1_000
    with dear.undone():
        dear.set_terms(carry=0)
        assert len(legs(dear.mint(dear.call(2_500), 4 * ETH))) == 2
    bought = legs(dear.mint(dear.call(2_500), 4 * ETH))
    assert set(bought) == {aave.address}
    sold = legs(dear.close(dear.call(2_500), 8 * ETH))
    assert set(sold) == {morpho.address}


@pytest.mark.proves("HG-15")
def test_an_open_pays_for_its_own_sign_where_it_costs_most(dear: World) -> None:
    """A long's rate is the dear one's, a short's is what a short costs: neither is the other's. Both are
    what was paid until the last mark."""
    life = 24 * HOUR
    world, router = dear, dear.tandem.router
    pass_hours(world, 1)
    world.freshen()
    world.tandem.stress.remark().send(world.stranger)
    told = rates(world)
    long, short = router.call("carry", life)
    for paid, each in ((long, [t[0] for t in told]), (short, [t[1] for t in told])):
        assert paid == pytest.approx(max(each), abs=2 * 10**12)
    assert long > 5 * short > 0


@pytest.mark.proves("VS-9")
@pytest.mark.parametrize("by", ["an order", "a mark"])
def test_an_order_asks_for_everybody_and_so_does_a_mark(both: World, by: str) -> None:
    """Nobody has to: whoever trades or marks an hour after the last pays for the question."""
    pass_hours(both, 1)
    both.post()
    before = [splitter(both).call("rates", venue)[2] for venue in members(both)]
    if by == "a mark":
        both.engine.advance(WINDOW)
        both.tandem.stress.remark().send(both.stranger)
    else:
        assert legs(both.close(both.call(2_500), 20 * ETH))
    after = [splitter(both).call("rates", venue)[2] for venue in members(both)]
    assert all(new >= old + HOUR for old, new in zip(before, after, strict=True))


@pytest.mark.proves("VS-9")
def test_a_mark_of_this_second_says_nothing(both: World) -> None:
    """Nor does one of no venue's."""
    for venue in members(both):
        mark, *paid = venue.call("funding_since", 0)
        assert paid == [0, 0]
        assert venue.call("funding_since", mark) == (mark, 0, 0)
