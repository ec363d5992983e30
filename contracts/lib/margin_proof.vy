# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title margin_proof
@license AGPL-3.0-only
@author Tandem contributors
@notice A lower bound on the equity that carries orders, kept from the last time the venue was asked:
        asking it costs 140k gas, following it a storage slot.
@dev Gains since then count for nothing, losses in full. Every order values the position before it at
     its own fill and pays its own fee, so that what is left open is the position between then and
     now. Funding alone is not followed: the proof is good for SECONDS, in which the venue takes less
     than lies between its own minimum and ours.

     In the router's word: bits 0..41 price (1e-6 USD), 42..101 position (int60, 1e-12 ETH), 102..151
     usable (token units), 152..183 seconds; above them stands lib/funding. Usable equity is rounded
     down, the price to the position's disadvantage. What does not fit is no proof.
"""

from . import bits

WAD: constant(int256) = 10**18
TO_WAD: constant(int256) = 10**12
SCALE: constant(int256) = 10**6
SECONDS: constant(uint256) = 3 * 3600
MASK_32: constant(uint256) = 2**32 - 1
MASK_42: constant(uint256) = 2**42 - 1
MASK_50: constant(uint256) = 2**50 - 1
MASK_60: constant(uint256) = 2**60 - 1
TICK: constant(uint256) = 10**12


# usable: WAD USD. position: WAD. price: WAD USD.
struct Proof:
    time: uint256  # when the venue was asked; 0 for never
    usable: int256
    position: int256
    price: uint256


@internal
@pure
def unpack(word: uint256) -> Proof:
    """
    @notice A proof from the router's word.
    """
    return Proof(
        time=(word >> 152) & MASK_32,
        usable=convert((word >> 102) & MASK_50, int256) * TO_WAD,
        position=(bits.signed(word << 154) >> 196) * SCALE,
        price=(word & MASK_42) * TICK,
    )


@internal
@pure
def pack(p: Proof) -> uint256:
    """
    @notice A proof's part of the router's word. Where there is none, or one that does not fit, the
            position alone.
    """
    usable: int256 = p.usable // TO_WAD
    held: int256 = p.position // SCALE
    price: uint256 = (p.price + (TICK - 1 if held > 0 else 0)) // TICK
    if abs(held) >= 2**59:
        return 0
    place: uint256 = (bits.unsigned(held) & MASK_60) << 42
    if p.time == 0 or usable <= 0 or usable >= 2**50 or price > MASK_42:
        return place
    return (p.time << 152) | (convert(usable, uint256) << 102) | place | price


@internal
@pure
def at(p: Proof, price: uint256) -> Proof:
    """
    @notice The bound once the position is worth another price.
    """
    moved: int256 = p.position * (convert(price, int256) - convert(p.price, int256)) // WAD
    return Proof(time=p.time, usable=p.usable + min(moved, 0), position=p.position, price=price)


@internal
@pure
def after(p: Proof, position: int256, order: int256, quote_delta: int256, fee: uint256) -> Proof:
    """
    @notice The bound after an order. No proof where the position is not what was followed: somebody
            else moved it.
    @param position As the venue reports it afterwards.
    """
    if p.time == 0 or abs(position - p.position - order) > 2 * SCALE:
        return Proof(time=0, usable=0, position=position, price=0)
    price: uint256 = (convert(abs(quote_delta), uint256) * 10**18 // convert(abs(order), uint256))
    followed: Proof = self.at(p, price)
    followed.usable -= convert(fee, int256)
    followed.position = position
    return followed


@internal
@pure
def holds(p: Proof, timestamp: uint256, position: int256, spot: uint256, least: uint256) -> bool:
    """
    @notice Whether the bound covers `least` (WAD) of the position's notional.
    """
    if p.time == 0 or timestamp > p.time + SECONDS:
        return False
    if abs(position - p.position) > 2 * SCALE:
        return False
    need: uint256 = convert(abs(position), uint256) * spot // 10**18 * least // 10**18
    return self.at(p, spot).usable >= convert(need, int256)
