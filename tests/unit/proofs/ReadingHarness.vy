# pragma version 0.4.3
# pragma evm-version cancun
"""
@title ReadingHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice What proofs are about, callable: to compare the solver's reading with the machine's.
"""

from contracts.interfaces import IMark
from contracts.interfaces import IUnderwriter
from contracts.lib import book_totals
from contracts.lib import book_words
from contracts.lib import nodes
from contracts.lib import payoffs
from contracts.lib import series
from contracts.modules import nav


@external
@pure
def exit_room(own: int256, worth: uint256, reserve: uint256, m: IMark.Mark) -> uint256:
    return nav._exit_room(own, worth, reserve, m)


@external
@pure
def shares_for(assets: uint256, worth: uint256, supply: uint256) -> uint256:
    return nav._shares_for(assets, worth, supply)


@external
@pure
def assets_down(amount: uint256, worth: uint256, supply: uint256) -> uint256:
    return nav._assets_down(amount, worth, supply)


@external
@pure
def unit_payoff(
    is_put: bool, strike: uint256, other: uint256, units: uint256, price: uint256
) -> uint256:
    return payoffs.unit_payoff(is_put, strike, other, units, price)


@external
@pure
def maximum(forward: int256, cash: int256, count: uint256, words: uint256[4]) -> uint256:
    return payoffs.maximum(forward, cash, count, words)


@external
@pure
def payoff(header: uint256, words: uint256[4], price: uint256) -> uint256:
    return payoffs.payoff(header, words, price)


@external
@pure
def max_close(
    header: uint256,
    words: uint256[4],
    is_put: bool,
    strike: uint256,
    other: uint256,
    units: uint256,
    price_up: uint256,
    room: int256,
) -> uint256:
    return payoffs.max_close(header, words, is_put, strike, other, units, price_up, room)


@external
@pure
def with_strike(words: IUnderwriter.Words, strike: uint256) -> IUnderwriter.Words:
    return nodes.with_strike(words, strike)


@external
@pure
def moved(totals: uint256, slot: uint256, before: uint256, after: uint256) -> uint256:
    return book_totals.moved(totals, slot, before, after)


@external
@pure
def with_node(words: uint256[4], i: uint256, strike: uint256, size: int256) -> uint256[4]:
    return book_words.with_node(words, i, strike, size)
