"""Ten years of one market: sums, and that every function works at their end as it did at their beginning."""

from __future__ import annotations

import pytest
from decade import Decade, begun, lived
from several import members

from tandem.engine.base import Contract
from tandem.units import USD, WAD

LEAST, MOST = 1.5, 2.0
"""Gas of the last of an act by that of the first, of the least and of the most: a pool's ticks and what is
left of a purse lie between."""
ACTS = (
    "mint", "close", "rebalance", "settle", "redeem", "top_up", "sweep", "deposit", "request", "process",
    "claim",
)  # fmt: skip

pytestmark = pytest.mark.proves("FL-1", "BK-4", "BK-5", "ST-3")


def check_the_end(d: Decade) -> None:
    """Everything went through at the end too, for what it cost at first; then everybody leaves."""
    for act in ACTS:
        some = max(len(d.gas[act]) // 6, 4)
        first, last = d.gas[act][:some], d.gas[act][-some:]
        assert min(last) <= LEAST * min(first), act
        assert max(last) <= MOST * max(first), act
    assert d.w.engine.now() - d.began > 9.5 * 365 * 86_400
    d.end(1)
    d.leave_all()
    d.redeem(0)
    d.check()
    settled = len(d.book.settled)
    assert (
        0 <= d.book.claims <= 2 * settled
    )  # token units: what is owed is rounded up, what is paid down
    assert d.w.tandem.vault.funds().nav < USD  # a hedge of dust
    assert 0 <= d.book.cash - d.book.claims < 10 * USD


@pytest.mark.parametrize("kind", ["curie", "aave", "curie+aave"])
def test_ten_years_of_a_season_in_four_months(kind: str) -> None:
    d = lived(30, kind)
    check_the_end(d)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["curie", "aave"])
def test_ten_years_of_a_season_every_fortnight(kind: str) -> None:
    d = lived(260, kind)
    check_the_end(d)


@pytest.mark.proves("VS-6")
def test_legs_that_nobody_nets_grow_until_somebody_does() -> None:
    """Nobody is paid for a shift. What buys goes where buying is cheap, what sells elsewhere, and of seasons
    whose book is gone the legs of both stay: half of all that LPs have is their margin."""
    d = begun(20, "curie+aave")
    d.nets = False
    for n in range(8):
        if n % 5 != 4:
            d.season = n
            d.live()
    venues = members(d.w)
    long, short = held(venues)
    assert (long, short) == (pytest.approx(29.4, rel=0.1), pytest.approx(-long, abs=0.01))
    assert tied(d, venues) > 0.4
    d.nets = True
    d.net()
    assert held(venues) == (0, pytest.approx(0, abs=0.01))
    for _ in venues:
        d.sweep()
    assert tied(d, venues) < 0.15
    d.check()


def held(venues: list[Contract]) -> tuple[float, ...]:
    """At each, ETH."""
    return tuple(venue.call("position") / WAD for venue in venues)


def tied(d: Decade, venues: list[Contract]) -> float:
    """What lies there, of all that LPs have."""
    lies = sum(venue.call("account", d.w.spot)[1] for venue in venues)
    return float(lies / 10**12 / d.w.tandem.vault.funds().nav)
