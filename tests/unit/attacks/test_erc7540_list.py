"""SH-3, SH-4: the properties that ERC-7540 asks of asynchronous redemption."""

from __future__ import annotations

import pytest
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import HOUR

SHARES = 10**20


def request(w: World, amount: int = SHARES) -> None:
    lp = w.tandem.lp
    w.tandem.vault.send("requestRedeem", amount, lp, lp, sender=lp)


def processed(w: World) -> int:
    w.engine.advance(25 * HOUR)
    return int(w.tandem.vault.send("process", 4, sender=w.stranger).returned)


def sums(w: World) -> tuple[int, int, int]:
    vault, lp = w.tandem.vault, w.tandem.lp
    pending = vault.call("pendingRedeemRequest", 0, lp)
    return pending, vault.call("claimableRedeemRequest", 0, lp), vault.call("maxWithdraw", lp)


@pytest.mark.proves("SH-3")
def test_shares_leave_their_owner_when_he_asks(world: World) -> None:
    """ "Shares MUST be removed from the custody of owner upon requestRedeem"."""
    vault, lp = world.tandem.vault, world.tandem.lp
    held, supply = vault.call("balanceOf", lp), vault.call("totalSupply")
    request(world)
    assert vault.call("balanceOf", lp) == held - SHARES
    assert vault.call("totalSupply") == supply
    assert sums(world) == (SHARES, 0, 0)


def test_what_is_pending_is_not_claimable_and_the_other_way_round(world: World) -> None:
    """ "pendingRedeemRequest MUST NOT include any shares in Claimable state"; requests of id 0 are one."""
    vault, lp = world.tandem.vault, world.tandem.lp
    request(world)
    with pytest.raises(Reverted, match="exits: shares over claim"):
        vault.send("redeem", 1, lp, lp, sender=lp)
    paid = processed(world)
    assert sums(world) == (0, SHARES, paid)
    request(world, 2 * SHARES)
    assert sums(world) == (2 * SHARES, SHARES, paid)
    for fn in ("pendingRedeemRequest", "claimableRedeemRequest"):
        assert vault.call(fn, 1, lp) == vault.call(fn, 0, world.stranger) == 0
    assert vault.call("maxRedeem", lp) == SHARES


def test_views_do_not_depend_on_who_asks_and_never_revert(world: World) -> None:
    """ "MUST NOT show any variations depending on the caller"; "MUST NOT revert"."""
    vault, lp = world.tandem.vault, world.tandem.lp
    request(world)
    world.curie.feed.send("push", 0, sender=world.curie.owner)
    world.engine.advance(10 * 86_400)
    assert vault.call("pendingRedeemRequest", 2**256 - 1, lp) == 0
    assert sums(world) == (SHARES, 0, 0)


@pytest.mark.proves("SH-4")
@pytest.mark.parametrize("door", ["redeem", "withdraw"])
def test_a_claim_pays_once_and_by_what_was_set_aside(world: World, door: str) -> None:
    """ "redeem and withdraw … MUST transfer … claim", to any receiver, for the controller or his operator."""
    vault, lp, other = world.tandem.vault, world.tandem.lp, world.engine.accounts[7]
    request(world)
    paid = processed(world)
    amount = SHARES if door == "redeem" else paid
    with pytest.raises(Reverted, match="vault: not the controller"):
        vault.send(door, amount, other, lp, sender=other)
    vault.send("setOperator", other, True, sender=lp)
    assert vault.call("isOperator", lp, other)
    before = world.usdc(other)
    (event,) = vault.send(door, amount, other, lp, sender=other).events("Withdraw")
    assert (event["sender"], event["receiver"], event["owner"]) == (other, other, lp)
    assert (event["assets"], event["shares"]) == (paid, SHARES)
    assert world.usdc(other) == before + paid
    assert sums(world) == (0, 0, 0)
    with pytest.raises(Reverted):
        vault.send(door, 1, lp, lp, sender=lp)


def test_a_request_is_logged_as_the_standard_has_it(world: World) -> None:
    vault, lp = world.tandem.vault, world.tandem.lp
    done = vault.send("requestRedeem", SHARES, lp, lp, sender=lp)
    (event,) = done.events("RedeemRequest")
    assert done.returned == event["requestId"] == 0
    assert (event["controller"], event["owner"], event["sender"]) == (lp, lp, lp)
    assert event["shares"] == SHARES


@pytest.mark.parametrize("fn", ["previewRedeem", "previewWithdraw"])
def test_what_is_asynchronous_has_no_preview(world: World, fn: str) -> None:
    """ "previewRedeem and previewWithdraw … MUST revert for all callers and inputs"."""
    for amount in (0, 1, USD, 2**256 - 1):
        with pytest.raises(Reverted, match="vault: asynchronous"):
            world.tandem.vault.call(fn, amount)


def test_the_interfaces_are_said_to_be_there(world: World) -> None:
    vault = world.tandem.vault
    for known in ("01ffc9a7", "e3bc4e65", "620ee8e4", "2f0a18c5"):
        assert vault.call("supportsInterface", bytes.fromhex(known))
    assert not vault.call("supportsInterface", bytes.fromhex("ffffffff"))
    assert not vault.call("supportsInterface", bytes.fromhex("ce3bbe50")), (
        "deposits are synchronous"
    )
    assert vault.call("share") == vault.address
