# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title EpochsHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice modules/epochs, callable.
"""

from contracts.modules import epochs

initializes: epochs
exports: (epochs.queue, epochs.epoch)


@deploy
def __init__():
    epochs.__init__()


@external
def join(amount: uint256) -> uint256:
    return epochs._join(amount, 0)


@external
def fill(epoch: uint256, burned: uint256, assets: uint256):
    epochs._fill(epoch, burned, assets)
