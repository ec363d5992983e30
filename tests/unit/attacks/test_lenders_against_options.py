"""What an option is said to be worth, to whoever lends against it: behind a push of the pool, and behind all
that an hour lets anybody open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worlds import ETH, USD, WAD, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import DAY

PUSHES = (-300, -200, -50, -10, 10, 50, 200, 300)
LENT = 4 * ETH
"""Of the options, against which somebody lent."""


@pytest.fixture(scope="module")
def once() -> World:
    """A million, at an hour's opens as they are by default; eight calls are open."""
    w = build(settings=DeploySettings(terms={"hour": 1_000}))
    w.mint(w.call(), 8 * ETH)
    w.curie.deposit(w.stranger, 20_000_000 * USD)
    w.engine.set_time(w.near - 8 * DAY)
    w.freshen()
    return w


@pytest.fixture
def lent(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def bid(w: World, series: Series) -> tuple[int, int]:
    """What a whole option brings before its hedge costs anything, token units; and how many of them fit."""
    deal = w.tandem.lens.call("quote", series.id, LENT, True)
    return (deal[1] - deal[2]) * ETH // deal[0], deal[0]


@pytest.mark.proves("MP-12", "HG-10", "MP-11")
@pytest.mark.parametrize("push", PUSHES)
def test_a_push_moves_no_bid_and_a_payout_by_no_more_than_the_pool(lent: World, push: int) -> None:
    """Pushes of 3 to 75 basis points. Past the fill band the part that fits is quoted, at 4 of 10,000 less:
    whoever prices by `quote` divides by its `units`. Of what is paid a push takes its delta's part,
    an eighth of such an option in all: whoever sells names `min_payout`."""
    w, series = lent, lent.call()
    fair = bid(w, series)[0]
    with w.undone():
        plain = w.close(series, LENT).returned[1]
    w.curie.open(w.stranger, push * WAD)
    there, units = bid(w, series)
    assert there == pytest.approx(fair, rel=5e-4)
    filled, paid = w.close(series, LENT).returned
    assert filled == units
    most = abs(w.curie.pool_price() - w.spot) * 6 // 10 // 10**12
    assert paid * ETH >= (plain * ETH // LENT - most - LENT // ETH) * filled * 9_995 // 10_000


def fill_the_hour(w: World) -> list[tuple[Series, int]]:
    """All that may be opened now, in the series that a full book makes dearest."""
    opened: list[tuple[Series, int]] = []
    for units in (8 * ETH, ETH, ETH // 10):
        while True:
            try:
                for series in (w.call(), w.put()):
                    w.mint(series, units, trader=w.stranger)
                    opened.append((series, units))
            except Reverted as refused:
                if refused.reason != "gate: hour is full":
                    raise
                break
    return opened


@pytest.mark.proves("BR-4", "MP-3")
def test_who_fills_an_hour_lowers_a_bid_by_less_than_half_a_per_cent(lent: World) -> None:
    """The spread grows with the book: 39 options of eight days at the money, opened and sold back around
    somebody's liquidation, cost 392 USD and lower his bid by 44 of 10,000."""
    w, series = lent, lent.call()
    fair, had = bid(w, series)[0], w.usdc(w.stranger)
    opened = fill_the_hour(w)
    assert sum(units for _, units in opened) > 35 * ETH
    assert fair * 9_950 // 10_000 <= bid(w, series)[0] < fair
    for each, units in opened:
        w.close(each, units, trader=w.stranger)
    assert had - w.usdc(w.stranger) > 350 * USD
    assert bid(w, series)[0] == pytest.approx(fair, rel=2e-4)
