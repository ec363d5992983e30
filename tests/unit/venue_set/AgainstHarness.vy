# pragma version 0.4.3
# pragma evm-version cancun

"""
@title AgainstHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice What the gate does not see of several accounts, behind an external door.
"""

from contracts.lib import against


@external
@pure
def added(
    sums: int256[8],
    accounts: against.Accounts,
    position: int256,
    spot: uint256,
    lies: int256,
    purse: int256,
) -> int256[8]:
    return against.added(sums, accounts, position, spot, lies, purse)
