# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title terms
@license AGPL-3.0-only
@author Tandem contributors
@notice The protocol's parameters: sixteen fields of sixteen bits in one word, so that a trade
        reads all of them with one storage load. The Guardian writes them, everybody else reads.
"""

FLAGS: constant(uint256) = 0  # bit 0: paused
HALF_SPREAD: constant(uint256) = 1  # 1e-4 of volatility (1.5 points = 150)
SPREAD_SLOPE: constant(uint256) = 2  # 1e-4 of volatility added at full utilisation
FEE: constant(uint256) = 3  # 1e-5 of notional (3 bp = 30)
CAPITAL_CHARGE: constant(uint256) = 4  # 1e-4 a year on the maximum payoff added
FILL_BAND: constant(uint256) = 5  # 1e-4 of the oracle price
RESERVE: constant(uint256) = 6  # 1e-4 of NAV
MAX_TRADE: constant(uint256) = 7  # 1e-4 of NAV, notional of one trade
GAMMA_CAP: constant(uint256) = 8  # 1e-4 of NAV, delta change per 1 % of spot
VEGA_CAP: constant(uint256) = 9  # 1e-5 of NAV per vol point (10 bp = 100)
HEDGE_COST: constant(uint256) = 10  # 1e-4, the cost fraction c of the hedge band
RISK_AVERSION: constant(uint256) = 11  # the risk aversion lambda_0 of the hedge band
SURFACE_AGE: constant(uint256) = 12  # seconds
SURFACE_MOVE: constant(uint256) = 13  # 1e-4 of volatility an hour
SURFACE_WINDOW: constant(uint256) = 14  # seconds in which the worse of old and new is quoted
CALL_CAP: constant(uint256) = 15  # 1e-2 of the strike: the widest cap a call may have

COUNT: constant(uint256) = 16
MASK: constant(uint256) = 65535
PAUSED: constant(uint256) = 1


@internal
@pure
def field(word: uint256, index: uint256) -> uint256:
    """
    @notice The value of field `index` (0 … 15), in its own unit.
    """
    return (word >> (index * 16)) & MASK


@internal
@pure
def with_field(word: uint256, index: uint256, amount: uint256) -> uint256:
    """
    @notice `word` with field `index` set to `amount`.
    """
    assert index < COUNT and amount <= MASK, "terms: out of range"
    return (word & ~(MASK << (index * 16))) | (amount << (index * 16))


@internal
@pure
def is_paused(word: uint256) -> bool:
    """
    @notice Whether opens are paused.
    """
    return word & PAUSED != 0
