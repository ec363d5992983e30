# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title timelock
@license AGPL-3.0-only
@author Tandem contributors
@notice How long what loosens the system waits in public, and for how long it may be taken up then. While LPs
        are held back nothing is taken up that they might want to leave before.
"""

DELAY: public(immutable(uint256))

MIN_DELAY: constant(uint256) = 86400
MAX_DELAY: constant(uint256) = 30 * 86400
VALIDITY: constant(uint256) = 14 * 86400  # what is queued lapses this long after it is ready

held_until: public(uint256)  # until when nothing is ready, because LPs could not leave


@deploy
def __init__(delay: uint256):
    """
    @param delay Seconds that a loosening waits.
    """
    assert delay >= MIN_DELAY and delay <= MAX_DELAY, "guardian: delay bounds"
    DELAY = delay


@internal
@view
def _ready_at() -> uint256:
    """
    @dev When what is queued now is ready.
    """
    return block.timestamp + DELAY


@internal
def _hold(wait: uint256):
    """
    @dev LPs may be held back from now on and for so many seconds.
    """
    self.held_until = max(self.held_until, block.timestamp + wait)


@internal
@view
def _check_free(ready_at: uint256):
    """
    @dev Not before LPs have had their time either. It lapses when it would have: what had, stays so.
    """
    assert block.timestamp >= self.held_until, "guardian: held"
    self._check_due(ready_at)


@internal
@view
def _check_due(ready_at: uint256):
    """
    @dev Not before the delay is over, and not long after it either: what lets LPs leave, or an expiry settle.
    """
    assert block.timestamp >= ready_at, "guardian: too early"
    assert block.timestamp <= ready_at + VALIDITY, "guardian: lapsed"
