"""A venue's new code says for six hours that a position is there that nobody opened, and so keeps every
moment from being calm: what who leaves then is paid (docs/weaknesses.md)."""

from __future__ import annotations

import pytest
from under_way import processes
from upgraded import SET, Upgraded, says_that_it_holds, upgraded

from tandem.errors import Reverted

STEP = 3_061
"""Seconds between two marks: eight of them are longer than `exit_wait`."""
TEN_THOUSAND = 10_000
CARRIES_ALL = 12_500 | 12_500 << 16
"""A reserve's loan to value and threshold by which no margin is asked for."""


def paid(u: Upgraded, ether: int) -> tuple[int, int]:
    """What is paid to who is due, once the code has said that so long; and what it is at a calm moment."""
    w = u.world
    with w.undone():
        fair = int(str(processes(w)))
    with w.undone():
        says_that_it_holds(u, ether)
        for _ in range(9):
            w.engine.advance(STEP - 61)
            w.push_wad(w.spot)
            w.post()
            w.engine.advance(61)
            w.tandem.vault.send("poke", sender=w.stranger)
        if u.venue == "aave":
            told = u.part("lending_pool").call("getConfiguration", u.market.usdc)
            word = int(told[0] if isinstance(told, tuple) else told)
            u.number("lending_pool", "getConfiguration", word >> 32 << 32 | CARRIES_ALL)
        try:
            return w.tandem.vault.send("process", 1, sender=w.stranger).returned, fair
        except Reverted:
            return 0, fair


@pytest.mark.proves("SH-8")
def test_an_only_lender_prices_who_leaves_by_what_it_says() -> None:
    """As far as low NAV is a twentieth of the high one; past that nobody leaves."""
    u = upgraded("aave", "aave")
    least, fair = paid(u, 31_000)
    assert fair // 8 < least < fair // 7
    assert paid(u, 33_000)[0] == 0


@pytest.mark.proves("SH-8", "HG-22")
def test_an_only_exchange_whose_bounds_are_ours_does_so_for_three_per_cent() -> None:
    """What its margin would lack is held back from who leaves (FL-5): past that nobody does."""
    u = upgraded("curie", "curie")
    least, fair = paid(u, 1_000)
    assert fair * 97 // 100 < least < fair
    assert paid(u, 5_000)[0] == 0


@pytest.mark.proves("SH-8", "VS-8")
@pytest.mark.parametrize("ether", [1_000, 31_000])
def test_one_of_several_is_not_believed(ether: int) -> None:
    least, fair = paid(upgraded(SET, "curie"), ether)
    assert fair * (TEN_THOUSAND - 1) // TEN_THOUSAND < least <= fair
