# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title HostileOwner
@license AGPL-3.0-only
@author Tandem contributors
@notice A stand-in for what the owner of Perp v2 (Curie) may appoint if he turns on its traders: a relay whose
        word the venue's Vault takes for anybody's, and a list of approvals that approves of everything.
        With the two he closes and empties any account, whose holder is paid what was in it. The venue and its checks are the real ones.
"""


# @notice Whether `agent` may trade for `trader`: always.
@external
@view
def canOpenPositionFor(trader: address, agent: address) -> bool:
    return True


# @notice Approves of nothing that it did not before: adapters renew their approval here.
@external
def approve(agent: address, actions: uint8):
    pass


# @notice Call the venue in somebody's name: it takes the last 20 bytes of what a relay sends for the caller.
@external
def forward(target: address, data: Bytes[1024], sender: address):
    raw_call(target, concat(data, slice(convert(sender, bytes32), 12, 20)))
