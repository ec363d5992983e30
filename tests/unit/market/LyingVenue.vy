# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title LyingVenue
@license AGPL-3.0-only
@author Tandem contributors
@notice A venue that fills what it likes at the price it likes, and reports what it likes: what
        no real one was seen to do, and any might.
"""

from contracts.interfaces import IHedgeVenue

implements: IHedgeVenue

WAD: constant(uint256) = 10**18
PRICE: constant(uint256) = 2500 * 10**18

MARGINS: immutable(IHedgeVenue.Bounds)

held: int256
short_by: public(int256)  # left out of every fill, towards zero
drift: public(int256)  # what else the position moves by during a trade
bill: public(uint256)  # the venue's fee of every fill, WAD USD
equity: public(int256)  # WAD USD


@deploy
def __init__(
    router: address,
    clearing_house: address,
    base_token: address,
    least: uint256,
    target: uint256,
    most: uint256,
):
    MARGINS = IHedgeVenue.Bounds(least=least, target=target, most=most)


@external
def set_equity(equity: int256):
    self.equity = equity


@external
def set_lies(short_by: int256, drift: int256):
    self.short_by = short_by
    self.drift = drift


@external
def charge(bill: uint256):
    self.bill = bill


@external
def move(size: int256):
    self.held += size


@external
def trade(size: int256, worst_price: uint256) -> (int256, int256, uint256):
    filled: int256 = size - self.short_by if size > 0 else size + self.short_by
    self.held += filled + self.drift
    return self.held, -size * convert(PRICE, int256) // convert(WAD, int256), self.bill


@external
def deposit(amount: uint256):
    pass


@external
def withdraw(amount: uint256, recipient: address):
    pass


@external
@view
def index() -> uint256:
    return PRICE


@external
@view
def funding() -> (int256, int256):
    return 0, 0


@external
@view
def funding_since(mark: uint256) -> (uint256, int256, int256):
    return block.timestamp, 0, 0


@external
@view
def history() -> (uint256, uint256):
    return 1800, 1800


@external
@view
def quotation() -> IHedgeVenue.Quotation:
    return IHedgeVenue.Quotation(low=PRICE, high=PRICE, fee=0)


@external
@view
def price() -> uint256:
    return PRICE


@external
@view
def position() -> int256:
    return self.held


@external
@view
def account(spot: uint256) -> IHedgeVenue.VenueAccount:
    return IHedgeVenue.VenueAccount(
        position=self.held,
        equity=self.equity,
        venue_equity=self.equity,
        margin_equity=self.equity,
    )


@external
@view
def bounds(position: int256) -> IHedgeVenue.Bounds:
    return MARGINS


@external
@view
def free_collateral() -> uint256:
    return 0


@external
@view
def purse() -> uint256:
    return 2**128


@external
@view
def max_order(order: int256, worst_price: uint256) -> uint256:
    return convert(abs(order), uint256)


@external
@view
def curve(order: int256) -> IHedgeVenue.Curve:
    c: IHedgeVenue.Curve = empty(IHedgeVenue.Curve)
    c.price = PRICE
    c.depths[0] = 10**6 * WAD
    c.reaches[0] = convert(abs(order), uint256)
    return c


@external
@view
def average(window: uint256) -> (uint256, uint256, uint256):
    return PRICE, 10**6 * WAD, 10**6 * WAD


@external
@view
def grain() -> uint256:
    """
    @notice The least amount of the base token that there is, WAD: here it counts in WAD itself.
    """
    return 1


@external
@view
def lot() -> uint256:
    return 10**15
