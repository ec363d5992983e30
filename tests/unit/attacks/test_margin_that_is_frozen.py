"""SH-2, HG-19: margin that no token moves any more counts in NAV as long as its venue says that it is there.

The issuer lists the adapters, for good. Who leaves is paid as if all of it came home, out of cash; who comes
pays for it; who stays has it. It stands (docs/weaknesses.md): a guardian who takes the venue down ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from issuers import adapters, base_of, list_all, pause, quote_of
from test_whose_moment import LEAVER, TERMS, settle_down
from test_whose_moment import left_with as of_a_million
from under_way import due_of_many, leaving, opened
from worlds import ETH, USD, WINDOW, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY

COST = {
    "curie": 19_322,
    "aave": 62_537,
    "morpho": 58_508,
    "curie+aave": 61_585,
    "aave+morpho": 62_120,
}
"""What who leaves has too much of a million, where 4.1, 26.7, 17.8, 28.2 and 27.5 % of it are margin and half
asks to leave: 47, 23, 33, 22 and 23 % may."""
HALF = 500_000 * USD


@cache
def due_on(kind: str) -> World:
    """A million; two hundred puts, hedged; half of it is due to leave."""
    w = opened(kind, HALF, DeploySettings(terms=TERMS))
    leaving(w, HALF, w.put(2_500, far=True), [10 * ETH] * 20)
    return w


@pytest.fixture
def due(kind: str) -> Iterator[World]:
    w = due_on(kind)
    with w.undone():
        yield w


def freeze(w: World) -> int:
    """Nothing comes from any venue any more. What lies there, token units."""
    list_all(w, quote_of(w), *adapters(w))
    accounts = [one.call("account", w.spot) for one in adapters(w)]
    return sum(int(min(each[1:3])) for each in accounts) // 10**12


def left_with(w: World) -> tuple[int, float]:
    """What the leaver is paid, and the part of all shares that he has given for it."""
    vault, leaver = w.tandem.vault, w.engine.accounts[LEAVER]
    supply, held = vault.call("totalSupply"), vault.call("pendingRedeemRequest", 0, leaver)
    vault.send("process", 8, sender=w.stranger)
    gone = held - vault.call("pendingRedeemRequest", 0, leaver)
    return int(vault.call("maxWithdraw", leaver)), gone / supply


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("kind", COST)
def test_who_leaves_beside_frozen_margin_is_paid_as_if_it_came_home(due: World, kind: str) -> None:
    """The hedge is home and the moment calm, so anybody may have it done at once; `withdraw` works."""
    w, vault = due, due.tandem.vault
    there = freeze(w)
    nav = vault.call("funds")[3]
    paid, part = left_with(w)
    assert (paid - part * (nav - there)) / USD == pytest.approx(COST[kind], rel=0.05)
    leaver = w.engine.accounts[LEAVER]
    vault.send("withdraw", paid, leaver, leaver, sender=leaver)
    assert w.floor() >= 0


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize(("kind", "cost"), [("aave", 134_460), ("curie", 21_345)])
def test_who_comes_beside_frozen_margin_pays_for_it(due: World, kind: str, cost: int) -> None:
    """A million that comes: what it is worth less where that margin is lost."""
    w, vault, who = due, due.tandem.vault, due.engine.accounts[7]
    there = freeze(w)
    w.tandem.deposit(1_000_000 * USD, lp=who)
    part = vault.call("balanceOf", who) / vault.call("totalSupply")
    left = vault.call("funds")[3] - there
    assert 1_000_000 - part * left / USD == pytest.approx(cost, rel=0.05)


@pytest.mark.proves("HG-19", "SH-2", "PW-2")
@pytest.mark.parametrize("kind", COST)
def test_a_guardian_who_takes_the_hedge_down_ends_it(due: World, kind: str) -> None:
    """HG-19: "its margin counts for nothing", and "LPs leave from three days later on": by what the Vault
    has."""
    w, vault, guardian = due, due.tandem.vault, due.tandem.roles.guardian
    there = freeze(w)
    nav = vault.call("funds")[3]
    w.tandem.guardian.send("take_down", sender=guardian)
    for act in ("process", "poke"):
        with pytest.raises(Reverted, match="lens: venue down"):
            vault.send(act, *([1] if act == "process" else []), sender=w.stranger)
    with pytest.raises(Reverted, match="lens: venue down"):
        w.tandem.deposit(1_000 * USD, lp=w.engine.accounts[7])
    w.engine.advance(3 * DAY)
    for wait in (0, w.terms()["exit_wait"]):
        w.engine.advance(wait)
        w.push_wad(w.spot)
        w.post()
        w.engine.advance(WINDOW)
        vault.send("poke", sender=w.stranger)
    paid, part = left_with(w)
    assert paid > 100_000 * USD
    assert paid <= part * (nav - there) * 1.01  # three days of theta besides


STOOD = {"aave": 440, "morpho": 440, "curie+aave": 2_265, "aave+morpho": 440}
"""USD of a million that leaves of 2.5M beside 300 calls, in a pause, behind a rise of six per cent."""


@pytest.mark.proves("SH-8", "AV-1")
@pytest.mark.parametrize("which", [base_of, quote_of])
@pytest.mark.parametrize("kind", STOOD)
def test_who_is_processed_in_a_pause_that_nobody_can_hedge_in(
    kind: str, which: Callable[[World], Contract]
) -> None:
    """Exits move no token, and go on in a pause: behind a jump no moment in it is calm, and after the longest
    wait who is due is priced at one that is not: what he has less than once there is no pause."""
    w = due_of_many(kind)
    with w.undone():
        vault, wait = w.tandem.vault, w.terms()["exit_wait"]
        pause(w, which(w))
        for seconds in (0, wait // 2, wait - wait // 2):
            w.go_on(seconds)
            w.push(2_650)
            w.post()
            w.engine.advance(WINDOW)
            if seconds != wait - wait // 2:
                with pytest.raises(Reverted, match="vault: not calm"):
                    vault.send("process", 8, sender=w.stranger)
                vault.send("poke", sender=w.stranger)
        with w.undone():
            first = of_a_million(w)
        pause(w, which(w), is_paused=False)
        for _ in range(3):
            settle_down(w)
        assert (of_a_million(w) - first) / USD == pytest.approx(STOOD[kind], rel=0.1)
