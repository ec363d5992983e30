"""What went home whole is known to be gone, with the interest that it bore since the book was last marked."""

from __future__ import annotations

import pytest
from worlds import ETH, World, build

from tandem.units import DAY, HOUR
from tandem.venues import recipe


@pytest.fixture(scope="module", params=["aave", "morpho"])
def home(request: pytest.FixtureRequest) -> World:
    """A short that bore interest for five days in which nobody marked the book, bought back with it."""
    w = build(venue=recipe(request.param))
    series = w.put(2_500)
    w.mint(series, 6 * ETH)
    w.engine.advance(5 * DAY)
    w.push_wad(w.spot)
    w.post()
    w.engine.advance(61)
    w.close(series, 6 * ETH)
    w.bring_home()
    assert w.tandem.venue.call("position") == 0
    return w


@pytest.mark.proves("SH-2", "HG-19")
def test_nothing_of_a_hedge_that_went_home_is_known(home: World) -> None:
    """Of a short what it had borne was known as a long that nobody held, until an order went there."""
    with home.undone():
        assert home.tandem.router.call("last_position") == 0
        home.freshen()
        assert home.tandem.router.call("last_position") == 0


@pytest.mark.proves("HG-19", "SH-8")
def test_who_leaves_an_empty_book_asks_for_no_price(home: World) -> None:
    """The venue is down and the feed silent: what was known of a long that nobody held had him wait for a
    price (`spot: stale`), for as long as there was none."""
    w, t = home, home.tandem
    with w.undone():
        shares = t.vault.call("balanceOf", t.lp)
        t.vault.send("requestRedeem", shares, t.lp, t.lp, sender=t.lp)
        t.guardian.take_down().send(t.roles.guardian)
        w.engine.advance(2 * DAY + 20 * HOUR)
        w.push_wad(w.spot)
        w.engine.advance(DAY)
        t.vault.send("process", 8, sender=w.stranger)
        assert t.vault.call("maxWithdraw", t.lp) > 0
