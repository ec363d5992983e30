# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title lending
@license AGPL-3.0-only
@author Tandem contributors
@notice How much margin may leave for venues: net of what came back, within a share of NAV a day
        and a week. Refilling a bad venue is how LPs bleed; these budgets bound it.
@dev Days and weeks are those of the calendar since 1970. What comes back makes room up to what
     was lent in the same day or week, never more: a profit earns no credit.
"""

WAD: constant(uint256) = 10**18
DAY: constant(uint256) = 86400
WEEK: constant(uint256) = 604800
MASK_32: constant(uint256) = 2**32 - 1
MASK_96: constant(uint256) = 2**96 - 1

DAY_CAP: public(immutable(uint256))  # of NAV, WAD
WEEK_CAP: public(immutable(uint256))  # of NAV, WAD

_lent: uint256  # bits 0..31 day, 32..127 net lent in it, 128..159 week, 160..255 net lent in it


@deploy
def __init__(day_cap: uint256, week_cap: uint256):
    """
    @param day_cap Net margin lent in a day, a fraction of NAV (WAD).
    @param week_cap Net margin lent in a week, a fraction of NAV (WAD).
    """
    assert day_cap <= week_cap and week_cap <= WAD, "lending: cap bounds"
    DAY_CAP = day_cap
    WEEK_CAP = week_cap


@internal
def _lend(amount: uint256, nav: uint256):
    """
    @notice Count what goes out.
    """
    assert amount <= self._budget(nav), "lending: margin budget"
    day_net: uint256 = 0
    week_net: uint256 = 0
    day_net, week_net = self._lent_now()
    self._keep(day_net + amount, week_net + amount)


@internal
def _restore(amount: uint256):
    """
    @notice Count what came back.
    """
    day_net: uint256 = 0
    week_net: uint256 = 0
    day_net, week_net = self._lent_now()
    self._keep(day_net - min(day_net, amount), week_net - min(week_net, amount))


@internal
@view
def _budget(nav: uint256) -> uint256:
    """
    @notice What the caps of the day and the week leave.
    """
    day_net: uint256 = 0
    week_net: uint256 = 0
    day_net, week_net = self._lent_now()
    base: uint256 = min(nav, MASK_96)
    day_cap: uint256 = base * DAY_CAP // WAD
    week_cap: uint256 = base * WEEK_CAP // WAD
    return min(day_cap - min(day_net, day_cap), week_cap - min(week_net, week_cap))


@internal
@view
def _lent_now() -> (uint256, uint256):
    """
    @dev Net margin lent today and this week.
    """
    word: uint256 = self._lent
    day_net: uint256 = 0
    week_net: uint256 = 0
    if word & MASK_32 == block.timestamp // DAY:
        day_net = (word >> 32) & MASK_96
    if (word >> 128) & MASK_32 == block.timestamp // WEEK:
        week_net = word >> 160
    return day_net, week_net


@internal
def _keep(day_net: uint256, week_net: uint256):
    """
    @dev Keeps both sums with the day and the week they belong to. They fit: a budget is at most
         a NAV of 96 bits, and net lending only grows inside it.
    """
    self._lent = (
        (block.timestamp // DAY)
        | (day_net << 32)
        | ((block.timestamp // WEEK) << 128)
        | (week_net << 160)
    )
