# pragma version 0.4.3
# pragma evm-version cancun

"""
@title BelievedHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The bounds inside which a venue is believed, behind an external door.
"""

from contracts.interfaces import IHedgeVenue
from contracts.lib import believed


@external
@pure
def is_price(price: uint256) -> bool:
    return believed.is_price(price)


@external
@pure
def is_curve(price: uint256, fee: uint256, depths: uint256[4], reaches: uint256[4]) -> bool:
    return believed.is_curve(
        IHedgeVenue.Curve(price=price, fee=fee, depths=depths, reaches=reaches)
    )


@external
@pure
def is_average(price: uint256, now: uint256, steady: uint256) -> bool:
    return believed.is_average(price, now, steady)


@external
@pure
def is_quotation(low: uint256, high: uint256, fee: uint256) -> bool:
    return believed.is_quotation(IHedgeVenue.Quotation(low=low, high=high, fee=fee))


@external
@pure
def is_margin(least: uint256, target: uint256, most: uint256) -> bool:
    return believed.is_margin(IHedgeVenue.Bounds(least=least, target=target, most=most))


@external
@pure
def is_equity(equity: int256) -> bool:
    return believed.is_equity(equity)


@external
@pure
def is_funding(rate: int256) -> bool:
    return believed.is_funding(rate)


@external
@pure
def is_held(said: int256) -> bool:
    return believed.is_held(said)


@external
@pure
def nearest(left: int256, said: int256) -> int256:
    return believed.nearest(left, said)


@external
@pure
def is_position(left: int256, said: int256) -> bool:
    return believed.is_position(left, said)


@external
@pure
def is_account(
    left: int256, position: int256, equity: int256, theirs: int256, margin: int256
) -> bool:
    return believed.is_account(
        left,
        IHedgeVenue.VenueAccount(
            position=position, equity=equity, venue_equity=theirs, margin_equity=margin
        ),
    )
