# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title curie_margin
@license AGPL-3.0-only
@author Tandem contributors
@notice Perp v2's margin rule as a formula: would the account carry this fill? It lets the adapter
        say beforehand what the venue would answer, because a call that reverts cannot be tried.
"""

IWAD: constant(int256) = 10**18
MILLION: constant(int256) = 10**6


# @notice The account as the venue sees it, all WAD; ratios and fee in millionths.
struct Account:
    size: int256
    open_notional: int256
    collateral: int256
    mark: int256
    initial_ratio: int256
    maintenance_ratio: int256
    fee: int256


@internal
@pure
def carries(account: Account, buys: bool, base: int256, quote: int256) -> bool:
    """
    @notice Whether the venue's check after the fill passes: the lesser of collateral and account
            value covers the ratio of the debt. A reducing fill answers to the maintenance ratio,
            any other to the initial ratio. `base` and `quote` are the fill's, fee excluded.
    @dev The fee goes into the open notional; a reducing fill realises its share of the position,
         a flipping fill all of it. The mark is an average, so the fill itself does not move it.
    """
    change: int256 = base if buys else -base
    paid: int256 = 0
    if buys:
        paid = -(quote * MILLION // (MILLION - account.fee))
    else:
        paid = quote * (MILLION - account.fee) // MILLION

    size: int256 = account.size + change
    open_notional: int256 = account.open_notional + paid
    value: int256 = (account.collateral + size * account.mark // IWAD + open_notional)
    ratio: int256 = account.initial_ratio
    if account.size != 0 and (account.size > 0) != buys:
        held: int256 = abs(account.size)
        if base <= held:
            ratio = account.maintenance_ratio
            open_notional = account.open_notional * (held - base) // held
        else:
            open_notional = paid * (base - held) // base
    collateral: int256 = value - size * account.mark // IWAD - open_notional
    debt: int256 = 0
    if size < 0:
        debt = -size * account.mark // IWAD
    if open_notional < 0:
        debt -= open_notional
    return min(collateral, value) >= debt * ratio // MILLION
