"""BR-4: "A mark of nearly an hour has saved up a second `hour`: so much at once at the most, and three times
`hour` within any hour"; BR-5: `signers_hour` counts as much. What an hour gives back is reckoned from the
mark's time on, whether anything had been opened by then or not. It counted two."""

from __future__ import annotations

import pytest
from hour_bench import bought, room
from worlds import ETH, USD, WIDE, World, build

from tandem.protocol.deploy import DeploySettings
from tandem.units import HOUR

HOURLY = 40 * ETH
TERMS = WIDE | {"hour": 1_000, "gate": 4_000}


@pytest.fixture
def w() -> World:
    """At the end of a mark by anybody, and nearly an hour in which nothing was opened."""
    w = build(settings=DeploySettings(terms=TERMS))
    w.tandem.stress.send("remark", sender=w.stranger)
    marked = w.engine.now()
    while w.engine.now() < marked + HOUR - 400:
        w.engine.advance(240)
        w.push_wad(w.spot)
        w.post()
    w.engine.advance(marked + HOUR - 120 - w.engine.now())
    assert w.tandem.snapshot().gate.is_fresh
    return w


@pytest.mark.proves("BR-4")
def test_at_once_it_is_twice_an_hour_at_the_most(w: World) -> None:
    """By a new mark in between; what is shown is what is left before that."""
    assert room(w) == pytest.approx(HOURLY, rel=0.02)
    start = w.engine.now()
    assert 1.9 * HOURLY < bought(w) <= 2.01 * HOURLY
    assert w.engine.now() < start + 60


@pytest.mark.proves("BR-4", "BR-5")
def test_within_an_hour_it_is_three_times_and_signers_hour_counts_so_much(w: World) -> None:
    start, spot = w.engine.now(), 2_500
    said = w.tandem.breaker.signers_hour()
    total = bought(w)
    while w.engine.now() < start + HOUR - 400:
        w.curie.converge()
        w.engine.advance(240)
        w.freshen()
        total += bought(w)
    assert w.engine.now() - start <= HOUR
    assert 2.8 * HOURLY < total <= 3.03 * HOURLY
    # at an expiry's first slice, three of volatility, times the most vega of an option
    assert said / USD > 0.98 * total / ETH * spot * 3 * 0.1401
