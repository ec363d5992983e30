"""What the Splitter makes of venues that do not say what they are asked, asked of it directly."""

from __future__ import annotations

import pytest
from set_alone import PRICE, Alone
from several import IS_SILENT, REPLACED, REVERTS

from tandem.engine.artifacts import compile_vyper
from tandem.units import HOUR, WAD

NONE = 0
MOST_LOT = WAD
MOST_MARGIN = 2**70
MOST_SECONDS = 2**32 - 1
"""`MOST_LOT`, `MOST_MARGIN` and `MOST_SECONDS` of lib/believed.vy."""
CURVE = (PRICE, 0, [10**5 * WAD, 0, 0, 0], [10**5 * WAD, 0, 0, 0])
SILENT = pytest.mark.parametrize("kind", [REVERTS, IS_SILENT])


@pytest.mark.proves("VS-8")
@SILENT
def test_the_price_they_go_by_is_the_first_ones_that_says_one(two: Alone, kind: int) -> None:
    two.behind[1].send("tell", PRICE + WAD, 10**5 * WAD, 0, 0, sender=two.who)
    ask = two.splitter
    assert ask.call("index", two.faces) == PRICE
    two.says(0, "index", kind)
    assert ask.call("index", two.faces) == PRICE + WAD
    two.says(1, "index", REPLACED, NONE)
    assert ask.call("index", two.faces) == ask.call("index", []) == 0


@pytest.mark.proves("VS-8")
@SILENT
def test_the_price_of_now_is_that_of_those_that_say_one(two: Alone, kind: int) -> None:
    """By their depth of now: of two that are alike, the mean."""
    two.behind[1].send("tell", PRICE + 2 * WAD, 10**5 * WAD, 0, 0, sender=two.who)
    ask = two.splitter
    assert ask.call("price", two.faces) == PRICE + WAD
    two.says(0, "price", kind)
    assert ask.call("price", two.faces) == PRICE + 2 * WAD
    two.says(1, "price", kind)
    assert ask.call("price", two.faces) == 0


@pytest.mark.parametrize("depth", [1, 2, 10**5 * WAD])
def test_one_that_is_alone_has_its_own_price_however_little_depth_it_has(
    two: Alone, depth: int
) -> None:
    two.says(0, "average", REPLACED, depth, 1)
    assert two.splitter.call("price", two.faces[:1]) == PRICE


@SILENT
def test_the_average_and_the_depths_are_of_those_that_say_them(two: Alone, kind: int) -> None:
    """A price by its steady depth, and depths as their sum, to the unit: one of two is three times as deep
    steadily, and half as deep now."""
    ask, depth = two.splitter, 10**5 * WAD
    two.behind[1].send("tell", PRICE + 4 * WAD, depth, 0, 0, sender=two.who)
    two.says(0, "average", REPLACED, depth // 2, 1)
    assert tuple(ask.call("average", two.faces, HOUR)) == (
        PRICE + 2 * WAD,
        depth * 3 // 2,
        2 * depth,
    )
    two.says(0, "average", REPLACED, 3 * depth, 2)
    assert tuple(ask.call("average", two.faces, HOUR)) == (PRICE + WAD, 2 * depth, 4 * depth)
    two.says(0, "average", kind)
    assert tuple(ask.call("average", two.faces, HOUR)) == (PRICE + 4 * WAD, depth, depth)
    two.says(1, "average", kind)
    assert tuple(ask.call("average", two.faces, HOUR)) == (0, 0, 0)


@pytest.mark.proves("VS-8")
@SILENT
def test_where_none_says_what_margin_is_enough_none_is(two: Alone, kind: int) -> None:
    ask = two.splitter
    two.says(0, "bounds", REPLACED, WAD // 8)
    assert tuple(ask.call("dearest", two.faces, WAD)) == (WAD // 8, WAD // 5, 100 * WAD)
    two.says(0, "bounds", kind)
    assert tuple(ask.call("dearest", two.faces, WAD)) == (WAD // 10, WAD // 5, 100 * WAD)
    two.says(1, "bounds", kind)
    assert tuple(ask.call("dearest", two.faces, WAD)) == (MOST_MARGIN,) * 3


@pytest.mark.proves("VS-8")
@SILENT
def test_a_past_that_is_not_said_is_nobodys(two: Alone, kind: int) -> None:
    """The one that lacks most counts: the first, which knows a hundred seconds of 1,800."""
    ask = two.splitter
    two.says(0, "history", REPLACED, 100)
    assert ask.call("history", two.faces) == (100, 1_800)
    two.says(0, "history", kind)
    assert ask.call("history", two.faces) == (1_800, 1_800)
    two.says(1, "history", kind)
    assert ask.call("history", two.faces) == (0, 0)


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("at", [0, 1])
def test_a_past_longer_than_time_is_nobodys(two: Alone, at: int) -> None:
    """To the second: known or needed, whichever of them is absurd."""
    ask = two.splitter
    two.says(1, "history", REPLACED, 1_700)
    two.says(0, "history", REPLACED, MOST_SECONDS, at)
    before = (1_700, 1_800) if at == 0 else (1_800, MOST_SECONDS)
    assert ask.call("history", two.faces) == before
    two.says(0, "history", REPLACED, MOST_SECONDS + 1, at)
    assert ask.call("history", two.faces) == (1_700, 1_800)


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("view", ["funding", "paid"])
@SILENT
def test_where_none_says_what_holding_costs_it_costs_nothing(
    two: Alone, view: str, kind: int
) -> None:
    """A tenth of a thousandth a day at the first, twice that at the second."""
    ask, rate = two.splitter, WAD // 10_000
    for place, one in enumerate(two.behind):
        one.send("set_rate", rate * (place + 1), sender=two.who)
    with_both = ask.call(view, two.faces)
    two.says(0, "funding", kind)
    assert ask.call(view, two.faces) == with_both
    if view == "funding":
        assert with_both == (2 * rate, 2 * rate)
    two.says(1, "funding", kind)
    assert ask.call(view, two.faces) == ask.call(view, []) == (0, 0)


# ---------------------------------------------------------------- lots and gas


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("lot", [NONE, MOST_LOT + 1, 2**255])
def test_a_part_for_who_says_no_lot_is_a_crumb_under_the_largest_that_is_believed(
    two: Alone, lot: int
) -> None:
    def judged(part: int) -> tuple[bool, bool]:
        return tuple(two.splitter.call("judged", two.faces[0], True, CURVE, part, level))

    level = int((2_501 * WAD * WAD) ** 0.5)
    usual = two.behind[0].call("lot")
    assert judged(usual) == (False, True)
    assert judged(usual - 1) == (True, False)
    two.says(0, "lot", REPLACED, lot)
    assert judged(MOST_LOT - 1) == (True, False)
    assert judged(MOST_LOT) == (False, True)


@pytest.mark.proves("VS-2")
def test_a_market_on_something_else_asks_what_ether_costs_and_splits_without_an_answer(
    two: Alone,
) -> None:
    """A leg is judged by ether's price while it is known. Where its feed has been silent for too long, or
    says what no ether costs, gas counts as nothing: the leg is kept, and nothing is refused."""
    engine, who = two.engine, two.who
    feed = engine.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD", sender=who)
    ether = engine.deploy(compile_vyper("EtherSpot"), feed, HOUR, sender=who)
    ask = engine.deploy(compile_vyper("Splitter"), ether, sender=who)
    level = int((2_501 * WAD * WAD) ** 0.5)
    told = (two.faces[0], True, CURVE, WAD, level)
    assert ask.call("ETHER_SPOT") == ether.address
    for answer, wait, is_known in ((2_500, 0, True), (2_500, HOUR + 1, False), (99, 0, False)):
        feed.send("push", answer * 10**8, sender=who)
        engine.advance(wait)
        assert ether.call("peek")[2] is is_known
        assert tuple(ask.call("judged", *told)) == (False, True)
