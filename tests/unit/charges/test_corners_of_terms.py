"""R40: at no corner of all bounds together does a close, an exit or a settlement stop.

The owner moves every term to one end of its bounds, through the delay. Whoever holds something then
still leaves: at a pool that lags the oracle by a tick, and with nobody rebalancing for him.
"""

from __future__ import annotations

from random import Random

import pytest
from worlds import ETH, USD, World

from tandem.protocol import terms
from tandem.units import DAY, HOUR

FIELDS = [name for name in terms.FIELDS if name != "flags"]
SEEDS = 10


def corner(seed: int) -> dict[str, int]:
    """0: everything at its least; 1: at its most; further seeds: each at one or the other."""
    random = Random(seed)
    ends = {0: lambda: 0, 1: lambda: 1}.get(seed, lambda: random.getrandbits(1))
    return {n: (terms.FIELDS[n].low, terms.FIELDS[n].high)[ends()] for n in FIELDS}


def moved_to(w: World, wanted: dict[str, int]) -> None:
    """All terms at once: those that wait have waited."""
    guardian, owner = w.tandem.guardian, w.tandem.roles.deployer
    for name, amount in wanted.items():
        guardian.send("set_term", terms.FIELDS[name].index, amount, sender=owner)
    w.engine.advance(2 * DAY)
    for name, amount in wanted.items():
        if w.terms()[name] != amount:
            guardian.send("apply", terms.FIELDS[name].index, sender=owner)
    assert w.terms() | wanted == w.terms()


def fresh(w: World) -> None:
    """Prices and surfaces of now, and past any window in which two slices stand."""
    w.push_wad(w.spot)
    w.post()
    w.engine.advance(min(w.terms()["surface_window"] + 1, w.terms()["surface_age"] - 10))


@pytest.mark.proves("PW-2")
@pytest.mark.parametrize("seed", range(SEEDS))
def test_r40_at_a_corner_of_all_terms_everybody_leaves(world: World, seed: int) -> None:
    """PW-2: "Nobody can ... stop settlement, redemption or claims. No parameter ... stops closes or
    exits"."""
    w, vault, lp = world, world.tandem.vault, world.tandem.lp
    kept, sold = w.put(2_400, far=True), w.call(2_500)
    for series in (kept, sold):
        w.mint(series, 4 * ETH)
    moved_to(w, corner(seed))
    fresh(w)
    w.push_wad(w.spot * 10_015 // 10_000)
    filled, paid = w.close(sold, 3 * ETH).returned
    assert filled == 3 * ETH
    assert paid > 0
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 4, lp, lp, sender=lp)
    w.engine.advance(DAY + 2 * HOUR)
    w.move(w.spot // 10**18)
    fresh(w)
    vault.send("process", 5, sender=w.stranger)
    if vault.call("maxWithdraw", lp) == 0:  # it may wait for a calm moment, and not longer
        w.engine.advance(w.terms()["exit_wait"] + HOUR)
        fresh(w)
        vault.send("process", 5, sender=w.stranger)
    assert vault.call("maxWithdraw", lp) > 100_000 * USD
    w.settle(w.near, 2_600)
    assert w.tandem.redeem(sold, ETH).returned == 100 * USD
