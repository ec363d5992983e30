"""Ten years of one market: sums, and that every function works at their end as it did at their beginning."""

from __future__ import annotations

import pytest
from decade import Decade, lived

from tandem.units import USD

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
