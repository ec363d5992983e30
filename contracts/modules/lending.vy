# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title lending
@license AGPL-3.0-only
@author Tandem contributors
@notice Margin that the router takes to venues and brings back. It leaves inside the floor, and only
        while what its venue lost without a reason in prices is within a share of NAV: refilling a bad
        venue is how LPs bleed, and this bounds it. A good hedge that needs margin finds it.
@dev A loss counts before margin follows it. Where what lay there is more than the cap, nothing follows;
     else a venue takes the cap at most, and what lay there last. What is counted leaks away evenly, the
     cap in a period, however often somebody looks; it is never more than twice the cap, so that a period
     after a loss of any size margin may follow again. A profit earns no credit.
     Of several venues each has a count and a cap of its own: what one says of itself keeps margin from no
     other. The caps together are what LPs risk, so a deployment gives each its part of it.
"""

from . import money
from . import shares
from ..interfaces import IMarket
from ..interfaces import IVault

uses: money
uses: shares

WAD: constant(uint256) = 10**18
MASK_32: constant(uint256) = 2**32 - 1
# A year at the most: nobody waits longer for margin than that.
MOST_PERIOD: constant(uint256) = 365 * 86_400

ROUTER: public(immutable(address))
LOSS_CAP: public(immutable(uint256))  # at one venue, of NAV, WAD
LOSS_PERIOD: public(immutable(uint256))  # seconds

# By the venue: bits 0..31 when, 32..255 what was lost then, token units.
_lost: HashMap[address, uint256]


@deploy
def __init__(router: address, loss_cap: uint256, loss_period: uint256):
    """
    @param router May lend and restore margin.
    @param loss_cap Loss at a venue past which it gets no margin, a fraction of NAV (WAD).
    @param loss_period Seconds in which as much is forgotten.
    """
    assert loss_cap <= WAD and 0 < loss_period and loss_period <= MOST_PERIOD, (
        "lending: cap bounds"
    )
    ROUTER = router
    LOSS_CAP = loss_cap
    LOSS_PERIOD = loss_period


# ---------------------------------------------------------------- the router


@external
def lend(recipient: address, wanted: uint256, lost: uint256) -> uint256:
    """
    @notice Count a loss, then send cash to a venue as margin: as much of `wanted` as the floor gives, and
            nothing where its cap is passed. Router only.
    @param recipient The venue. @param lost What it lost without a reason in prices since the last time.
    @return What was sent.
    """
    self._only_router()
    self._count(recipient, lost)
    amount: uint256 = min(wanted, self._lendable(recipient))
    if amount != 0:
        money._out += amount
        money._push(recipient, amount)
        log IVault.Lent(recipient=recipient, amount=amount, cash=money._cash())
    return amount


@external
def restore(amount: uint256):
    """
    @notice Book what came back from a venue: pull `amount` from the router. Router only.
    """
    self._only_router()
    money._out -= min(amount, money._out)
    money._pull(msg.sender, amount)
    log IVault.Restored(amount=amount, cash=money._cash())


@external
@view
@reentrant
def would_lend(venue: address) -> uint256:
    """
    @notice What `lend` would send to a venue now, where nothing more was lost: inside the floor, while its
            losses are within the cap. To whom nothing is ever sent, as to a set of several, what the
            floor gives.
    @dev A mark that the Vault takes asks a set of venues, and that asks this: it moves nothing.
    """
    return self._lendable(venue)


@external
@view
def venue_losses(venue: address) -> (uint256, uint256):
    """
    @notice What a venue lost and is not forgotten, and past how much no margin follows, token units.
    """
    return self._losses(venue)


@internal
@view
def _lendable(venue: address) -> uint256:
    """
    @dev What may be lent to a venue now.
    """
    lost: uint256 = 0
    cap: uint256 = 0
    lost, cap = self._losses(venue)
    return self._above_floor() if lost <= cap else 0


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


# ---------------------------------------------------------------- losses


@internal
def _count(venue: address, more: uint256):
    """
    @notice Count what a venue lost.
    """
    if more == 0:
        return
    lost: uint256 = 0
    cap: uint256 = 0
    lost, cap = self._losses(venue)
    self._lost[venue] = block.timestamp | ((lost + more) << 32)


@internal
@view
def _losses(venue: address) -> (uint256, uint256):
    """
    @return What of a venue's losses is not forgotten, and the cap.
    """
    cap: uint256 = shares._last()[0] * LOSS_CAP // WAD
    word: uint256 = self._lost[venue]
    passed: uint256 = block.timestamp - (word & MASK_32)
    lost: uint256 = min(word >> 32, 2 * cap + 1)
    return lost - min(lost, cap * passed // LOSS_PERIOD), cap
