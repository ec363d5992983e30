"""Whoever borrows first at a lender that counts shares of debt: what he may leave of its counter."""

from __future__ import annotations

from tandem.units import USD, WAD
from tandem.venues.morpho import Morpho
from tandem.venues.morpho.ledger import VIRTUAL_SHARES, Side

MOST = 2**128 - 1
"""The shares that a market's counter holds."""


def inflated(morpho: Morpho, side: Side, who: str, shares: int = MOST) -> int:
    """Somebody borrows shares that are worth nothing, twice as many each time, in a market where nobody
    owes anything, against ten dollars or a hundredth of an ether. The gas that took."""
    short = side.id == morpho.short.id
    token, pledge = (morpho.usdc, 10 * USD) if short else (morpho.weth, WAD // 100)
    morpho.give(who, token, pledge)
    morpho.lender.send("supplyCollateral", side.params, pledge, who, b"", sender=who)
    gas = total = 0
    while total < shares:
        more = min(total + VIRTUAL_SHARES - 1, shares - total)
        receipt = morpho.lender.send("borrow", side.params, 0, more, who, who, sender=who)
        gas, total = gas + receipt.gas_used, total + more
    assert side.state().owed == 0
    return gas


def others_repay(morpho: Morpho, side: Side) -> None:
    """Nobody else owes anything there any more."""
    who = morpho.spot.arbitrageur
    token = morpho.weth if side.id == morpho.short.id else morpho.usdc
    morpho.give(who, token, 2 * side.debt(who))
    shares = side.account(who).shares
    morpho.lender.send("repay", side.params, 0, shares, who, b"", sender=who)
    assert side.state().owed == 0
