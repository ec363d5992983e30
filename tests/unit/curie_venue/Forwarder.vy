# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title Forwarder
@license AGPL-3.0-only
@author Tandem contributors
@notice A relay that the venue's owner may appoint: the venue takes the last 20 bytes of what it
        sends for the caller. It checks no signature.
"""


@external
def forward(target: address, data: Bytes[1024], sender: address):
    raw_call(target, concat(data, slice(convert(sender, bytes32), 12, 20)))
