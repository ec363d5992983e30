# pragma version 0.4.3
# pragma evm-version cancun

"""
@title OddOracle
@license AGPL-3.0-only
@author Tandem contributors
@notice An oracle of a market that says what it is told, nothing included, or reverts.
"""

said: uint256
ended: bool


@deploy
def __init__(price: uint256):
    self.said = price


@external
def say(price: uint256):
    self.said = price


@external
def end():
    self.ended = True


@external
@view
def price() -> uint256:
    assert not self.ended, "no answer"
    return self.said
