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
     than lies between its own minimum and ours. Where interest moves the position itself, what it moved
     counts as lost; a position that is off by more than interest makes was moved by somebody else.

     In the router's word: bits 0..34 price (1e-4 USD), 35..94 position (int60, 1e-12 ETH), 95..137
     usable (1e-4 USD), 138..151 the least equity per unit of hedge (1e-4, of the dearer sign), 152..183
     seconds; above them stands lib/funding. Usable equity is rounded down, the least up, the price to the
     position's disadvantage. What does not fit is no proof.
"""

from . import bits

WAD: constant(int256) = 10**18
CENTS: constant(int256) = 10**14
SCALE: constant(int256) = 10**6
SECONDS: constant(uint256) = 3 * 3600
DRIFT: constant(int256) = 4096  # of a position: seventy per cent a year for as long
MASK_32: constant(uint256) = 2**32 - 1
MASK_14: constant(uint256) = 2**14 - 1
MASK_35: constant(uint256) = 2**35 - 1
MASK_43: constant(uint256) = 2**43 - 1
MASK_60: constant(uint256) = 2**60 - 1
TICK: constant(uint256) = 10**14


# usable: WAD USD. position: WAD. price: WAD USD. least: of a unit of hedge, WAD.
struct Proof:
    time: uint256  # when the venue was asked; 0 for never
    usable: int256
    position: int256
    price: uint256
    least: uint256


@internal
@pure
def unpack(word: uint256) -> Proof:
    """
    @notice A proof from the router's word.
    @dev No field times its unit is past 2**90.
    """
    return Proof(
        time=(word >> 152) & MASK_32,
        usable=unsafe_mul(convert((word >> 95) & MASK_43, int256), CENTS),
        position=unsafe_mul(bits.signed(word << 161) >> 196, SCALE),
        price=unsafe_mul(word & MASK_35, TICK),
        least=unsafe_mul((word >> 138) & MASK_14, TICK),
    )


@internal
@pure
def pack(p: Proof) -> uint256:
    """
    @notice A proof's part of the router's word. Where there is none, or one that does not fit, the
            position alone.
    """
    usable: int256 = p.usable // CENTS
    held: int256 = p.position // SCALE
    price: uint256 = (p.price + (TICK - 1 if held > 0 else 0)) // TICK
    if abs(held) >= 2**59:
        return 0
    place: uint256 = (bits.unsigned(held) & MASK_60) << 35
    least: uint256 = (p.least + TICK - 1) // TICK
    if p.time == 0 or usable <= 0 or usable >= 2**43 or price > MASK_35 or least > MASK_14:
        return place
    return (p.time << 152) | (least << 138) | (convert(usable, uint256) << 95) | place | price


@internal
@pure
def usable_at(p: Proof, price: uint256) -> int256:
    """
    @return What is usable once the position is worth another price.
    """
    moved: int256 = p.position * (convert(price, int256) - convert(p.price, int256)) // WAD
    return p.usable + min(moved, 0)


@internal
@pure
def after(p: Proof, position: int256, order: int256, quote_delta: int256, fee: uint256) -> Proof:
    """
    @notice The bound after an order. No proof where the position is not what was followed: somebody
            else moved it.
    @param position As the venue reports it afterwards.
    """
    if p.time == 0:
        return Proof(time=0, usable=0, position=position, price=0, least=0)
    price: uint256 = (convert(abs(quote_delta), uint256) * 10**18 // convert(abs(order), uint256))
    lost: uint256 = fee
    off: int256 = abs(position - p.position - order)
    if off > 2 * SCALE:
        if off > abs(p.position) // DRIFT:
            return Proof(time=0, usable=0, position=position, price=0, least=0)
        lost += convert(off, uint256) * price // 10**18
    return Proof(
        time=p.time,
        usable=self.usable_at(p, price) - convert(lost, int256),
        position=position,
        price=price,
        least=p.least,
    )


@internal
@pure
def is_at(p: Proof, position: int256) -> bool:
    """
    @return Whether a position is the one that is followed, to what a proof keeps of it and interest makes.
    """
    off: int256 = abs(position - p.position)
    return off <= 2 * SCALE or off <= abs(p.position) // DRIFT


@internal
@pure
def holds(p: Proof, timestamp: uint256, position: int256, spot: uint256) -> bool:
    """
    @notice Whether the bound covers the least of the position's notional.
    """
    if p.time == 0 or timestamp > p.time + SECONDS:
        return False
    need: uint256 = convert(abs(position), uint256) * spot // 10**18 * p.least // 10**18
    off: int256 = abs(position - p.position)
    if off > 2 * SCALE:
        if off > abs(p.position) // DRIFT:
            return False
        need += convert(off, uint256) * spot // 10**18
    return self.usable_at(p, spot) >= convert(need, int256)
