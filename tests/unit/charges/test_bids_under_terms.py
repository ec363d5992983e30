"""R40: no set of terms inside their bounds takes a holder's bid, and none lowers it at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from worlds import ETH, USD, WINDOW, World

from tandem.protocol import terms
from tandem.protocol.series import Series

HOLDINGS = 2 * ETH
# What a close's deal depends on.
PRICING = (
    "half_spread", "spread_slope", "fee", "gamma_cap", "vega_cap", "hedge_cost", "risk_aversion",
    "surface_age",
)  # fmt: skip


def held(world: World) -> list[Series]:
    """Options of every shape, some of them far from the money by now."""
    series = [
        world.call(2_500), world.call(2_500, 2_600), world.put(2_500), world.put(2_400, 2_250),
        world.call(3_000, far=True), world.put(2_250, far=True),
    ]  # fmt: skip
    for one in series:
        world.mint(one, HOLDINGS)
    return series


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize(
    ("name", "amount"), [("spread_slope", 1_000), ("gamma_cap", 50), ("vega_cap", 10)]
)
def test_r40_what_lowers_a_bid_waits(world: World, name: str, amount: int) -> None:
    """PW-1: "spreads, their caps and their windows wait": what is bid is the same after the call."""
    assert are_bid_the_same(world, held(world), name, amount)


@pytest.mark.proves("PW-1")
def test_r40_a_longer_window_of_two_slices_waits(world: World) -> None:
    """PW-1: "spreads, their caps and their windows wait": the lower of two slices is bid for
    no longer than before."""
    series = world.call(2_500)
    world.mint(series, HOLDINGS)

    def risen() -> int:
        world.shift(world.near, 0.01, after=500)
        world.engine.advance(WINDOW)
        world.push_wad(world.spot)
        return world.tandem.quote(series, HOLDINGS, True).premium

    with world.undone():
        before = risen()
    guardian, owner = world.tandem.guardian, world.tandem.roles.deployer
    guardian.send("set_term", terms.FIELDS["surface_window"].index, 900, sender=owner)
    assert risen() == pytest.approx(before, rel=1e-5)


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize(
    "name", [n for n, field in terms.FIELDS.items() if field.tighter == "down"]
)
def test_r40_no_term_that_applies_at_once_lowers_a_bid(world: World, name: str) -> None:
    """PW-1: "Nothing that applies at once lowers what a holder is bid": each of them at its least."""
    series = held(world)
    assert are_bid_the_same(world, series, name, terms.FIELDS[name].low)
    assert world.terms()[name] == terms.FIELDS[name].low


def are_bid_the_same(world: World, series: list[Series], name: str, amount: int) -> bool:
    """Whether holders are bid what they were, once the owner asked for this."""
    before = [world.tandem.quote(s, HOLDINGS, True).premium for s in series]
    guardian, owner = world.tandem.guardian, world.tandem.roles.deployer
    guardian.send("set_term", terms.FIELDS[name].index, amount, sender=owner)
    after = [world.tandem.quote(s, HOLDINGS, True).premium for s in series]
    return all(a >= b - b // 10**5 for a, b in zip(after, before, strict=True))  # seconds passed


@pytest.mark.proves("PW-1", "PW-2")
@pytest.mark.parametrize("name", ["surface_age", "surface_move"])
def test_r40_stricter_surfaces_wait(world: World, name: str) -> None:
    """PW-1: "how fresh surfaces must be, and how fast they may move" waits; PW-2: "No parameter that applies
    at once stops closes". At once they lowered a bid beside an older slice from 258 to 249 USD, and stopped
    closes until the next post."""
    near, far = world.call(2_500), world.call(2_500, far=True)
    world.mint(near, HOLDINGS)
    world.mint(far, HOLDINGS)
    world.engine.advance(400)
    world.push_wad(world.spot)
    world.tandem.post({world.near: world.slices[world.near]})
    world.engine.advance(WINDOW)
    assert are_bid_the_same(world, [near, far], name, terms.FIELDS[name].low)
    assert world.close(far, HOLDINGS)


def corners() -> Iterator[int]:
    """The first word at every corner of the bounds of what a close depends on."""
    ends = [(terms.FIELDS[name].low, terms.FIELDS[name].high) for name in PRICING]
    for values in itertools.product(*ends):
        yield terms.defaults(**dict(zip(PRICING, values, strict=True)))[0]


def assessed(world: World, series: Series) -> tuple[Any, ...]:
    """What the Underwriter is asked with for a close: exposure, Greeks, the expiry's words."""
    t, now = world.tandem, world.engine.now()
    _, rows, slot = t.market.call("open_book", series.expiry)
    headers = [row[0] for row in rows]
    slices = t.surface.call("read", [h and _expiry(h) for h in headers])[0]
    known = [[row[0], word, *row[2:]] for row, word in zip(rows, slices, strict=True)]
    query = (series.expiry, series.is_put, series.strike, series.other, slices[slot], 0)
    exposure, greeks = t.risk.call("assess", known, world.spot, now, query)
    return exposure, greeks, (rows[slot][0], list(rows[slot][2:]))


def _expiry(header: int) -> int:
    return header >> 8 & (1 << 32) - 1


@pytest.mark.proves("PR-3")
def test_r40_at_no_corner_of_the_bounds_has_anything_of_worth_no_bid(world: World) -> None:
    """R40: "has bounds on its parameters under which no combination stops a close"; PR-3: "what is
    worth something has a bid, whatever the terms and however full the book"."""
    t, asked = world.tandem, 0
    for series in held(world):
        exposure, greeks, words = assessed(world, series)
        for word in corners():
            for nav in (10**6 * USD, 10**3 * USD, 0):
                desk = (word, world.engine.now(), world.spot, nav, 12 * ETH << 16, 10**15, 0, 0)
                order = (series.id, HOLDINGS, True, nav, False, 0)
                deal = t.underwriter.call("underwrite", exposure, greeks, words, desk, order)
                asked += 1
                if deal[0] == HOLDINGS:
                    assert 2 * deal[1] >= deal[4] - 2 > 0, (series, hex(word), nav)
                    assert deal[2] <= deal[1] // 10
    assert asked == 6 * 3 * 2 ** len(PRICING)
