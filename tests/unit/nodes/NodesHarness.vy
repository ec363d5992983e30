# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title NodesHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice lib/nodes and lib/series, callable.
"""

from contracts.interfaces import IUnderwriter
from contracts.lib import nodes
from contracts.lib import series


@external
@pure
def with_series(words: IUnderwriter.Words, id: uint256, units: int256) -> IUnderwriter.Words:
    return nodes.with_series(words, series.unpack(id), units)[0]


@external
@pure
def with_strike(words: IUnderwriter.Words, strike: uint256) -> IUnderwriter.Words:
    return nodes.with_strike(words, strike)


@external
@pure
def unpack(id: uint256) -> series.Series:
    return series.unpack(id)
