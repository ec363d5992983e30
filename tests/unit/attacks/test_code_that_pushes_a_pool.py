"""A member's new code moves another member's pool in the middle of an order, behind every look at it."""

from __future__ import annotations

from typing import Any

import pytest
from issuers import markets
from several import legs
from under_way import rebalances, risen
from upgraded import CALLS, SET, Upgraded, upgraded
from worlds import MAX, USD

from tandem.errors import Reverted
from tandem.units import WAD


def pushed(dollars: int) -> tuple[float, float]:
    """What LPs pay more for the leg at the lender where the exchange's code has bought there for so much
    first, and what its leader has of it once he has sold again; USD."""
    u = upgraded(SET, "curie")
    w, spot, weth = u.world, markets(u.world)[1].spot, markets(u.world)[1].weth
    with w.undone():
        risen(w)
        plain = price_at_the_lender(u)
        for token in (w.curie.usdc, weth):
            u.fire(token, "approve", spot.router, MAX)
        before = w.usdc(u.leader), int(weth.call("balanceOf", u.leader))
        u.tell("clearing_house", "openPositionFor", CALLS)
        data = spot.router.abi.function("exactInputSingle", 1).encode(
            (buy(u, spot, dollars * USD),)
        )
        u.arm({"push": (spot.router, data)})
        leg = lender_leg(u)
        bought = int(weth.call("balanceOf", u.leader)) - before[1]
        u.fire(spot.router, "exactInputSingle", sell(u, spot, bought))
        paid = abs(leg["quote_delta"]) / abs(leg["order"])
        costs = (paid - plain) * abs(leg["order"]) / WAD
        return costs, (w.usdc(u.leader) - before[0]) / USD


def lender_leg(u: Upgraded) -> Any:
    lender = u.world.tandem.venue.call("venues")[1]
    receipt: Any = rebalances(u.world)
    return legs(receipt)[lender]


def price_at_the_lender(u: Upgraded) -> float:
    with u.world.undone():
        leg = lender_leg(u)
        return abs(leg["quote_delta"]) / abs(leg["order"])


def buy(u: Upgraded, spot: Any, amount: int) -> tuple[Any, ...]:
    who = u.leader.address
    return (spot.quote.address, spot.base.address, spot.fee, who, MAX, amount, 0, 0)


def sell(u: Upgraded, spot: Any, amount: int) -> tuple[Any, ...]:
    who = u.leader.address
    return (spot.base.address, spot.quote.address, spot.fee, who, MAX, amount, 0, 0)


@pytest.mark.proves("HG-17", "VS-1")
def test_it_costs_a_chunk_at_the_band_and_who_pushes_more() -> None:
    costs, gains = pushed(80_000)
    assert 25 < costs < 40
    assert gains < -3 * costs


@pytest.mark.proves("HG-17", "VS-1")
def test_past_the_band_the_whole_order_is_refused() -> None:
    with pytest.raises(Reverted, match="aave: past the bound"):
        pushed(120_000)
