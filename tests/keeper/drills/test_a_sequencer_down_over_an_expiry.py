"""A rollup's sequencer that was down, margin that lacks once it is back, an expiry within its grace hour."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from lived_in import Market, beside_a_feed, keyed, typed

from tandem.units import HOUR, MINUTE, USD

Run = Callable[..., Result]
DOWN, GRACE = "sequencer is reported down", "sequencer came back only just now"


@pytest.fixture
def rollup(settings: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Market, Any]]:
    """A market that has sold one call, on a chain with a sequencer's feed; and that feed."""
    what, file = "L2 Sequencer Uptime Status Feed", settings / "local.json"
    with beside_a_feed(file, "sequencer_feed", 0, what, 0, older=2 * HOUR) as (market, uptime):
        keyed(settings, monkeypatch, market)
        yield market, uptime


def once() -> str:
    done = typed("run", "--once")
    assert done.exit_code == 0, done.stderr
    return done.stderr


def says(words: str) -> None:
    """The reason is the same for whoever asks, and none of them sends him to a feed that answers."""
    lines = {each["name"]: each for each in json.loads(typed("doctor", "--json").stdout)}
    assert words in lines["what needs spot"]["found"]
    assert "wait for the feed" not in lines["oracle"]["todo"]
    plan = typed("run", "--dry-run", "--once").stdout
    assert words in plan
    assert "until a feed answers" not in plan
    shown = " ".join(typed("status").stdout.split())
    assert "REFUSED" in shown
    assert words in shown


@pytest.mark.live
def test_margin_and_settlement_wait_for_no_grace_and_the_hedge_goes_home_behind_it(
    rollup: tuple[Market, Any],
) -> None:
    """In the grace hour the feed answers and is fresh: the keeper said that it was not believed, and that the
    hedge waits "until a feed answers"."""
    m, uptime = rollup
    by = m.engine.accounts[0]
    m.engine.advance(m.series.expiry - m.engine.now() - 4 * HOUR)
    for price in (2_500, 2_550):
        m.move(price)
        once()
        m.rest()
    uptime.send("push", 1, sender=by)
    said = once()
    assert DOWN in said
    says(DOWN)
    m.engine.advance(3 * HOUR + 30 * MINUTE)
    uptime.send("push", 0, sender=by)
    m.move(2_100)
    said = once()
    assert GRACE in said
    assert "intent=top_up" in said
    assert m.tandem.snapshot().account.top_up == 0
    says(GRACE)
    m.engine.advance(m.series.expiry - m.engine.now() + MINUTE)
    m.move(2_100)
    said = once()
    assert "intent=settle" in said
    assert "intent=rebalance" not in said
    says(GRACE)
    paid = typed("redeem", str(m.series), "--account", m.tandem.trader, "--yes")
    assert paid.exit_code == 0, paid.stderr
    m.engine.advance(HOUR)
    said = ""
    for _ in range(4):
        m.move(2_100)
        said += once()
        m.rest()
    assert "intent=rebalance" in said
    s = m.tandem.snapshot()
    assert (s.position, s.expiries, s.maxima) == (0, (), 0)
    assert s.funds.cash > 990_000 * USD
