# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title RouterRulesHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The rules of lib/margin_proof, lib/pacing and lib/funding, callable.
"""

from contracts.lib import funding
from contracts.lib import margin_proof
from contracts.lib import pacing


@external
@pure
def proof_kept(p: margin_proof.Proof) -> (uint256, margin_proof.Proof):
    word: uint256 = margin_proof.pack(p)
    return word, margin_proof.unpack(word)


@external
@pure
def proof_in(word: uint256) -> margin_proof.Proof:
    return margin_proof.unpack(word)


@external
@pure
def proof_at(p: margin_proof.Proof, price: uint256) -> int256:
    return margin_proof.usable_at(p, price)


@external
@pure
def proof_after(
    p: margin_proof.Proof, position: int256, order: int256, quote_delta: int256, fee: uint256
) -> margin_proof.Proof:
    return margin_proof.after(p, position, order, quote_delta, fee)


@external
@pure
def proof_holds(
    p: margin_proof.Proof, timestamp: uint256, position: int256, spot: uint256
) -> bool:
    return margin_proof.holds(p, timestamp, position, spot)


@external
@pure
def ledger_kept(ledger: pacing.Ledger) -> pacing.Ledger:
    return pacing.unpack(pacing.pack(ledger))


@external
@pure
def ledger_after(
    ledger: pacing.Ledger, timestamp: uint256, size: uint256, steady: uint256
) -> pacing.Ledger:
    return pacing.after(ledger, timestamp, size, steady)


@external
@pure
def depth_in_relief(ledger: pacing.Ledger, there: uint256, steady: uint256) -> uint256:
    return pacing.relieved_depth(ledger, there, steady)


@external
@pure
def jolted(buys: bool, price: uint256, before: uint256) -> bool:
    return pacing.is_jolted(buys, price, before)


@external
@pure
def ledger_says(ledger: pacing.Ledger, timestamp: uint256) -> (uint256, bool, bool):
    return (
        pacing.spent(ledger, timestamp),
        pacing.is_waiting(ledger, timestamp),
        pacing.is_relieved(ledger, timestamp),
    )


@external
@pure
def bounds(buys: bool, one: uint256, band: uint256, other: uint256) -> (uint256, uint256):
    return pacing.worst_price(buys, one, band), pacing.worse_side(buys, one, other)


@external
@pure
def funding_kept(f: funding.Funding, below: uint256) -> uint256:
    return funding.part_of(funding.pack(f) | below)


@external
@pure
def funding_charged(rate: int256, other: int256) -> int256:
    return funding.charged(rate, other)


@external
@pure
def funding_says(
    f: funding.Funding, below: uint256, life: uint256
) -> (int256, int256):
    word: uint256 = funding.pack(f) | below
    return (
        funding.over(word, True, life),
        funding.over(word, False, life),
    )
