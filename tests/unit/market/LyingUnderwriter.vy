# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title LyingUnderwriter
@license AGPL-3.0-only
@author Tandem contributors
@notice The real Underwriter's answers, bent: closes that the floor cannot pay, opens that leave
        their hedge out, orders of another size. The Market has to stop the first two by itself.
"""

from contracts.interfaces import IRisk
from contracts.interfaces import IUnderwriter

implements: IUnderwriter

RISK: public(immutable(address))
real: IUnderwriter
is_generous: bool
is_lazy: bool
ordered: int256  # instead of what the hedge needs; 0 for that


@deploy
def __init__(risk: address):
    RISK = risk


@external
def tell(real: address, is_generous: bool, is_lazy: bool, ordered: int256):
    self.real = IUnderwriter(real)
    self.is_generous = is_generous
    self.is_lazy = is_lazy
    self.ordered = ordered


@external
@view
def underwrite(
    exposure: IRisk.Exposure,
    greeks: IRisk.OptionGreeks,
    words: IUnderwriter.Words,
    desk: IUnderwriter.Desk,
    order: IUnderwriter.Order,
) -> IUnderwriter.Deal:
    asked: IUnderwriter.Order = order
    if self.is_generous:
        asked.floor = 10**30
    deal: IUnderwriter.Deal = staticcall self.real.underwrite(
        exposure, greeks, words, desk, asked
    )
    if self.is_lazy:
        deal.order = 0
    elif self.ordered != 0:
        deal.order = self.ordered
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
    return staticcall self.real.homing(exposure, desk, target)


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
