"""SH-8, SH-10: who leaves beside an expiry that signers follow no more is priced in a calm moment, as all
are. A hundredth of an option in one was enough for whoever stayed to choose the moment: 10,217 USD of a
million that left right after a rally of 6 %, for 1.51 USD."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from test_whose_moment import DUST, LEAVER, bring_home, filled, left_with, settle_down
from worlds import ETH, USD, World

from tandem.units import HOUR

pytestmark = pytest.mark.proves("SH-8", "SH-10")


def follow(w: World) -> None:
    """Signers post for every expiry but the near one."""
    w.push_wad(w.spot)
    near = w.slices.pop(w.near)
    w.post()
    w.engine.advance(61)
    w.slices[w.near] = near


def rest(w: World) -> None:
    """Half an hour."""
    for _ in range(2):
        w.curie.converge()
        bring_home(w, follow)
        w.engine.advance(840)
        follow(w)


@pytest.fixture(scope="module")
def shared() -> World:
    """2.5M, a million of it due to leave, and a hundredth of an option in an expiry that nobody renewed for
    six hours; all else is fresh, hedged and calm."""
    w = filled(1_500_000 * USD, 1_000_000 * USD, 300)
    w.mint(w.call(2_500), ETH // 100)
    vault, leaver = w.tandem.vault, w.engine.accounts[LEAVER]
    vault.send("requestRedeem", vault.call("balanceOf", leaver), leaver, leaver, sender=leaver)
    w.engine.advance(25 * HOUR)
    settle_down(w)
    for _ in range(25):
        w.engine.advance(840)
        follow(w)
    rest(w)
    return w


@pytest.fixture
def left(shared: World) -> Iterator[World]:
    with shared.undone():
        yield shared


@pytest.mark.parametrize("percent", [-6, -3, 3, 6])
def test_r30_nobody_has_a_leaver_priced_right_after_a_jump(left: World, percent: int) -> None:
    w = left
    w.push(2_500 * (100 + percent) // 100)
    follow(w)
    with w.refuses("vault: not calm"):
        w.tandem.vault.send("process", 8, sender=w.stranger)
    rest(w)
    rest(w)
    with w.undone():
        paid = left_with(w)
    rest(w)
    assert abs(left_with(w) - paid) < DUST


def test_r29_where_no_moment_is_calm_the_longest_wait_begins_with_a_mark_and_ends(
    left: World,
) -> None:
    """SH-8: "Where the Vault was marked otherwise `exit_wait` ago and nothing ended that wait since, exits
    that are due as long go on; anybody may mark it (`poke`)": beside a stale expiry too. SH-10:
    such a mark "is kept as any other"."""
    w, vault = left, left.tandem.vault
    wait = w.terms()["exit_wait"]
    w.push(2_650)
    follow(w)
    before = vault.call("last_mark")
    vault.send("poke", sender=w.stranger)
    low, time = vault.call("last_mark")
    assert time == w.engine.now()
    assert 0.98 * before[0] < low < before[0]
    for _ in range(wait // 840):
        w.engine.advance(779)
        follow(w)
    with w.refuses("vault: not calm"):
        vault.send("process", 8, sender=w.stranger)
    w.engine.advance(wait % 840 + 60)
    follow(w)
    assert left_with(w) > 0


def test_r29_until_then_nobody_marks_it(left: World) -> None:
    """AV-1: a slice that is late for a while stops marks and exits, and has no other value."""
    w = left
    w.post()
    w.engine.advance(w.terms()["exit_wait"] - 200)
    follow(w)
    for act in (("poke",), ("process", 8)):
        with w.refuses("market: surface stale"):
            w.tandem.vault.send(*act, sender=w.stranger)


@pytest.mark.proves("SH-10")
def test_r30_nobody_who_leaves_pays_for_a_quarter_of_an_hour_in_which_signers_were_late(
    left: World,
) -> None:
    """What is stale beside such an expiry is waited for no longer than that (by turns, nobody would get out).
    It counted at its maximum at once: a million left with 279,127 USD less."""
    w = left
    w.engine.advance(w.terms()["surface_age"] + 1)
    w.push_wad(w.spot)
    w.curie.converge()
    with w.undone():
        follow(w)
        in_time = left_with(w)
    assert abs(left_with(w) - in_time) < DUST


@pytest.mark.proves("SH-10")
@pytest.mark.parametrize("variance", [0.1, 1.0, 2.5])
def test_r30_nor_for_a_slice_ahead_of_its_limit_beside_the_one_that_is_late(
    left: World, variance: float
) -> None:
    """While it is fresh no moment is calm; once it was stale, who left was paid by the worse of the two:
    3,000 to 31,000 USD of a million."""
    w = left
    with w.undone():
        in_time = left_with(w)
    w.tandem.post({w.far: replace(w.slices[w.far], a=w.slices[w.far].a + variance)})
    w.engine.advance(61)
    with w.refuses("vault: not calm"):
        w.tandem.vault.send("process", 8, sender=w.stranger)
    w.engine.advance(w.terms()["surface_age"])
    w.push_wad(w.spot)
    w.curie.converge()
    assert abs(left_with(w) - in_time) < DUST
