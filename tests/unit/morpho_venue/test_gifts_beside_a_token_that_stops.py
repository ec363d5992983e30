"""LM-2, LM-8: what a stranger pledged is in nobody's way while its token is paused, or lists our adapter.

What others pledge where it carries nothing repays what is owed of it. Where the token does not let it through
it stays pledged, and margin moves beside it as it did before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import morpho_bench
import pytest
from issuers import issued
from morpho_bench import EXCHANGES, RECIPES, Bench
from morpho_gifts import SIDES, UNIT, opened

from tandem.engine.base import Contract
from tandem.units import USD, WAD
from tandem.venues import Opening

LOSS = 10 * UNIT
"""What roundings of both markets come to, WAD USD."""
Stop = Callable[[Bench, Contract, bool], object]


@cache
def built(exchange: str) -> Bench:
    with issued():
        return morpho_bench.opened(RECIPES[exchange](used=False), Opening())


@pytest.fixture(params=EXCHANGES)
def stopped(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The issuer of either token is an enemy."""
    bench = built(request.param)
    with bench.undone():
        yield bench


def paused(bench: Bench, token: Contract, is_stopped: bool) -> object:
    return token.send("pause", is_stopped, sender=bench.stranger)


def listed(bench: Bench, token: Contract, is_stopped: bool) -> object:
    return token.send("list_one", bench.venue, is_stopped, sender=bench.stranger)


STOPS = pytest.mark.parametrize("stop", [paused, listed])
PARTS = pytest.mark.parametrize("part", [0, 10], ids=["one unit", "a tenth"])


def pledge(bench: Bench, side: int, part: int) -> Contract:
    """Of what is owed, a tenth or one unit, in the market in which that carries nothing. The token."""
    market = bench.morpho
    token, own = (market.weth, market.short) if side < 0 else (market.usdc, market.long)
    amount = own.debt(bench.venue) // part if part else 1
    market.supply_for(bench.stranger, bench.venue, amount, token)
    return token


@pytest.mark.proves("LM-2", "LM-8")
@SIDES
@PARTS
@STOPS
def test_what_was_given_stops_no_margin(stopped: Bench, side: int, part: int, stop: Stop) -> None:
    """One wei that a stranger had pledged kept all margin from coming and from going, and gifts from being
    booked, while ether was paused, and for good where it lists the adapter."""
    bench, venue = stopped, stopped.venue
    opened(bench, side)
    before = bench.equity()
    token = pledge(bench, side, part)
    stop(bench, token, True)
    venue.send("accept", sender=bench.stranger)
    assert bench.equity() <= before + LOSS
    if side < 0:
        bench.fund(1_000)
        assert bench.equity() == pytest.approx(before + 1_000 * WAD, abs=LOSS)
    if side > 0 and stop is paused:
        return  # then no dollar goes anywhere
    free = venue.call("free_collateral")
    there = bench.equity()
    assert free > 100 * USD
    venue.send("withdraw", free, bench.router, sender=bench.router)
    assert bench.equity() == pytest.approx(there - free * UNIT, abs=LOSS)


@pytest.mark.proves("LM-2", "LM-7", "FL-8")
@SIDES
@PARTS
@STOPS
def test_behind_it_what_was_given_repays(stopped: Bench, side: int, part: int, stop: Stop) -> None:
    """The next act of ours takes it, as if nothing had been in between; nothing that was given is worth
    anything to us."""
    bench, market = stopped, stopped.morpho
    opened(bench, side)
    before = bench.equity()
    token = pledge(bench, side, part)
    held = bench.position()
    stop(bench, token, True)
    for _ in range(2):
        bench.venue.send("accept", sender=bench.stranger)
        assert abs(bench.position() - held) < 10**6
    stop(bench, token, False)
    bench.venue.send("accept", sender=bench.stranger)
    other = market.long if side < 0 else market.short
    assert other.account(bench.venue).pledged == 0
    assert bench.equity() == pytest.approx(before, abs=LOSS)
    bench.trade(-bench.position())
    assert (market.short.debt(bench.venue), market.long.debt(bench.venue)) == (0, 0)
    assert bench.equity() <= before + LOSS


@pytest.mark.proves("LM-1", "LM-3")
@SIDES
@PARTS
@pytest.mark.parametrize("order", ["all", "lowers", "enlarges"])
def test_what_is_said_to_fill_fills_though_it_is_booked_and_not_repaid(
    stopped: Bench, side: int, part: int, order: str
) -> None:
    """An order is the first act of ours behind the stop."""
    bench = stopped
    opened(bench, side)
    token = pledge(bench, side, part)
    paused(bench, token, True)
    bench.venue.send("accept", sender=bench.stranger)
    paused(bench, token, False)
    held, before = bench.position(), bench.equity()
    size = {"all": -held, "lowers": -held // 3, "enlarges": held // 10}[order]
    assert bench.most(size) == abs(size)
    bench.trade(size)
    assert bench.position() == pytest.approx(held + size, abs=10**6)
    assert bench.equity() <= before + LOSS
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.equity() <= before + LOSS


@pytest.mark.proves("LM-2")
@SIDES
@PARTS
def test_beside_it_orders_that_move_no_listed_token_go(
    stopped: Bench, side: int, part: int
) -> None:
    """A short borrows ether straight into the pool, though ether lists the adapter; a long dollars."""
    bench = stopped
    opened(bench, side)
    listed(bench, pledge(bench, side, part), True)
    held, before = bench.position(), bench.equity()
    bench.trade(side * WAD)
    assert bench.position() == pytest.approx(held + side * WAD, abs=10**6)
    assert bench.equity() <= before + LOSS
