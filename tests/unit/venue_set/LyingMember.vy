# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title LyingMember
@license AGPL-3.0-only
@author Tandem contributors
@notice A venue of a set that fills what it likes at the price it likes, reports what it likes, says two positions
        in one transaction, stops answering or calls back: a hostile party, which no real venue was seen to be
        and any might become. It is constructed as the lending market's adapter is.
"""

from contracts.interfaces import IHedgeVenue

implements: IHedgeVenue


interface IBack:
    def fill(order: int256, worst: uint256, best: uint256, paced: uint256, relieved: bool) -> (
        int256, int256, uint256
    ): nonpayable
    def top_up() -> uint256: nonpayable


WAD: constant(uint256) = 10**18

ROUTER: public(immutable(address))
POOL: public(immutable(address))

held: public(int256)
drift: public(int256)  # what else a trade moves the position by
fills_at: public(uint256)  # the price of a fill, WAD; 0 for the price that it shows
shown: public(uint256)  # WAD
depth: public(uint256)  # WAD base
mute: public(bool)  # answers nothing
refuses: public(bool)  # of a trade, though max_order said otherwise
calls: public(address)  # back, in the middle of a trade
equity: public(int256)  # WAD USD
lied: public(int256)  # what else it says of its position
lied_at: public(uint256)  # where it is asked at this price, WAD
lied_in: public(uint256)  # or at this call of a transaction, from 1
marks: uint256[96]  # nothing: what reading one costs tells which call it is
rate: public(int256)  # that holding takes in a day, of either sign, WAD


@deploy
def __init__(
    router: address,
    reach: address,
    provider: address,
    pool: address,
    base: address,
    quote: address,
    least: uint256,
    target: uint256,
    most: uint256,
):
    ROUTER = router
    POOL = pool
    self.shown = 2500 * WAD
    self.depth = 10**5 * WAD


@external
def tell(shown: uint256, depth: uint256, fills_at: uint256, drift: int256):
    self.shown = shown
    self.depth = depth
    self.fills_at = fills_at
    self.drift = drift


@external
def turn(mute: bool, refuses: bool, calls: address):
    self.mute = mute
    self.refuses = refuses
    self.calls = calls


@external
def lie_at(price: uint256, position: int256):
    self.lied_at = price
    self.lied = position


@external
def lie_in(call: uint256, position: int256):
    self.lied_in = call
    self.lied = position


@internal
@view
def _call() -> uint256:
    """
    @return Which call of this transaction it is: a place that was read before is cheaper.
    """
    for i: uint256 in range(96):
        before: uint256 = msg.gas
        mark: uint256 = self.marks[i]
        if before - msg.gas > 1_500 + mark:
            return i + 1
    return 97


@external
def set_equity(equity: int256):
    self.equity = equity


@external
def set_rate(rate: int256):
    self.rate = rate


@internal
@view
def _answers():
    assert not self.mute, "liar: mute"


@external
def trade(size: int256, worst_price: uint256) -> (int256, int256, uint256):
    self._answers()
    assert not self.refuses, "liar: refuses"
    if self.calls == msg.sender:
        a: int256 = 0
        b: int256 = 0
        c: uint256 = 0
        a, b, c = extcall IBack(self.calls).fill(size, worst_price, 0, 0, False)
    elif self.calls != empty(address):
        d: uint256 = extcall IBack(self.calls).top_up()
    self.held += size + self.drift
    price: uint256 = self.fills_at if self.fills_at != 0 else self.shown
    return self.held, -size * convert(price, int256) // convert(WAD, int256), 0


@external
def deposit(amount: uint256):
    self._answers()


@external
def withdraw(amount: uint256, recipient: address):
    self._answers()


@external
@view
def index() -> uint256:
    self._answers()
    return self.shown


@external
@view
def funding() -> (int256, int256):
    self._answers()
    return self.rate, self.rate


@external
@view
def funding_since(mark: uint256) -> (uint256, int256, int256):
    self._answers()
    return block.timestamp, self.rate, self.rate


@external
@view
def history() -> (uint256, uint256):
    self._answers()
    return 1800, 1800


@external
@view
def quotation() -> IHedgeVenue.Quotation:
    self._answers()
    return IHedgeVenue.Quotation(low=self.shown, high=self.shown, fee=0)


@external
@view
def price() -> uint256:
    self._answers()
    return self.shown


@external
@view
def position() -> int256:
    self._answers()
    return self.held


@external
@view
def account(spot: uint256) -> IHedgeVenue.VenueAccount:
    self._answers()
    lies: bool = spot == self.lied_at or (self.lied_in != 0 and self.lied_in == self._call())
    return IHedgeVenue.VenueAccount(
        position=self.lied if lies else self.held,
        equity=self.equity,
        venue_equity=self.equity,
        margin_equity=self.equity,
    )


@external
@view
def bounds(position: int256) -> IHedgeVenue.Bounds:
    self._answers()
    return IHedgeVenue.Bounds(least=WAD // 10, target=WAD // 5, most=100 * WAD)


@external
@view
def free_collateral() -> uint256:
    self._answers()
    return 0


@external
@view
def purse() -> uint256:
    self._answers()
    return 2**100


@external
@view
def max_order(order: int256, worst_price: uint256) -> uint256:
    self._answers()
    return convert(abs(order), uint256)


@external
@view
def curve(order: int256) -> IHedgeVenue.Curve:
    self._answers()
    c: IHedgeVenue.Curve = empty(IHedgeVenue.Curve)
    c.price = self.shown
    c.depths[0] = self.depth
    c.reaches[0] = convert(abs(order), uint256)
    return c


@external
@view
def average(window: uint256) -> (uint256, uint256, uint256):
    self._answers()
    return self.shown, self.depth, self.depth


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
    self._answers()
    return 10**15
