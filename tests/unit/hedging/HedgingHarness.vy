# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title HedgingHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The rules of lib/hedging, callable.
"""

from contracts.lib import hedging


@external
@pure
def trade_order(own: int256, residual: int256, width: uint256) -> int256:
    return hedging.trade_order(own, residual, width)


@external
@pure
def room(order: int256, lot: uint256) -> uint256:
    return hedging.room(order, lot)


@external
@pure
def close_order(own: int256, residual: int256, hard: uint256, lot: uint256) -> int256:
    return hedging.close_order(own, residual, hard, lot)


@external
@pure
def brought(own: int256, order: int256) -> int256:
    return hedging.brought(own, order)


@external
@pure
def cost_of(order: int256, quote_delta: int256, spot: uint256, venue_fee: uint256) -> int256:
    return hedging.cost_of(order, quote_delta, spot, venue_fee)


@external
@pure
def trader_cost(
    own: int256, order: int256, cost: int256, spot: uint256, imputed: uint256
) -> int256:
    return hedging.trader_cost(own, order, cost, spot, imputed)


@external
@pure
def part(units: uint256, own: int256, left: int256, bound: uint256) -> uint256:
    return hedging.part(units, own, left, bound)


@external
@pure
def limited(wanted: int256, order: int256) -> int256:
    return hedging.limited(wanted, order)


@external
@pure
def spared(own: int256, order: int256) -> int256:
    return hedging.spared(own, order)


@external
@pure
def is_met(own: int256, order: int256) -> bool:
    return hedging.is_met(own, order)
