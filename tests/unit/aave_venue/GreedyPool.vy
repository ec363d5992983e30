# pragma version 0.4.3
# pragma evm-version cancun

"""
@title GreedyPool
@license AGPL-3.0-only
@author Tandem contributors
@notice A pool that calls back when nobody asked, and twice when somebody did: what no real one does.
"""


interface Caller:
    def uniswapV3SwapCallback(amount0: int256, amount1: int256, data: Bytes[32]): nonpayable


interface Token:
    def transfer(to: address, amount: uint256) -> bool: nonpayable


token0: public(address)
token1: public(address)
fee: public(constant(uint24)) = 500
calls: uint256


@deploy
def __init__(base: address, quote: address):
    self.token0 = base
    self.token1 = quote


@external
def set_calls(calls: uint256):
    self.calls = calls


@external
@view
def slot0() -> (uint160, int24, uint16, uint16, uint16, uint8, bool):
    return 2**80, 0, 0, 2000, 2000, 0, True


@external
def call_back(caller: address):
    """
    @notice Unasked.
    """
    extcall Caller(caller).uniswapV3SwapCallback(-1, 1, b"")


@external
def swap(
    recipient: address,
    zeroForOne: bool,
    amountSpecified: int256,
    sqrtPriceLimitX96: uint160,
    data: Bytes[32],
) -> (int256, int256):
    extcall Token(self.token0).transfer(recipient, convert(-amountSpecified, uint256))
    for _: uint256 in range(self.calls, bound=2):
        extcall Caller(msg.sender).uniswapV3SwapCallback(amountSpecified, 10**6, b"")
    return amountSpecified, 10**6
