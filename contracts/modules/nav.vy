# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title nav
@license AGPL-3.0-only
@author Tandem contributors
@notice What the Vault is worth from both sides, what of it may leave, and what shares cost. Pure
        rules over a mark; token units unless said otherwise.
"""

from ..interfaces import IMark

BPS: constant(uint256) = 10_000
MOST_ASSETS: constant(uint256) = 2**96 - 1
LEAST_PART: constant(uint256) = 20  # low NAV under a twentieth of the high one buys no share back


@internal
@pure
def _low(own: int256, m: IMark.Mark, scale: int256) -> uint256:
    """
    @notice Low NAV: venues at their worse, the book at what it costs to buy back. Rounded down.
    @param own Cash that is neither an LP's who left nor an option holder's.
    @param scale WAD per token unit.
    """
    worth: int256 = (
        own * scale
        + convert(m.equity_low, int256)
        - convert(m.liability_high, int256)
        - convert(m.rehedge_cost, int256)
    )
    return convert(max(worth, 0) // scale, uint256)


@internal
@pure
def _high(own: int256, m: IMark.Mark, scale: int256) -> uint256:
    """
    @notice High NAV: venues at their better, the book at what selling it brought, and what
            closing the residual may gain. Rounded up.
    """
    worth: int256 = (
        own * scale
        + convert(m.equity_high, int256)
        - convert(m.liability_low, int256)
        + convert(m.rehedge_gain, int256)
    )
    return convert((max(worth, 0) + scale - 1) // scale, uint256)


@internal
@pure
def _has_price(low: uint256, high: uint256) -> bool:
    """
    @return Whether a share is worth selling: where nearly all that LPs may have depends on the side
            it is looked at from, nobody is burnt for the rest.
    """
    return low != 0 and low * LEAST_PART >= high


@internal
@pure
def _exit_room(own: int256, nav: uint256, reserve: uint256, m: IMark.Mark) -> uint256:
    """
    @notice What exits may take: x <= floor - max(reserve after x, top-up).
    @dev The reserve is the smaller of a share r of the NAV that is left and the maxima, so x may
         be as large as the larger of the two bounds: floor - x >= r (NAV - x) gives
         x <= (floor - r NAV) / (1 - r), and the maxima give x <= floor - maxima.
    @param reserve r, basis points, below 10,000.
    """
    maxima: int256 = convert(m.maxima, int256)
    above: int256 = own - maxima
    by_nav: int256 = (above * convert(BPS, int256) - convert(reserve * nav, int256)) // convert(
        BPS - reserve, int256
    )
    room: int256 = min(max(by_nav, above - maxima), above - convert(m.top_up, int256))
    return convert(max(room, 0), uint256)


@internal
@pure
def _shares_for(assets: uint256, nav: uint256, supply: uint256) -> uint256:
    """
    @notice Shares for assets, rounded down; what no word holds is the most that one does.
    @param supply All shares with the virtual ones, which stand against one virtual token unit.
    """
    if assets > max_value(uint256) // supply:
        return max_value(uint256)
    return assets * supply // (nav + 1)


@internal
@pure
def _assets_up(amount: uint256, nav: uint256, supply: uint256) -> uint256:
    """
    @notice Assets for shares, rounded up.
    """
    return (amount * (nav + 1) + supply - 1) // supply


@internal
@pure
def _assets_down(amount: uint256, nav: uint256, supply: uint256) -> uint256:
    """
    @notice Assets for shares, rounded down; what no word holds is the most that one does.
    """
    if amount > max_value(uint256) // (nav + 1):
        return max_value(uint256)
    return amount * (nav + 1) // supply


@internal
@pure
def _most(nav: uint256, room: uint256, supply: uint256) -> (uint256, uint256):
    """
    @notice The most assets and shares that may come in.
    @param nav High NAV. @param room Shares that the token has room for.
    """
    assets: uint256 = min(((room + 1) * (nav + 1) - 1) // supply, MOST_ASSETS)
    amount: uint256 = min(self._shares_for(MOST_ASSETS, nav, supply), room)
    return assets if self._shares_for(assets, nav, supply) != 0 else 0, amount
