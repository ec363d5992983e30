# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title V4Pool
@license AGPL-3.0-only
@author Tandem contributors
@notice One pool of Uniswap v4, spoken to in the words of a pool of v3: its price, its depth, its ticks, and a
        swap that pays out first and calls back for what is due. So whatever trades in the one trades in the
        other. It has no owner and no state, it never holds a token, and anybody may use it.
@dev The manager calls nobody back but whoever unlocked it, with that one's own words: so what is decoded here
     was encoded here. What is due is paid to the manager, not to this contract. Two things a pool of v3 has
     and this one has not: a history of its prices (a reference keeps one), and a fee that nobody changes
     (`fee_of` reads it). Pools with hooks are refused: a hook may refuse, re-price or keep an order.
     It needs no lock: it has nothing, the manager opens for one at a time, and what the views read is the
     manager's, which anybody reads in the middle of a swap.
"""

from ..interfaces import IV4Pool
from ..interfaces.external import IUniswapV4Manager

implements: IV4Pool


interface ISwapper:
    def uniswapV3SwapCallback(amount0: int256, amount1: int256, data: Bytes[32]): nonpayable


MANAGER: public(immutable(address))
MARKET: public(immutable(address))
KEY: immutable(IUniswapV4Manager.PoolKey)
# Where the manager keeps the pool.
STATE: immutable(uint256)

# The manager's place of its pools, and where in a pool's words they lie; the first has price, tick and fees.
POOLS: constant(uint256) = 6
LIQUIDITY: constant(uint256) = 3
TICKS: constant(uint256) = 4
FLAGS: constant(uint256) = 5
MASK_24: constant(uint256) = 2**24 - 1
MASK_12: constant(uint256) = 2**12 - 1
MASK_128: constant(uint256) = 2**128 - 1
MASK_160: constant(uint256) = 2**160 - 1
MILLION: constant(uint256) = 10**6


@deploy
def __init__(
    manager: address, id: bytes32, one: address, other: address, fee: uint24, spacing: int24
):
    """
    @param manager Keeps all pools. @param id The pool's there: it says that it has no hooks.
    @param one Either token. @param other The other one: neither is ether itself.
    @param fee Of its makers, millionths. @param spacing Of its ticks.
    """
    assert one != empty(address) and other != empty(address), "pool: native ether"
    is_first: bool = convert(one, uint160) < convert(other, uint160)
    key: IUniswapV4Manager.PoolKey = IUniswapV4Manager.PoolKey(
        currency0=one if is_first else other,
        currency1=other if is_first else one,
        fee=fee,
        tickSpacing=spacing,
        hooks=empty(address),
    )
    assert keccak256(abi_encode(key)) == id, "pool: another key, or hooks"
    MANAGER = manager
    KEY = key
    STATE = convert(keccak256(abi_encode(id, POOLS)), uint256)
    name: uint256 = convert(keccak256(abi_encode(manager, id)), uint256) & MASK_160
    MARKET = convert(convert(name, uint160), address)
    word: bytes32 = staticcall IUniswapV4Manager(manager).extsload(convert(STATE, bytes32))
    assert convert(word, uint256) & MASK_160 != 0, "pool: not initialised"


# ---------------------------------------------------------------- orders


@external
@reentrant
def swap(
    recipient: address,
    zeroForOne: bool,
    amountSpecified: int256,
    sqrtPriceLimitX96: uint160,
    data: Bytes[32],
) -> (int256, int256):
    """
    @notice Trade in the pool: pays out to `recipient`, then calls the caller back, who pays the manager.
    @param amountSpecified Positive goes in, negative comes out.
    @return What the pool gets of either token, negative what it pays.
    """
    told: Bytes[320] = abi_encode(
        msg.sender, recipient, zeroForOne, amountSpecified, sqrtPriceLimitX96, data
    )
    answer: Bytes[64] = extcall IUniswapV4Manager(MANAGER).unlock(told)
    amount0: int256 = 0
    amount1: int256 = 0
    amount0, amount1 = abi_decode(answer, (int256, int256))
    return amount0, amount1


@external
@reentrant
def unlockCallback(told: Bytes[320]) -> Bytes[64]:
    """
    @notice The manager is open to us. The manager only.
    """
    assert msg.sender == MANAGER, "pool: not the manager"
    swapper: address = empty(address)
    recipient: address = empty(address)
    sells_first: bool = False
    amount: int256 = 0
    limit: uint160 = 0
    data: Bytes[32] = b""
    swapper, recipient, sells_first, amount, limit, data = abi_decode(
        told, (address, address, bool, int256, uint160, Bytes[32])
    )
    manager: IUniswapV4Manager = IUniswapV4Manager(msg.sender)
    moved: int256 = extcall manager.swap(
        KEY,
        IUniswapV4Manager.SwapParams(
            zeroForOne=sells_first, amountSpecified=-amount, sqrtPriceLimitX96=limit
        ),
        b"",
    )
    amount0: int256 = -(moved >> 128)
    amount1: int256 = -((moved << 128) >> 128)
    paid: int256 = -(amount1 if sells_first else amount0)
    if paid > 0:
        token: address = KEY.currency1 if sells_first else KEY.currency0
        extcall manager.take(token, recipient, convert(paid, uint256), skip_contract_check=True)
    due: address = KEY.currency0 if sells_first else KEY.currency1
    extcall manager.sync(due, skip_contract_check=True)
    # whoever has no code pays nothing, and the manager does not settle
    extcall ISwapper(swapper).uniswapV3SwapCallback(
        amount0, amount1, data, skip_contract_check=True
    )
    extcall manager.settle()
    return abi_encode(amount0, amount1)


# ---------------------------------------------------------------- views


@external
@view
@reentrant
def slot0() -> (uint160, int24, uint16, uint16):
    """
    @notice sqrt(price) in Q96, tick, and twice nothing: it keeps no observations.
    """
    word: bytes32 = self._word(STATE)
    root: uint256 = convert(word, uint256) & MASK_160
    tick: int256 = (convert(word, int256) << 72) >> 232
    return convert(root, uint160), convert(tick, int24), 0, 0


@external
@view
@reentrant
def fee_of(zero_for_one: bool) -> uint256:
    """
    @notice What the pool takes now of what goes in, millionths: its makers' fee and the manager's own.
    """
    return self._taken(convert(self._word(STATE), uint256), zero_for_one)


@external
@view
@reentrant
def price_and_fee() -> (uint160, uint256):
    """
    @notice sqrt(price) in Q96, and what the pool takes now of what goes in, millionths: the more, where
            that is not the same both ways.
    """
    word: uint256 = convert(self._word(STATE), uint256)
    fee: uint256 = max(self._taken(word, True), self._taken(word, False))
    return convert(word & MASK_160, uint160), fee


@external
@view
@reentrant
def liquidity() -> uint128:
    """
    @notice In range now.
    """
    return convert(convert(self._word(STATE + LIQUIDITY), uint256) & MASK_128, uint128)


@external
@view
@reentrant
def ticks(tick: int24) -> (uint128, int128):
    """
    @notice Liquidity that ends at the tick, and its change when the tick is crossed upwards.
    """
    word: bytes32 = self._word(self._at(TICKS, convert(tick, int256)))
    ends: uint256 = convert(word, uint256) & MASK_128
    return convert(ends, uint128), convert(convert(word, int256) >> 128, int128)


@external
@view
@reentrant
def tickBitmap(word: int16) -> uint256:
    """
    @notice 256 flags of initialised ticks, in units of the tick spacing.
    """
    return convert(self._word(self._at(FLAGS, convert(word, int256))), uint256)


@external
@view
def tickSpacing() -> int24:
    """
    @notice Of the pool's ticks.
    """
    return KEY.tickSpacing


@external
@view
def token0() -> address:
    """
    @notice The token of the lower address.
    """
    return KEY.currency0


@external
@view
def token1() -> address:
    """
    @notice The other one.
    """
    return KEY.currency1


# ---------------------------------------------------------------- inside


@internal
@view
def _word(slot: uint256) -> bytes32:
    """
    @return A word of what the manager keeps.
    """
    return staticcall IUniswapV4Manager(MANAGER).extsload(convert(slot, bytes32))


@internal
@pure
def _taken(word: uint256, zero_for_one: bool) -> uint256:
    """
    @return What the pool takes of what goes in, by its first word, millionths.
    """
    own: uint256 = (word >> (184 if zero_for_one else 196)) & MASK_12
    makers: uint256 = (word >> 208) & MASK_24
    return own + makers - own * makers // MILLION


@internal
@view
def _at(map: uint256, key: int256) -> uint256:
    """
    @return Where the manager keeps what one of the pool's maps has under a key.
    """
    return convert(keccak256(abi_encode(key, STATE + map)), uint256)
