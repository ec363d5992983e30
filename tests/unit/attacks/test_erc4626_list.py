"""SH-5: the properties that ERC-4626 asks of an entry and its views, each in every state there is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.units import DAY

MOST = 2**256 - 1
RICH = 10**18


def _normal(w: World) -> None:
    pass


def _residual(w: World) -> None:
    w.push(2_650)
    w.freshen()


def _paused(w: World) -> None:
    w.tandem.guardian.send("pause", sender=w.tandem.roles.guardian)


def _spot_stale(w: World) -> None:
    w.engine.advance(4_100)
    w.post()
    w.engine.advance(61)


def _spot_nonsense(w: World) -> None:
    w.curie.feed.send("push", 0, sender=w.curie.owner)


def _surface_stale(w: World) -> None:
    w.engine.advance(1_000)
    w.push_wad(w.spot)


def _unsettled(w: World) -> None:
    w.engine.set_time(w.near)
    w.push(2_500)
    w.post()
    w.engine.advance(61)


def _bankrupt(w: World) -> None:
    w.mint(w.call(2_500), 8 * ETH)
    w.push(1_500)
    w.freshen()


def _no_value_left(w: World) -> None:
    lp, vault = w.tandem.lp, w.tandem.vault
    w.mint(w.put(2_500), 8 * ETH)
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.engine.advance(25 * 3_600)
    w.freshen()
    with suppress(Reverted):
        vault.send("process", 8, sender=lp)
    w.move(900)
    w.freshen()


def _no_mark_for_days(w: World) -> None:
    w.engine.advance(2 * DAY)
    w.freshen()


STATES: dict[str, Callable[[World], None]] = {
    "normal": _normal,
    "residual": _residual,
    "paused": _paused,
    "spot stale": _spot_stale,
    "spot is nonsense": _spot_nonsense,
    "surface stale": _surface_stale,
    "unsettled": _unsettled,
    "bankrupt": _bankrupt,
    "no value left": _no_value_left,
    "no mark for days": _no_mark_for_days,
}


@pytest.fixture(params=STATES)
def state(world: World, request: pytest.FixtureRequest) -> World:
    world.mint(world.call(2_500), 4 * ETH)
    world.curie.usdc.send("mint", world.stranger, RICH, sender=world.curie.owner)
    world.curie.usdc.send("approve", world.tandem.vault, MOST, sender=world.stranger)
    STATES[request.param](world)
    return world


def takes(w: World, fn: str, *args: object) -> bool:
    """Whether the Vault takes that entry now."""
    with w.undone():
        try:
            w.tandem.vault.send(fn, *args, sender=w.stranger)
        except Reverted:
            return False
        return True


@pytest.mark.proves("SH-5")
def test_max_is_what_enters_and_nothing_where_nothing_does(state: World) -> None:
    """maxDeposit: "MUST return the maximum amount of assets deposit would allow to be deposited for receiver
    and not cause a revert"; "MUST NOT revert"."""
    w, vault, who = state, state.tandem.vault, state.stranger
    for fn, door in (("maxDeposit", "deposit"), ("maxMint", "mint")):
        most = vault.call(fn, who)
        small = 10 * USD if door == "deposit" else 10**19
        assert (most > 0) == takes(w, door, small, who), fn
        if most:
            asked = most if door == "mint" else min(most, RICH)
            assert asked >= small
        for nobody in (vault.address, "0x" + "00" * 20):
            assert vault.call(fn, nobody) == 0
            assert not takes(w, door, small, nobody)


@pytest.mark.proves("SH-5")
def test_views_at_the_last_mark_answer_anything(state: World) -> None:
    """convertTo…: "MUST NOT revert unless due to integer overflow caused by an unreasonably large
    input"; ours saturate even there. totalAssets: "MUST NOT revert"."""
    vault = state.tandem.vault
    assert vault.call("totalAssets") >= 0
    for fn in ("convertToShares", "convertToAssets"):
        amounts = (0, 1, USD, 10**30, 2**128, 2**200, MOST)
        answers = [vault.call(fn, amount) for amount in amounts]
        assert answers == sorted(answers)
        assert answers[0] == 0
    assert vault.call("convertToAssets", MOST) >= vault.call("totalAssets")


@pytest.mark.proves("SH-1", "UN-3")
def test_previews_are_what_the_doors_do_or_revert_as_they_do(state: World) -> None:
    """previewDeposit: "MUST return as close to and no more than the exact amount of shares"; previewMint no
    fewer assets."""
    w, vault, who = state, state.tandem.vault, state.stranger
    for preview, door, amount in (
        ("previewDeposit", "deposit", 777 * USD), ("previewMint", "mint", 7 * 10**20),
    ):  # fmt: skip
        if not takes(w, door, amount, who):
            continue
        with w.undone():
            got = vault.send(door, amount, who, sender=who).returned
        exact = vault.call(preview, amount)  # a second earlier
        assert got == pytest.approx(exact, rel=1e-6)


@pytest.mark.proves("SH-11")
def test_a_deposit_that_buys_less_than_its_bound_is_refused(world: World) -> None:
    w, vault, who = world, world.tandem.vault, world.stranger
    w.mint(w.call(2_500), 4 * ETH)
    w.curie.usdc.send("approve", vault, MOST, sender=who)
    seen = vault.call("previewDeposit", 100 * USD)
    bound = seen * 9_950 // 10_000
    with w.undone():
        assert vault.send("deposit", 100 * USD, who, bound, sender=who).returned >= bound
    w.donate(vault, USD)
    with w.refuses("vault: shares under min"):
        vault.send("deposit", 100 * USD, who, seen * 2, sender=who)
    with w.undone():
        assert vault.send("deposit", 100 * USD, who, sender=who).returned == pytest.approx(
            seen, 1e-6
        )


@pytest.mark.proves("FL-8")
def test_an_entry_moves_exactly_what_it_says(world: World) -> None:
    w, vault, who = world, world.tandem.vault, world.stranger
    w.curie.usdc.send("approve", vault, MOST, sender=who)
    held, cash, supply = w.usdc(who), vault.call("cash"), vault.call("totalSupply")
    done = vault.send("deposit", 100 * USD, w.trader, sender=who)
    (event,) = done.events("Deposit")
    assert (event["sender"], event["owner"]) == (who, w.trader)
    assert (event["assets"], event["shares"]) == (100 * USD, done.returned)
    assert w.usdc(who) == held - 100 * USD
    assert vault.call("cash") == cash + 100 * USD
    assert vault.call("balanceOf", w.trader) == done.returned
    assert vault.call("totalSupply") == supply + done.returned
    for fn in ("previewRedeem", "previewWithdraw"):
        with pytest.raises(Reverted, match="vault: asynchronous"):
            vault.call(fn, 1)
