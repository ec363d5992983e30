"""GT-1, GT-6: who lends the venue money for a moment lends the gate none.

A hedge can gain no more than its venue can pay, so the gate counts what the venue holds when the book is
marked. Anybody deposits there, marks, opens and withdraws in one transaction. Here it holds 100,000 USD.
"""

from __future__ import annotations

import pytest
from filling import at_once, by_and_by, mint
from worlds import ETH, USD, World, build

from tandem.protocol.bindings.structs import Gate
from tandem.units import DAY, HOUR, WAD
from tandem.venues import Depth

LENT = 5_000_000 * USD
REFUSED = {"gate: worst jump", "hedge: fill over band", "curie: bought above the bound"}


@pytest.fixture(scope="module")
def full() -> World:
    """A gate that is full by what a poor venue can pay."""
    w = build(depth=Depth(usd=100_000.0, tail=0.02), margin=False)
    for person in (w.curie.arbitrageur, w.curie.liquidator, w.curie.maker):
        left = 60_000 * USD if person == w.curie.arbitrageur else 5_000 * USD
        back(w, person, left)
    for _ in range(24):  # what it had a day ago is forgotten
        w.engine.advance(HOUR)
        w.freshen()
        remark(w)
    w.top_up()
    remark(w)
    by_and_by(w, lambda units: buy(w, units), 4 * ETH, REFUSED)
    return w


def back(w: World, person: str, left: int = 0) -> None:
    """All that the venue lets go of somebody's margin, but for what is left."""
    free = int(w.curie.vault.call("getFreeCollateral", person))
    w.curie.vault.send("withdraw(address,uint256)", w.curie.usdc, free - left, sender=person)


def remark(w: World) -> Gate:
    w.tandem.stress.send("remark", sender=w.stranger)
    return w.tandem.snapshot().gate


def buy(w: World, units: int) -> None:
    """A call, and the pool back at its price."""
    mint(w, w.call(2_500), units)
    w.curie.converge()


@pytest.mark.proves("GT-1", "GT-6")
def test_r22_money_at_the_venue_for_a_moment_makes_no_room(full: World) -> None:
    """Before, 108 calls more were opened behind five millions that lay there for a moment, and the worst jump
    was then 429,000 USD of a million: twice the gate."""
    w = full
    with w.undone():
        before = remark(w)
        w.curie.deposit(w.stranger, LENT)
        remark(w)
        assert at_once(lambda units: buy(w, units), 4 * ETH, known=REFUSED)[0] < 2 * ETH
        back(w, w.stranger)
        w.engine.advance(5)
        after = remark(w)
    assert before.mark.purse < 150_000 * USD
    assert after.worst <= before.limit + 2_000 * WAD


@pytest.mark.proves("GT-6")
def test_what_stays_at_the_venue_counts_by_the_day(full: World) -> None:
    w = full
    with w.undone():
        w.curie.deposit(w.stranger, LENT)
        before = remark(w).mark
        w.engine.advance(DAY // 2)
        w.freshen()
        after = remark(w).mark
        assert after.purse > before.purse * 13 // 10
        assert (
            after.purse + after.equity <= (before.purse + before.equity) * 3 // 2 * 1_001 // 1_000
        )


@pytest.mark.proves("GT-6")
def test_what_leaves_the_venue_is_gone_at_once(full: World) -> None:
    w = full
    with w.undone():
        before = remark(w).mark
        back(w, w.curie.liquidator, 1_000 * USD)
        after = remark(w).mark
        there = w.curie.usdc.call("balanceOf", w.curie.vault)
    assert after.purse == pytest.approx(there - after.equity, abs=USD)
    assert after.purse < before.purse - 3_000 * USD


@pytest.mark.proves("GT-6")
def test_what_is_lent_at_every_other_mark_makes_no_room(full: World) -> None:
    """He lends at each of his own marks, for a moment; somebody else marks once between two of them."""
    w = full
    with w.undone():
        before = remark(w).mark
        for _ in range(12):
            w.curie.deposit(w.stranger, LENT)
            lent = remark(w).mark
            back(w, w.stranger)
            w.engine.advance(HOUR // 2)
            w.freshen()
            remark(w)
            w.engine.advance(HOUR // 2)
            w.freshen()
    assert lent.purse < before.purse * 101 // 100


@pytest.mark.proves("GT-6")
def test_what_is_lent_just_before_and_just_after_the_marks_of_others_makes_no_room(
    full: World,
) -> None:
    """A keeper marks each hour; he lends for a moment half a minute before, and again right after. Both
    ends of all but seconds were his: in four days five millions counted, 84 calls more were opened, and the
    worst jump was 389,659 USD of a million. Now what he had of the first hour is all."""
    w = full
    with w.undone():
        lent = before = remark(w)
        for _ in range(36):
            began = w.engine.now()
            lend_for_a_moment(w)
            w.engine.set_time(began + HOUR - 30)
            w.push_wad(w.spot)
            w.post()
            lent = lend_for_a_moment(w)
            w.engine.advance(40)
            w.push_wad(w.spot)
            remark(w)
        assert lent.mark.purse < before.mark.purse * 108 // 100


def lend_for_a_moment(w: World) -> Gate:
    w.curie.deposit(w.stranger, LENT)
    found = remark(w)
    back(w, w.stranger)
    return found
