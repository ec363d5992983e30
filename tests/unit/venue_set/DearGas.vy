# pragma version 0.4.3
# pragma evm-version cancun

"""
@title DearGas
@license AGPL-3.0-only
@author Tandem contributors
@notice Stands before a Splitter and passes everything on, on a chain whose base fee is always nothing: a leg pays here
        where it saves as much as it was told that gas costs.
"""

from contracts.interfaces import IHedgeVenue
from contracts.interfaces import ISplitter
from contracts.lib import split

BEHIND: immutable(address)
costs: public(uint256)  # WAD USD


@deploy
def __init__(behind: address):
    BEHIND = behind


@external
def charge(costs: uint256):
    self.costs = costs


@external
@view
def judged(
    venue: address, buys: bool, curve: IHedgeVenue.Curve, part: uint256, level: uint256
) -> (bool, bool):
    is_crumb: bool = False
    pays: bool = False
    is_crumb, pays = staticcall ISplitter(BEHIND).judged(venue, buys, curve, part, level)
    return is_crumb, pays and split.saved(buys, curve, part, level) >= self.costs


@external
@raw_return
def __default__() -> Bytes[1280]:
    return raw_call(BEHIND, msg.data, max_outsize=1280)
