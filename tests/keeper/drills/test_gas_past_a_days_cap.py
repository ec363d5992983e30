"""A day whose gas is spent, as operators.md tells it: what cannot wait goes on, and what waits is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import Result
from faults.ledgers import GWEI, costs
from faults.test_killed_at_every_step import NOWHERE

from tandem.units import HOUR

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def spent(tandem: Run, market: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Of a day of 0.0001 ETH nothing is left for what can wait."""
    monkeypatch.setenv("TANDEM_FEES__DAY_ETH", "0.0001")
    costs(market, GWEI)
    yield
    costs(market, 0)


def once(tandem: Run, market: Any) -> str:
    costs(market, GWEI)
    done = tandem("run", "--once")
    assert done.exit_code == 0, done.stderr
    return done.stderr


def test_an_expiry_is_settled_and_the_hedge_behind_it_goes_home(tandem: Run, market: Any) -> None:
    """The residual past its hard band, whose caps are its own, waited behind a settlement whose caps were
    not: "settle first", for as long as the day lasted, and `doctor` said that a keeper settles."""
    m = market
    m.engine.advance(m.series.expiry - m.engine.now() + 60)
    m.move(2_600)
    m.rest()
    said = once(tandem, m)
    assert "mined" in said
    assert "intent=settle" in said
    for _ in range(3):
        m.rest()
        said += once(tandem, m)
    assert "intent=rebalance" in said
    assert "settle first" not in said
    assert m.tandem.snapshot().position == 0


def test_notes_of_a_feed_that_fails_go_on(tandem: Run, market: Any) -> None:
    """AV-2: three days are counted from notes no two of which are too far apart: a day without one began them
    anew, and LPs waited as much longer."""
    m, spot = market, market.tandem.spot
    m.tandem.exchange.feed.send("set_latest", NOWHERE, sender=m.tandem.exchange.owner)
    once(tandem, m)
    since = spot.call("failing_since")
    for _ in range(8):
        m.engine.advance(HOUR + 1)
        once(tandem, m)
    assert spot.call("failing_since") == since > 0
    assert m.engine.now() - spot.call("failing_last") <= 2 * HOUR + 60


def test_what_waits_for_its_cap_is_named_with_what_ends_it(tandem: Run, market: Any) -> None:
    """`doctor` said of slices that were too old "run a keeper with surface keys": one ran, had them, and had
    spent its day."""
    m = market
    m.rest()
    m.move(2_900)
    m.rest()
    assert "intent=rebalance" in once(tandem, m)
    assert "ETH went in a day" in once(tandem, m)
    (fees,) = [
        each for each in json.loads(tandem("doctor", "--json").stdout) if each["name"] == "fees"
    ]
    assert fees["state"] == "warn"
    assert "what can wait is not sent" in fees["found"]
    assert "TANDEM_FEES__DAY_ETH" in fees["todo"]
