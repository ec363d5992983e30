"""Once no feed is left, the keeper still brings the hedge home and lets LPs leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from tandem.units import DAY, HOUR

Run = Callable[..., Result]
Ask = Callable[..., Any]


@pytest.mark.proves("AV-1", "AV-2")
def test_the_hedge_goes_home_at_the_venues_index(tandem: Run, ask: Ask, market: Any) -> None:
    """AV-1, "no feed left": rebalances go on at the venue's index. The keeper never sent one."""
    t = market.tandem
    market.move(2_650)
    before = t.snapshot().stance
    assert abs(before.residual) > before.hard
    market.engine.advance(3 * DAY + HOUR)
    sent = []
    for _ in range(8):
        done = ask("run", "--once")["actions"]
        sent += [(each["kind"], each["state"]) for each in done]
        market.engine.advance(61)
    assert 1 <= sent.count(("rebalance", "mined")) <= 2
    assert abs(t.snapshot().stance.residual) < before.hard
    said = {wait["name"]: wait["found"] for wait in ask("status")["waits"]}
    assert "heartbeat" in said["what needs spot"]
    assert "venue's index" in said["without a feed"]
