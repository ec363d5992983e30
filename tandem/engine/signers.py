"""Who signs transactions: a key from the settings, or whatever Ape holds (`ape_chain`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from eth_account import Account
from eth_account.signers.local import LocalAccount

from tandem.engine.remote import Sign
from tandem.errors import ConfigError

SignTyped = Callable[[dict[str, Any]], tuple[int, int, int]]
"""EIP-712 typed data (types, primaryType, domain, message) -> v, r, s."""


@dataclass(frozen=True, slots=True)
class Signer:
    """One account that can sign. sign_typed: None where it signs transactions alone."""

    address: str
    sign: Sign
    sign_typed: SignTyped | None = None


def from_key(key: str, name: str = "TANDEM_KEY") -> Signer:
    """Raises ConfigError, without showing what was given, where it is no key. name: where it was given."""
    try:
        account = cast("LocalAccount", Account.from_key(key))  # pyright: ignore[reportCallIssue]
    except Exception:
        raise ConfigError(
            f"{name} is no private key", "0x and 64 hex digits; or use an Ape account"
        ) from None

    def sign(fields: dict[str, Any]) -> bytes:
        unsigned = {k: v for k, v in fields.items() if k != "from" and v is not None}
        return bytes(account.sign_transaction(unsigned).raw_transaction)

    def sign_typed(data: dict[str, Any]) -> tuple[int, int, int]:
        signed = account.sign_typed_data(full_message=data)
        return signed.v, signed.r, signed.s

    return Signer(str(account.address), sign, sign_typed)
