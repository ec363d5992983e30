# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title MorphoOracle
@license AGPL-3.0-only
@author Tandem contributors
@notice The oracle of a Morpho Blue market on local chains: the base token against dollars, by one feed. The real
        ones are published as sources for compilers that are not here; that package ships none with
        bytecode which reads a feed. Never deployed where a real one stands.
"""

from ..interfaces.external import IMorphoOracle

implements: IMorphoOracle


interface Feed:
    def latestAnswer() -> int256: view


FEED: public(immutable(address))
# Whether the collateral is the base token and the loan is in dollars, or the other way round.
OF_BASE: public(immutable(bool))

# An answer of 1: what a unit of the base token is worth in units of the quote token, times 1e36.
UNIT: immutable(uint256)

SCALE: constant(uint256) = 10**36


@deploy
def __init__(feed: address, of_base: bool, decimals: uint256):
    """
    @param feed Answers with eight decimals. @param of_base Whether the base token is the collateral.
    @param decimals Of the base token.
    """
    FEED = feed
    OF_BASE = of_base
    UNIT = 10**(34 - decimals)  # 1e36 * 1e6 / 1e8, and what one of it counts in


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
