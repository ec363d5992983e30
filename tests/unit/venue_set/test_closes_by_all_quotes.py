"""HG-10: a close that needs no order pays what all venues say, and what one says up to the fill band."""

from __future__ import annotations

from typing import Any

import pytest
from several import REPLACED, members, tell
from worlds import ETH, World, world, world_once  # noqa: F401

from tandem.engine.base import Contract
from tandem.protocol import terms
from tandem.units import WAD


@pytest.fixture
def covered(faced: World, face: Contract) -> World:
    """A residual of some ETH that a close of one needs no order beside."""
    faced.bring_home()
    faced.move(2_700)
    face.send("tell", 2_700 * WAD, face.call("curve", WAD)[2][0], 0, 0, sender=faced.stranger)
    faced.freshen()
    return faced


def band(one: World) -> int:
    """WAD USD."""
    return one.spot * terms.fill_band(one.terms()) // 10_000


def paid(one: World) -> int:
    with one.undone():
        before = one.usdc(one.trader)
        receipt = one.close(one.call(2_500), ETH)
        assert not receipt.events("LegFilled")
        return one.usdc(one.trader) - before


@pytest.mark.proves("HG-10", "VS-8")
@pytest.mark.parametrize("place", [0, 1, 2], ids=["low", "high", "fee"])
@pytest.mark.parametrize("part", [2 / 3, 1 / 1.05, 1.05, 1.5])
def test_one_that_quotes_another_price_takes_no_more_than_the_band(
    covered: World, face: Contract, place: int, part: float
) -> None:
    """HG-10: one that quoted two thirds of spot left 0 of a bid of 252 USD."""
    honest = paid(covered)
    there = [*face.call("quotation")]
    there[place] = int(covered.spot * part) if place < 2 else int(WAD // 10 * min(part, 1))
    tell(covered, face, ("quotation", REPLACED, place, there[place]))
    most = band(covered) // 10**12
    assert honest - most - 1 <= paid(covered) <= honest


@pytest.mark.proves("HG-10")
def test_what_all_of_them_say_is_paid_whole(covered: World, face: Contract) -> None:
    """Where spot lags all markets say so, and whoever knows it gains nothing by a close: of 2 and 5 % both
    say 2, past the band."""
    exchange: Any = covered.curie
    push = exchange.members[0].arbitrage_call(covered.spot * 98 // 100)
    push.send()
    tell(covered, face, ("quotation", REPLACED, 0, covered.spot * 95 // 100))
    router, spot = covered.tandem.router, covered.spot
    (real, _, fee), (_, high, _) = (one.call("quotation") for one in members(covered))
    eased = router.quotation(True)
    assert real < spot * 983 // 1_000 < spot - band(covered)
    assert (eased.low, eased.high) == (real, high)
    assert eased.fee <= fee
    assert router.quotation(False).low == spot * 95 // 100


@pytest.mark.proves("HG-10")
def test_the_only_venue_is_held_against_as_it_is(world: World) -> None:  # noqa: F811
    router = world.tandem.router
    assert router.quotation(True) == router.quotation(False)
