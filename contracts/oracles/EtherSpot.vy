# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title EtherSpot
@license AGPL-3.0-only
@author Tandem contributors
@notice What ether costs, for a market that is on something else: gas is paid in ether. Whatever its feed
        does, it answers: a price that is to be believed, or that there is none.
@dev Nobody opens, closes or settles by it. It says what gas is worth, and whoever is paid by it is paid
     nothing while there is no price. The sequencer is asked by the market's own spot, which is read in
     the same call before anything is rebalanced; a round that is young enough was let in by one that runs.
"""

from ..interfaces import IEther
from . import feed_rounds

implements: IEther

FEED: public(immutable(address))
MAX_AGE: public(immutable(uint256))
SCALE: immutable(uint256)

# No ether costs less or more: between them an answer may be wrong, and what it is worth is bounded elsewhere.
LEAST: constant(uint256) = 100 * 10**18  # WAD USD
MOST: constant(uint256) = 100_000 * 10**18


@deploy
def __init__(feed: address, max_age: uint256):
    """
    @param feed The price feed, ether in USD.
    @param max_age Seconds after which an answer is stale: the feed's heartbeat and a tenth.
    """
    assert feed != empty(address), "ether: no feed"
    assert max_age != 0, "ether: no age"
    FEED = feed
    MAX_AGE = max_age
    SCALE = feed_rounds._scale(feed)


@external
@view
def peek() -> (uint256, uint256, bool):
    """
    @notice The last answer (WAD USD, 0 if not positive), its time, and whether it is to be believed now.
    """
    r: feed_rounds.Round = feed_rounds._latest(feed_rounds.Source(feed=FEED, scale=SCALE))
    is_complete: bool = r.answered_in >= r.id
    is_young: bool = r.updated_at <= block.timestamp and block.timestamp - r.updated_at <= MAX_AGE
    is_inside: bool = r.price >= LEAST and r.price <= MOST
    return r.price, r.updated_at, is_complete and is_young and is_inside
