"""Behind a jump past all that lies at a lending market a keeper has the account begin anew."""

from __future__ import annotations

import pytest
from several import wiped_out
from test_distress import keeper_of
from worlds import World

from keeper.journal import State
from keeper.planner import Kind


@pytest.fixture(params=["aave", "morpho"])
def wiped(request: pytest.FixtureRequest) -> World:
    return wiped_out(request.param)


@pytest.mark.proves("LM-2", "FL-8")
def test_a_keeper_has_the_account_begin_anew_and_sends_margin_again(wiped: World) -> None:
    """LM-2: "what was owed past all that lay there is gone with the next `accept`": which nobody sent, and
    until then `top_up` and every deposit are refused."""
    keeper = keeper_of(wiped)
    assert wiped.tandem.snapshot().account.bankrupt
    done = keeper.cycle()
    assert (done[0].intent.kind, done[0].result.state) == (Kind.ACCEPT, State.MINED)
    assert not wiped.tandem.snapshot().account.bankrupt
    wiped.move(7_000)
    wiped.rest()
    later = [each.intent.kind for each in keeper.cycle()]
    assert Kind.ACCEPT not in later
    wiped.tandem.deposit(1_000 * 10**6)
