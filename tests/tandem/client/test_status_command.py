"""`tandem status` of a market that nobody has been to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tandem.cli import status
from tandem.protocol.deployment import handles
from tandem.protocol.waits import snapshot_of


def test_a_vault_without_a_mark_has_none_of_1970(market: Any) -> None:
    """Right after a deployment it said "0.00 USD at 1970-01-01"."""
    s = snapshot_of(handles(market.engine, market.deployment))
    fresh = replace(s, funds=replace(s.funds, nav=0, nav_time=0))
    assert dict(status._facts(fresh, "ETH"))["NAV, low"] == "never marked: nobody has deposited"
    assert " USD at 20" in dict(status._facts(s, "ETH"))["NAV, low"]
