"""The fast path of signing equals what a wallet signs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tandem.engine.base import ACCOUNTS
from tandem.protocol.bindings.structs import Signature
from tandem.protocol.surface_signing import (
    SlicePost,
    SurfaceDomain,
    recovered,
    sign,
    signer_of,
)

# Account 4 of anvil's public mnemonic: everybody knows this key.
KEY = "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"
ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
word = st.integers(0, 2**256 - 1)


@given(word, word, word, st.integers(1, 2**64))
def test_r15_a_wallet_recovers_the_signer_of_what_was_signed_fast(
    expiry: int, slice_word: int, valid_from: int, chain: int
) -> None:
    domain = SurfaceDomain(chain, ACCOUNTS[1], ACCOUNTS[2])
    post = SlicePost(expiry, slice_word, valid_from)
    assert signer_of(domain, post, sign(domain, post, [KEY])[0]) == ACCOUNTS[4]
    assert recovered(domain, post, sign(domain, post, [KEY])[0]) == ACCOUNTS[4]


@given(st.integers(0, 30), word, word)
def test_what_is_no_signature_is_nobodys_and_a_wallet_agrees_on_what_is(
    v: int, r: int, s: int
) -> None:
    """Whatever three numbers somebody sends; the twin of a signature is none to the contract."""
    domain, post = SurfaceDomain(1, ACCOUNTS[1], ACCOUNTS[2]), SlicePost(1, 2, 3)
    found = recovered(domain, post, Signature(v, r, s))
    assert found is None or found == signer_of(domain, post, Signature(v, r, s))
    good = sign(domain, post, [KEY])[0]
    assert recovered(domain, post, replace(good, v=55 - good.v)) != ACCOUNTS[4]
    assert recovered(domain, post, replace(good, v=55 - good.v, s=ORDER - good.s)) is None
