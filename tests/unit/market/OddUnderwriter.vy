# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title OddUnderwriter
@license AGPL-3.0-only
@author Tandem contributors
@notice The real Underwriter's answers, bent: trades that change no jump's loss, trades that bring no order, and a
        delta of the liability that is another than the one by which it says how much is to come home.
"""

from contracts.interfaces import IRisk
from contracts.interfaces import IUnderwriter

implements: IUnderwriter

RISK: public(immutable(address))
real: IUnderwriter
hides_jumps: bool
hides_order: bool
off: int256  # what is added to the delta, WAD


@deploy
def __init__(risk: address):
    RISK = risk


@external
def tell(real: address, generous: bool, lazy: bool, ordered: int256):
    """
    @notice As LyingUnderwriter is told; here only who the real one is.
    """
    self.real = IUnderwriter(real)


@external
def bend(hides_jumps: bool, hides_order: bool, off: int256):
    self.hides_jumps = hides_jumps
    self.hides_order = hides_order
    self.off = off


@external
@view
def underwrite(
    exposure: IRisk.Exposure,
    greeks: IRisk.OptionGreeks,
    words: IUnderwriter.Words,
    desk: IUnderwriter.Desk,
    order: IUnderwriter.Order,
) -> IUnderwriter.Deal:
    deal: IUnderwriter.Deal = staticcall self.real.underwrite(exposure, greeks, words, desk, order)
    if self.hides_jumps:
        deal.jumps = 0
    if self.hides_order:
        deal.order = 0
    return deal


@external
@view
def stance(exposure: IRisk.Exposure, desk: IUnderwriter.Desk) -> IUnderwriter.Stance:
    return staticcall self.real.stance(exposure, desk)


@external
@view
def homing(
    exposure: IRisk.Exposure, desk: IUnderwriter.Desk, target: int256
) -> IUnderwriter.Stance:
    found: IUnderwriter.Stance = staticcall self.real.homing(exposure, desk, target)
    found.delta += self.off
    return found


@external
@view
def payouts(words: IUnderwriter.Words, price: uint256) -> uint256:
    return staticcall self.real.payouts(words, price)


@external
@view
def payout(id: uint256, units: uint256, price: uint256) -> uint256:
    return staticcall self.real.payout(id, units, price)


@external
@view
def listed(words: IUnderwriter.Words, strikes: DynArray[uint256, 16]) -> IUnderwriter.Words:
    return staticcall self.real.listed(words, strikes)
