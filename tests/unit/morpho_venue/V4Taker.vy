# pragma version 0.4.3
# pragma evm-version cancun

"""
@title V4Taker
@license AGPL-3.0-only
@author Tandem contributors
@notice Takes from a pool of Uniswap v4 by what speaks for it, and pays what it was told to; or holds the manager
        open while it calls somebody.
"""


interface Pool:
    def MANAGER() -> address: view
    def token0() -> address: view
    def token1() -> address: view
    def swap(
        recipient: address, first: bool, amount: int256, limit: uint160, data: Bytes[32]
    ) -> (int256, int256): nonpayable


interface Token:
    def transfer(to: address, amount: uint256) -> bool: nonpayable


interface Manager:
    def unlock(data: Bytes[32]) -> Bytes[32]: nonpayable


LOWEST: constant(uint160) = 4295128740
HIGHEST: constant(uint160) = 1461446703485210103287273052203988822378723970341

over: int256
tokens: address[2]
manager: address
to: address
amount: int256
data: public(Bytes[32])
got: public(int256[2])


@external
def take(pool: address, first: bool, amount: int256, over: int256, recipient: address):
    """
    @param over What is paid beyond what is due.
    """
    self.over = over
    self._take(pool, first, amount, recipient)


@internal
def _take(pool: address, first: bool, amount: int256, recipient: address):
    self.tokens = [staticcall Pool(pool).token0(), staticcall Pool(pool).token1()]
    self.manager = staticcall Pool(pool).MANAGER()
    one: int256 = 0
    other: int256 = 0
    one, other = extcall Pool(pool).swap(
        recipient, first, amount, LOWEST if first else HIGHEST, b"as it was told"
    )
    self.got = [one, other]


@external
def uniswapV3SwapCallback(amount0: int256, amount1: int256, data: Bytes[32]):
    self.data = data
    token: address = self.tokens[0] if amount0 > 0 else self.tokens[1]
    due: int256 = max(amount0, amount1) + self.over
    extcall Token(token).transfer(self.manager, convert(due, uint256))


@external
def hold(pool: address, amount: int256):
    """
    @notice Take while the manager is already open.
    """
    self.to = pool
    self.amount = amount
    extcall Manager(staticcall Pool(pool).MANAGER()).unlock(b"")


@external
def unlockCallback(data: Bytes[32]) -> Bytes[32]:
    self._take(self.to, True, self.amount, self)
    return b""
