# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title MorphoOracle
@license AGPL-3.0-only
@author Tandem contributors
@notice The oracle of a Morpho Blue market on local chains: ether against dollars, by one feed. The real
        ones are published as sources for compilers that are not here; that package ships none with
        bytecode which reads a feed. Never deployed where a real one stands.
"""

from ..interfaces.external import IMorphoOracle

implements: IMorphoOracle


interface Feed:
    def latestAnswer() -> int256: view


FEED: public(immutable(address))
# Whether the collateral is ether and the loan is in dollars, or the other way round.
OF_BASE: public(immutable(bool))

SCALE: constant(uint256) = 10**36
# An answer of 1 USD: what a wei is worth in units of the quote token, times 1e36.
UNIT: constant(uint256) = 10**16  # 1e36 * 1e6 / 1e18 / 1e8


@deploy
def __init__(feed: address, of_base: bool):
    """
    @param feed Answers with eight decimals. @param of_base Whether ether is the collateral.
    """
    FEED = feed
    OF_BASE = of_base


@external
@view
def price() -> uint256:
    """
    @notice What a unit of the collateral token is worth in units of the loan token, times 1e36; nothing
            where the feed's answer is none.
    """
    answer: int256 = staticcall Feed(FEED).latestAnswer()
    if answer <= 0:
        return 0
    price: uint256 = convert(answer, uint256) * UNIT
    return price if OF_BASE else SCALE * SCALE // price
