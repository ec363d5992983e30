"""SH-3, SH-5: what ERC-4626 and ERC-7540 ask of views, in every row of the table of availability."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from test_every_function_in_every_state import STATES, under
from worlds import ETH, USD, World

from tandem.engine.base import Contract
from tandem.errors import Reverted


def _venue_off(w: World, mid: int, uptime: Contract) -> None:
    """SH-12: the hedge has to sell, and the pool is far enough over the oracle to make it dearer to come."""
    w.mint(w.put(2_500, far=True), 6 * ETH)
    w.push(w.spot * 94 // 100 // 10**18)
    w.curie.converge(w.spot * 104 // 100)
    w.freshen()


WHERE: dict[str, Callable[[World, int, Contract], None]] = {**STATES, "venue off": _venue_off}


@pytest.mark.proves("SH-5")
@pytest.mark.parametrize("row", WHERE)
def test_what_may_enter_is_nothing_in_exactly_the_rows_in_which_nobody_may(row: str) -> None:
    """maxDeposit: "MUST factor in both global and user-specific limits, like if deposits are entirely
    disabled (even temporarily) it MUST return 0"."""
    with under(row) as (w, mid, uptime):
        WHERE[row](w, mid, uptime)
        vault, who = w.tandem.vault, w.stranger
        w.tandem.give(who, 2**60)
        for view, door, small in (("maxDeposit", "deposit", 10 * USD), ("maxMint", "mint", 10**19)):
            refused = ""
            with w.undone():
                try:
                    vault.send(door, small, who, sender=who)
                except Reverted as error:
                    refused = error.reason
            assert (vault.call(view, who) == 0) == bool(refused), (door, refused)
            assert not refused or row not in ("normal", "delisted", "second feed", "uptime gone")
        if row == "venue off":
            assert refused == "lens: venue off oracle"


@pytest.mark.proves("SH-3", "SH-4")
@pytest.mark.parametrize("row", WHERE)
def test_what_was_processed_is_shown_and_paid_to_the_unit_in_every_row(row: str) -> None:
    """ERC-7540: views "MUST NOT revert"; what is claimable is claimed, whatever else stands still."""
    with under(row) as (w, mid, uptime):
        vault, lp = w.tandem.vault, w.tandem.lp
        before = [vault.call(fn, lp) for fn in ("maxRedeem", "maxWithdraw")]
        waits = vault.call("pendingRedeemRequest", 0, lp)
        assert all(before)
        WHERE[row](w, mid, uptime)
        with suppress(Reverted):
            vault.send("poke", sender=w.stranger)
        amount, paid = before
        assert vault.call("pendingRedeemRequest", 0, lp) == waits
        assert vault.call("claimableRedeemRequest", 0, lp) == vault.call("maxRedeem", lp) == amount
        assert vault.call("maxWithdraw", lp) == paid
        for fn in ("previewRedeem", "previewWithdraw"):
            with pytest.raises(Reverted, match="vault: asynchronous"):
                vault.call(fn, 1)
        held = w.usdc(w.stranger)
        with w.undone():
            assert vault.send("withdraw", paid, w.stranger, lp, sender=lp).returned == amount
            assert w.usdc(w.stranger) - held == paid
        assert vault.send("redeem", amount, w.stranger, lp, sender=lp).returned == paid
        assert vault.call("maxRedeem", lp) == vault.call("maxWithdraw", lp) == 0
