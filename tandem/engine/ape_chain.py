"""Ape's provider as an engine, and an Ape account as a signer: keyfiles, hardware, test accounts.

The only module besides the bot that imports ape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ape.utils import ManagerAccessMixin
from web3.exceptions import Web3RPCError

from tandem.engine.remote import RemoteEngine, Sign
from tandem.engine.rpc import RpcError
from tandem.errors import EngineError


def engine_of(provider: Any, account: Any = None) -> RemoteEngine:
    """Ape's provider as an engine; `account` signs. Ape knows its local networks and its forks."""

    def request(method: str, params: list[Any]) -> Any:
        try:
            return provider.web3.manager.request_blocking(method, params)
        except Web3RPCError as error:
            raise RpcError(method, dict((error.rpc_response or {}).get("error", {}))) from error

    signers: Mapping[str, Sign] = {} if account is None else {account.address: signer_of(account)}
    return RemoteEngine(
        lambda m, p: _plain(request(m, p)),
        signers=signers,
        is_development=provider.network.is_dev,
    )


def signer_of(account: Any) -> Sign:
    """An Ape account as the signer of an engine."""

    def sign(fields: dict[str, Any]) -> bytes:
        networks: Any = ManagerAccessMixin.network_manager  # pyright: ignore[reportFunctionMemberAccess]
        active = networks.active_provider
        ecosystem = active.network.ecosystem if active else networks.ethereum
        named = {k: v for k, v in fields.items() if k not in ("from", "to")}
        created = ecosystem.create_transaction(
            type=2 if "maxFeePerGas" in fields else 0,
            sender=fields["from"],
            **({"to": fields["to"]} if fields["to"] else {}),
            **named,
        )
        signed = account.sign_transaction(created)
        if signed is None:
            raise EngineError("the account did not sign", "unlock it, and confirm the transaction")
        return bytes(signed.serialize_transaction())

    return sign


def _plain(value: Any) -> Any:
    """web3's containers as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
