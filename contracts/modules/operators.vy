# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title operators
@license AGPL-3.0-only
@author Tandem contributors
@notice Whom an LP lets request and claim for him (ERC-7540).
"""

from ..interfaces import IVault

isOperator: public(HashMap[address, HashMap[address, bool]])


@external
def setOperator(operator: address, approved: bool) -> bool:
    """
    @notice Let `operator` request and claim for the caller, or stop it.
    """
    self.isOperator[msg.sender][operator] = approved
    log IVault.OperatorSet(controller=msg.sender, operator=operator, approved=approved)
    return True


@internal
@view
def _acts_for(controller: address) -> bool:
    """
    @notice Whether the caller is the controller or his operator.
    """
    return msg.sender == controller or self.isOperator[controller][msg.sender]


@internal
@view
def _check(controller: address):
    """
    @notice Only the controller or his operator claims.
    """
    assert self._acts_for(controller), "vault: not the controller"
