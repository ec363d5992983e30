"""SF-7: a keeper knows when all that is open was last fresh together, where it is not now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_what_can_be_due import observer_of
from worlds import ETH, World, build

from keeper.planner import Kind, PlannerSettings, plan
from keeper.policy import Decision, MarketState
from tandem.engine.base import Receipt
from tandem.protocol.series import Series
from tandem.units import DAY, MINUTE


class Never:
    """No policy is asked here."""

    def decide(self, state: MarketState) -> Decision:
        del state
        return Decision(None, "nothing")


def turned(w: World, seconds: int) -> int:
    """Renew two open expiries by turns for so long, each while the other is stale; when both were fresh."""
    both = w.near, w.far
    for expiry in both:
        w.mint(Series(expiry, False, 2_500, 5_000), ETH // 100)
        w.tandem.post({expiry: w.slices[expiry]})
    whole = w.engine.now()
    for turn in range(seconds // (30 * MINUTE)):
        w.engine.advance(30 * MINUTE)
        w.push_wad(w.spot)
        one = both[turn % 2]
        (posted,) = w.tandem.post({one: w.slices[one]})
        assert isinstance(posted, Receipt)
    return whole


@pytest.mark.proves("SF-7", "SH-10")
def test_exits_beside_them_are_paid_after_slices_that_are_at_hand() -> None:
    """The age of the oldest slice alone says half an hour for ever: who left was paid at the maxima, and what
    this keeper had signed itself came after."""
    w = build()
    vault, lp = w.tandem.vault, w.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    whole = turned(w, 2 * DAY)
    w.engine.advance(16 * MINUTE)
    w.push_wad(w.spot)
    snapshot, facts = observer_of(w.tandem).observe(w.tandem.keeper)
    assert abs((facts.whole_at or 0) - whole) <= 2
    assert snapshot.surface_age < snapshot.parameters["exit_wait"]
    facts = replace(facts, slices={w.near: 1, w.far: 1})
    kinds = [each.kind for each in plan(snapshot, facts, Never(), PlannerSettings()).intents]
    assert kinds[-1] is Kind.PROCESS


def test_where_all_is_fresh_nobody_asks() -> None:
    w = build()
    w.mint(Series(w.near, False, 2_500, 5_000), ETH // 100)
    assert observer_of(w.tandem).observe(w.tandem.keeper)[1].whole_at is None
