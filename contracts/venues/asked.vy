# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title asked
@license AGPL-3.0-only
@author Tandem contributors
@notice Whether a pool has been asked for a swap and has not called back: a callback is answered once, and
        only while an order of ours is there.
@dev In a file of its own because the formatter does not know `transient`: the Makefile leaves it out.
"""

_is_due: transient(bool)


@internal
def _ask():
    """
    @notice A swap is about to be asked for.
    """
    self._is_due = True


@internal
def _answer():
    """
    @notice Its callback is here, or this reverts.
    """
    assert self._is_due, "venue: not our order"
    self._is_due = False
