"""What a plan says of what waits, and what it does where spot is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_planner import FAR, NEAR, NOW, WORD, Always, account, kinds, snapshot

from keeper.planner import Facts, Kind, plan


def test_once_no_feed_is_left_the_hedge_goes_home_whatever_the_policy_sees() -> None:
    """AV-1, "no feed left": a rebalance goes at the venue's index. Before that it is not planned."""
    market = snapshot(spot_fresh=False)
    assert kinds(plan(market, Facts(last_resort=True), Always(None))) == [Kind.REBALANCE]
    assert kinds(plan(market, Facts(), Always(0.0))) == []


@pytest.mark.parametrize(("residual", "sent"), [(0.15, False), (0.25, True), (-0.25, True)])
def test_the_hedge_is_brought_home_for_exits_only_where_it_keeps_them(
    residual: float, sent: bool
) -> None:
    """SH-8: calm is "the residual inside the band h", 0.2 ETH here. From the trigger of 0.1 on the keeper
    paid the venue's fee for exits that waited for something else."""
    found = plan(snapshot(residual), Facts(exits_wait=True), Always(None))
    assert (Kind.REBALANCE in kinds(found)) is sent


def test_what_exits_and_margin_wait_for_is_said_in_the_chains_words() -> None:
    """Nobody was told that exits wait; margin that lacks was always the Vault's fault."""
    lacking = snapshot(account=account(10**9))
    facts = Facts(exits_wait=True, exits_refused="not calm [x]", top_up_refused="spent [y]")
    notes = plan(lacking, facts, Always(None)).notes
    assert "LP exits: not calm [x]" in notes
    assert "margin lacks 1,000.00 USD: spent [y]" in notes


@pytest.mark.parametrize(("age", "first"), [(21_599, Kind.PROCESS), (21_600, Kind.POST)])
def test_exits_are_priced_by_slices_that_are_at_hand(age: int, first: Kind) -> None:
    """SH-10: an expiry that nobody renewed for `exit_wait` stops no exit. A keeper that came back
    paid who left by that, 9.96 USD for shares of 10.01, and posted the slices in the same minute."""
    silent = snapshot(surface_time=NOW - age)
    facts = Facts(exits=10**8, slices={FAR: WORD, NEAR: WORD})
    found = kinds(plan(silent, facts, Always(None)))
    assert found[0] is first
    assert sorted(found) == sorted([Kind.POST, Kind.PROCESS])
    assert kinds(plan(silent, replace(facts, slices={}), Always(None))) == [Kind.PROCESS]


def test_who_renews_by_turns_is_waited_for_no_longer() -> None:
    """SF-7: two that are never fresh together stop none, however young either is. A keeper that
    looked at their age alone took no mark, and paid who left before it had posted what it had."""
    turns = snapshot(surface_time=NOW - 901)
    patience = turns.parameters["exit_wait"]
    facts = Facts(exits=10**8, slices={FAR: WORD, NEAR: WORD}, whole_at=NOW - patience)
    assert kinds(plan(turns, facts, Always(None)))[-1] is Kind.PROCESS
    early = replace(facts, whole_at=NOW - patience + 1)
    assert kinds(plan(turns, early, Always(None)))[0] is Kind.PROCESS
