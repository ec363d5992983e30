"""Behind a jump past all that lies at a lending market a keeper sends margin, and tells nobody first."""

from __future__ import annotations

import pytest
from several import wiped_out
from test_distress import keeper_of
from worlds import World

from keeper.planner import Kind


@pytest.fixture(params=["aave", "morpho"])
def wiped(request: pytest.FixtureRequest) -> World:
    return wiped_out(request.param)


@pytest.mark.proves("LM-2", "FL-8")
def test_what_lenders_bore_keeps_no_margin_and_no_deposit_away(wiped: World) -> None:
    """LM-2: "who owes nothing owes nobody more than is lent": `top_up` and every deposit were refused until
    somebody had told the adapter to look."""
    wiped.move(7_000)
    wiped.rest()
    done = {each.intent.kind for each in keeper_of(wiped).cycle()}
    assert Kind.TOP_UP in done
    assert not wiped.tandem.snapshot().account.bankrupt
    wiped.tandem.deposit(1_000 * 10**6)
