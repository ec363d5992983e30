"""The quote token's stand-in against ERC-2612, property by property; eth_account signs.

The shares and the options have no permits. The quote token has, and the client lives by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY

FIELDS = ("owner", "spender", "value", "nonce", "deadline")
KINDS = ("address", "address", "uint256", "uint256", "uint256")
OWNER = Account.from_key(LOCAL_KEEPER_KEY)
OTHER = Account.from_key(LOCAL_SIGNER_KEY)
NOBODY = "0x" + "00" * 20


@dataclass(frozen=True)
class Permit:
    """What is signed, by whom, for which token and chain."""

    token: str
    spender: str
    value: int
    nonce: int
    deadline: int
    owner: str = OWNER.address
    key: str = LOCAL_KEEPER_KEY
    chain: int = 31_337

    def signature(self) -> tuple[int, bytes, bytes]:
        typed: dict[str, Any] = {
            "types": {
                "EIP712Domain": [
                    {"name": "name", "type": "string"},
                    {"name": "version", "type": "string"},
                    {"name": "chainId", "type": "uint256"},
                    {"name": "verifyingContract", "type": "address"},
                ],
                "Permit": [{"name": n, "type": k} for n, k in zip(FIELDS, KINDS, strict=True)],
            },
            "primaryType": "Permit",
            "domain": {
                "name": "USD Coin",
                "version": "2",
                "chainId": self.chain,
                "verifyingContract": self.token,
            },
            "message": {name: getattr(self, name) for name in FIELDS},
        }
        signed = Account.sign_message(encode_typed_data(full_message=typed), self.key)
        return signed.v, signed.r.to_bytes(32, "big"), signed.s.to_bytes(32, "big")


@pytest.fixture
def token() -> Contract:
    engine = open_engine("pyrevm")
    return engine.deploy(compile_vyper("USDC"))


@pytest.fixture
def good(token: Contract) -> Permit:
    spender = token.engine.accounts[7]
    return Permit(token.address, spender, 500, 0, token.engine.now() + 100)


def send(token: Contract, p: Permit, signature: tuple[int, bytes, bytes] | None = None) -> None:
    """Anybody relays it."""
    signed = signature or p.signature()
    values = (p.owner, p.spender, p.value, p.deadline)
    token.send("permit", *values, *signed, sender=token.engine.accounts[9])


def test_a_permit_sets_the_allowance_raises_the_nonce_and_tells(
    token: Contract, good: Permit
) -> None:
    """ "sets allowance[owner][spender] to value, increments nonces[owner] by 1, and emits a corresponding
    Approval event"."""
    values = (good.owner, good.spender, good.value, good.deadline)
    receipt = token.send("permit", *values, *good.signature(), sender=token.engine.accounts[9])
    assert token.call("allowance", good.owner, good.spender) == 500
    assert token.call("nonces", good.owner) == 1
    (event,) = receipt.events("Approval")
    assert (event["owner"], event["spender"], event["value"]) == (good.owner, good.spender, 500)


def test_a_permit_is_good_once(token: Contract, good: Permit) -> None:
    send(token, good)
    with pytest.raises(Reverted, match="usdc: bad permit"):
        send(token, good)
    send(token, replace(good, nonce=1, value=7))
    assert token.call("allowance", good.owner, good.spender) == 7


def test_a_permit_is_good_to_the_second_of_its_deadline(token: Contract, good: Permit) -> None:
    """ "The current blocktime is less than or equal to deadline"."""
    engine = token.engine
    engine.advance(good.deadline - 1 - engine.now())
    with_one_left = engine.snapshot()
    send(token, good)
    assert engine.now() == good.deadline
    engine.revert(with_one_left)
    engine.advance(1)
    with pytest.raises(Reverted, match="usdc: permit expired"):
        send(token, good)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": LOCAL_SIGNER_KEY},
        {"nonce": 1},
        {"chain": 1},
        {"token": OTHER.address},
    ],
    ids=str,
)
def test_what_is_signed_by_another_or_for_another_moment_chain_or_token_is_refused(
    token: Contract, good: Permit, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Reverted, match="usdc: bad permit"):
        send(token, good, replace(good, **wrong).signature())


@pytest.mark.parametrize(
    "changed", [{"value": 501}, {"spender": OTHER.address}, {"owner": OTHER.address}], ids=str
)
def test_nothing_that_was_signed_can_be_changed(
    token: Contract, good: Permit, changed: dict[str, Any]
) -> None:
    with pytest.raises(Reverted, match="usdc: bad permit"):
        send(token, replace(good, **changed), good.signature())


def test_nobody_is_no_owner(token: Contract, good: Permit) -> None:
    """ "owner is not the zero address": what no key signed recovers to it."""
    with pytest.raises(Reverted, match="usdc: bad permit"):
        send(token, replace(good, owner=NOBODY), (27, bytes(32), bytes(32)))
