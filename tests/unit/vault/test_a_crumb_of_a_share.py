"""R17: the last share of a Vault that others left is no place to sit in. One wei of it, worth nothing once
all else had been paid out, refused every deposit for good: `vault: no value left`."""

from __future__ import annotations

from contextlib import suppress

import pytest
from worlds import ETH, USD, World, build

from tandem.errors import Reverted
from tandem.units import HOUR

THIEF, COMER = 7, 6


@pytest.fixture(scope="module")
def shared() -> World:
    """Two people may come who were never there."""
    w = build(capital=50_000 * USD, margin=True)
    for who in (w.engine.accounts[THIEF], w.engine.accounts[COMER]):
        w.curie.usdc.send("mint", who, 10_000 * USD, sender=w.curie.owner)
        w.curie.usdc.send("approve", w.tandem.vault, 10**30, sender=who)
    return w


def lose(w: World, units: int) -> None:
    """Options end deep in the money, so that a share is worth less than it was sold for."""
    series = w.call(2_500)
    w.mint(series, units)
    w.move(2_900)
    w.freshen()
    with suppress(Reverted):
        w.top_up()
    w.bring_home()
    w.curie.converge()
    w.freshen()


def run_off(w: World, units: int) -> None:
    """The expiry is settled and paid, the hedge at home."""
    w.engine.set_time(w.near - 2 * HOUR)
    w.move(2_900)
    w.freshen()
    w.settle(w.near, 2_900)
    w.tandem.redeem(w.call(2_500), units)
    w.freshen()
    for _ in range(3):
        w.curie.converge()
        w.rest()
        w.bring_home()
    with suppress(Reverted):
        w.tandem.desk.send("sweep", sender=w.stranger)


def leave(w: World, has: int) -> None:
    """The LP asks for all; who keeps a wei of a share for the rest, an epoch later. All is paid, claimed."""
    vault, lp, thief = w.tandem.vault, w.tandem.lp, w.engine.accounts[THIEF]
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.engine.advance(HOUR)
    vault.send("requestRedeem", has - 1, thief, thief, sender=thief)
    w.engine.advance(25 * HOUR)
    for _ in range(4):
        w.curie.converge()
        w.freshen()
        with suppress(Reverted):
            w.tandem.desk.send("sweep", sender=thief)
        vault.send("process", 8, sender=thief)
        w.engine.advance(HOUR)
    for who in (lp, thief):
        vault.send("redeem", vault.call("maxRedeem", who), who, who, sender=who)
    w.curie.converge()
    w.freshen()


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("units", [ETH // 5, ETH // 8])
def test_r17_one_wei_of_a_share_holds_no_vault(shared: World, units: int) -> None:
    w, vault = shared, shared.tandem.vault
    thief, comer = w.engine.accounts[THIEF], w.engine.accounts[COMER]
    with w.undone():
        lose(w, units)
        vault.send("deposit", 2 * USD, thief, sender=thief)
        run_off(w, units)
        leave(w, vault.call("balanceOf", thief))
        assert (vault.call("totalSupply"), vault.call("cash")) == (1, 0)
        assert vault.call("maxDeposit", comer) >= 1_000 * USD
        shares = vault.send("deposit", 1_000 * USD, comer, sender=comer).returned
        assert vault.call("convertToAssets", shares) == 1_000 * USD
        assert vault.call("convertToAssets", 1) == 0
