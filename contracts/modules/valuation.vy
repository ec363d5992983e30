# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title valuation
@license AGPL-3.0-only
@author Tandem contributors
@notice What the Vault is worth and what a share of it is: NAV out of the Lens's mark and the
        account, and the last of it remembered, so that there are views that never revert.
"""

from . import money
from . import nav
from . import shares
from ..interfaces import IMark
from ..interfaces import IVault

uses: money
uses: shares

LEFT_OVER: constant(uint256) = 10**20  # a hundred dollars, WAD

LENS: public(immutable(IMark))  # whose mark of book and hedge the NAV rests on
VIRTUAL: immutable(uint256)  # virtual shares against one virtual token unit; and WAD per token unit


@deploy
def __init__(lens: address, token_decimals: uint8):
    """
    @param lens Marks book and hedge.
    @param token_decimals Of the quote token, at most 18.
    """
    assert token_decimals <= 18, "vault: token decimals"
    LENS = IMark(lens)
    VIRTUAL = 10**convert(18 - token_decimals, uint256)


# ---------------------------------------------------------------- at the last mark


@external
@view
def totalAssets() -> uint256:
    """
    @notice The low NAV of the last mark.
    """
    return shares._last()[0]


@external
@view
def last_mark() -> (uint256, uint256):
    """
    @notice Low NAV of the last mark, and its time.
    """
    low: uint256 = 0
    time: uint256 = 0
    supply: uint256 = 0
    low, time, supply = shares._last()
    return low, time


@external
@view
def convertToShares(assets: uint256) -> uint256:
    """
    @notice Shares worth `assets` at the last low NAV, rounded down.
    """
    return nav._shares_for(assets, shares._last()[0], self._supply())


@external
@view
def convertToAssets(amount: uint256) -> uint256:
    """
    @notice What `amount` shares are worth at the last low NAV, rounded down.
    """
    return self._worth(amount)


@internal
@view
def _worth(amount: uint256) -> uint256:
    """
    @notice Shares at the last low NAV.
    """
    low: uint256 = 0
    time: uint256 = 0
    supply: uint256 = 0
    low, time, supply = shares._last()
    return nav._assets_down(amount, low, supply + VIRTUAL)


# ---------------------------------------------------------------- at a mark of now


@external
@view
def low_nav() -> uint256:
    """
    @notice Low NAV of now, token units, which `totalAssets` is as it was marked last.
    @dev Of the mark that does not say whether anybody may come: that the venue's price makes it dearer
         to come moves no low side, and whoever moves that price would silence this.
    """
    return self._values(staticcall LENS.mark())[0]


@external
@view
def previewDeposit(assets: uint256) -> uint256:
    """
    @notice Shares for `assets` at the high NAV of now.
    """
    return nav._shares_for(assets, self._values(self._mark(0))[1], self._supply())


@external
@view
def previewMint(amount: uint256) -> uint256:
    """
    @notice Assets for `amount` shares at the high NAV of now.
    """
    return nav._assets_up(amount, self._values(self._mark(0))[1], self._supply())


@internal
@view
def _mark(patience: uint256) -> IMark.Mark:
    """
    @notice The mark of now; reverts by name when an input is stale.
    @param patience Seconds after which stale surfaces stop it no more; 0 for never.
    """
    return staticcall LENS.mark_for(shares._last()[0], patience)


@internal
@view
def _own(m: IMark.Mark) -> int256:
    """
    @notice Cash that is neither an LP's who left nor an option holder's.
    """
    cash: uint256 = 0
    exits: uint256 = 0
    cash, exits = money._account()
    return convert(cash, int256) - convert(exits + m.claims, int256)


@internal
@view
def _values(m: IMark.Mark) -> (uint256, uint256):
    """
    @return Low NAV and high NAV.
    @dev What a venue says of itself is in both. Limits go by the low one, so it is no more than `_most_nav`.
    """
    own: int256 = self._own(m)
    scale: int256 = convert(VIRTUAL, int256)
    return min(nav._low(own, m, scale), self._most_nav(m)), nav._high(own, m, scale)


@internal
@view
def _most_nav(m: IMark.Mark) -> uint256:
    """
    @return What LPs have in cash and at venues by their own account and a quarter more, token units: a NAV past it
            rests on what venues say, and no share is sold or burnt at that; what was left at one, or given to it, and
            what a hedge gained that is too small to be brought home, apart. One that gained more than what it hedges
            is brought home and swept first.
    """
    own: uint256 = convert(max(self._own(m) + convert(money._out, int256), 0), uint256)
    return 5 * own // 4 + LEFT_OVER // VIRTUAL


@internal
@view
def _is_own(high: uint256, m: IMark.Mark) -> bool:
    """
    @return Whether who comes pays for what LPs have and not for what venues say.
    """
    return high <= self._most_nav(m)


@internal
def _remember(low: uint256, high: uint256, m: IMark.Mark, says_nothing: bool):
    """
    @notice Keeps the mark for the views that never revert.
    @param says_nothing Whether it neither begins nor ends the longest wait of those who leave.
    """
    shares._remember(low, m.calm, says_nothing)
    cash: uint256 = 0
    exits: uint256 = 0
    cash, exits = money._account()
    log IVault.Marked(
        nav_low=low,
        nav_high=high,
        supply=shares._supply(),
        cash=cash,
        exits=exits,
        bankrupt=m.bankrupt,
    )


@internal
@view
def _supply() -> uint256:
    """
    @notice All shares, with the virtual ones.
    """
    return shares._supply() + VIRTUAL
