"""free_collateral, to the unit: what collateral carries without it, what lenders have left, and none of what
others gave."""

from __future__ import annotations

import pytest
from morpho_bench import PRICE, Bench
from morpho_gifts import SIDES, pledge_ether

from tandem.units import USD, WAD
from tandem.venues.morpho.ledger import SCALE

KEPT_BACK = 999
"""Thousandths of what is free that a view lets out: prices move."""


def free(bench: Bench) -> int:
    found: int = bench.venue.call("free_collateral")
    return found


def out(units: int) -> int:
    """What the view says of so much; a unit is left to what a gift rounds to."""
    return max(units - 1, 0) * KEPT_BACK // 1_000


@pytest.mark.proves("LM-3", "LM-8")
@SIDES
@pytest.mark.parametrize("margin", [9_000, 60_000], ids=["owes", "owes nothing or little"])
def test_it_is_what_the_lender_would_let_go_to_the_unit(
    bench: Bench, side: int, margin: int
) -> None:
    """Of a short what its debt needs stays pledged, rounded up; of a long what its ether carries may be
    borrowed beside what is pledged of dollars."""
    morpho, who = bench.morpho, bench.venue
    bench.fund(margin)
    bench.trade(side * 10 * WAD)
    pledged = morpho.short.account(who).pledged
    if side < 0:
        owed, lltv = morpho.short.debt(who), morpho.short.params[4]
        index = 10**66 // morpho.short.price()
        needed = ((owed * index // 10**30 + 1) * WAD) // lltv + 1
        assert free(bench) == out(pledged - needed)
        return
    ether, owed = morpho.long.account(who).pledged, morpho.long.debt(who)
    most = ether * morpho.long.price() // SCALE * morpho.long.params[4] // WAD
    assert free(bench) == out(pledged + most - owed)


@pytest.mark.proves("LM-3")
def test_a_long_takes_no_more_than_its_markets_lenders_have_left(bench: Bench) -> None:
    """Of dollars they have left a thousand; of ether, in the other market, all."""
    bench.fund(20_000)
    bench.trade(10 * WAD)
    assert bench.morpho.long.debt(bench.venue) > 0
    assert free(bench) > 10_000 * USD
    bench.morpho.drain(bench.morpho.long, 1_000 * USD)
    pledged = bench.morpho.short.account(bench.venue).pledged
    assert free(bench) == out(pledged + 1_000 * USD)
    bench.venue.send("withdraw", free(bench), bench.stranger, sender=bench.router)


@pytest.mark.proves("LM-2")
def test_what_ether_of_others_would_carry_is_not_free(bench: Bench) -> None:
    """Without a position, beside margin that is."""
    bench.fund(5_000)
    before = free(bench)
    pledge_ether(bench)
    assert bench.morpho.long.account(bench.venue).pledged == WAD // 2
    assert free(bench) <= before
    assert bench.account(PRICE)[0] == bench.position() == 0
