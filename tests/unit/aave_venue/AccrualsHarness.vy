# pragma version 0.4.3
# pragma evm-version cancun

"""
@title AccrualsHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice lib/accruals, callable.
"""

from contracts.lib import accruals


@external
@view
def since(mark: uint256, now: accruals.Indices, owes: bool) -> (uint256, int256, int256):
    return accruals._since(mark, now, owes)
