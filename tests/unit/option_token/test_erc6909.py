"""The option token against ERC-6909, property by property, in the words of the standard."""

from __future__ import annotations

from typing import Any

import boa
import pytest

MAX = 2**256 - 1
ID, OTHER_ID = 7, 8
HOLDS, HAD = 100, 11  # what the sender holds, and what the receiver held before


@pytest.fixture(scope="module")
def market() -> str:
    return boa.env.generate_address("market")


@pytest.fixture(scope="module")
def deployed(market: str) -> Any:
    return boa.load("contracts/OptionToken.vy", market, "0x" + "22" * 20, "ETH")


@pytest.fixture
def token(deployed: Any, market: str, owner: str, receiver: str) -> Any:
    """Both sides hold something: a receiver with nothing hides what overwrites him."""
    with boa.env.anchor():
        deployed.mint(owner, ID, HOLDS, sender=market)
        deployed.mint(receiver, ID, HAD, sender=market)
        yield deployed


@pytest.fixture(scope="module")
def owner() -> str:
    return boa.env.generate_address("owner")


@pytest.fixture(scope="module")
def receiver() -> str:
    return boa.env.generate_address("receiver")


@pytest.fixture(scope="module")
def spender() -> str:
    return boa.env.generate_address("spender")


def logged(token: Any) -> list[tuple[Any, ...]]:
    """Name and fields of each event of the last call."""
    return [(type(e).__name__, *[*e][1:]) for e in token.get_logs()]


def balances(token: Any, *people: str) -> list[int]:
    return [token.balanceOf(who, ID) for who in people]


def test_transfer_adds_to_what_the_receiver_holds(token, owner, receiver):
    """ "MUST revert when the caller's balance for the token id is insufficient. MUST log the Transfer
    event. MUST return True"."""
    assert token.transfer(receiver, ID, 30, sender=owner) is True
    assert logged(token) == [("Transfer", owner, owner, receiver, ID, 30)]
    assert balances(token, owner, receiver) == [HOLDS - 30, HAD + 30]
    assert token.totalSupply(ID) == HOLDS + HAD
    with boa.reverts("token: balance"):
        token.transfer(receiver, ID, HOLDS - 29, sender=owner)
    assert token.transfer(receiver, ID, HOLDS - 30, sender=owner) is True
    assert balances(token, owner, receiver) == [0, HAD + HOLDS]


def test_a_transfer_of_nothing_is_a_transfer(token, owner, receiver):
    assert token.transfer(receiver, ID, 0, sender=owner) is True
    assert logged(token) == [("Transfer", owner, owner, receiver, ID, 0)]
    assert balances(token, owner, receiver) == [HOLDS, HAD]


def test_transfer_from_by_an_allowance_uses_it_up(token, owner, receiver, spender):
    """ "MUST decrease the caller's allowance by the same amount of the sender's balance decrease if the
    caller is not the sender's operator"."""
    token.approve(spender, ID, 40, sender=owner)
    assert token.transferFrom(owner, receiver, ID, 40, sender=spender) is True
    assert logged(token) == [("Transfer", spender, owner, receiver, ID, 40)]
    assert balances(token, owner, receiver) == [HOLDS - 40, HAD + 40]
    assert token.allowance(owner, spender, ID) == 0
    with boa.reverts("token: allowance"):
        token.transferFrom(owner, receiver, ID, 1, sender=spender)


def test_an_infinite_allowance_stays(token, owner, receiver, spender):
    """ "SHOULD NOT decrease the caller's allowance … if the allowance is infinite"."""
    token.approve(spender, ID, MAX, sender=owner)
    token.transferFrom(owner, receiver, ID, 40, sender=spender)
    assert token.allowance(owner, spender, ID) == MAX


def test_an_operator_spends_no_allowance_and_moves_every_id(
    token, owner, receiver, spender, market
):
    """ "SHOULD NOT decrease the caller's allowance … if the caller is an operator"."""
    token.mint(owner, OTHER_ID, 5, sender=market)
    token.approve(spender, ID, 10, sender=owner)
    assert token.setOperator(spender, True, sender=owner) is True
    assert logged(token) == [("OperatorSet", owner, spender, True)]
    assert token.isOperator(owner, spender)
    token.transferFrom(owner, receiver, ID, 60, sender=spender)
    token.transferFrom(owner, receiver, OTHER_ID, 5, sender=spender)
    assert token.allowance(owner, spender, ID) == 10
    assert token.setOperator(spender, False, sender=owner) is True
    assert logged(token) == [("OperatorSet", owner, spender, False)]
    with boa.reverts("token: allowance"):
        token.transferFrom(owner, receiver, ID, 11, sender=spender)


def test_an_operator_is_of_one_owner_and_of_no_other(token, owner, receiver, spender):
    token.setOperator(spender, True, sender=owner)
    assert not token.isOperator(spender, owner)
    with boa.reverts("token: allowance"):
        token.transferFrom(receiver, spender, ID, 1, sender=spender)


def test_approve_sets_and_tells(token, owner, spender):
    """ "MUST set the allowance … MUST log the Approval event. MUST return True"."""
    for amount in (5, 3, 0, MAX):
        assert token.approve(spender, ID, amount, sender=owner) is True
        assert logged(token) == [("Approval", owner, spender, ID, amount)]
        assert token.allowance(owner, spender, ID) == amount
    assert token.allowance(owner, spender, OTHER_ID) == 0
    assert token.allowance(spender, owner, ID) == 0


def test_minting_and_burning_are_transfers_from_and_to_nobody(token, owner, market):
    """ "SHOULD log a transfer event with the sender address set to 0x0 when new tokens are minted", and
    with the receiver when they are burned."""
    nobody = "0x" + "00" * 20
    token.mint(owner, ID, 4, sender=market)
    assert logged(token) == [("Transfer", market, nobody, owner, ID, 4)]
    token.burn(owner, ID, 9, sender=market)
    assert logged(token) == [("Transfer", market, owner, nobody, ID, 9)]
    assert token.balanceOf(owner, ID) == HOLDS - 5
    assert token.totalSupply(ID) == HOLDS + HAD - 5
