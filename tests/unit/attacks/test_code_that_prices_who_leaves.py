"""A venue's new code says for six hours that a position is there that nobody opened, and so keeps every
moment from being calm: who leaves then is paid by the position that our orders made."""

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


def paid(u: Upgraded, ether: int, *, marks: bool = False) -> tuple[int, int]:
    """What is paid to who is due, once the code has said that so long; and what it is at a calm moment.
    marks: whether a stranger, or a keeper, marks the book for the gate meanwhile."""
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
            if marks:
                w.tandem.stress.send("remark", sender=w.stranger)
            w.tandem.vault.send("poke", sender=w.stranger)
        if u.venue == "aave":
            told = u.part("lending_pool").call("getConfiguration", u.market.usdc)
            word = int(told[0] if isinstance(told, tuple) else told)
            u.number("lending_pool", "getConfiguration", word >> 32 << 32 | CARRIES_ALL)
        try:
            return w.tandem.vault.send("process", 1, sender=w.stranger).returned, fair
        except Reverted:
            return 0, fair


@pytest.mark.proves("SH-2", "SH-8")
@pytest.mark.parametrize("marks", [False, True])
@pytest.mark.parametrize("ether", [1_000, 31_000])
def test_an_only_lender_that_says_more_prices_nobody_by_it(ether: int, marks: bool) -> None:
    """It was 6,617 of 50,153 USD for a long of 31,000 ether, the rest was who stays'; and again
    with a mark of the book, which the position of our last order was taken from."""
    least, fair = paid(upgraded("aave", "aave"), ether, marks=marks)
    assert abs(least - fair) * 1_000 < fair


@pytest.mark.proves("SH-2", "SH-8", "HG-22")
@pytest.mark.parametrize("marks", [False, True])
@pytest.mark.parametrize("ether", [-1_000, 1_000])
def test_an_only_exchange_that_says_more_prices_nobody_by_it(ether: int, marks: bool) -> None:
    """What its margin would lack is held back from who leaves (FL-5): past that nobody does."""
    least, fair = paid(upgraded("curie", "curie"), ether, marks=marks)
    assert least == 0 or abs(least - fair) * 1_000 < fair


@pytest.mark.proves("SH-8", "VS-8")
@pytest.mark.parametrize("ether", [1_000, 31_000])
def test_one_of_several_is_not_believed(ether: int) -> None:
    least, fair = paid(upgraded(SET, "curie"), ether)
    assert fair * (TEN_THOUSAND - 1) // TEN_THOUSAND < least <= fair
