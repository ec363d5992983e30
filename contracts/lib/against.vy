# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title against
@license AGPL-3.0-only
@author Tandem contributors
@notice What a jump costs where one of several venues is long and another short, beyond what the gate sees of the
        position that is left of both: each account loses by itself, down to nothing, and what another gains
        pays for none of it, but where the gate's own purse says that it can.
@dev The gate goes by one position. A loss is then that of the net; a gain as much as makes one venue pay all that it has
     (`purse`). Where the net loses, what is short against it counts for nothing: who lends a venue money for a
     moment lends the gate none. Where nothing is against another this is nothing.
"""

from . import stress

VENUES: constant(uint256) = 4
UNITS: constant(int256) = 1_000_000
PERCENT: constant(int256) = 10**20  # of a WAD
# The jumps of lib/stress.vy, from the first to the last.
JUMPED: constant(int256[8]) = [-50, -30, -20, -10, 10, 20, 40, 100]


# held: at each venue, WAD base. worth: of each account by the better of two valuations, WAD USD, none under 0.
struct Accounts:
    held: int256[VENUES]
    worth: int256[VENUES]


@internal
@pure
def added(
    sums: int256[stress.JUMPS],
    accounts: Accounts,
    position: int256,
    spot: uint256,
    lies: int256,
    purse: int256,
) -> int256[stress.JUMPS]:
    """
    @return The losses of a book with what the gate does not see of its hedge, as lib/stress sums them.
    @param accounts Of the venues that are up: one that is down pays for nothing. @param position Of all, as the
           gate goes by it. @param lies What the gate lets them lose together, WAD USD. @param purse What it
           lets them gain, WAD USD.
    """
    result: int256[stress.JUMPS] = sums
    for j: uint256 in range(stress.JUMPS):
        move: int256 = convert(spot, int256) * JUMPED[j]
        loss: int256 = 0
        for i: uint256 in range(VENUES):
            loss += min(max(-accounts.held[i] * move // PERCENT, 0), accounts.worth[i])
        gain: int256 = position * move // PERCENT
        if gain <= 0:
            loss -= min(-gain, lies)
        elif gain <= purse:
            loss = 0
        result[j] += max(loss, 0) * UNITS
    return result
