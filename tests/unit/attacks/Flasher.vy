# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy off

"""
@title Flasher
@license AGPL-3.0-only
@author Tandem contributors
@notice Has others' money, or others' locks, for the inside of one call, and has somebody act there: a pool of Uniswap
        v3 that is flashed, a manager of v4 that stands open, lenders that lend everything for a moment. It owns
        what fees it pays. For tests alone.
"""

from ethereum.ercs import IERC20


interface IActor:
    def act(): nonpayable


interface IManager:
    def unlock(data: Bytes[32]) -> Bytes[64]: nonpayable


interface IPool:
    def flash(recipient: address, amount0: uint256, amount1: uint256, data: Bytes[32]): nonpayable


interface IAave:
    def flashLoanSimple(
        receiver: address, asset: address, amount: uint256, params: Bytes[32], referral: uint16
    ): nonpayable


interface IMorpho:
    def flashLoan(token: address, assets: uint256, data: Bytes[32]): nonpayable


actor: IActor
tokens: address[2]
amounts: uint256[2]


@external
def in_manager(actor: address, manager: address):
    """
    @notice Inside an open manager.
    """
    self.actor = IActor(actor)
    extcall IManager(manager).unlock(b"")


@external
def unlockCallback(data: Bytes[32]) -> Bytes[64]:
    """
    @notice The manager is open.
    """
    extcall self.actor.act()
    return b""


@external
def in_pool(actor: address, pool: address, tokens: address[2], amounts: uint256[2]):
    """
    @notice Inside a flash of these amounts of a pool's two tokens.
    """
    self.actor = IActor(actor)
    self.tokens = tokens
    self.amounts = amounts
    extcall IPool(pool).flash(self, amounts[0], amounts[1], b"")


@external
def uniswapV3FlashCallback(fee0: uint256, fee1: uint256, data: Bytes[32]):
    """
    @notice A pool's money is here.
    """
    extcall self.actor.act()
    extcall IERC20(self.tokens[0]).transfer(msg.sender, self.amounts[0] + fee0)
    extcall IERC20(self.tokens[1]).transfer(msg.sender, self.amounts[1] + fee1)


@external
def in_aave(actor: address, lender: address, token: address, amount: uint256):
    """
    @notice Inside a flash loan of so much.
    """
    self.actor = IActor(actor)
    extcall IAave(lender).flashLoanSimple(self, token, amount, b"", 0)


@external
def executeOperation(
    asset: address, amount: uint256, premium: uint256, initiator: address, params: Bytes[32]
) -> bool:
    """
    @notice Aave's is.
    """
    extcall self.actor.act()
    extcall IERC20(asset).approve(msg.sender, amount + premium)
    return True


@external
def in_morpho(actor: address, lender: address, token: address, amount: uint256):
    """
    @notice The same, where nothing is taken for it.
    """
    self.actor = IActor(actor)
    self.tokens[0] = token
    extcall IMorpho(lender).flashLoan(token, amount, b"")


@external
def onMorphoFlashLoan(assets: uint256, data: Bytes[32]):
    """
    @notice Morpho's is.
    """
    extcall self.actor.act()
    extcall IERC20(self.tokens[0]).approve(msg.sender, assets)
