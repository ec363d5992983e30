"""Exact allowances: the Vault may take what one transaction costs at most, and nothing after it.

Where the token has EIP-2612 and the account signs here, the allowance is a permit with the
transaction's deadline; else an approval. One that the account gave before is used as it is. What a
process that ended between the two left behind is `standing`, until it is revoked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from eth_abi.exceptions import DecodingError
from eth_account.messages import encode_typed_data

from tandem.client.amounts import shown
from tandem.client.errors import AllowanceError, BalanceError, ClientError
from tandem.client.sending import Step
from tandem.client.session import Prepared, Session, prepare, turn
from tandem.errors import Reverted
from tandem.units import decimal

PERMIT = [
    {"name": "owner", "type": "address"},
    {"name": "spender", "type": "address"},
    {"name": "value", "type": "uint256"},
    {"name": "nonce", "type": "uint256"},
    {"name": "deadline", "type": "uint256"},
]
DOMAIN = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]


@dataclass(frozen=True, slots=True)
class Spending:
    """What a transaction takes of the quote token. costs: as far as is known; most: its bound, for
    which the allowance is given. All in token units."""

    costs: int
    most: int
    deadline: int


def around(session: Session, step: Step, spending: Spending, *, approve: bool = True) -> list[Step]:
    """The step between the allowance that it needs and the end of what is left of that, which also
    comes where the step fails. Raises BalanceError, and AllowanceError where one is needed and may not
    be given."""
    owner, vault, token = session.who.address, session.on.vault, session.token
    held = token.balanceOf(owner)
    if held < spending.costs:
        raise BalanceError(
            f"{owner} has {shown(decimal(held))} USD of the quote token, this takes "
            f"{shown(decimal(spending.costs))}",
            f"send it more of the token at {token.address}, or ask for less",
        )

    def allowed() -> int:
        return token.allowance(owner, vault)

    with turn(session):
        allows = allowed()
    if allows >= spending.most:
        return [step]
    if not approve:
        raise AllowanceError(
            f"the Vault may take {shown(decimal(allows))} USD, this takes up to "
            f"{shown(decimal(spending.most))}",
            f"approve {vault.address}, or let the command do it",
        )
    most = decimal(spending.most)
    last = replace(_taken_back(session), is_needed=lambda: allowed() > 0)
    permits = session.who.signer is not None and _permit_domain(session) is not None
    first = Step(
        token.address,
        token.approve(vault, spending.most).data,
        f"allow the Vault {shown(most)} USD{' by permit' if permits else ''}",
        data_at_send=(lambda: permit(session, spending)) if permits else None,
        is_needed=lambda: allowed() < spending.most,
        undo=last,
    )
    return [first, step] if spending.costs == spending.most else [first, step, last]


def standing(session: Session) -> Decimal:
    """USD that the Vault may take from the account now."""
    return decimal(session.token.allowance(session.who.address, session.on.vault))


def revoke(session: Session) -> Prepared[Decimal, Decimal]:
    """End the allowance that stands; USD before and after. Raises ClientError where none does."""
    before = standing(session)
    if before == 0:
        raise ClientError(
            f"the Vault may take nothing from {session.who.address}", "nothing is left to do"
        )
    return prepare(session, "revoke", before, [_taken_back(session)], lambda _: standing(session))


def _taken_back(session: Session) -> Step:
    token = session.token
    data = token.approve(session.on.vault, 0).data
    return Step(token.address, data, "take back what is left of the allowance")


def permit(session: Session, spending: Spending) -> bytes:
    """The call that gives the allowance by a signature. Raises ClientError where it is not given."""
    account, token, spender = session.who, session.token, session.on.vault.address
    domain = _permit_domain(session)
    assert account.signer is not None
    assert account.signer.sign_typed is not None
    assert domain is not None
    values = (account.address, spender, spending.most)
    message = {
        "owner": account.address,
        "spender": spender,
        "value": spending.most,
        "nonce": token.nonces(account.address),
        "deadline": spending.deadline,
    }
    v, r, s = account.signer.sign_typed(_typed(domain, message))
    signature = (v, r.to_bytes(32, "big"), s.to_bytes(32, "big"))
    return token.permit(*values, spending.deadline, *signature).data


def _permit_domain(session: Session) -> dict[str, Any] | None:
    """The domain of the token's permits; None where it has none, or one that is not understood, and
    where the account cannot sign it, or has code: a token may ask that whether it did (ERC-1271)."""
    token, account = session.token, session.who
    if account.signer is None or account.signer.sign_typed is None:
        return None
    try:
        separator = token.DOMAIN_SEPARATOR()
        token.nonces(account.address)
        domain: dict[str, Any] = {
            "name": token.name(),
            "version": token.version(),
            "chainId": session.engine.chain_id,
            "verifyingContract": token.address,
        }
    except (Reverted, DecodingError):
        return None
    if session.engine.code(account.address):
        return None
    empty = {
        "owner": token.address,
        "spender": token.address,
        "value": 0,
        "nonce": 0,
        "deadline": 0,
    }
    known = encode_typed_data(full_message=_typed(domain, empty)).header
    return domain if bytes(known) == bytes(separator) else None


def _typed(domain: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    return {
        "types": {"EIP712Domain": DOMAIN, "Permit": PERMIT},
        "primaryType": "Permit",
        "domain": domain,
        "message": message,
    }
