"""What a set does with orders, margin and venues that say nothing, asked of it alone."""

from __future__ import annotations

import pytest
from harnesses import harness
from set_alone import GAS, HALF, PRICE, Alone, alone
from several import REPLACED, REVERTS

from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.units import HOUR, WAD

ENOUGH = 10**6
SHARE = terms.FIELDS["chunk"].default
"""1e-4 of a market's depth that a chunk is."""


# ---------------------------------------------------------------- orders


@pytest.mark.parametrize("each", [0, 10**4])
def test_an_order_that_does_not_fit_whole_is_refused_by_name(two: Alone, each: int) -> None:
    """Nothing lies at the venues, or what carries forty ETH at each: a hundred do not fit."""
    two.has(each, each)
    before = [one.call("held") for one in two.behind]
    with pytest.raises(Reverted) as caught:
        two.fill(100 * WAD)
    assert caught.value.reason == "venues: nothing fits"
    assert [one.call("held") for one in two.behind] == before


def test_an_order_that_may_be_filled_in_part_is_filled_as_far_as_it_fits(two: Alone) -> None:
    """Where that is less than the least that was asked for, nothing of it is filled."""
    two.has(10**4, 10**4)
    position, *_, filled = two.fill(100 * WAD, 90 * WAD)
    assert position == 0 < filled < 90 * WAD
    assert [one.call("held") for one in two.behind] == [0, 0]
    assert two.fill(100 * WAD, WAD)[0] == pytest.approx(filled)
    assert sum(one.call("held") for one in two.behind) == pytest.approx(filled)


def test_no_order_has_no_legs_and_nothing_of_it_fits(two: Alone) -> None:
    two.has(ENOUGH, ENOUGH)
    assert two.legs(0) == [0] * 4
    assert two.set.call("max_order", 0, PRICE) == 0
    assert sum(two.legs(9 * WAD)) == two.set.call("max_order", 9 * WAD, PRICE * 2) == 9 * WAD


def test_who_does_not_say_its_position_gets_no_leg_that_names_it(two: Alone) -> None:
    two.has(ENOUGH, ENOUGH)
    two.set.send("fill_at", two.faces[0], WAD, PRICE * 2, sender=two.who)
    two.says(0, "position", REVERTS)
    with pytest.raises(Reverted) as caught:
        two.set.send("fill_at", two.faces[0], WAD, PRICE * 2, sender=two.who)
    assert caught.value.reason == "venues: position unknown"
    two.set.send("fill_at", two.faces[1], WAD, PRICE * 2, sender=two.who)
    assert [one.call("held") for one in two.behind] == [WAD, WAD]


@pytest.mark.proves("VS-2")
def test_a_leg_whose_gas_costs_more_than_it_saves_stays_where_others_do_not_take_it() -> None:
    """The deeper market takes two thirds; the other's third saves less than its gas, and goes to the first
    where the margin there carries it. It is over its venue's lot: no crumb, and nothing is left out."""
    two = alone(dear=True)
    gas = two.engine.at(harness(GAS), two.splitter)
    two.behind[1].send("tell", PRICE, 10**5 * WAD // 2, 0, 0, sender=two.who)
    two.has(ENOUGH, ENOUGH)
    cheap = two.legs(9 * WAD)
    assert cheap[:2] == pytest.approx([6 * WAD, 3 * WAD], rel=1e-3)
    gas.send("charge", 1_000 * WAD, sender=two.who)
    assert two.legs(9 * WAD) == [9 * WAD, 0, 0, 0]
    two.has(2_000, ENOUGH)  # for not quite eight ETH, at a tenth
    assert two.legs(9 * WAD) == cheap
    two.says(1, "lot", REPLACED, WAD)
    assert two.legs(9 * WAD) == cheap


@pytest.mark.proves("VS-2")
def test_a_crumb_that_others_do_not_take_is_left_out() -> None:
    """The same third under its venue's lot: it would be refused there."""
    two = alone(dear=True)
    two.behind[1].send("tell", PRICE, 10**5 * WAD // 2, 0, 0, sender=two.who)
    two.has(200, ENOUGH)  # for not quite eight tenths, at a tenth
    two.says(1, "lot", REPLACED, WAD)
    assert two.legs(9 * WAD // 10)[:2] == [pytest.approx(0.6 * WAD, rel=1e-3), 0]


# ---------------------------------------------------------------- what no trader brings


@pytest.mark.parametrize("place", [0, 1])
def test_after_a_wait_a_chunk_goes_by_what_is_there_now(two: Alone, place: int) -> None:
    """A market that is shallower now than it is steadily: its chunk goes by the steady depth, and in the
    relief of a wait by that of now."""
    venue = two.faces[place]
    steady, now = 10**5 * WAD, 4 * 10**4 * WAD
    two.says(place, "average", REPLACED, now, 1)
    assert two.set.call("chunk_left", venue, True, False) == steady * SHARE // 10_000
    assert two.set.call("chunk_left", venue, True, True) == now * SHARE // 10_000


# ---------------------------------------------------------------- proofs of margin


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("usable", [2**100 + 1, -(2**100) - 1, 10**5 * WAD])
def test_what_cannot_be_an_account_is_no_proof(two: Alone, usable: int) -> None:
    """A venue that is silent of its account is given an order by what was proved of it before: not once
    the router was told of more money than there is. A figure that can be is kept as a proof."""
    two.has(ENOUGH, ENOUGH)
    two.fill(8 * WAD)
    two.says(0, "account", REVERTS)
    assert two.legs(8 * WAD)[0] == pytest.approx(4 * WAD, rel=1e-3)
    face = two.faces[0]
    two.set.send("remember", face, usable, face.call("position"), PRICE, sender=two.who)
    wanted = 4 * WAD if usable == 10**5 * WAD else 0
    assert two.legs(8 * WAD)[0] == pytest.approx(wanted, rel=1e-3)


@pytest.mark.parametrize("told", [5 * WAD, -WAD])
def test_what_nobody_opened_is_not_known_of_a_venue_that_is_down(two: Alone, told: int) -> None:
    """Half of an order lies there, and the router is told of more, or of a short: what was known counts, once
    nothing is asked there any more."""
    two.has(ENOUGH, ENOUGH)
    two.fill(8 * WAD)
    two.set.send("remember", two.faces[0], 10**5 * WAD, told, PRICE, sender=two.who)
    two.guardian.send("take_down_one", 0, sender=two.who)
    assert two.set.call("position") == pytest.approx(8 * WAD, abs=10**8)


@pytest.mark.proves("VS-3", "VS-5")
def test_an_open_asks_no_account_of_who_is_down_nor_of_who_holds_nothing(two: Alone) -> None:
    """VS-3: "each account that holds a position keeps its own least equity for it". The first holds one, and
    says nothing of its account: opens wait for it while it is up. The second says nothing either."""
    two.has(ENOUGH, ENOUGH)
    two.set.send("fill_at", two.faces[0], WAD, PRICE * 2, sender=two.who)
    two.engine.advance(4 * HOUR)  # what was proved of it is too old
    two.says(1, "account", REVERTS)
    two.set.send("prove", PRICE, sender=two.who)
    two.engine.advance(4 * HOUR)
    two.says(0, "account", REVERTS)
    with pytest.raises(Reverted) as caught:
        two.set.send("prove", PRICE, sender=two.who)
    assert caught.value.reason == "venues: account unknown"
    two.guardian.send("take_down_one", 0, sender=two.who)
    two.set.send("prove", PRICE, sender=two.who)


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("is_half", [False, True])
def test_who_says_no_margin_of_its_own_sign_takes_no_part(two: Alone, is_half: bool) -> None:
    """What its account has left is under the least of the dearer sign, so that it is asked for that of its
    own. Where it says that, it may lower what it holds; where not, nobody knows what it carries."""
    half = two.engine.deploy(harness(HALF), two.behind[0], sender=two.who)
    two.faces[0].send("aim", half, sender=two.who)
    two.has(ENOUGH, ENOUGH)
    two.fill(20 * WAD)
    two.engine.advance(4 * HOUR)
    two.has(1_000, ENOUGH)
    if is_half:
        half.send("halve", sender=two.who)
    first, second, *_ = two.legs(-8 * WAD)
    assert first + second == -8 * WAD
    assert first == pytest.approx(0 if is_half else -4 * WAD, rel=1e-3)


# ---------------------------------------------------------------- what all say


def test_where_nobody_says_a_price_there_is_no_index(two: Alone) -> None:
    """Of two the second is asked where the first says none."""
    two.behind[1].send("tell", PRICE + WAD, 10**5 * WAD, 0, 0, sender=two.who)
    assert two.set.call("index") == PRICE
    two.says(0, "index", REVERTS)
    assert two.set.call("index") == PRICE + WAD
    two.says(1, "index", REVERTS)
    with pytest.raises(Reverted) as caught:
        two.set.call("index")
    assert caught.value.reason == "venues: all down"


@pytest.mark.proves("VS-5")
@pytest.mark.parametrize("place", [0, 1])
def test_who_is_taken_down_by_its_bit_is_down_alone(two: Alone, place: int) -> None:
    two.guardian.send("take_down_one", place, sender=two.who)
    assert two.set.call("venues_up") == (two.faces[1 - place].address,)
    two.has(ENOUGH, ENOUGH)
    assert two.legs(8 * WAD)[1 - place] == 8 * WAD


def test_where_none_is_up_the_lot_is_the_largest_of_all(two: Alone) -> None:
    """Of those that are up while any is: what is down says nothing of an order that goes elsewhere."""
    two.says(0, "lot", REPLACED, WAD // 2)
    usual = two.behind[1].call("lot")
    assert two.set.call("lot") == WAD // 2 > usual
    two.guardian.send("take_down_one", 0, sender=two.who)
    assert two.set.call("lot") == usual
    two.guardian.send("take_down_one", 1, sender=two.who)
    assert two.set.call("venues_up") == ()
    assert two.set.call("lot") == WAD // 2
    assert two.set.call("index") == PRICE
