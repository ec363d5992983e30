"""`tandem status` of a market that nobody has been to."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from keeper.cli._nodes import FAIL
from keeper.cli.doctor import margin_line
from keeper.gauges import Sight, of_market
from tandem.cli import risk, status
from tandem.client import limits
from tandem.client.margin import distress
from tandem.protocol.bindings.structs import HedgeAccount
from tandem.protocol.deployment import handles
from tandem.protocol.waits import snapshot_of
from tandem.units import USD


def test_a_vault_without_a_mark_has_none_of_1970(market: Any) -> None:
    """Right after a deployment it said "0.00 USD at 1970-01-01"."""
    s = snapshot_of(handles(market.engine, market.deployment))
    fresh = replace(s, funds=replace(s.funds, nav=0, nav_time=0))
    assert dict(status._facts(fresh, "ETH"))["NAV, low"] == "never marked: nobody has deposited"
    assert " USD at 20" in dict(status._facts(s, "ETH"))["NAV, low"]


def test_what_nobody_knows_is_said_and_not_told_as_nothing(market: Any) -> None:
    """A venue does not say what its account is worth: neither 0.00 USD lie there, nor does nothing lack."""
    s = snapshot_of(handles(market.engine, market.deployment))
    nothing = HedgeAccount(0, 0, 0, False, 0, 0, 0, 0)
    blind = replace(s, account=nothing, account_known=False)
    told = dict(status._facts(blind, "ETH"))
    assert told["margin at the venue"] == status.UNKNOWN
    assert told["top-up due"] == "not known"
    row = risk._row(blind, 0)
    assert row["hedge"] is None
    assert row["left"] == (s.funds.cash - s.funds.exits - s.claims) / USD - row["owed"]
    line = margin_line(blind, 0, "ETH")
    assert line.state == FAIL
    assert "take" in line.todo
    assert not distress(blind, 0)
    on = handles(market.engine, market.deployment)
    asked = limits.ask(market.deployment, on, blind, 0)
    used = {each.name: each.used for each in limits.limits(blind, asked)}
    assert used["next top-up, USD"] is None
    gauges = {each.name: each.samples[0].value for each in of_market(Sight(1, blind, 0), "ETH")}
    assert gauges["tandem_account_unknown"] == 1
    assert math.isnan(gauges["tandem_margin_lacking_usd"])
