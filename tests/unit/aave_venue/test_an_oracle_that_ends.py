"""A token that a stranger lends in our name, and that the lending market's oracle prices no more."""

from __future__ import annotations

import pytest
from aave_bench import PRICE, Bench
from strangers import list_token

from tandem.errors import Reverted
from tandem.units import USD, WAD


@pytest.mark.proves("LM-3", "LM-4")
@pytest.mark.parametrize("side", [1, -1], ids=["long", "short"])
def test_a_strangers_token_whose_oracle_ends(bench: Bench, side: int) -> None:
    """A stranger's dust of a token that the market's oracle has no price of any more blocks all that the
    market asks prices for: it was said that orders fill, and that margin comes home. Anybody ends it."""
    bench.fund(15_000)
    bench.trade(side * 8 * WAD)
    third = list_token(bench.aave)
    bench.aave.supply_for(bench.stranger, bench.venue, 10**9, third)
    free = bench.venue.call("free_collateral")
    assert free > 5_000 * USD
    oracle, ended = bench.aave.parts["oracle"], "0x" + "00" * 20
    oracle.send("setAssetSources", [third], [ended], sender=bench.aave.owner)
    for size in (2 * WAD, -2 * WAD):
        most = bench.most(size)
        assert most <= bench.idle() * 10**12 * WAD // PRICE
        with pytest.raises(Reverted):
            bench.trade(size)
        if most:
            with bench.undone():
                bench.trade(most)
    left = bench.venue.call("free_collateral")
    assert left == bench.idle()
    with bench.undone():
        bench.venue.send("withdraw", left, bench.stranger, sender=bench.router)
    bench.venue.send("settle_collateral", third, sender=bench.stranger)
    assert bench.venue.call("free_collateral") == pytest.approx(free, rel=1e-3)
    assert bench.most(-bench.position()) == abs(bench.position())
    bench.trade(-bench.position())


@pytest.mark.proves("LM-3")
def test_two_of_them_keep_each_other_there_until_one_has_a_price(bench: Bench) -> None:
    """The market values what is left once one is disowned, and cannot: a known weakness. What is said fills
    all the same, and a keeper that disowns strangers' tokens while they have a price leaves none."""
    bench.fund(15_000)
    bench.trade(-8 * WAD)
    tokens = [list_token(bench.aave) for _ in range(2)]
    for token in tokens:
        bench.aave.supply_for(bench.stranger, bench.venue, 10**9, token)
    oracle, ended = bench.aave.parts["oracle"], ["0x" + "00" * 20] * 2
    with bench.undone():
        bench.venue.send("settle_collateral", tokens[0], sender=bench.stranger)
        oracle.send("setAssetSources", tokens, ended, sender=bench.aave.owner)
        bench.venue.send("settle_collateral", tokens[1], sender=bench.stranger)
        bench.trade(-bench.position())
    oracle.send("setAssetSources", tokens, ended, sender=bench.aave.owner)
    for token in tokens:
        with pytest.raises(Reverted):
            bench.venue.send("settle_collateral", token, sender=bench.stranger)
    for size in (2 * WAD, -2 * WAD, 8 * WAD):
        most = bench.most(size)
        assert most <= bench.idle() * 10**12 * WAD // PRICE
        if most:
            with bench.undone():
                bench.trade(most if size > 0 else -most)
    assert bench.venue.call("free_collateral") == bench.idle()


@pytest.mark.proves("LM-3")
def test_one_that_is_worth_nothing_and_paused_stays_until_the_pause_ends(bench: Bench) -> None:
    """The market lets nobody disown what is paused: a known weakness, with the same way round it. What is
    said fills."""
    bench.fund(15_000)
    bench.trade(-8 * WAD)
    third = list_token(bench.aave)
    bench.aave.supply_for(bench.stranger, bench.venue, 10**9, third)
    bench.govern("configureReserveAsCollateral", third, 0, 5_000, 10_500)
    bench.govern("setReservePause", third, True)
    with pytest.raises(Reverted):
        bench.venue.send("settle_collateral", third, sender=bench.stranger)
    most = bench.most(8 * WAD)
    assert most <= bench.idle() * 10**12 * WAD // PRICE
    with bench.undone():
        bench.trade(most)
    with pytest.raises(Reverted):
        bench.trade(2 * WAD)
    assert bench.venue.call("free_collateral") == bench.idle()
    bench.govern("setReservePause", third, False)
    bench.venue.send("settle_collateral", third, sender=bench.stranger)
    bench.trade(-bench.position())


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("said", [10**30, 10**50, 2**191])
@pytest.mark.parametrize("side", [1, -1], ids=["long", "short"])
def test_a_price_past_all_prices_is_none(bench: Bench, side: int, said: int) -> None:
    """LM-3: "It answers for every order and bound, and what it says fills". Beside a long it reverted from
    1e42 USD on; from 1e22 on all of a short was said to come home, whose last seconds' interest was more
    than all margin."""
    bench.fund(15_000)
    bench.trade(side * 8 * WAD)
    bench.aave.parts["feed"].send("push", said, sender=bench.aave.owner)
    for size in (2 * WAD, -2 * WAD, -side * 8 * WAD):
        most = bench.most(size)
        if most:
            with bench.undone():
                bench.trade(most if size > 0 else -most)
