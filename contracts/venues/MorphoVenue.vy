# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title MorphoVenue
@license AGPL-3.0-only
@author Tandem contributors
@notice A perpetual out of two markets of Morpho Blue and a Uniswap v3 pool.
"""

from ..interfaces import IHedgeVenue
from . import lent_account
from . import morpho_account
from . import morpho_lender
from . import uniswap_spot

implements: IHedgeVenue

uses: lent_account

initializes: morpho_lender
initializes: uniswap_spot
initializes: morpho_account[morpho_lender := morpho_lender, uniswap_spot := uniswap_spot]

exports: (
    morpho_account.ROUTER,
    morpho_account.REACH,
    morpho_account.trade,
    morpho_account.uniswapV3SwapCallback,
    morpho_account.deposit,
    morpho_account.withdraw,
    morpho_account.accept,
    morpho_account.position,
    morpho_account.account,
    morpho_account.bounds,
    morpho_account.index,
    morpho_account.free_collateral,
    morpho_account.max_order,
    morpho_account.curve,
    morpho_account.history,
    morpho_account.average,
    morpho_account.quotation,
    morpho_account.price,
    morpho_account.funding,
    morpho_account.funding_since,
    morpho_account.purse,
    morpho_account.lot,
    morpho_account.grain,
    lent_account.gifts,
    morpho_lender.LENDER,
    morpho_lender.BASE,
    morpho_lender.QUOTE,
    morpho_lender.SHORT_ID,
    morpho_lender.LONG_ID,
    uniswap_spot.POOL,
)


@deploy
def __init__(
    router: address,
    reach: address,
    lender: address,
    short_id: bytes32,
    long_id: bytes32,
    pool: address,
    base: address,
    quote: address,
    least: uint256,
    target: uint256,
    most: uint256,
):
    """
    @param router Alone trades and moves margin. @param reach MorphoReach, of the same markets and pool.
    @param lender Has both markets. @param short_id Lends the base token for the quote token.
    @param long_id Lends the quote token for the base token.
    @param pool Trades the base token for the quote token.
    @param least Health factor under which a top-up is due, WAD.
    @param target What top-ups and sweeps aim at, WAD.
    @param most Above it a sweep is due, WAD.
    """
    morpho_lender.__init__(lender, short_id, long_id, base, quote)
    uniswap_spot.__init__(pool, pool, base, quote)
    morpho_account.__init__(router, reach, least, target, most)
