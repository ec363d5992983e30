# pragma version 0.4.3
# pragma evm-version cancun

"""
@title GateWordHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The gate's word made and taken apart, behind an external door.
"""

from contracts.interfaces import IStress
from contracts.lib import gate_word


@external
@pure
def pack(mark: IStress.GateMark) -> uint256:
    return gate_word.pack(mark)


@external
@pure
def unpack(word: uint256) -> IStress.GateMark:
    return gate_word.unpack(word)
