"""SH-8, R30: nobody begins the longest wait of those who leave anew, and keeps them in by it.

A perpetual that stands 30 bp off its index for days is nothing rare. No moment is calm then, and those
who leave wait `exit_wait`, unless a calm mark is made in between. A cent deposited every five hours was
one, for nothing; so was, for 80 USD each, a pool that was near for as long as one transaction took. That one
has to be near for a minute since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from worlds import ETH, USD, World, build

from tandem.units import DAY, HOUR, WAD

OFF, STEP, ROUNDS = 28, 5 * HOUR, 4
FLASH = 16 * WAD


@pytest.fixture(scope="module")
def beside_once() -> World:
    """A tenth of the LP's shares is due, and the venue trades 28 bp above the oracle."""
    w = build()
    w.mint(w.call(2_500), 2 * ETH)
    vault, lp = w.tandem.vault, w.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    w.engine.advance(DAY + HOUR)
    w.move(2_500)
    w.post()
    w.bring_home()
    w.curie.converge(w.spot * (10_000 + OFF) // 10_000)
    w.rest()
    with w.refuses("vault: not calm"):
        vault.send("process", 8, sender=w.stranger)
    vault.send("poke", sender=w.stranger)
    w.curie.deposit(w.trader, 1_000_000 * USD)
    return w


@pytest.fixture
def beside(beside_once: World) -> Iterator[World]:
    with beside_once.undone():
        yield beside_once


def a_cent(w: World) -> None:
    """Comes in: who comes is not asked whether the venue is near."""
    w.tandem.deposit(USD // 100, lp=w.engine.accounts[7])


def a_mark(w: World) -> None:
    """The venue is near for a minute, and its average with it."""
    w.curie.open(w.trader, -FLASH)
    w.engine.advance(61)
    assert w.tandem.lens.mark_for(10**12, 1).calm
    w.tandem.vault.send("poke", sender=w.stranger)
    w.curie.open(w.trader, FLASH)


def nothing_of_it(w: World) -> None:
    """Processing that processes nothing, in such a minute."""
    w.curie.open(w.trader, -FLASH)
    w.engine.advance(61)
    w.tandem.vault.send("process", 0, sender=w.stranger)
    w.curie.open(w.trader, FLASH)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("act", [a_cent, a_mark, nothing_of_it])
def test_r30_the_longest_wait_ends_whoever_would_begin_it_anew(
    beside: World, act: Callable[[World], None]
) -> None:
    """SH-8: "A calm mark ends the wait where nobody who is due could have left by it"; before, each of
    these kept all leavers in for as long as it went on."""
    w = beside
    for _ in range(ROUNDS):
        act(w)
        w.go_on(STEP)
        w.freshen()
        w.curie.converge(w.spot * (10_000 + OFF) // 10_000)
    assert w.tandem.vault.send("process", 8, sender=w.stranger).returned > 0
