# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title Single option
@license AGPL-3.0-only
@author Tandem contributors
@notice One option on its forward, without a surface: for auditors, and to hold other people's
        mathematics against. Value and Greeks come from the functions that trades run.
"""

from ..interfaces import IRisk
from . import bits
from . import fixed_point
from . import payoffs
from . import pricing
from . import surface

WAD: constant(uint256) = 10**18
MAX_LIFE: constant(uint256) = 100 * 31_536_000
MAX_VOL: constant(uint256) = 100 * 10**18
MIN_DEVIATION: constant(uint256) = 2**56
MAX_DEVIATION: constant(uint256) = 2**99


@internal
@pure
def price(query: IRisk.PriceQuery) -> IRisk.PriceGreeks:
    """
    @notice One leg, less the cap's or the floor's.
    """
    answer: IRisk.PriceGreeks = self._leg(query, query.strike)
    if query.other == 0:
        return answer
    less: IRisk.PriceGreeks = self._leg(query, query.other)
    return IRisk.PriceGreeks(
        value=answer.value - min(less.value, answer.value),
        delta=answer.delta - less.delta,
        gamma=answer.gamma - less.gamma,
        vega=answer.vega - less.vega,
        theta=answer.theta - less.theta,
    )


@internal
@pure
def _leg(query: IRisk.PriceQuery, strike: uint256) -> IRisk.PriceGreeks:
    """
    @dev Black-76 at a strike. Volatility and life are held below 100 and 100 years, the
         deviation in [2**-40, 8].
    """
    assert (
        query.forward != 0 and max(query.forward, strike) <= payoffs.MAX_PRICE
    ), "risk: forward range"
    life: uint256 = min(query.life, MAX_LIFE)
    vol: uint256 = min(query.vol, MAX_VOL)
    root_tau: uint256 = surface.root_tau(life)
    deviation: uint256 = min(max(root_tau * vol // WAD, MIN_DEVIATION), MAX_DEVIATION)
    forward: int256 = bits.signed(query.forward)
    # a strike of 0 is next to 1 wei, and worth the forward all the same
    k: int256 = fixed_point.ln_ratio(bits.signed(max(strike, 1)), forward)
    worth: int256 = 0
    probability: int256 = 0
    bell: int256 = 0
    worth, probability, bell = pricing.call(k, bits.signed(deviation), forward, bits.signed(strike))
    delta: int256 = (probability * convert(WAD, int256)) >> 96
    if query.is_put:
        # parity, exact; the call is worth at least F - K
        worth = worth + bits.signed(strike) - forward
        delta -= convert(WAD, int256)
    density: uint256 = convert(bell * pricing.INV_SQRT_2PI >> 96, uint256)
    # density / deviation < 2**135 in Q96, times 10**36 < 2**255
    gamma: uint256 = ((density << 96) // deviation * 10**36 // query.forward) >> 96
    # forward * density >> 48 < 2**144, root_tau < 2**100
    vega: uint256 = (((query.forward * density) >> 48) * root_tau) >> 144
    decay: uint256 = vega * vol * convert(surface.YEAR, uint256) // (2 * max(life, 1) * WAD)
    return IRisk.PriceGreeks(
        value=convert(worth, uint256),
        delta=delta,
        gamma=convert(gamma, int256),
        vega=convert(vega, int256),
        theta=-convert(decay, int256),
    )
