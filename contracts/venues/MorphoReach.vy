# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title MorphoReach
@license AGPL-3.0-only
@author Tandem contributors
@notice How far orders of MorphoVenue go, and what they meet: views alone, and no state.
"""

from ..interfaces import IVenueReach
from . import morpho_lender
from . import morpho_views
from . import uniswap_spot

implements: IVenueReach

initializes: morpho_lender
initializes: uniswap_spot
initializes: morpho_views[morpho_lender := morpho_lender, uniswap_spot := uniswap_spot]

exports: (
    morpho_views.max_order,
    morpho_views.free_collateral,
    morpho_views.curve,
    morpho_views.funding,
)


@deploy
def __init__(
    lender: address,
    short_id: bytes32,
    long_id: bytes32,
    pool: address,
    base: address,
    quote: address,
):
    """
    @param lender Has both markets. @param short_id Lends the base token for the quote token.
    @param long_id Lends the quote token for the base token.
    @param pool Trades the base token for the quote token.
    """
    morpho_lender.__init__(lender, short_id, long_id, base, quote)
    uniswap_spot.__init__(pool, pool, base, quote)
