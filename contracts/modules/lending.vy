# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title lending
@license AGPL-3.0-only
@author Tandem contributors
@notice Margin that the router takes to venues and brings back. It leaves inside the floor and, net
        of what came back, within a share of NAV a day and a week: refilling a bad venue is how
        LPs bleed, and these budgets bound it.
@dev Days and weeks are those of the calendar since 1970. What comes back makes room up to what
     was lent in the same day or week, never more: a profit earns no credit.
"""

from . import money
from . import shares
from ..interfaces import IMarket
from ..interfaces import IVault

uses: money
uses: shares

WAD: constant(uint256) = 10**18
DAY: constant(uint256) = 86400
WEEK: constant(uint256) = 604800
MASK_32: constant(uint256) = 2**32 - 1
MASK_96: constant(uint256) = 2**96 - 1

ROUTER: public(immutable(address))
DAY_CAP: public(immutable(uint256))  # of NAV, WAD
WEEK_CAP: public(immutable(uint256))  # of NAV, WAD

_lent: uint256  # bits 0..31 day, 32..127 net lent in it, 128..159 week, 160..255 net lent in it


@deploy
def __init__(router: address, day_cap: uint256, week_cap: uint256):
    """
    @param router May lend and restore margin.
    @param day_cap Net margin lent in a day, a fraction of NAV (WAD).
    @param week_cap Net margin lent in a week, a fraction of NAV (WAD).
    """
    assert day_cap <= week_cap and week_cap <= WAD, "lending: cap bounds"
    ROUTER = router
    DAY_CAP = day_cap
    WEEK_CAP = week_cap


# ---------------------------------------------------------------- the router


@external
def lend(recipient: address, amount: uint256):
    """
    @notice Send `amount` of cash to `recipient` as venue margin. Router only, inside the floor
            and the budgets of the day and the week.
    """
    self._only_router()
    assert amount <= self._above_floor(), "vault: floor"
    self._count_out(amount, shares._last()[0])
    money._push(recipient, amount)
    log IVault.Lent(recipient=recipient, amount=amount, cash=money._cash())


@external
def restore(amount: uint256):
    """
    @notice Book what came back from a venue: pull `amount` from the router. Router only.
    """
    self._only_router()
    self._count_back(amount)
    money._pull(msg.sender, amount)
    log IVault.Restored(amount=amount, cash=money._cash())


@external
@view
def lendable() -> uint256:
    """
    @notice What `lend` would allow now: inside the floor and the lending budget.
    """
    return min(self._above_floor(), self._budget(shares._last()[0]))


@internal
@view
def _above_floor() -> uint256:
    """
    @dev Cash above everything that holders and LPs who left may ever claim.
    """
    maxima: uint256 = 0
    claims: uint256 = 0
    maxima, claims = staticcall IMarket(money.MARKET).liabilities()
    bound: uint256 = money._exits() + maxima + claims
    held: uint256 = money._cash()
    return held - min(bound, held)


@internal
@view
def _only_router():
    """
    @dev Margin is the router's affair.
    """
    assert msg.sender == ROUTER, "vault: only router"


# ---------------------------------------------------------------- budgets


@internal
def _count_out(amount: uint256, nav: uint256):
    """
    @notice Count what goes out.
    """
    assert amount <= self._budget(nav), "lending: margin budget"
    day_net: uint256 = 0
    week_net: uint256 = 0
    day_net, week_net = self._lent_now()
    self._keep(day_net + amount, week_net + amount)


@internal
def _count_back(amount: uint256):
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
