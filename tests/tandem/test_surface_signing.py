"""The fast path of signing equals what a wallet signs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tandem.engine.base import ACCOUNTS
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, sign, signer_of

# Account 4 of anvil's public mnemonic: everybody knows this key.
KEY = "0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"
word = st.integers(0, 2**256 - 1)


@given(word, word, word, st.integers(1, 2**64))
def test_r15_a_wallet_recovers_the_signer_of_what_was_signed_fast(
    expiry: int, slice_word: int, valid_from: int, chain: int
) -> None:
    domain = SurfaceDomain(chain, ACCOUNTS[1], ACCOUNTS[2])
    post = SlicePost(expiry, slice_word, valid_from)
    assert signer_of(domain, post, sign(domain, post, [KEY])[0]) == ACCOUNTS[4]
