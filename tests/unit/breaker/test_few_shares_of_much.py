"""BR-1: of a Vault of few shares the breaker asks nothing, because nearly all have left. Few shares are worth
much where all had left once, and something still lay at the venue."""

from __future__ import annotations

import pytest
from breaker_bench import Bench, look
from robbery import steal
from test_losses_behind_top_ups import hedged
from worlds import World

from tandem.units import DAY, HOUR, USD, WAD

VENUE_LOST, SHARE_FELL, DRAINED = 4, 8, 16
CRUMBS = 10**12
LITTLE = 1_000 * USD

pytestmark = pytest.mark.proves("BR-1")


def left_and_entered_again(w: World) -> None:
    """All leave while the venue is down, without its margin; it is back, and somebody puts a million in."""
    t = w.tandem
    t.guardian.send("take_down", sender=t.roles.guardian)
    t.vault.send("requestRedeem", t.vault.call("balanceOf", t.lp), t.lp, t.lp, sender=t.lp)
    w.engine.advance(3 * DAY + 2 * HOUR)
    w.freshen()
    t.vault.send("process", 5, sender=w.stranger)
    assert t.vault.call("totalSupply") == 0
    t.guardian.send("bring_back", sender=t.roles.deployer)
    w.engine.advance(2 * DAY)
    t.guardian.send("apply", 0, sender=t.roles.deployer)
    w.freshen()
    t.deposit(1_000_000 * USD, lp=w.engine.accounts[7])


def test_a_vault_that_was_left_and_entered_again_is_watched_as_before(world: World) -> None:
    """Three thousand dollars of margin were there when all had left: a share was worth three billions then, a
    million was a three-thousandth of one, and a venue that took 2 % of it within a minute, again and again,
    was no reason to stop opens and deposits, for good."""
    w = world
    left_and_entered_again(w)
    w.set_terms(venue_loss=100)
    hedged(w)
    taken = 0
    for _ in range(3):
        taken += steal(w)
        w.engine.advance(10)
        w.top_up()
    w.tandem.stress.send("remark", sender=w.stranger)
    assert w.tandem.vault.call("totalSupply") < WAD // 1_000
    assert taken > w.tandem.vault.funds().nav // 100
    assert w.tandem.breaker.state().reasons == VENUE_LOST
    assert w.tandem.vault.call("maxDeposit", w.stranger) == 0


@pytest.mark.parametrize(
    ("nav", "supply", "reasons"),
    [
        (LITTLE, WAD, 0),
        (LITTLE + 1, WAD, VENUE_LOST),
        (10**12, CRUMBS, VENUE_LOST),
        (10**12, CRUMBS - 1, 0),
        (10**12, 0, 0),
    ],
)
def test_few_shares_ask_nothing_where_they_are_worth_little_or_are_crumbs(
    quiet: Bench, nav: int, supply: int, reasons: int
) -> None:
    """Fewer shares than the Vault's own from the start: more than half of what is there is nobody's."""
    quiet.vault.hold(nav, supply)
    assert look(quiet, lost=nav // 2).reasons == reasons
