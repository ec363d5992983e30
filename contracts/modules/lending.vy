# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title lending
@license AGPL-3.0-only
@author Tandem contributors
@notice Margin that the router takes to venues and brings back. It leaves inside the floor, and only
        while what venues lost without a reason in prices is within a share of NAV a day and a week:
        refilling a bad venue is how LPs bleed, and these budgets bound it. A good hedge that needs
        margin finds it.
@dev Days and weeks are those of the calendar since 1970. A loss is known once margin is moved, and
     counts from the next time on: what a venue takes is within the budget but for what lay there
     twice. A profit earns no credit.
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

_lost: uint256  # bits 0..31 day, 32..127 lost in it, 128..159 week, 160..255 lost in it


@deploy
def __init__(router: address, day_cap: uint256, week_cap: uint256):
    """
    @param router May lend and restore margin.
    @param day_cap Loss at venues in a day after which they get no margin, a fraction of NAV (WAD).
    @param week_cap The same in a week.
    """
    assert day_cap <= week_cap and week_cap <= WAD, "lending: cap bounds"
    ROUTER = router
    DAY_CAP = day_cap
    WEEK_CAP = week_cap


# ---------------------------------------------------------------- the router


@external
def lend(recipient: address, amount: uint256, lost: uint256):
    """
    @notice Send `amount` of cash to `recipient` as venue margin. Router only, inside the floor
            and the budgets of the day and the week.
    @param lost What venues lost without a reason in prices since the last time.
    """
    self._only_router()
    assert amount <= self._above_floor(), "vault: floor"
    self._count(lost, shares._last()[0])
    money._push(recipient, amount)
    log IVault.Lent(recipient=recipient, amount=amount, cash=money._cash())


@external
def restore(amount: uint256):
    """
    @notice Book what came back from a venue: pull `amount` from the router. Router only.
    """
    self._only_router()
    money._pull(msg.sender, amount)
    log IVault.Restored(amount=amount, cash=money._cash())


@external
@view
def lendable() -> uint256:
    """
    @notice What `lend` would allow now: inside the floor, while the budgets are not used up.
    """
    return self._above_floor() if self._is_within(shares._last()[0]) else 0


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
def _count(lost: uint256, nav: uint256):
    """
    @notice Count what venues lost.
    """
    assert self._is_within(nav), "lending: loss budget"
    if lost == 0:
        return
    day_lost: uint256 = 0
    week_lost: uint256 = 0
    day_lost, week_lost = self._lost_now()
    self._lost = (
        (block.timestamp // DAY)
        | (min(day_lost + lost, MASK_96) << 32)
        | ((block.timestamp // WEEK) << 128)
        | (min(week_lost + lost, MASK_96) << 160)
    )


@internal
@view
def _is_within(nav: uint256) -> bool:
    """
    @return Whether today's and this week's losses leave room for margin.
    """
    day_lost: uint256 = 0
    week_lost: uint256 = 0
    day_lost, week_lost = self._lost_now()
    base: uint256 = min(nav, MASK_96)
    return (day_lost <= base * DAY_CAP // WAD and week_lost <= base * WEEK_CAP // WAD)


@internal
@view
def _lost_now() -> (uint256, uint256):
    """
    @dev What was lost today and this week.
    """
    word: uint256 = self._lost
    day_lost: uint256 = 0
    week_lost: uint256 = 0
    if word & MASK_32 == block.timestamp // DAY:
        day_lost = (word >> 32) & MASK_96
    if (word >> 128) & MASK_32 == block.timestamp // WEEK:
        week_lost = word >> 160
    return day_lost, week_lost
