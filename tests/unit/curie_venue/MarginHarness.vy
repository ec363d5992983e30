# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title MarginHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The rule of venues/curie_margin, callable.
"""

from contracts.venues import curie_margin


@external
@pure
def carries(account: curie_margin.Account, buys: bool, base: int256, quote: int256) -> bool:
    return curie_margin.carries(account, buys, base, quote)
