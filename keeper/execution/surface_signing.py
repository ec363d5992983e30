"""What surface signers sign: one volatility slice for one expiry of one market (EIP-712)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount

from keeper.errors import DomainError

TYPES: dict[str, list[dict[str, str]]] = {
    "SurfaceSlice": [
        {"name": "market", "type": "address"},
        {"name": "expiry", "type": "uint256"},
        {"name": "slice", "type": "uint256"},
        {"name": "validFrom", "type": "uint256"},
        {"name": "sequence", "type": "uint256"},
    ]
}


@dataclass(frozen=True, slots=True)
class SurfaceDomain:
    """Where a signature counts: one surface contract, for one market, on one chain."""

    chain_id: int
    surface: str
    market: str


@dataclass(frozen=True, slots=True)
class SlicePost:
    """One slice: its packed word, the moment that it describes, and its place in the order."""

    expiry: int
    slice_word: int
    valid_from: int
    sequence: int


Signature = tuple[int, int, int]
"""v, r, s."""


def typed_data(domain: SurfaceDomain, post: SlicePost) -> dict[str, Any]:
    """The EIP-712 message, as wallets show it. Raises DomainError for a number that does not fit.
    Source: EIP-712."""
    for name in ("expiry", "slice_word", "valid_from", "sequence"):
        if not 0 <= getattr(post, name) < 2**256:
            raise DomainError(f"{name}: does not fit 256 bits", "pack the slice with keeper.model")
    return {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            **TYPES,
        },
        "primaryType": "SurfaceSlice",
        "domain": {
            "name": "Tandem VolSurface",
            "version": "1",
            "chainId": domain.chain_id,
            "verifyingContract": domain.surface,
        },
        "message": {
            "market": domain.market,
            "expiry": post.expiry,
            "slice": post.slice_word,
            "validFrom": post.valid_from,
            "sequence": post.sequence,
        },
    }


def sign(
    domain: SurfaceDomain, post: SlicePost, keys: Iterable[str | bytes | LocalAccount]
) -> list[Signature]:
    """The signatures of all keys, in the order that the contract wants: by rising address."""
    message = encode_typed_data(full_message=typed_data(domain, post))
    accounts = [
        key if isinstance(key, LocalAccount) else Account.from_key(key)  # pyright: ignore
        for key in keys
    ]
    accounts.sort(key=lambda account: int(account.address, 16))
    signed = [account.sign_message(message) for account in accounts]
    return [(s.v, s.r, s.s) for s in signed]


def signer_of(domain: SurfaceDomain, post: SlicePost, signature: Signature) -> str:
    """Whose signature it is, as the contract will see it."""
    message = encode_typed_data(full_message=typed_data(domain, post))
    return str(Account.recover_message(message, vrs=signature))
