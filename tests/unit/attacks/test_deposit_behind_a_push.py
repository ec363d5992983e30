"""SH-2, SH-12: whoever moves the venue's pool for a moment does not make a deposit dear."""

from __future__ import annotations

import pytest
from predators import left_over, purse
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import Depth

DEPOSIT, VICTIM = 5_000_000 * USD, 7


@pytest.fixture(scope="module")
def settled() -> World:
    """At half a million of depth."""
    return left_over(Depth(usd=500_000.0))


def behind(w: World, push: int) -> tuple[int, int]:
    """What the depositor's shares are worth a minute later, and the pusher's purse; his deposit waits for
    another day where it is refused."""
    vault, victim = w.tandem.vault, w.engine.accounts[VICTIM]
    if push:
        w.curie.open(w.trader, push * WAD)
    shares = 0
    if vault.call("maxDeposit", victim):
        shares = int(w.tandem.deposit(DEPOSIT, lp=victim).returned)
    else:
        assert vault.call("maxMint", victim) == 0
        with pytest.raises(Reverted, match="lens: venue off oracle"):
            w.tandem.deposit(DEPOSIT, lp=victim)
    if push:
        w.curie.open(w.trader, -push * WAD)
    w.engine.advance(61)
    w.freshen()
    vault.send("poke", sender=w.stranger)
    return int(vault.call("convertToAssets", shares)) if shares else DEPOSIT, purse(w)


@pytest.mark.proves("SH-12", "SH-5")
@pytest.mark.parametrize("push", [-50, -100, -150, -200, -400])
def test_a_pool_that_is_pushed_for_a_moment_makes_no_deposit_dear(
    settled: World, push: int
) -> None:
    """SH-12: "Nobody comes while the venue's price makes it dearer than the oracle's by more than a
    ten-thousandth of NAV". Before, 400 ETH sold and bought back, for 1,941 USD, took 8,652 USD of a deposit
    of five millions to those who were there, and 200 ETH, for 991 USD, took 909."""
    w = settled
    with w.undone():
        fair, before = behind(w, 0)
    with w.undone():
        worth, after = behind(w, push)
    assert min(fair, DEPOSIT) - worth < before - after
    assert min(fair, DEPOSIT) - worth < DEPOSIT // 10_000


@pytest.mark.proves("SH-12")
def test_he_who_waits_comes_at_the_price_of_rest(settled: World) -> None:
    """SH-12: what stops deposits ends with the push, but for the minute that the average keeps."""
    w = settled
    victim = w.engine.accounts[VICTIM]
    with w.undone():
        w.curie.open(w.trader, -400 * WAD)
        with pytest.raises(Reverted, match="lens: venue off oracle"):
            w.tandem.deposit(DEPOSIT, lp=victim)
        w.curie.open(w.trader, 400 * WAD)
        w.engine.advance(61)
        w.freshen()
        assert w.tandem.vault.call("maxDeposit", victim) > DEPOSIT
        w.tandem.deposit(DEPOSIT, lp=victim)
