# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize

"""
@title MockMarket
@license AGPL-3.0-only
@author Tandem contributors
@notice A stand-in for the Market, the Lens and the Guardian in the Vault's unit tests: it answers
        with whatever mark, liabilities and terms the test set, or reverts as a stale oracle does.
"""

from ..interfaces import IMark

implements: IMark

_mark: IMark.Mark
terms: public(uint256)
limits: public(uint256)
is_stale: public(bool)
counts_since: public(uint256)


# @notice Answer `mark` and `liabilities` with this.
@external
def set_mark(mark_: IMark.Mark):
    self._mark = mark_


# @notice Answer `terms` with this.
@external
def set_terms(terms_: uint256):
    self.terms = terms_


# @notice Answer `limits` with this.
@external
def set_limits(limits_: uint256):
    self.limits = limits_


# @notice Answer `counts_since` with this.
@external
def set_counts_since(time: uint256):
    self.counts_since = time


# @notice Revert in `mark`, as when an input is stale.
@external
def set_stale(yes: bool):
    self.is_stale = yes


@external
@view
def mark() -> IMark.Mark:
    return self._answer()


@external
@view
def mark_for(nav: uint256, patience: uint256) -> IMark.Mark:
    return self._answer()


@internal
@view
def _answer() -> IMark.Mark:
    assert not self.is_stale, "mock: stale"
    return self._mark


@external
@view
def words() -> uint256[2]:
    return [self.terms, self.limits]


@external
@view
def liabilities() -> (uint256, uint256):
    return self._mark.maxima, self._mark.claims
