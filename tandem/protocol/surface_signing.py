"""What surface signers sign: one volatility slice for one expiry of one market (EIP-712)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from coincurve import PrivateKey, PublicKey
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak

from tandem.engine.abi import encode_values
from tandem.errors import DomainError
from tandem.protocol.bindings.structs import Signature

_DOMAIN_TYPE = keccak(
    text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_SLICE_TYPE = keccak(
    text="SurfaceSlice(address market,uint256 expiry,uint256 slice,uint256 validFrom)"
)
MAX_LOW_S = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141 // 2
"""Half the order of secp256k1: beyond it every signature has a twin."""
_NAME, _VERSION = keccak(text="Tandem VolSurface"), keccak(text="1")

TYPES: dict[str, list[dict[str, str]]] = {
    "SurfaceSlice": [
        {"name": "market", "type": "address"},
        {"name": "expiry", "type": "uint256"},
        {"name": "slice", "type": "uint256"},
        {"name": "validFrom", "type": "uint256"},
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
    """One slice: its packed word, and the moment that it describes, which is its place in the order."""

    expiry: int
    slice_word: int
    valid_from: int


def typed_data(domain: SurfaceDomain, post: SlicePost) -> dict[str, Any]:
    """The EIP-712 message, as wallets show it. Raises DomainError for a number that does not fit.
    Source: EIP-712."""
    for name in ("expiry", "slice_word", "valid_from"):
        if not 0 <= getattr(post, name) < 2**256:
            raise DomainError(f"{name}: does not fit 256 bits", "pack the slice with tandem.model")
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
        },
    }


@lru_cache(maxsize=64)
def _separator(domain: SurfaceDomain) -> bytes:
    """The EIP-712 domain's hash."""
    kinds = ("bytes32", "bytes32", "bytes32", "uint256", "address")
    content = (_DOMAIN_TYPE, _NAME, _VERSION, domain.chain_id, domain.surface)
    return keccak(encode_values(kinds, content))


def digest(domain: SurfaceDomain, post: SlicePost) -> bytes:
    """The 32 bytes that are signed: the same as wallets derive from `typed_data`, without asking
    them, because a replay signs tens of thousands. Source: EIP-712."""
    kinds = ("bytes32", "address", "uint256", "uint256", "uint256")
    numbers = (post.expiry, post.slice_word, post.valid_from)
    content = keccak(encode_values(kinds, (_SLICE_TYPE, domain.market, *numbers)))
    return keccak(b"\x19\x01" + _separator(domain) + content)


def sign(
    domain: SurfaceDomain, post: SlicePost, keys: Iterable[str | bytes | LocalAccount]
) -> list[Signature]:
    """The signatures of all keys, in the order that the contract wants: by rising address."""
    message = digest(domain, post)
    return [_signature(key, message) for key in _in_order(tuple(keys))]


def _signature(key: PrivateKey, message: bytes) -> Signature:
    """r, s and the recovery id, as libsecp256k1 writes them."""
    raw = key.sign_recoverable(message, hasher=None)
    return Signature(
        27 + raw[64], int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:64], "big")
    )


@lru_cache(maxsize=16)
def _in_order(keys: tuple[str | bytes | LocalAccount, ...]) -> tuple[PrivateKey, ...]:
    """The keys themselves, by rising address: an account would check and format each signature, which
    takes three times as long as to sign."""
    accounts = [
        key if isinstance(key, LocalAccount) else cast("LocalAccount", Account.from_key(key))  # pyright: ignore
        for key in keys
    ]
    accounts.sort(key=lambda account: int(account.address, 16))
    return tuple([PrivateKey(bytes(account.key)) for account in accounts])


def recovered(domain: SurfaceDomain, post: SlicePost, signature: Signature) -> str | None:
    """Whose signature it is, by the same bytes; None where it is none that the contract would read."""
    if signature.v not in (27, 28) or not 0 < signature.s <= MAX_LOW_S:
        return None
    try:
        raw = signature.r.to_bytes(32) + signature.s.to_bytes(32) + bytes([signature.v - 27])
        key = PublicKey.from_signature_and_message(raw, digest(domain, post), hasher=None)
    except Exception:
        return None
    return to_checksum_address(keccak(key.format(compressed=False)[1:])[12:])


def signer_of(domain: SurfaceDomain, post: SlicePost, signature: Signature) -> str:
    """Whose signature it is, as the contract will see it."""
    message = encode_typed_data(full_message=typed_data(domain, post))
    vrs = (signature.v, signature.r, signature.s)
    return str(Account.recover_message(message, vrs=vrs))
