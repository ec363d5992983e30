"""What people mean by "a call near the money in three weeks"."""

from __future__ import annotations

import pytest

from tandem.protocol.series import Series, SeriesError
from tandem.protocol.wish import Wish, held, nearest, parse
from tandem.units import DAY

NOW = 20_000 * DAY + 9 * 3_600
SOON, LATER = 20_014 * DAY + 8 * 3_600, 20_028 * DAY + 8 * 3_600
LADDERS = {SOON: [2_250, 2_500, 2_750, 4_750, 5_500], LATER: [2_400, 2_600, 5_000]}


def meant(text: str, spot: float = 2_510.0) -> Series:
    wish = parse(text)
    assert wish is not None
    return nearest(wish, LADDERS, now=NOW, spot=spot, widest_cap=200)


def test_names_of_series_are_no_wishes() -> None:
    assert parse("ETH-27MAR26-3000-6000-C") is None
    assert parse("ATM-21D") is None
    assert parse("ATM-٢١D-C") is None
    assert parse("atm-21d-c ") == Wish(None, 21, False)
    assert parse("2600-7D-P") == Wish(2_600, 7, True)


def test_the_nearest_day_comes_first_then_the_nearest_strike() -> None:
    assert meant("ATM-14D-C") == Series(SOON, False, 2_500, 4_750)
    assert meant("ATM-20D-P") == Series(SOON, True, 2_500)
    assert meant("2600-30D-P") == Series(LATER, True, 2_600)
    assert meant("ATM-14D-C", spot=2_700.0) == Series(SOON, False, 2_750, 5_500)


def test_a_call_takes_the_widest_cap_that_is_allowed_and_never_a_spread() -> None:
    assert meant("2250-14D-C") == Series(SOON, False, 2_500, 4_750)  # 2,250 has no cap within twice
    assert meant("2600-30D-C") == Series(LATER, False, 2_600, 5_000)
    with pytest.raises(SeriesError, match="no call is listed"):
        nearest(Wish(None, 7, False), {SOON: [2_500, 2_600]}, now=NOW, spot=2_500.0, widest_cap=200)


def test_nothing_past_is_meant() -> None:
    wish = Wish(None, 1, True)
    late = SOON + 1
    assert nearest(wish, LADDERS, now=late, spot=2_500.0, widest_cap=200).expiry == LATER


def test_what_is_sold_back_is_something_that_is_held() -> None:
    mine = [
        Series(SOON, True, 2_250),
        Series(LATER, True, 2_400),
        Series(LATER, False, 2_400, 4_750),
    ]
    wish = Wish(None, 14, True)
    assert held(wish, mine, now=NOW, spot=2_500.0) == mine[0]
    with pytest.raises(SeriesError, match="you hold no call"):
        held(Wish(None, 14, False), mine[:2], now=NOW, spot=2_500.0)
