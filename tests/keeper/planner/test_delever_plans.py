"""When the keeper lowers the hedge to what its margin carries (FL-10, HG-20, HG-21)."""

from __future__ import annotations

import pytest
from test_planner import Always, account, kinds, snapshot

from keeper.planner import Facts, Kind, PlannerSettings, plan
from tandem.units import WAD

SHORT = account(10**9)
HELD = {"position": 2 * WAD, "account": SHORT}


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("order", [-WAD, 0])
def test_it_follows_a_top_up_that_is_refused_or_does_not_do(order: int) -> None:
    """Also where it only begins to wait: that is a transaction of its own."""
    refused = Facts(delever=order, top_up_refused="floor or budget")
    found = plan(snapshot(**HELD), refused, Always(None))
    assert kinds(found) == [Kind.DELEVER]
    assert "floor or budget" in found.notes[0]
    assert "lacks 1,000.00 USD" in found.intents[0].reason
    both = plan(snapshot(**HELD), Facts(delever=order, top_up=1), Always(None))
    assert kinds(both) == [Kind.TOP_UP, Kind.DELEVER]


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize(
    ("residual", "order"),
    [(0.5, [Kind.REBALANCE, Kind.DELEVER]), (-0.5, [Kind.DELEVER, Kind.REBALANCE])],
)
def test_a_rebalance_that_lowers_the_hedge_goes_first(residual: float, order: list[Kind]) -> None:
    found = plan(snapshot(residual, account=SHORT), Facts(delever=-WAD), Always(0.0))
    assert kinds(found) == order


@pytest.mark.proves("HG-20")
def test_while_spot_is_refused_it_goes_by_the_venue() -> None:
    found = plan(snapshot(spot_fresh=False, **HELD), Facts(delever=-WAD), Always(0.0))
    assert kinds(found) == [Kind.DELEVER]


@pytest.mark.proves("HG-20")
def test_who_moves_no_margin_lowers_no_hedge() -> None:
    nothing = PlannerSettings(margin=False)
    for fresh in (True, False):
        found = plan(snapshot(spot_fresh=fresh, **HELD), Facts(delever=-WAD), Always(None), nothing)
        assert found.intents == ()


@pytest.mark.proves("HG-21")
def test_a_hedge_that_margin_does_not_carry_is_a_note() -> None:
    facts = Facts(hedge_room=0, margin_binds=True)
    found = plan(snapshot(-0.5), facts, Always(0.0))
    assert found.intents == ()
    assert "margin carries none of the 0.5000 ETH" in found.notes[0]
