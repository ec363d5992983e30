"""HG-14: a keeper is paid for the hedge where that is worth more than its gas, and stamps where it waits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_planner import Always, kinds, snapshot

from keeper.planner import Facts, Kind, PlannerSettings, plan

OFF = PlannerSettings(bounty=False)


def test_a_hedge_that_is_paid_for_goes_through_the_bounty() -> None:
    found = plan(snapshot(), Facts(bounty=2_500_000), Always(0.0))
    (intent,) = found.intents
    assert (intent.kind, intent.args) == (Kind.BOUNTY, (0,))
    assert "2.50 USD over its gas" in intent.reason


@pytest.mark.parametrize("facts", [Facts(), Facts(stamp=True)])
def test_one_that_is_not_goes_as_it_did(facts: Facts) -> None:
    assert kinds(plan(snapshot(), facts, Always(0.0))) == [Kind.REBALANCE]


def test_where_the_policy_waits_the_residual_is_stamped() -> None:
    assert kinds(plan(snapshot(), Facts(stamp=True), Always(None))) == [Kind.STAMP]


def test_and_where_the_pool_takes_none_of_it() -> None:
    facts = Facts(stamp=True, hedge_room=0)
    assert kinds(plan(snapshot(), facts, Always(0.0))) == [Kind.STAMP]


def test_a_keeper_that_leaves_bounties_alone_neither_stamps_nor_is_paid() -> None:
    facts = Facts(stamp=True, bounty=10**6)
    assert kinds(plan(snapshot(), facts, Always(None), OFF)) == []
    assert kinds(plan(snapshot(), facts, Always(0.0), OFF)) == [Kind.REBALANCE]
    none = replace(OFF, bounty=True, rebalance=False)
    assert kinds(plan(snapshot(), facts, Always(0.0), none)) == []
