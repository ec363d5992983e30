"""A keeper beside others, and one whose inputs are bad."""

from __future__ import annotations

from typing import Any

import pytest

from keeper.cycle import Keeper
from keeper.journal import State
from keeper.planner import Kind
from tandem.units import WAD


def test_a_cycle_leaves_nothing_that_is_due(keeper: Keeper, market: Any) -> None:
    market.engine.advance(700)
    market.move(2_650)
    market.rest()
    done = keeper.cycle()
    assert {Kind.REBALANCE, Kind.POST} <= {d.intent.kind for d in done}
    assert all(d.result.state is State.MINED for d in done)
    assert keeper.plan()[1].intents == ()
    assert keeper.cycle() == []


def test_a_hedge_off_the_average_waits_without_a_refusal(keeper: Keeper, market: Any) -> None:
    """HG-17: after a jump that the pool's three-minute average has not followed, a rebalance begins a
    wait and fills nothing. The keeper sends that one, says so, and comes again once it fits."""
    market.move(2_650)
    before = market.tandem.snapshot().stance.residual
    hedges = [d for d in keeper.cycle() if d.intent.kind is Kind.REBALANCE]
    assert [d.result.state for d in hedges] == [State.MINED]
    since = market.tandem.router.ledger().since
    assert since > 0
    assert abs(market.tandem.snapshot().stance.residual) == pytest.approx(abs(before), rel=1e-6)
    market.engine.advance(5)
    assert Kind.REBALANCE not in {d.intent.kind for d in keeper.cycle()}
    assert any("at its own pace" in note for note in keeper.plan()[1].notes)
    market.rest()
    assert Kind.REBALANCE in {d.intent.kind for d in keeper.cycle()}
    assert market.tandem.router.ledger().since == 0
    stance = market.tandem.snapshot().stance
    assert abs(stance.residual) < stance.hard // 2 < abs(before)


def test_a_rival_that_is_first_costs_no_gas(keeper: Keeper, market: Any) -> None:
    market.move(2_650)
    market.rest()
    before = market.nonce()
    sender = keeper.sender
    assert sender is not None
    snapshot, plan = keeper.plan()
    market.tandem.rebalance(sender=market.engine.accounts[6])
    (hedge,) = [i for i in plan.intents if i.kind is Kind.REBALANCE]
    result = keeper._act(sender, snapshot, hedge)
    assert result.state is State.DROPPED
    assert "hedge: inside trigger" in result.note
    assert market.nonce() == before
    assert sender.journal.recent() == []


def test_a_dead_feed_stops_hedges_and_margin(keeper: Keeper, market: Any) -> None:
    market.move(2_650)
    market.engine.advance(5_000)
    done = keeper.cycle()
    assert {d.intent.kind for d in done} <= {Kind.POST}
    assert any("spot: stale" in note for note in keeper.plan()[1].notes)


def test_an_expiry_is_settled_and_its_hedge_closed_in_one_cycle(
    keeper: Keeper, market: Any
) -> None:
    market.engine.set_time(market.series.expiry - 60)
    market.move(2_800)
    keeper.cycle()
    market.engine.set_time(market.series.expiry + 5)
    market.tandem.exchange.set_index(2_800 * WAD)
    kinds = [d.intent.kind for d in keeper.cycle() if d.result.state is State.MINED]
    assert kinds[:2] == [Kind.SETTLE, Kind.REBALANCE]
    assert market.tandem.market.call("settlement", market.series.expiry) == 2_800 * WAD
    assert market.tandem.router.call("position") == 0


def test_two_cycles_never_run_at_once(keeper: Keeper, market: Any) -> None:
    market.move(2_650)
    market.rest()
    with keeper._lock:
        assert keeper.cycle() == []
    assert keeper.cycle() != []
